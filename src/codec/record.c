/* The record in existing files: whether convtool wrote them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "codec/format.h"
#include "codec/seal.h"

enum {
    HEAD_BYTES = 512,     /* more than the longest record and what comes before it, in any format */
    SMALL_FILE = 1 << 13, /* bytes, which are read at once */
    MARK = sizeof CODEC_RECORD_MARK - 1,
    SEAL = sizeof CODEC_RECORD_OPEN - 1,
};

bool codec_record_valid(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 127) {
            return false;
        }
    }
    return length >= 1 && length <= CODEC_RECORD_MOST;
}

/* Reads the file's first bytes and finds the record's place in them; the first format that has one
 * there, or NULL. */
static const codec_format *find_place(const codec_sealed *file, uint8_t head[HEAD_BYTES],
                                      codec_record_place *place) {
    const ssize_t size = codec_sealed_read(file, head, HEAD_BYTES, 0);
    const codec_format *format;
    *place = (codec_record_place){0};
    for (size_t i = 0; size > 0 && (format = codec_format_at(i)); i++) {
        if (format->find_record && format->find_record(head, (size_t)size, place)) {
            return place->length > MARK + SEAL &&
                           memcmp(head + place->at, CODEC_RECORD_MARK, MARK) == 0
                       ? format
                       : NULL;
        }
    }
    return NULL;
}

/* The seal is of everything but itself and, in a PNG, the checksum that covers it. */
static bool make_seal(const codec_sealed *file, const uint8_t *head,
                      const codec_record_place *place, char seal[SEAL + 1]) {
    const size_t end = place->at + place->length;
    uint32_t number = 0;
    const bool ok =
        codec_seal_of(file, head, end - SEAL, place->crc_at ? place->crc_at + 4 : end, &number);
    snprintf(seal, SEAL + 1, " #%08" PRIx32, number);
    return ok;
}

/* In memory it can't fail. */
static bool seal_file(const codec_sealed *file, ct_error *err) {
    uint8_t head[HEAD_BYTES];
    codec_record_place place;
    char seal[SEAL + 1];
    if (!find_place(file, head, &place)) {
        return true;
    }
    const size_t end = place.at + place.length;
    if (!make_seal(file, head, &place, seal)) {
        return ct_fail(err, "can't read what was written: %s", strerror(errno));
    }
    memcpy(head + end - SEAL, seal, SEAL);
    size_t size = SEAL;
    if (place.crc_at) {
        codec_put32(head + place.crc_at,
                    codec_crc_of(head + place.crc_from, place.crc_at - place.crc_from));
        size += place.crc_at + 4 - end;
    }
    const uint8_t *from = head + end - SEAL;
    if (file->fd < 0) {
        memcpy(file->bytes + end - SEAL, from, size);
        return true;
    }
    return pwrite(file->fd, from, size, (off_t)(end - SEAL)) == (ssize_t)size ||
           ct_fail(err, "can't write: %s", strerror(errno));
}

bool codec_seal_record(int fd, ct_error *err) {
    return seal_file(&(codec_sealed){.fd = fd}, err);
}

void codec_seal_bytes(void *bytes, size_t size) {
    seal_file(&(codec_sealed){.fd = -1, .bytes = bytes, .size = size}, NULL);
}

const codec_format *codec_find_record(int fd, char record[CODEC_RECORD_MOST + 1]) {
    uint8_t start[SMALL_FILE], head[HEAD_BYTES];
    codec_record_place place;
    char seal[SEAL + 1];
    const ssize_t size = pread(fd, start, sizeof start, 0);
    const bool whole = size >= 0 && size < SMALL_FILE;
    const codec_sealed file = {
        .fd = whole ? -1 : fd, .bytes = start, .size = whole ? (size_t)size : 0};
    const codec_format *format = find_place(&file, head, &place);
    if (!format) {
        return NULL;
    }
    const size_t length = place.length - MARK - SEAL;
    const char *text = (const char *)head + place.at + MARK;
    if (!codec_record_valid(text, length) || !make_seal(&file, head, &place, seal) ||
        memcmp(text + length, seal, SEAL) != 0) {
        return NULL;
    }
    memcpy(record, text, length);
    record[length] = '\0';
    return format;
}
