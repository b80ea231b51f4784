/* Turns a PNG's raw bytes into rows of the image: undoes filters, joins passes, expands samples.
 * Internal to src/codec. */
#ifndef CT_CODEC_PNG_ROWS_H
#define CT_CODEC_PNG_ROWS_H

#include "codec/png/adam7.h"
#include "codec/png/chunks.h"

/* Where the raw bytes come from. */
typedef struct codec_png_source {
    void *context;

    /* The next `size` bytes, with PNG_SLACK more that may be read, until the next call. NULL: an
     * error. */
    const uint8_t *(*next)(void *context, size_t size, ct_error *err);

    /* For bytes returned last that make no row. True: that is accepted, and the source isn't asked
     * again. */
    bool (*damaged)(void *context, const char *message, ct_error *err);
} codec_png_source;

typedef struct codec_png_rows {
    codec_png_facts *facts;
    codec_png_source source;
    codec_png_pass pass; /* the whole image, unless interlaced */
    int pixel;           /* bytes per pixel, at least 1 */
    bool any;            /* there was a row */
    bool lost;           /* the source isn't asked again: missing rows are zeros */
    uint8_t *lines, *row, *previous;
    codec_png_held held; /* an interlaced image */
    uint8_t highest;     /* index into the palette */
} codec_png_rows;

/* Bytes that the rows will take. */
uint64_t codec_png_rows_memory(const codec_png_facts *facts);

/* `facts` must outlive the rows. Close the rows in either case. */
bool codec_png_rows_open(codec_png_rows *rows, codec_png_facts *facts, codec_png_source source,
                         ct_error *err);

/* Row y, in order from 0 on. In an interlaced image the first one takes all raw bytes. */
bool codec_png_rows_next(codec_png_rows *rows, int y, void *row, ct_error *err);
void codec_png_rows_close(codec_png_rows *rows);

#endif
