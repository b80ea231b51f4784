/* The record in PGM, PPM and PAM: a comment, in the line after the magic number. Internal to
 * src/codec. */
#ifndef CT_CODEC_PNM_RECORD_H
#define CT_CODEC_PNM_RECORD_H

#include "codec/format.h"

/* "# ", the record with its mark and seal, and the line's end. */
enum { CODEC_PNM_RECORD_LINE = CODEC_RECORD_MOST + 32 };

/* The comment, or nothing where there is no record; returns `line`. */
const char *codec_pnm_record_line(const char *record, char line[CODEC_PNM_RECORD_LINE]);

#endif
