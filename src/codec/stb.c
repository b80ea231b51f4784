#include "codec/stb.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/budget.h"

#define STBI_NO_STDIO
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

/* Public functions that the header doesn't declare. */
extern unsigned char *stbi_write_png_to_mem(const unsigned char *pixels, int stride_bytes, int x,
                                            int y, int n, int *out_len);
extern unsigned char *stbi_zlib_compress(unsigned char *data, int data_len, int *out_len,
                                         int quality);

/* stb_image_write doubles int-sized buffers: with fixed Huffman codes the compressed bytes are at
 * most 9/8 of the raw ones, and doubling them has to stay below 2^31. */
enum { ENCODE_MOST = 900 << 20 };

struct codec_stb {
    codec_budget budget;
    ct_text bytes; /* what the JPEG writer wrote */
};

static codec_stb *stb_new(uint64_t max_memory, ct_error *err) {
    codec_stb *stb = calloc(1, sizeof *stb);
    if (!stb) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    codec_budget_open(&stb->budget, max_memory);
    return stb;
}

void codec_stb_free(codec_stb *stb) {
    if (stb) {
        codec_budget_close(&stb->budget);
        ct_text_free(&stb->bytes);
        free(stb);
    }
}

/* ---- failures ---- */

typedef struct reason {
    const char *theirs, *ours;
} reason;

/* To add one: what stbi_failure_reason says, and what it means. */
static const reason reasons[] = {
    {"not enough pixels", "truncated: the compressed data ends before the last row"},
    {"too large", "too large for stb_image, which counts bytes in 31 bits"},
    {"bad huffman code", "damaged: the compressed data has an invalid code"},
    {"bad codelengths", "damaged: the compressed data has invalid code lengths"},
    {"bad code lengths", "damaged: a Huffman table has invalid code lengths"},
    {"bad dist", "damaged: the compressed data refers to bytes before its start"},
    {"bad zlib header", "damaged: the compressed data has no valid zlib header"},
    {"zlib corrupt", "damaged: the compressed data isn't valid zlib data"},
    {"read past buffer", "truncated: the compressed data ends too early"},
    {"output buffer limit", "damaged: more pixels than the header says"},
    {"invalid filter", "damaged: a row has an invalid filter"},
    {"bad H", "unsupported sampling factors"},
    {"bad V", "unsupported sampling factors"},
    {"expected marker", "damaged: no marker between two segments"},
    {"can't merge dc and ac", "damaged: a progressive scan mixes DC and AC"},
};

static bool fail(const codec_stb *stb, ct_error *err) {
    if (codec_budget_refused(&stb->budget, err)) {
        return false;
    }
    const char *theirs = stb->budget.gave_up ? "an assertion failed" : stbi_failure_reason();
    theirs = theirs ? theirs : "no reason given";
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i].theirs, theirs) == 0) {
            return ct_fail(err, "%s", reasons[i].ours);
        }
    }
    return ct_fail(err, "damaged (stb_image: %s)", theirs);
}

/* ---- calls ----
 *
 * Each is a function of its own around one setjmp, so that no local changes in between. */

static void *call_decode(codec_stb *stb, const uint8_t *file, int size, bool deep, int out[3]) {
    if (setjmp(stb->budget.escape)) {
        return NULL;
    }
    if (deep) {
        return stbi_load_16_from_memory(file, size, &out[0], &out[1], &out[2], 0);
    }
    return stbi_load_from_memory(file, size, &out[0], &out[1], &out[2], 0);
}

static void *call_inflate(codec_stb *stb, const uint8_t *in, int size, int *out_size) {
    if (setjmp(stb->budget.escape)) {
        return NULL;
    }
    return stbi_zlib_decode_malloc_guesssize((const char *)in, size, 4096, out_size);
}

static int call_inflate_into(codec_stb *stb, const uint8_t *in, int size, uint8_t *out, int room) {
    if (setjmp(stb->budget.escape)) {
        return -1;
    }
    return stbi_zlib_decode_buffer((char *)out, room, (const char *)in, size);
}

static void *call_deflate(codec_stb *stb, const uint8_t *in, int size, int *out_size) {
    if (setjmp(stb->budget.escape)) {
        return NULL;
    }
    return stbi_zlib_compress((unsigned char *)(uintptr_t)in, size, out_size, 8);
}

static void *call_png(codec_stb *stb, const codec_info *info, const uint8_t *rows, int *out_size) {
    if (setjmp(stb->budget.escape)) {
        return NULL;
    }
    return stbi_write_png_to_mem(rows, 0, info->width, info->height, info->channels, out_size);
}

static void take_bytes(void *context, void *data, int size) {
    codec_stb *stb = context;
    stb->budget.over |= stb->bytes.length > stb->budget.limit;
    stb->budget.no_memory |= size < 0 || !ct_text_add(&stb->bytes, data, (size_t)size);
    if (stb->budget.over || stb->budget.no_memory) {
        codec_budget_give_up(); /* stb itself has no way to stop */
    }
}

static bool call_jpeg(codec_stb *stb, const codec_info *info, const uint8_t *rows, int quality) {
    if (setjmp(stb->budget.escape)) {
        return false;
    }
    return stbi_write_jpg_to_func(take_bytes, stb, info->width, info->height, info->channels, rows,
                                  quality) != 0;
}

/* ---- reading ---- */

codec_stb *codec_stb_decode(const uint8_t *file, size_t size, bool deep, uint64_t max_memory,
                            codec_info *info, const void **rows, ct_error *err) {
    if (size > INT_MAX) {
        ct_fail(err, "the file is longer than the 2 GiB that stb_image can read");
        return NULL;
    }
    codec_stb *stb = stb_new(max_memory, err);
    if (!stb) {
        return NULL;
    }
    int out[3] = {0};
    codec_budget *outer = codec_budget_enter(&stb->budget);
    *rows = call_decode(stb, file, (int)size, deep, out);
    codec_budget_leave(outer);
    if (!*rows || stb->budget.gave_up) {
        fail(stb, err);
        codec_stb_free(stb);
        return NULL;
    }
    info->width = out[0];
    info->height = out[1];
    info->channels = out[2] == 4 && file[0] == 0xFF ? 3 : out[2];
    info->sample = deep ? CODEC_U16 : CODEC_U8;
    return stb;
}

/* Returns what a call made, or its failure. */
static codec_stb *give(codec_stb *stb, void *made, int made_size, const uint8_t **out,
                       size_t *out_size, ct_error *err) {
    if (!made || made_size < 0) {
        fail(stb, err);
        codec_stb_free(stb);
        return NULL;
    }
    *out = made;
    *out_size = (size_t)made_size;
    return stb;
}

codec_stb *codec_stb_inflate(const uint8_t *in, size_t size, uint64_t max_memory,
                             const uint8_t **out, size_t *out_size, bool *damaged, ct_error *err) {
    *damaged = size > INT_MAX;
    if (*damaged) {
        ct_fail(err, "too large for stb_image");
        return NULL;
    }
    codec_stb *stb = stb_new(max_memory, err);
    if (!stb) {
        return NULL;
    }
    int made_size = 0;
    codec_budget *outer = codec_budget_enter(&stb->budget);
    void *made = call_inflate(stb, in, (int)size, &made_size);
    codec_budget_leave(outer);
    *damaged = !made && !stb->budget.no_memory;
    return give(stb, made, made_size, out, out_size, err);
}

bool codec_stb_inflate_into(const uint8_t *in, size_t size, uint8_t *out, size_t room,
                            size_t *out_size, ct_error *err) {
    codec_stb stb = {0};
    if (size > INT_MAX || room > INT_MAX) {
        return ct_fail(err, "too large for stb_image, which counts bytes in 31 bits");
    }
    codec_budget_open(&stb.budget, 0);
    codec_budget *outer = codec_budget_enter(&stb.budget);
    const int made = call_inflate_into(&stb, in, (int)size, out, (int)room);
    codec_budget_leave(outer);
    *out_size = made < 0 ? 0 : (size_t)made;
    return made >= 0 || fail(&stb, err);
}

/* ---- writing ---- */

bool codec_stb_fits(const codec_info *info) {
    const uint64_t row = (uint64_t)info->width * (uint64_t)info->channels + 1;
    return row <= ENCODE_MOST && (uint64_t)info->height <= ENCODE_MOST / row;
}

codec_stb *codec_stb_deflate(const uint8_t *in, size_t size, uint64_t max_memory,
                             const uint8_t **out, size_t *out_size, ct_error *err) {
    if (size > ENCODE_MOST) {
        ct_fail(err, "too large for stb_image_write");
        return NULL;
    }
    codec_stb *stb = stb_new(max_memory, err);
    if (!stb) {
        return NULL;
    }
    int made_size = 0;
    codec_budget *outer = codec_budget_enter(&stb->budget);
    void *made = call_deflate(stb, in, (int)size, &made_size);
    codec_budget_leave(outer);
    return give(stb, made, made_size, out, out_size, err);
}

/* stb_image_write keeps its settings in globals, so one PNG is compressed at a time. */
static pthread_mutex_t settings = PTHREAD_MUTEX_INITIALIZER;

codec_stb *codec_stb_encode_png(const codec_info *info, const uint8_t *rows, int compression,
                                uint64_t max_memory, const uint8_t **out, size_t *out_size,
                                ct_error *err) {
    /* How many earlier places are tried for each match: 5 is stb's least, 8 its default and
     * ours. */
    static const int tries[10] = {5, 5, 5, 8, 10, 12, 16, 24, 32, 64};
    codec_stb *stb = stb_new(max_memory, err);
    if (!stb) {
        return NULL;
    }
    int made_size = 0;
    pthread_mutex_lock(&settings);
    stbi_write_png_compression_level = tries[compression];
    /* 0 filters nothing, 1 every row with "sub"; above, all five are tried on each. */
    stbi_write_force_png_filter = compression <= 1 ? compression : -1;
    codec_budget *outer = codec_budget_enter(&stb->budget);
    void *made = call_png(stb, info, rows, &made_size);
    codec_budget_leave(outer);
    pthread_mutex_unlock(&settings);
    return give(stb, made, made_size, out, out_size, err);
}

codec_stb *codec_stb_encode_jpeg(const codec_info *info, const uint8_t *rows, int quality,
                                 uint64_t max_memory, const uint8_t **out, size_t *out_size,
                                 ct_error *err) {
    codec_stb *stb = stb_new(max_memory, err);
    if (!stb) {
        return NULL;
    }
    codec_budget *outer = codec_budget_enter(&stb->budget);
    const bool ok = call_jpeg(stb, info, rows, quality);
    codec_budget_leave(outer);
    if (!ok) {
        fail(stb, err);
        codec_stb_free(stb);
        return NULL;
    }
    *out = (const uint8_t *)stb->bytes.bytes;
    *out_size = stb->bytes.length;
    return stb;
}
