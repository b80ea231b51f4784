/* Files with random damage, through every reader of the build: each gives a whole image or an
 * error, never a crash, never a hang (fuzz_read in fuzz.h says more).
 *   mutations COUNT SEED FILE|DIRECTORY...      ends with "N passed, N failed"
 * Mutation I of a SEED is the same everywhere. One that fails is written to a file beside the
 * program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "fuzz.h"
#include "watched.h"

enum { SECONDS = 20, MOST = 1 << 16 };

typedef struct mutations {
    test_files files;
    uint64_t seed;
    const char *program;
} mutations;

typedef struct mutant {
    uint64_t state; /* of the random numbers */
    size_t size;
    uint8_t bytes[MOST];
} mutant;

/* Below `limit`. SplitMix64 (Steele, Lea, Flood 2014). */
static size_t random_below(mutant *m, size_t limit) {
    uint64_t z = m->state += 0x9E3779B97F4A7C15U;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9U;
    z = (z ^ z >> 27) * 0x94D049BB133111EBU;
    return limit ? (size_t)((z ^ z >> 31) % limit) : 0;
}

/* ---- kinds of damage, each of a file of at least 1 byte ---- */

static void flip_bits(mutant *m) {
    for (size_t n = 1 + random_below(m, 1 + m->size / 32); n > 0; n--) {
        m->bytes[random_below(m, m->size)] ^= (uint8_t)(1 << random_below(m, 8));
    }
}

static void set_byte(mutant *m) {
    m->bytes[random_below(m, m->size)] = (uint8_t)random_below(m, 256);
}

/* A number at the limit of some range, in 1, 2 or 4 bytes. */
static void set_number(mutant *m) {
    static const uint32_t numbers[] = {0,       1,          2,          7,         8,      0x7F,
                                       0x80,    0xFF,       0x100,      0x7FFF,    0x8000, 0xFFFF,
                                       0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};
    const uint32_t number = numbers[random_below(m, sizeof numbers / sizeof numbers[0])];
    const size_t at = random_below(m, m->size), width = (size_t)1 << random_below(m, 3);
    for (size_t i = 0; i < width && at + i < m->size; i++) {
        m->bytes[at + i] = (uint8_t)(number >> 8 * (width - 1 - i));
    }
}

static void cut_off(mutant *m) {
    m->size = 1 + random_below(m, m->size);
}

static void take_out(mutant *m) {
    const size_t at = random_below(m, m->size), most = m->size - at;
    const size_t count = random_below(m, most < 64 ? most : 64);
    memmove(m->bytes + at, m->bytes + at + count, m->size - at - count);
    m->size -= count;
}

/* Repeats part of the file somewhere. */
static void repeat(mutant *m) {
    uint8_t piece[64];
    const size_t from = random_below(m, m->size), most = m->size - from;
    const size_t count = random_below(m, most < sizeof piece ? most : sizeof piece);
    const size_t to = random_below(m, m->size);
    if (m->size + count <= MOST) {
        memcpy(piece, m->bytes + from, count);
        memmove(m->bytes + to + count, m->bytes + to, m->size - to);
        memcpy(m->bytes + to, piece, count);
        m->size += count;
    }
}

static void overwrite(mutant *m) {
    const size_t at = random_below(m, m->size), count = random_below(m, 16);
    for (size_t i = at; i < at + count && i < m->size; i++) {
        m->bytes[i] = (uint8_t)random_below(m, 256);
    }
}

/* To add one: a function above, and its name here. */
static void (*const damages[])(mutant *m) = {flip_bits, set_byte, set_number, cut_off,
                                             take_out,  repeat,   overwrite,  set_byte};

/* ---- the tries ---- */

static void make(const mutations *all, int i, mutant *m) {
    const test_file *file = &all->files.file[i % all->files.count];
    m->state = all->seed * 1000003 + (uint64_t)i;
    m->size = file->size < MOST ? file->size : MOST;
    memcpy(m->bytes, file->bytes, m->size);
    for (size_t n = 1 + random_below(m, 3); n > 0 && m->size; n--) {
        damages[random_below(m, sizeof damages / sizeof damages[0])](m);
    }
}

static void read_with(const codec_decoder *decoder, const uint8_t *file, size_t size,
                      fuzz_way way) {
    fuzz_image image;
    if (fuzz_read(decoder, file, size, way, &image)) {
        fuzz_image_free(&image);
    }
}

static void try_mutation(void *context, int i) {
    static mutant m;
    make(context, i, &m);
    /* A copy of the exact size, so that reading past the end is noticed; most PNGs get correct
     * CRCs. */
    const bool png = m.size > 1 && m.bytes[1] == 'P', mend = png && random_below(&m, 8);
    uint8_t *file = mend ? fuzz_mend_png(m.bytes, m.size) : fuzz_copy(m.bytes, m.size);
    read_with(NULL, file, m.size, (fuzz_way)random_below(&m, FUZZ_WAYS));
    read_with(png ? &codec_stb_png_decoder : &codec_stb_jpeg_decoder, file, m.size, FUZZ_PLAIN);
    free(file);
}

static void keep_mutation(void *context, int i) {
    static mutant m;
    const mutations *all = context;
    char path[4096];
    make(all, i, &m);
    snprintf(path, sizeof path, "%s-%d.bin", all->program, i);
    FILE *out = fopen(path, "wb");
    if (!out || fwrite(m.bytes, 1, m.size, out) != m.size || fclose(out) != 0) {
        perror(path);
    }
    printf("mutation %d of seed %llu, of %s (kept in %s)", i, (unsigned long long)all->seed,
           all->files.file[i % all->files.count].path, path);
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: %s COUNT SEED FILE|DIRECTORY...\n", argv[0]);
        return 2;
    }
    const int count = atoi(argv[1]);
    mutations all = {.files = test_files_load(argv + 3, argc - 3),
                     .seed = strtoull(argv[2], NULL, 10),
                     .program = argv[0]};
    const int failed =
        all.files.count ? watched(count, SECONDS, try_mutation, keep_mutation, &all) : count;
    printf("%d passed, %d failed\n", count - failed, failed);
    test_files_free(&all.files);
    return failed || count <= 0;
}
