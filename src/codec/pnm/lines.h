/* Where the raster of a binary PNM or PFM begins: line ends of headers. Internal to src/codec.
 *
 * One blank ends the header, and the raster may begin with any byte (pnm(5)). So the LF of a header
 * that ends in CR LF could be the raster's first byte, and taking it for that shifts all samples of
 * a file whose lines end in CR LF. */
#ifndef CT_CODEC_PNM_LINES_H
#define CT_CODEC_PNM_LINES_H

#include "codec/format.h"

static inline bool codec_pnm_blank(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

typedef struct codec_pnm_lines {
    int last;  /* the character that was read last */
    bool crlf; /* a line before ended in CR LF */
} codec_pnm_lines;

/* To be told of every character of the header; returns it. */
static inline int codec_pnm_note(codec_pnm_lines *lines, int c) {
    lines->crlf |= c == '\n' && lines->last == '\r';
    lines->last = c;
    return c;
}

/* Behind the header's last blank: skips the LF of a CR LF where it is certain that the raster, of
 * `size` bytes, comes behind it; refuses the file where that can't be told. */
bool codec_pnm_begin_raster(codec_reader *reader, const codec_pnm_lines *lines, uint64_t size,
                            ct_error *err);

/* Behind the last row: a warning where another image follows. */
void codec_pnm_end_raster(codec_reader *reader);

#endif
