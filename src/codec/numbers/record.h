/* The record of what made a file, in tables and arrays. Internal to src/codec/numbers. */
#ifndef CT_CODEC_NUMBERS_RECORD_H
#define CT_CODEC_NUMBERS_RECORD_H

#include "codec/format.h"

enum { CODEC_NUMBERS_RECORD_LINE = CODEC_RECORD_MOST + 64 };

/* The record as a comment, in a line of its own, and empty for NULL. Python takes it for a comment,
 * too, even in a .npy file's header. */
void codec_numbers_record_line(const char *record, char line[CODEC_NUMBERS_RECORD_LINE]);

#endif
