/* Where the raster of a binary PNM or PFM begins: line ends of headers. Internal to src/codec.
 *
 * One blank ends the header, and the raster may begin with any byte (pnm(5)). So the LF after a
 * header's last CR may be the raster's first byte; in a file whose lines end in CR LF it isn't, and
 * taking it for that would shift all samples. */
#ifndef CT_CODEC_PNM_LINES_H
#define CT_CODEC_PNM_LINES_H

#include "codec/format.h"

static inline bool codec_pnm_blank(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

typedef struct codec_pnm_lines {
    int last;  /* the last character read */
    bool crlf; /* a line before ended in CR LF */
} codec_pnm_lines;

/* Must be told every character of the header; returns it. */
static inline int codec_pnm_note(codec_pnm_lines *lines, int c) {
    lines->crlf |= c == '\n' && lines->last == '\r';
    lines->last = c;
    return c;
}

/* After the header's last blank: skips the LF of a CR LF where it's certain that the raster, of
 * `size` bytes, follows it; refuses the file where that can't be told. */
bool codec_pnm_begin_raster(codec_reader *reader, const codec_pnm_lines *lines, uint64_t size,
                            ct_error *err);

/* A codec_decoder's `follows`: another PNM, PAM or PFM, perhaps after some blanks. */
bool codec_pnm_follows(codec_reader *reader, int milliseconds);

#endif
