/* What the chunks of a PNG say, taken one after the other: by the walk over a whole file (walk.c),
 * and by the reader of a stream (isal_stream.c). Internal to src/codec. PNG specification, third
 * edition: https://www.w3.org/TR/png-3/ */
#ifndef CT_CODEC_PNG_CHUNKS_H
#define CT_CODEC_PNG_CHUNKS_H

#include "codec/codec.h"

/* Around a chunk's data: its length and type before, its CRC after. */
enum { PNG_SIGNATURE = 8, PNG_HEAD = 8, PNG_CRC = 4 };

typedef struct codec_png_facts {
    const codec_limits *limits;
    codec_warnings *warnings;
    bool fatal;             /* an error isn't the file's: reading failed, or out of memory */
    codec_info info;        /* without what the ICC profile says; free its meta */
    int depth, color;       /* as in IHDR */
    bool interlaced;        /* Adam7 */
    int palette;            /* entries of PLTE; 0: none */
    uint8_t colors[256][4]; /* red, green, blue, alpha; zeros past the palette's end */
    bool transparent;       /* tRNS was there */
    uint16_t key[3];        /* tRNS without a palette: the transparent colour */
    uint64_t compressed;    /* bytes in IDAT */
    const uint8_t *icc;     /* iCCP's zlib stream, within the data that was taken; NULL: none */
    size_t icc_size;
    bool idat, idat_over, ended; /* image data began, something else came after it; IEND */
} codec_png_facts;

/* A chunk's length and type. */
typedef struct codec_png_head {
    uint32_t length;
    char type[5];
} codec_png_head;

bool codec_png_probe(const uint8_t *head, size_t size);

/* Both must outlive the facts. */
codec_png_facts codec_png_no_facts(const codec_limits *limits, codec_warnings *warnings);

/* Parses the 8 bytes that begin a chunk, at byte `at` of the file. */
bool codec_png_parse_head(const uint8_t *bytes, uint64_t at, codec_png_head *head, ct_error *err);

/* Whether the image can't be shown without such a chunk. */
static inline bool codec_png_is_critical(const codec_png_head *head) {
    return !(head->type[0] & 32);
}

/* Whether codec_png_take reads the data of such a chunk; else it may be NULL. */
bool codec_png_needs_data(const codec_png_head *head);

/* Takes the chunk, whose CRC is right. Damage to the pixels or the file's structure is an error, or
 * accepted where the image doesn't need the chunk; metadata that breaks its own rules is left out,
 * as in libpng. */
bool codec_png_take(codec_png_facts *facts, const codec_png_head *head, const uint8_t *data,
                    ct_error *err);

/* Whether so many bytes of image data, or of the file, can hold the pixels. */
bool codec_png_plausible(const codec_png_facts *facts, uint64_t compressed, ct_error *err);

/* Warns that there is an ICC profile that can't be inflated. */
void codec_png_warn_profile(codec_warnings *warnings);

/* For damage after which reading can go on: true with a warning where limits->lenient accepts it,
 * else the error. Takes printf's format. */
bool codec_png_accept(codec_png_facts *facts, ct_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for damage `found` that ends the image data; but an error if nothing of it was usable
 * before, not even the first row (of the first pass). */
bool codec_png_accept_end(codec_png_facts *facts, bool usable, const ct_error *found,
                          ct_error *err);

/* For a chunk whose checksum is wrong: accepted except for IHDR and PLTE. Unless it's image data,
 * it must not be used then. */
bool codec_png_bad_crc(codec_png_facts *facts, const codec_png_head *head, uint64_t at,
                       ct_error *err);

/* The error for a file that ends too early; returns false. */
bool codec_png_cut_off(ct_error *err);

/* Bits per pixel in the file. */
int codec_png_bits(const codec_png_facts *facts);

/* ---- Adam7 ---- */

/* One of its passes: every dx-th pixel from x on of every dy-th row from y on. */
typedef struct codec_png_pass {
    int x, y, dx, dy;
    int width, height; /* of the pass; one of them may be 0: then it isn't in the file */
    size_t row_bytes;  /* without the filter's byte */
} codec_png_pass;

/* Pass 0..6 of an interlaced image; pass 0 of another one is the whole. */
codec_png_pass codec_png_pass_at(const codec_png_facts *facts, int pass);

/* Bytes that the image data has before compression, and its first row. */
uint64_t codec_png_raw_bytes(const codec_png_facts *facts);
size_t codec_png_first_row_bytes(const codec_png_facts *facts);

#endif
