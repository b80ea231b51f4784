/* The parts of readers and writers that formats need too: below all of them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/format.h"

codec_reader *codec_reader_new(const codec_limits *limits, ct_error *err) {
    codec_reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    reader->limits = limits ? *limits : codec_default_limits();
    reader->info.meta.srgb_intent = -1;
    reader->input.fd = -1;
    return reader;
}

static bool fail_cut(int error, ct_error *err, const char *format, va_list args) {
    if (error) {
        return ct_fail(err, "can't read: %s", strerror(error));
    }
    char text[sizeof err->text];
    vsnprintf(text, sizeof text, format, args);
    return ct_fail(err, "%s", text);
}

bool codec_fail_short(codec_reader *reader, ct_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    reader->cut |= !reader->input.error;
    fail_cut(reader->input.error, err, format, args);
    va_end(args);
    return false;
}

bool codec_fail_cut(int error, ct_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fail_cut(error, err, format, args);
    va_end(args);
    return false;
}

void codec_packed_free(codec_packed *packed) {
    if (packed) {
        free(packed->bytes);
        free(packed);
    }
}
