/* The headers of PBM, PGM, PPM and PAM. Internal to src/codec.
 * Formats: https://netpbm.sourceforge.net/doc/pnm.html, pam.html. */
#ifndef CT_CODEC_PNM_HEAD_H
#define CT_CODEC_PNM_HEAD_H

#include "codec/pnm/lines.h"

typedef struct codec_pnm_head {
    char kind; /* '1'..'7', from the magic number */
    bool plain, bits;
    uint32_t width, height;
    int channels;
    bool alpha;
    uint32_t maxval;
    codec_pnm_lines lines;
} codec_pnm_head;

/* Reads the header, so that the raster's first byte comes next. */
bool codec_pnm_read_head(codec_reader *reader, codec_pnm_head *head, ct_error *err);

/* The next character of a header or a plain raster; a comment counts as the line end that closes
 * it. -1 at the end. */
int codec_pnm_char(codec_input *input);

/* A character for messages; returns `text`, which holds at least 16 bytes. */
const char *codec_pnm_show(int c, char *text);

#endif
