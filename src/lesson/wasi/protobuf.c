/* What src/net/onnx needs of protobuf-c's library, which isn't made for WebAssembly: messages that
 * its compiler's descriptors describe, unpacked and freed. For the networks that the page itself
 * has; unknown fields are skipped. */
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char protobuf_c_empty_string[] = "";

const char *protobuf_c_version(void) {
    return PROTOBUF_C_VERSION;
}

/* ---- the wire ---- */

typedef struct reader {
    const uint8_t *at, *end;
} reader;

/* One field: its number, and its bytes or its value. */
typedef struct wire {
    uint32_t tag;
    unsigned type;
    uint64_t value;      /* varint, 64 and 32 bits */
    const uint8_t *data; /* of `value` bytes: length-prefixed */
} wire;

static bool take_varint(reader *r, uint64_t *value) {
    *value = 0;
    for (int shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        const uint8_t byte = *r->at++;
        *value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            return true;
        }
    }
    return false;
}

static bool take_fixed(reader *r, size_t bytes, uint64_t *value) {
    *value = 0;
    if ((size_t)(r->end - r->at) < bytes) {
        return false;
    }
    memcpy(value, r->at, bytes); /* little-endian, as the machine is */
    r->at += bytes;
    return true;
}

static bool take_field(reader *r, wire *w) {
    uint64_t key;
    if (!take_varint(r, &key)) {
        return false;
    }
    w->tag = (uint32_t)(key >> 3);
    w->type = key & 7;
    switch (w->type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        return take_varint(r, &w->value);
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return take_fixed(r, 8, &w->value);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return take_fixed(r, 4, &w->value);
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        if (!take_varint(r, &w->value) || w->value > (uint64_t)(r->end - r->at)) {
            return false;
        }
        w->data = r->at;
        r->at += w->value;
        return true;
    default:
        return false;
    }
}

/* ---- fields ---- */

static const ProtobufCFieldDescriptor *find(const ProtobufCMessageDescriptor *of, uint32_t tag) {
    for (unsigned i = 0; i < of->n_fields; i++) {
        if (of->fields[i].id == tag) {
            return &of->fields[i];
        }
    }
    return NULL;
}

/* Bytes of an element in memory. */
static size_t size_of(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    default:
        return 4;
    }
}

/* How an element of a number type is written. */
static unsigned wire_of(ProtobufCType type) {
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return PROTOBUF_C_WIRE_TYPE_64BIT;
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return PROTOBUF_C_WIRE_TYPE_32BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    default:
        return PROTOBUF_C_WIRE_TYPE_VARINT;
    }
}

static bool take_number(reader *r, ProtobufCType type, uint64_t *value) {
    const unsigned kind = wire_of(type);
    return kind == PROTOBUF_C_WIRE_TYPE_VARINT ? take_varint(r, value)
                                               : take_fixed(r, size_of(type), value);
}

/* A list of numbers in one field. */
static bool is_packed(const ProtobufCFieldDescriptor *field, const wire *w) {
    return w->type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED &&
           wire_of(field->type) != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
}

static void *copy_bytes(ProtobufCAllocator *allocator, const wire *w) {
    uint8_t *bytes = allocator->alloc(allocator->allocator_data, (size_t)w->value + 1);
    if (bytes) {
        memcpy(bytes, w->data, (size_t)w->value);
        bytes[w->value] = 0;
    }
    return bytes;
}

static void put_number(ProtobufCType type, void *to, uint64_t value) {
    const bool zigzag = type == PROTOBUF_C_TYPE_SINT32 || type == PROTOBUF_C_TYPE_SINT64;
    value = zigzag ? value >> 1 ^ (~(value & 1) + 1) : value;
    value = type == PROTOBUF_C_TYPE_BOOL ? value != 0 : value;
    memcpy(to, &value, size_of(type));
}

/* One element. */
static bool put(const ProtobufCFieldDescriptor *field, ProtobufCAllocator *allocator, const wire *w,
                void *to) {
    void *made;
    if (w->type != wire_of(field->type)) {
        return false;
    }
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        made = copy_bytes(allocator, w);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        made = protobuf_c_message_unpack(field->descriptor, allocator, (size_t)w->value, w->data);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        made = copy_bytes(allocator, w);
        *(ProtobufCBinaryData *)to = (ProtobufCBinaryData){made ? (size_t)w->value : 0, made};
        return made != NULL;
    default:
        put_number(field->type, to, w->value);
        return true;
    }
    memcpy(to, &made, sizeof made);
    return made != NULL;
}

/* ---- messages ---- */

static void *member(void *message, unsigned offset) {
    return (char *)message + offset;
}

static bool count_elements(const ProtobufCFieldDescriptor *field, const wire *w, size_t *count) {
    if (!is_packed(field, w)) {
        ++*count;
        return true;
    }
    reader inner = {w->data, w->data + w->value};
    uint64_t value;
    while (inner.at < inner.end) {
        if (!take_number(&inner, field->type, &value)) {
            return false;
        }
        ++*count;
    }
    return true;
}

/* Room for the repeated fields' elements, whose numbers are made 0 again. */
static bool make_lists(const ProtobufCMessageDescriptor *of, ProtobufCAllocator *allocator,
                       void *message, reader r) {
    wire w;
    while (r.at < r.end) {
        if (!take_field(&r, &w)) {
            return false;
        }
        const ProtobufCFieldDescriptor *field = find(of, w.tag);
        if (field && field->label == PROTOBUF_C_LABEL_REPEATED &&
            !count_elements(field, &w, member(message, field->quantifier_offset))) {
            return false;
        }
    }
    for (unsigned i = 0; i < of->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &of->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            continue;
        }
        size_t *count = member(message, field->quantifier_offset);
        if (*count > 0) {
            void *list = allocator->alloc(allocator->allocator_data, *count * size_of(field->type));
            *count = 0;
            memcpy(member(message, field->offset), &list, sizeof list);
            if (!list) {
                return false;
            }
        }
    }
    return true;
}

static bool put_repeated(const ProtobufCFieldDescriptor *field, ProtobufCAllocator *allocator,
                         void *message, const wire *w) {
    size_t *count = member(message, field->quantifier_offset);
    char *list;
    memcpy(&list, member(message, field->offset), sizeof list);
    if (!is_packed(field, w)) {
        const bool ok = put(field, allocator, w, list + *count * size_of(field->type));
        *count += ok;
        return ok;
    }
    reader inner = {w->data, w->data + w->value};
    uint64_t value;
    while (inner.at < inner.end && take_number(&inner, field->type, &value)) {
        put_number(field->type, list + (*count)++ * size_of(field->type), value);
    }
    return true;
}

static bool put_field(const ProtobufCFieldDescriptor *field, ProtobufCAllocator *allocator,
                      void *message, const wire *w) {
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        return put_repeated(field, allocator, message, w);
    }
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        memcpy(member(message, field->quantifier_offset), &field->id, sizeof field->id);
    } else if (field->quantifier_offset) {
        *(protobuf_c_boolean *)member(message, field->quantifier_offset) = 1;
    }
    return put(field, allocator, w, member(message, field->offset));
}

ProtobufCMessage *protobuf_c_message_unpack(const ProtobufCMessageDescriptor *of,
                                            ProtobufCAllocator *allocator, size_t size,
                                            const uint8_t *data) {
    ProtobufCMessage *message = allocator->alloc(allocator->allocator_data, of->sizeof_message);
    reader r = {data, data + size};
    if (!message) {
        return NULL;
    }
    of->message_init(message);
    bool ok = make_lists(of, allocator, message, r);
    while (ok && r.at < r.end) {
        wire w;
        ok = take_field(&r, &w);
        const ProtobufCFieldDescriptor *field = ok ? find(of, w.tag) : NULL;
        ok = ok && (!field || put_field(field, allocator, message, &w));
    }
    if (!ok) {
        protobuf_c_message_free_unpacked(message, allocator);
        return NULL;
    }
    return message;
}

static void free_element(const ProtobufCFieldDescriptor *field, ProtobufCAllocator *allocator,
                         void *at) {
    void *made = NULL;
    if (field->type == PROTOBUF_C_TYPE_BYTES) {
        made = ((ProtobufCBinaryData *)at)->data;
    } else if (wire_of(field->type) == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED) {
        memcpy(&made, at, sizeof made);
    }
    if (made && field->type == PROTOBUF_C_TYPE_MESSAGE) {
        protobuf_c_message_free_unpacked(made, allocator);
    } else if (made && made != field->default_value) {
        allocator->free(allocator->allocator_data, made);
    }
}

/* Of the fields that share their place, the one whose number stands beside them. */
static bool is_there(const ProtobufCFieldDescriptor *field, void *message) {
    return !(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) ||
           *(uint32_t *)member(message, field->quantifier_offset) == field->id;
}

void protobuf_c_message_free_unpacked(ProtobufCMessage *message, ProtobufCAllocator *allocator) {
    const ProtobufCMessageDescriptor *of = message->descriptor;
    for (unsigned i = 0; i < of->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &of->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            if (is_there(field, message)) {
                free_element(field, allocator, member(message, field->offset));
            }
            continue;
        }
        const size_t count = *(size_t *)member(message, field->quantifier_offset);
        char *list;
        memcpy(&list, member(message, field->offset), sizeof list);
        for (size_t k = 0; k < count; k++) {
            free_element(field, allocator, list + k * size_of(field->type));
        }
        if (list) {
            allocator->free(allocator->allocator_data, list);
        }
    }
    allocator->free(allocator->allocator_data, message);
}
