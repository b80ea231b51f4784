/* What tells a finished file from the same file changed since. Internal to src/codec. */
#ifndef CT_CODEC_SEAL_H
#define CT_CODEC_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A finished file. */
typedef struct codec_sealed {
    int fd;         /* open; -1: in memory: */
    uint8_t *bytes; /* `size` of them */
    size_t size;
} codec_sealed;

/* As pread; in memory it can't fail. */
ssize_t codec_sealed_read(const codec_sealed *file, void *to, size_t size, uint64_t at);

/* A hash of `head`, of the file's length, and of the file from byte `from` on: all of it up to 64
 * KiB, 16 pieces of 4 KiB of a longer one, spread evenly, the last of them its end. False with
 * errno if the file can't be read. Not safe against malice. */
bool codec_seal_of(const codec_sealed *file, const uint8_t *head, size_t head_size, size_t from,
                   uint32_t *seal);

#endif
