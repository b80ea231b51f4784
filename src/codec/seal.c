#include "codec/seal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 4096, PIECES = 16, LANES = 4, WORD = 8 };

/* Every small job waits for this, so it takes a word at a time, and four words side by side: a
 * byte at a time would be ten times as slow. */
typedef struct hash {
    uint64_t lane[LANES];
} hash;

static uint64_t mix(uint64_t lane, uint64_t word) {
    lane = (lane ^ word) * UINT64_C(0x9E3779B97F4A7C15); /* odd: no two words give the same */
    return lane << 29 | lane >> 35; /* so that the upper bits reach the lower ones */
}

/* The number is the same on every processor, as the file may go from one to another. */
static uint64_t get_word(const uint8_t *bytes) {
    uint64_t word = 0;
    for (int i = WORD - 1; i >= 0; i--) {
        word = word << 8 | bytes[i];
    }
    return word;
}

static void add(hash *h, const uint8_t *bytes, size_t size) {
    for (; size >= LANES * WORD; bytes += LANES * WORD, size -= LANES * WORD) {
        for (int i = 0; i < LANES; i++) {
            h->lane[i] = mix(h->lane[i], get_word(bytes + i * WORD));
        }
    }
    for (; size; bytes++, size--) {
        h->lane[0] = mix(h->lane[0], *bytes);
    }
}

static uint32_t finish(const hash *h, uint64_t length) {
    uint64_t sum = length;
    for (int i = 0; i < LANES; i++) {
        sum = mix(sum, h->lane[i]);
    }
    sum = mix(sum, 0);
    return (uint32_t)(sum >> 32 ^ sum);
}

ssize_t codec_sealed_read(const codec_sealed *file, void *to, size_t size, uint64_t at) {
    if (file->fd >= 0) {
        return pread(file->fd, to, size, (off_t)at);
    }
    const size_t left = at < file->size ? file->size - (size_t)at : 0;
    size = size < left ? size : left;
    memcpy(to, file->bytes + (file->size - left), size);
    return (ssize_t)size;
}

static bool length_of(const codec_sealed *file, uint64_t *length) {
    struct stat info;
    if (file->fd < 0) {
        *length = file->size;
        return true;
    }
    const bool ok = fstat(file->fd, &info) == 0;
    *length = ok ? (uint64_t)info.st_size : 0;
    return ok;
}

bool codec_seal_of(const codec_sealed *file, const uint8_t *head, size_t head_size, size_t from,
                   uint32_t *seal) {
    uint8_t bytes[PIECE];
    uint64_t length;
    hash h = {{1, 2, 3, 4}};
    if (!length_of(file, &length)) {
        return false;
    }
    const uint64_t rest = length > from ? length - from : 0;
    const uint64_t whole = (rest + PIECE - 1) / PIECE, count = whole < PIECES ? whole : PIECES;
    add(&h, head, head_size);
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t at = whole > PIECES ? (rest - PIECE) * i / (PIECES - 1) : PIECE * i;
        const ssize_t size = codec_sealed_read(file, bytes, sizeof bytes, from + at);
        if (size < 0) {
            return false;
        }
        add(&h, bytes, (size_t)size);
    }
    *seal = finish(&h, length);
    return true;
}
