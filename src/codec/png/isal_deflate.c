/* Three ways to make a run, and the choice between them. Literals alone are written by our own
 * code: in filtered photographs, a library's matching takes most of the time, and finds repetitions
 * of three or four bytes, which cost more bits than literals. */
#include "codec/png/isal_deflate.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

#include "codec/png/isal_deflate_best.h"
#include "codec/png/isal_literals.h"

enum {
    STORED_MOST = 65535, /* bytes of a stored block */
    PROBE_PIECES = 4,
    PROBE_SHARE = 16, /* one of so many bytes is tried */
    PROBE_LEAST = 1 << 14,
    LEVEL_BYTES = ISAL_DEF_LVL3_EXTRA_LARGE,
};

struct deflate_run {
    struct isal_zstream stream;
    deflate_literals literals;
    uint8_t level[LEVEL_BYTES];
    uint8_t *spare; /* a second try */
    size_t spare_size;
    deflate_best *best;
};

const uint8_t codec_deflate_end[DEFLATE_END_BYTES] = {3, 0};

deflate_run *codec_deflate_new(void) {
    return calloc(1, sizeof(deflate_run));
}

void codec_deflate_free(deflate_run *run) {
    if (run) {
        codec_deflate_best_free(run->best);
        free(run->spare);
        free(run);
    }
}

size_t codec_deflate_bound(size_t size) {
    return size + (size / STORED_MOST + 1) * 5 + 16;
}

/* ---- stored ---- */

static size_t stored_size(size_t size) {
    return size + (size + STORED_MOST - 1) / STORED_MOST * 5;
}

/* `last`: of the stream. */
static size_t put_stored(const uint8_t *in, size_t size, bool last, uint8_t *out) {
    uint8_t *start = out;
    while (size) {
        const size_t count = size < STORED_MOST ? size : STORED_MOST;
        out[0] = last && count == size;
        out[1] = (uint8_t)count;
        out[2] = (uint8_t)(count >> 8);
        out[3] = (uint8_t)~count;
        out[4] = (uint8_t)(~count >> 8);
        memcpy(out + 5, in, count);
        out += 5 + count;
        in += count;
        size -= count;
    }
    return (size_t)(out - start);
}

/* ---- with repetitions ---- */

/* At most `room` bytes; 0 where that isn't enough. */
static size_t put_matches(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                          size_t room, int level) {
    static const uint32_t level_bytes[4] = {0, ISAL_DEF_LVL1_LARGE, ISAL_DEF_LVL2_LARGE,
                                            ISAL_DEF_LVL3_LARGE};
    struct isal_zstream *z = &run->stream;
    isal_deflate_init(z);
    z->level = (uint32_t)level;
    z->level_buf = run->level;
    z->level_buf_size = level_bytes[level];
    z->flush = FULL_FLUSH;
    z->next_in = (uint8_t *)(uintptr_t)in; /* ISA-L only reads there */
    z->avail_in = (uint32_t)size;
    z->next_out = out;
    z->avail_out = (uint32_t)room;
    const bool ok = isal_deflate(z) == COMP_OK && !z->avail_in && z->avail_out;
    return ok ? room - z->avail_out : 0;
}

/* A second buffer of `size` bytes; NULL when out of memory. */
static uint8_t *spare(deflate_run *run, size_t size) {
    if (size > run->spare_size) {
        free(run->spare);
        run->spare = malloc(size);
        run->spare_size = run->spare ? size : 0;
    }
    return run->spare;
}

/* Whether pieces of the data, joined, are smaller with repetitions. */
static bool matches_pay(deflate_run *run, const uint8_t *in, size_t size) {
    size_t piece = size / PROBE_SHARE < PROBE_LEAST ? PROBE_LEAST : size / PROBE_SHARE;
    piece = (piece < size ? piece : size) / PROBE_PIECES;
    uint8_t *sample = spare(run, 2 * PROBE_PIECES * piece + PROBE_LEAST);
    if (!sample || !piece) {
        return false;
    }
    uint64_t bits = 0;
    for (size_t k = 0; k < PROBE_PIECES; k++) {
        const uint8_t *from = in + (size - piece) / (PROBE_PIECES - 1) * k;
        memcpy(sample + k * piece, from, piece);
        for (size_t i = 0; i < piece; i++) {
            bits += run->literals.code[from[i]] >> 16;
        }
    }
    /* A few per cent less aren't worth the time. */
    const size_t room = (size_t)(bits / 8 - bits / 8 / 32) + 1;
    return put_matches(run, sample, PROBE_PIECES * piece, sample + PROBE_PIECES * piece,
                       room < PROBE_PIECES * piece ? room : PROBE_PIECES * piece, 1) > 0;
}

/* ---- the choice ---- */

static size_t bytes_of(uint64_t bits) {
    return (size_t)((bits + 7) / 8);
}

/* 0: out of memory. */
static size_t try_whole(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out, int level) {
    return codec_deflate_best_whole(&run->best, in, size, out, codec_deflate_bound(size), level);
}

/* Tries repetitions in less than `most` bytes; 0: they don't fit. */
static size_t try_matches(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                          size_t most, deflate_effort effort, int level) {
    if (effort == DEFLATE_LITERALS || (effort == DEFLATE_PROBED && !matches_pay(run, in, size))) {
        return 0;
    }
    if (effort == DEFLATE_BEST && codec_deflate_has_best()) {
        return codec_deflate_best(&run->best, in, size, out, most, level);
    }
    size_t least = 0;
    for (int k = 1; k <= (effort == DEFLATE_BEST ? 3 : 1); k++) {
        const size_t room = least ? least : most;
        uint8_t *to = k == 1 ? out : spare(run, most);
        const size_t got = to ? put_matches(run, in, size, to, room, k) : 0;
        if (got && to != out) {
            memcpy(out, to, got);
        }
        least = got ? got : least;
    }
    return least;
}

size_t codec_deflate(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                     deflate_effort effort, int level) {
    if (effort == DEFLATE_STORED) {
        return put_stored(in, size, false, out);
    }
    const size_t literals =
        bytes_of(codec_literals_plan(&run->literals, in, size)) + LITERALS_FLUSH;
    const size_t most = literals < stored_size(size) ? literals : stored_size(size);
    const size_t got = try_matches(run, in, size, out, most, effort, level);
    if (got) {
        return got;
    }
    return literals < stored_size(size) ? codec_literals_put(&run->literals, in, size, false, out)
                                        : put_stored(in, size, false, out);
}

bool codec_deflate_has_whole(deflate_effort effort) {
    return effort >= DEFLATE_PROBED && codec_deflate_has_best();
}

/* Whether much of the data comes again: of the places that a hash of their eight bytes picks, how
 * many hold what an earlier one held. Four would find what costs less as literals. Where few are
 * picked, it's always the same few, which the hash passes over. */
static bool repeats(const uint8_t *in, size_t size) {
    enum { PICKED_BITS = 4, SLOT_BITS = 9, FEW = 2 << PICKED_BITS, OFTEN = 6 };
    const uint64_t factor = 0x9E3779B97F4A7C15U; /* 2^64 over the golden ratio (Knuth, 6.4) */
    uint64_t last[1 << SLOT_BITS] = {0}, eight;
    uint16_t at[DEFLATE_SMALL];
    size_t picked = 0, again = 0;
    for (size_t i = 0; i + sizeof eight <= size; i++) {
        memcpy(&eight, in + i, sizeof eight);
        at[picked] = (uint16_t)i;
        picked += eight * factor >> (64 - PICKED_BITS) == 0;
    }
    for (size_t k = 0; k < picked; k++) {
        memcpy(&eight, in + at[k], sizeof eight);
        uint64_t *slot = &last[eight * factor >> (64 - PICKED_BITS - SLOT_BITS)];
        again += *slot == eight;
        *slot = eight;
    }
    return picked * FEW < size || again * OFTEN > picked;
}

/* libdeflate's levels to try, in turn; 0 ends them. */
static void choose_levels(const deflate_run *run, const uint8_t *in, size_t size,
                          deflate_effort effort, int level, int levels[3]) {
    enum { FAST = 1, SMALLER = 6, FEW_SYMBOLS = 48 };
    levels[0] = FAST;
    levels[1] = levels[2] = 0;
    if (effort == DEFLATE_PROBED) {
        /* Few different bytes are often parts of a few larger numbers. */
        const bool tried = run->literals.symbols < FEW_SYMBOLS || repeats(in, size);
        levels[0] = tried ? FAST : 0;
    } else {
        levels[1] = effort == DEFLATE_BEST ? level : SMALLER; /* smaller, as a rule */
    }
}

size_t codec_deflate_whole(deflate_run *run, const uint8_t *in, size_t size, uint8_t *out,
                           deflate_effort effort, int level) {
    const size_t literals = bytes_of(codec_literals_plan(&run->literals, in, size));
    const size_t stored = stored_size(size);
    size_t least = literals < stored ? literals : stored;
    int levels[3], chosen = 0, last = 0;
    choose_levels(run, in, size, effort, level, levels);
    for (const int *next = levels; *next; next++) {
        const size_t got = try_whole(run, in, size, out, *next);
        if (!got) {
            return 0; /* not literals instead: the same image gives the same bytes, always */
        }
        last = *next;
        if (got < least) {
            least = got;
            chosen = last;
        }
    }
    if (chosen) {
        return chosen == last ? least : try_whole(run, in, size, out, chosen);
    }
    return literals < stored ? codec_literals_put(&run->literals, in, size, true, out)
                             : put_stored(in, size, true, out);
}

uint32_t codec_adler_join(uint32_t first, uint32_t second, uint64_t size) {
    const uint64_t base = 65521, n = size % base;
    const uint64_t a1 = first & 0xFFFF, b1 = first >> 16, a2 = second & 0xFFFF, b2 = second >> 16;
    /* The second run began with a = 1 and b = 0, and added a to b `size` times. */
    const uint64_t a = (a1 + a2 + base - 1) % base;
    const uint64_t b = (b1 + b2 + n * (a1 + base - 1)) % base;
    return (uint32_t)(b << 16 | a);
}
