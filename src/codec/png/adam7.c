#include "codec/png/adam7.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "codec/png/unfilter.h"

/* So much is more than the allocator ever takes from its heap (mallopt(3), M_MMAP_THRESHOLD). */
enum { GROWN = 2 << 20, APART = 33 << 20 };

/* What a large image outgrew would stay in the heap until everything above it is freed. So once
 * some of it is there, it gets pages of its own; those that nobody touches cost nothing. */
static size_t capacity_for(const codec_png_facts *facts, size_t need) {
    const size_t capacity = need < SIZE_MAX / 2 ? need + need / 2 : need;
    const bool large = codec_png_raw_bytes(facts) > APART;
    return large && capacity > GROWN && capacity < APART ? APART : capacity;
}

bool codec_png_held_grow(codec_png_held *held, const codec_png_facts *facts, size_t more) {
    size_t need;
    if (!ct_add(held->size, more, &need) || !ct_add(need, PNG_SLACK, &need)) {
        return false;
    }
    if (need <= held->capacity) {
        return true;
    }
    const size_t capacity = capacity_for(facts, need);
    uint8_t *bytes = realloc(held->bytes, capacity);
    if (!bytes) {
        return false;
    }
    held->bytes = bytes;
    held->capacity = capacity;
    return true;
}

/* Pixels of whole bytes; `pixel` is a constant where it is inlined. */
static inline void spread(uint8_t *out, const uint8_t *in, size_t count, size_t step,
                          size_t pixel) {
    for (size_t i = 0; i < count; i++) {
        memcpy(out + i * step, in + i * pixel, pixel);
    }
}

/* Pixels of 1, 2 or 4 bits, into a row of zeros. */
static void spread_bits(uint8_t *out, const uint8_t *in, const codec_png_pass *pass, int bits) {
    const int mask = (1 << bits) - 1;
    for (int i = 0; i < pass->width; i++) {
        const int from = i * bits, to = (pass->x + i * pass->dx) * bits;
        const int value = in[from / 8] >> (8 - bits - from % 8) & mask;
        out[to / 8] = (uint8_t)(out[to / 8] | value << (8 - bits - to % 8));
    }
}

static void spread_pass(uint8_t *out, const uint8_t *in, const codec_png_pass *pass, int bits) {
    if (bits < 8) {
        spread_bits(out, in, pass, bits);
        return;
    }
    const size_t pixel = (size_t)bits / 8, count = (size_t)pass->width;
    const size_t step = (size_t)pass->dx * pixel;
    out += (size_t)pass->x * pixel;
    switch (pixel) {
    case 1:
        spread(out, in, count, step, 1);
        break;
    case 3:
        spread(out, in, count, step, 3);
        break;
    case 4:
        spread(out, in, count, step, 4);
        break;
    default:
        spread(out, in, count, step, pixel);
        break;
    }
}

void codec_png_held_row(const codec_png_held *held, const codec_png_facts *facts, int y,
                        uint8_t *out) {
    const int bits = codec_png_bits(facts);
    memset(out, 0, ((size_t)facts->info.width * (size_t)bits + 7) / 8);
    for (int p = 0; p < 7; p++) {
        const codec_png_pass pass = codec_png_pass_at(facts, p);
        if (y >= pass.y && (y - pass.y) % pass.dy == 0) {
            const size_t row = (size_t)((y - pass.y) / pass.dy);
            spread_pass(out, held->bytes + held->start[p] + row * pass.row_bytes, &pass, bits);
        }
    }
}
