#include "codec/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { BUFFER_BYTES = 1 << 16 };

uint64_t codec_input_size(int fd, uint64_t *from) {
    struct stat status;
    *from = 0;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return 0;
    }
    const off_t at = lseek(fd, 0, SEEK_CUR);
    if (at < 0 || at > status.st_size) {
        return 0;
    }
    *from = (uint64_t)at;
    return (uint64_t)(status.st_size - at);
}

bool codec_input_open_fd(codec_input *input, int fd, uint64_t from, uint64_t size,
                         codec_keeper *keeper, ct_error *err) {
    *input = (codec_input){.fd = fd, .capacity = BUFFER_BYTES, .keeper = keeper};
    input->buffer = codec_keeper_take(keeper, CODEC_KEPT_INPUT);
    input->buffer = input->buffer ? input->buffer : malloc(input->capacity);
    if (!input->buffer) {
        return ct_fail(err, "out of memory");
    }
    input->bytes = input->buffer;
    /* Files in /proc claim to be empty, but aren't. */
    input->known = size > 0;
    input->unread = size;
    input->end_at = from + size;
    return true;
}

void codec_input_open_memory(codec_input *input, const void *bytes, size_t size) {
    *input = (codec_input){.fd = -1, .bytes = bytes, .end = size, .known = true};
}

void codec_input_close(codec_input *input) {
    if (input->capacity == BUFFER_BYTES) {
        codec_keeper_give(input->keeper, CODEC_KEPT_INPUT, input->buffer, free);
    } else {
        free(input->buffer);
    }
    *input = (codec_input){.fd = -1, .error = input->error};
}

/* One read(); 0 at the end and after an error. */
static size_t pull(codec_input *input, void *to, size_t size) {
    if (input->fd < 0 || input->error) {
        return 0;
    }
    ssize_t got;
    do {
        got = read(input->fd, to, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        input->error = errno;
        return 0;
    }
    const uint64_t count = (uint64_t)got;
    input->unread -= count < input->unread ? count : input->unread;
    return (size_t)got;
}

/* Whether a read returns something, or the end, within so many milliseconds (-1: don't ask). */
static bool is_ready(const codec_input *input, int milliseconds) {
    struct pollfd poller = {.fd = input->fd, .events = POLLIN};
    return milliseconds < 0 || poll(&poller, 1, milliseconds) > 0;
}

size_t codec_input_peek(codec_input *input, size_t wanted) {
    return codec_input_peek_soon(input, wanted, -1);
}

size_t codec_input_peek_soon(codec_input *input, size_t wanted, int milliseconds) {
    if (input->buffer && input->at > 0) {
        memmove(input->buffer, input->buffer + input->at, input->end - input->at);
        input->end -= input->at;
        input->at = 0;
    }
    while (input->buffer && input->end < wanted && input->end < input->capacity &&
           is_ready(input, milliseconds)) {
        const size_t got = pull(input, input->buffer + input->end, input->capacity - input->end);
        if (!got) {
            break;
        }
        input->end += got;
    }
    return input->end - input->at;
}

bool codec_input_left(const codec_input *input, uint64_t *left) {
    *left = input->unread + (input->end - input->at);
    return input->known;
}

int codec_input_refill(codec_input *input) {
    if (!input->buffer) {
        return -1;
    }
    input->at = 0;
    input->end = pull(input, input->buffer, input->capacity);
    return input->end ? input->bytes[input->at++] : -1;
}

size_t codec_input_read(codec_input *input, void *to, size_t size) {
    uint8_t *out = to;
    size_t done = 0;
    while (done < size) {
        size_t count = input->end - input->at;
        if (count) {
            count = count < size - done ? count : size - done;
            memcpy(out + done, input->bytes + input->at, count);
            input->at += count;
        } else if (size - done >= BUFFER_BYTES) {
            /* Long reads bypass the buffer. */
            count = pull(input, out + done, size - done);
        } else {
            if (codec_input_refill(input) < 0) {
                break;
            }
            codec_input_back(input);
            continue;
        }
        if (!count) {
            break;
        }
        done += count;
    }
    return done;
}

size_t codec_input_some(codec_input *input, size_t size, const uint8_t **bytes) {
    if (input->at == input->end && input->buffer) {
        input->at = 0;
        input->end = pull(input, input->buffer, input->capacity);
    }
    const size_t there = input->end - input->at;
    const size_t count = there < size ? there : size;
    *bytes = input->bytes + input->at;
    input->at += count;
    return count;
}

/* pread, as long as it brings something. */
static size_t pull_at(int fd, uint8_t *to, size_t size, off_t from, int *error) {
    size_t done = 0;
    while (done < size) {
        const ssize_t got = pread(fd, to + done, size - done, from + (off_t)done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            *error = got < 0 ? errno : 0;
            break;
        }
        done += (size_t)got;
    }
    return done;
}

size_t codec_input_read_at(const codec_input *input, uint64_t ahead, void *to, size_t size,
                           int *error) {
    uint64_t left;
    *error = 0;
    if (!codec_input_left(input, &left) || ahead >= left) {
        return 0;
    }
    size = size < left - ahead ? size : (size_t)(left - ahead);
    const size_t there = input->end - input->at;
    if (ahead + size <= there) {
        memcpy(to, input->bytes + input->at + ahead, size);
        return size;
    }
    return pull_at(input->fd, to, size, (off_t)(input->end_at - left + ahead), error);
}

size_t codec_input_look(const codec_input *input, uint64_t ahead, void *to, size_t size) {
    int error;
    return codec_input_read_at(input, ahead, to, size, &error);
}

void codec_input_skip(codec_input *input, uint64_t size) {
    const uint64_t there = input->end - input->at;
    if (size <= there) {
        input->at += (size_t)size;
        return;
    }
    input->at = input->end = 0;
    input->unread -= size - there;
    if (lseek(input->fd, (off_t)(input->end_at - input->unread), SEEK_SET) < 0) {
        input->error = errno;
    }
}

static bool too_long(uint64_t limit, ct_error *err) {
    return ct_fail(err, "the file is larger than the limit of %s (--max-memory)",
                   ct_size_of(limit).text);
}

/* Makes room for at least one more byte. */
static bool grow(codec_input *input, uint64_t limit, ct_error *err) {
    if (input->end < input->capacity) {
        return true;
    }
    /* One byte beyond the limit shows that the file is too long. */
    if (input->capacity > limit) {
        return too_long(limit, err);
    }
    uint64_t capacity = (uint64_t)input->capacity * 2;
    if (input->known) {
        /* The extra byte lets the last read see the end. */
        capacity = input->end + input->unread + 1;
    }
    if (capacity <= input->capacity) {
        capacity = (uint64_t)input->capacity + BUFFER_BYTES;
    }
    capacity = capacity > limit + 1 ? limit + 1 : capacity;
    uint8_t *buffer = capacity <= SIZE_MAX ? realloc(input->buffer, (size_t)capacity) : NULL;
    if (!buffer) {
        return ct_fail(err, "out of memory");
    }
    input->bytes = input->buffer = buffer;
    input->capacity = (size_t)capacity;
    return true;
}

bool codec_input_rest(codec_input *input, uint64_t limit, const uint8_t **bytes, size_t *size,
                      ct_error *err) {
    uint64_t left;
    if (codec_input_left(input, &left) && left > limit) {
        return too_long(limit, err);
    }
    while (input->buffer) {
        if (!grow(input, limit, err)) {
            return false;
        }
        const size_t got = pull(input, input->buffer + input->end, input->capacity - input->end);
        if (!got) {
            break;
        }
        input->end += got;
    }
    if (input->error) {
        return ct_fail(err, "can't read: %s", strerror(input->error));
    }
    if (input->end - input->at > limit) {
        return too_long(limit, err);
    }
    input->known = true;
    input->unread = 0;
    *bytes = input->bytes + input->at;
    *size = input->end - input->at;
    return true;
}
