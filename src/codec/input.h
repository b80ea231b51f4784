/* Bytes from a file descriptor or from memory: in order, or from any place without being taken.
 * Internal to src/codec. */
#ifndef CT_CODEC_INPUT_H
#define CT_CODEC_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "codec/keeper.h"

typedef struct codec_input {
    int fd;               /* -1: everything is in memory */
    const uint8_t *bytes; /* bytes[at..end) come next */
    size_t at, end;
    uint8_t *buffer; /* NULL: `bytes` are the caller's */
    size_t capacity;
    codec_keeper *keeper; /* where the buffer came from, or may go; NULL: none */
    bool known;      /* whether `unread` is valid: for a regular file it is, for a pipe it isn't */
    uint64_t unread; /* bytes after those in the buffer */
    uint64_t end_at; /* the file's offset behind those: its position may be others' too */
    int error;       /* errno of a read that failed, which also ends the input; 0: none */
} codec_input;

/* How many bytes follow in a regular file, and from which offset on; 0: it can't be known, or none.
 */
uint64_t codec_input_size(int fd, uint64_t *from);

/* The descriptor stays the caller's; `from` and `size` are codec_input_size's, or known otherwise.
 * The keeper, which may be NULL, is asked for a buffer, and must outlive the input. False when out
 * of memory. */
bool codec_input_open_fd(codec_input *input, int fd, uint64_t from, uint64_t size,
                         codec_keeper *keeper, ct_error *err);
void codec_input_open_memory(codec_input *input, const void *bytes, size_t size);

/* Frees the buffer; also for `{0}`. */
void codec_input_close(codec_input *input);

/* Reads ahead until `wanted` bytes (at most 4096) are there or the input ends; returns how many
 * are, from input->bytes + input->at on. */
size_t codec_input_peek(codec_input *input, size_t wanted);

/* The same, but settles for what is there once a pipe is silent for so many milliseconds. */
size_t codec_input_peek_soon(codec_input *input, size_t wanted, int milliseconds);

/* How many bytes follow; false where this can't be known. */
bool codec_input_left(const codec_input *input, uint64_t *left);

/* Reads `size` bytes, fewer only at the end; returns how many. */
size_t codec_input_read(codec_input *input, void *to, size_t size);

/* Takes up to `size` bytes from the buffer, filling it first if it's empty; they stay valid until
 * the next call. 0 only at the end. */
size_t codec_input_some(codec_input *input, size_t size, const uint8_t **bytes);

/* Copies `size` bytes from `ahead` bytes further on, without taking any: possible where
 * codec_input_left is. Returns how many: fewer at the end, which the file may have reached earlier
 * by now, and after an error, whose errno is then in *error (else 0). Several threads may do so,
 * while none takes bytes. */
size_t codec_input_read_at(const codec_input *input, uint64_t ahead, void *to, size_t size,
                           int *error);

/* The same, for what can be done without. */
size_t codec_input_look(const codec_input *input, uint64_t ahead, void *to, size_t size);

/* Takes bytes that codec_input_read_at has read. */
void codec_input_skip(codec_input *input, uint64_t size);

/* Reads all that is left, at most `limit` bytes; they stay valid until codec_input_close. From then
 * on it is known how many bytes follow. */
bool codec_input_rest(codec_input *input, uint64_t limit, const uint8_t **bytes, size_t *size,
                      ct_error *err);

/* For codec_input_byte. */
int codec_input_refill(codec_input *input);

/* The next byte, -1 at the end. */
static inline int codec_input_byte(codec_input *input) {
    return input->at < input->end ? input->bytes[input->at++] : codec_input_refill(input);
}

/* Puts back the byte that codec_input_byte returned last. */
static inline void codec_input_back(codec_input *input) {
    input->at--;
}

#endif
