/* libjpeg-turbo, contained: its errors end up in a ct_error, its bytes come from a codec_input, and
 * it neither prints nor exits. Internal to the files turbo_*.c, which are compiled only where the
 * build has the library (CT_HAVE_JPEG). */
#ifndef CT_CODEC_JPEG_TURBO_H
#define CT_CODEC_JPEG_TURBO_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h> /* jpeglib.h needs it */

#include <jpeglib.h>

#include "base/error.h"
#include "codec/input.h"
#include "codec/jpeg/meta.h"

/* ---- errors ---- */

/* Every call of the library is in a function of its own after
 *     if (setjmp(errors.escape)) { return false; }
 * and errors.error is set then. */
typedef struct turbo_errors {
    struct jpeg_error_mgr pub; /* first: the library knows only this */
    jmp_buf escape;
    bool lenient; /* warnings are kept instead of being errors */
    ct_error error;
    ct_error warning; /* the first one; empty: none */
} turbo_errors;

/* Fills `errors`; the result goes into the library struct's field `err`. */
struct jpeg_error_mgr *turbo_errors_init(turbo_errors *errors, bool lenient);

/* Leaves the library with this error. */
_Noreturn void turbo_fail(j_common_ptr cinfo, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For damage that --lenient accepts: keeps it, or leaves the library. */
void turbo_warn(j_common_ptr cinfo, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- where the bytes come from ---- */

enum { TURBO_SOS = 0xDA }; /* the marker before a scan's header, which jpeglib.h doesn't name */

typedef struct turbo_source {
    struct jpeg_source_mgr pub; /* first */
    codec_input *input;
} turbo_source;

void turbo_source_init(turbo_source *source, codec_input *input);

/* A copy of the input from the first byte on that the decoder hasn't seen, for codec_input_look
 * while nobody reads. */
codec_input turbo_source_view(const turbo_source *source);

/* A source manager that gives the decoder what `fill` does, and starts empty. */
struct jpeg_source_mgr turbo_source_manager(boolean (*fill)(j_decompress_ptr cinfo));

/* For `fill`: gives bytes, which stay the caller's, or the end of the image. */
boolean turbo_source_give(struct jpeg_source_mgr *pub, const uint8_t *bytes, size_t size);
boolean turbo_source_give_end(struct jpeg_source_mgr *pub);

/* Reads the rest of the input into memory, so that its length is known; *left is that of what the
 * decoder hasn't seen yet. Not within a call of the library. */
bool turbo_source_rest(turbo_source *source, uint64_t limit, uint64_t *left, ct_error *err);

/* ---- what comes with the pixels ---- */

/* Collects the Exif and ICC segments that a decompressor meets. */
typedef struct turbo_segments {
    codec_meta *meta;
    codec_jpeg_icc icc;
    uint8_t *data; /* of one segment */
} turbo_segments;

/* cinfo->client_data is `segments` from now on. */
void turbo_segments_start(turbo_segments *segments, j_decompress_ptr cinfo, codec_meta *meta);

/* From now on segments are skipped; completes what they said. False when out of memory. */
bool turbo_segments_stop(turbo_segments *segments, j_decompress_ptr cinfo, codec_warnings *warnings,
                         ct_error *err);
void turbo_segments_free(turbo_segments *segments);

#endif
