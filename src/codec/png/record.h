/* The record in a PNG: a text chunk "Software" right after IHDR. Internal to src/codec. */
#ifndef CT_CODEC_PNG_RECORD_H
#define CT_CODEC_PNG_RECORD_H

#include "base/error.h"
#include "base/text.h"
#include "codec/bytes.h"

/* Appends the chunk: tEXt, or iTXt where the record isn't ASCII. NULL: nothing. */
bool codec_png_add_record(ct_text *out, const char *record, ct_error *err);

#endif
