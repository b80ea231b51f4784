/* What is worth saying although the work goes on. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codec/format.h"

/* Of damage only the first is reported: the rest mostly follows from it. */
static bool is_told(const codec_warnings *warnings, const codec_warning *warning) {
    for (int i = 0; i < warnings->count; i++) {
        const codec_warning *told = &warnings->at[i];
        if ((warning->kind == CODEC_ACCEPTED && told->kind == CODEC_ACCEPTED) ||
            strcmp(told->text, warning->text) == 0) {
            return true;
        }
    }
    return false;
}

void codec_warn(codec_warnings *warnings, codec_warning_kind kind, const char *format, ...) {
    codec_warning warning = {.kind = kind};
    va_list args;
    va_start(args, format);
    vsnprintf(warning.text, sizeof warning.text, format, args);
    va_end(args);
    if (warnings->count < CODEC_WARNINGS && !is_told(warnings, &warning)) {
        warnings->at[warnings->count++] = warning;
    }
}

const codec_warnings *codec_writer_warnings(const codec_writer *writer) {
    return &writer->warnings;
}

const codec_warnings *codec_reader_warnings(const codec_reader *reader) {
    return &reader->warnings;
}
