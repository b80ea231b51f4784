/* Bytes to messages, by protobuf-c, with two limits that it doesn't have itself: how deep messages
 * lie within one another, as it calls itself for each, and how much memory they need. */
#include "net/onnx/message.h"

#ifdef CT_HAVE_PROTOBUF
#include <stdlib.h>

#include "base/minmax.h"
#include "base/pages.h"
#include "base/text.h"

enum { DEEPEST = 64 };

/* ---- depth ---- */

/* Where a field's number in the file leads: ONNX's schema gives them. To follow another field: a
 * row here. */
typedef enum kind { OTHER, MODEL, GRAPH, NODE, ATTRIBUTE, FUNCTION, VALUE, TYPE, PART } kind;
static const struct {
    kind from;
    uint64_t field;
    kind to;
} nested[] = {
    {MODEL, 7, GRAPH},     {MODEL, 20, OTHER},        {MODEL, 25, FUNCTION}, {GRAPH, 1, NODE},
    {GRAPH, 11, VALUE},    {GRAPH, 12, VALUE},        {GRAPH, 13, VALUE},    {NODE, 5, ATTRIBUTE},
    {ATTRIBUTE, 6, GRAPH}, {ATTRIBUTE, 11, GRAPH},    {ATTRIBUTE, 14, TYPE}, {ATTRIBUTE, 15, TYPE},
    {FUNCTION, 7, NODE},   {FUNCTION, 11, ATTRIBUTE}, {VALUE, 2, TYPE},      {TYPE, 4, PART},
    {TYPE, 5, PART},       {TYPE, 9, PART},           {PART, 1, TYPE},       {PART, 2, TYPE},
};

static kind leads_to(kind from, uint64_t field) {
    for (size_t i = 0; i < sizeof nested / sizeof *nested; i++) {
        if (nested[i].from == from && nested[i].field == field) {
            return nested[i].to;
        }
    }
    return OTHER;
}

static bool take_number(const uint8_t **p, const uint8_t *end, uint64_t *out) {
    *out = 0;
    for (int shift = 0; shift < 64 && *p < end; shift += 7) {
        const uint8_t byte = *(*p)++;
        *out |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

/* Whether messages lie at most `room` deep; bytes that aren't a message at all are left to
 * protobuf-c. */
static bool is_shallow(kind of, const uint8_t *p, const uint8_t *end, int room) {
    if (room == 0) {
        return false;
    }
    uint64_t key, length;
    while (p < end && take_number(&p, end, &key)) {
        static const size_t fixed[8] = {[1] = 8, [5] = 4};
        if ((key & 7) == 2) {
            if (!take_number(&p, end, &length) || length > (uint64_t)(end - p)) {
                return true;
            }
            const kind to = leads_to(of, key >> 3);
            if (to != OTHER && !is_shallow(to, p, p + length, room - 1)) {
                return false;
            }
            p += length;
        } else if ((key & 7) == 0) {
            if (!take_number(&p, end, &length)) {
                return true;
            }
        } else if (fixed[key & 7] == 0 || fixed[key & 7] > (size_t)(end - p)) {
            return true; /* groups aren't in ONNX's schema; protobuf-c skips no more than those */
        } else {
            p += fixed[key & 7];
        }
    }
    return true;
}

/* ---- memory ---- */

/* Lists of so many bytes are kept apart. */
enum { LONG = 4096, LINE = 64 };

/* All of them, rounded up to lines, and the lists of fields that protobuf-c makes meanwhile. What
 * doesn't fit has to do with memory like any other. */
static size_t room_for(size_t file) {
    return file + file / 32 + LONG;
}

static bool is_number(const onnx_message *of, const void *memory) {
    const uintptr_t at = (uintptr_t)memory, first = (uintptr_t)of->numbers;
    return of->numbers && at >= first && at - first < of->used;
}

static void *get(void *context, size_t size) {
    onnx_message *to = context;
    if (size > to->left) {
        to->exceeded = true;
        return NULL;
    }
    to->left -= size;
    if (size < LONG) {
        return malloc(size);
    }
    if (!to->numbers) {
        to->room = room_for(to->size);
        to->numbers = ct_pages(to->room);
        to->room = to->numbers ? to->room : 0;
    }
    if (size > to->room - to->used) {
        return malloc(size);
    }
    void *memory = to->numbers + to->used;
    to->used = ct_min_size(ct_round_up(to->used + size, LINE), to->room);
    return memory;
}

static void give(void *context, void *memory) {
    if (!is_number(context, memory)) {
        free(memory);
    }
}

bool onnx_unpack(onnx_message *to, onnx_kind of, const void *bytes, size_t size, uint64_t limit,
                 ct_error *err) {
    *to = (onnx_message){.size = size, .left = limit ? limit : UINT64_MAX};
    if (!is_shallow(of == ONNX_MODEL ? MODEL : OTHER, bytes, (const uint8_t *)bytes + size,
                    DEEPEST)) {
        return ct_fail(err, "its messages lie more than %d deep within one another", DEEPEST);
    }
    if (size > SIZE_MAX / 4) {
        return ct_fail(err, "out of memory");
    }
    ProtobufCAllocator allocator = {.alloc = get, .free = give, .allocator_data = to};
    to->message = protobuf_c_message_unpack(of == ONNX_MODEL ? &onnx__model_proto__descriptor
                                                             : &onnx__tensor_proto__descriptor,
                                            &allocator, size, bytes);
    if (!to->message && to->exceeded) {
        return ct_fail(err, "it needs more than the %s of memory that it may have",
                       ct_size_of(limit).text);
    }
    return to->message ||
           ct_fail(err, of == ONNX_MODEL ? "it isn't an ONNX model, or is damaged or cut off"
                                         : "it isn't an ONNX tensor, or is damaged or cut off");
}

bool onnx_keep(onnx_message *message, net_pool *pool, ct_error *err) {
    message->kept = message->numbers && net_pool_adopt(pool, message->numbers, message->used, err);
    return message->kept || !message->numbers;
}

bool onnx_keeps(const onnx_message *message, const void *memory) {
    return message->kept && is_number(message, memory);
}

void onnx_free(onnx_message *message) {
    if (message->message) {
        ProtobufCAllocator allocator = {.alloc = get, .free = give, .allocator_data = message};
        protobuf_c_message_free_unpacked(message->message, &allocator);
    }
    if (!message->kept) {
        free(message->numbers);
    }
}
#endif
