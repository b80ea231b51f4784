/* The record in a JPEG: a comment right after the JFIF segment. Internal to src/codec. */
#ifndef CT_CODEC_JPEG_RECORD_H
#define CT_CODEC_JPEG_RECORD_H

#include "base/error.h"
#include "base/text.h"

/* Appends the COM segment. NULL: nothing. */
bool codec_jpeg_add_record(ct_text *out, const char *record, ct_error *err);

#endif
