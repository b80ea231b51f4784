/* What the files of this room share: the structs behind the public names, and what a format has to
 * provide. Internal to src/codec.
 *
 * To add a format: a file, or a folder for a large one, with a codec_encoder and mostly a
 * codec_decoder; declare them below, under "the formats"; then a codec_format, the row in
 * formats.c, whose fields say everything that others ask about it; and a fuzz target in tests/fuzz.
 */
#ifndef CT_CODEC_FORMAT_H
#define CT_CODEC_FORMAT_H

#include <stdatomic.h>

#include "codec/codec.h"
#include "codec/input.h"

/* ---- reading ---- */

typedef struct codec_decoder {
    /* Whether a file that begins with these bytes is of this kind. */
    bool (*probe)(const uint8_t *head, size_t size);

    /* Fills reader->format, info and state from reader->input. */
    bool (*open)(codec_reader *reader, ct_error *err);

    /* codec_reader_gray for 3 channels, before the first row: sets info.channels to 1 and returns
     * true, or changes nothing; NULL where the format has no separate gray. */
    bool (*want_gray)(codec_reader *reader);

    /* For codec_reader_memory: the bytes of all that is held of the whole image; NULL: nothing. */
    uint64_t (*memory)(const codec_reader *reader);

    /* Reads row reader->next_row; called once for each, in order, until one fails. */
    bool (*read_row)(codec_reader *reader, void *row, ct_error *err);

    /* Frees the state, which may be NULL or half made. */
    void (*close)(codec_reader *reader);

    /* codec_read_ahead; NULL where the format has no use for it. */
    void (*ahead)(codec_reader *reader);
    double (*ahead_seconds)(codec_reader *reader); /* codec_ahead_seconds, where there is `ahead` */

    /* codec_reader_step and codec_read_at; NULL where rows come in order only. `read_at` is called
     * only after a step above 0, and may run in several threads. */
    int (*step)(codec_reader *reader, int threads);
    int (*most_step)(const codec_reader *reader, int threads); /* NULL: 1 at most */
    bool (*read_at)(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                    ct_error *err);

    /* codec_read_end: moves the input behind the image, as if its rows had been read in order; NULL
     * where nothing depends on that. */
    void (*read_end)(codec_reader *reader);

    /* After the last row: whether another image follows, as far as a pipe shows it within so many
     * milliseconds (-1: waits). NULL where a file holds one image. */
    bool (*follows)(codec_reader *reader, int milliseconds);

    /* Moves on to the image that follows. NULL: it's closed, and what follows is opened. */
    bool (*next)(codec_reader *reader, ct_error *err);

    bool whole; /* all of an image behind the first was read by `open` or `next` */
} codec_decoder;

struct codec_reader {
    bool cut; /* codec_fail_short said that the file ends too early */
    const codec_decoder *decoder;
    const char *format; /* the name of the format that writes the same image */
    codec_info info;
    codec_limits limits;
    codec_input input;
    void *state; /* the decoder's */
    int next_row;
    bool broken; /* a row failed: there are no more */
    codec_warnings warnings;

    /* Of a stream: see codec_next. */
    bool stream, has_more;
    uint64_t number; /* of the images before this one */
    uint8_t *held;   /* the rows of an image behind the first, unless its decoder holds them */
    size_t held_bytes;
    bool holds; /* whether rows come from there */
};

/* The decoder for what the input holds next; else NULL, with an error. */
const codec_decoder *codec_find_decoder(codec_reader *reader, ct_error *err);

/* After the last row of a file that is to hold one image: warns if it holds more. */
void codec_look_behind(codec_reader *reader);

/* Moves on to the image that follows, whole; `follows` said that there is one. */
bool codec_move_on(codec_reader *reader, ct_error *err);

/* A reader without a format yet; NULL when out of memory. */
codec_reader *codec_reader_new(const codec_limits *limits, ct_error *err);

/* ---- writing ---- */

typedef struct codec_encoder {
    bool keeps_icc, keeps_cicp; /* of the meta */
    bool any_channels; /* also holds 2 or 4 channels without alpha; else only gray and RGB */
    bool plain;        /* codec_format_plain; also holds more channels */
    char separator;    /* of tables: what comes between the numbers of a row */
    bool any_white;    /* the file says which number is white; else it's codec_white, or */
    double deep_white; /* that of CODEC_U16, where it isn't 0 */
    int images; /* how many times the image's bytes it holds at most, but where `write_at` can be
                 * used; 0: only some rows */
    bool holds_channels; /* it does so only for several channels */
    bool holds_planes;   /* and only with options.planes */
    codec_sample (*sample)(codec_sample wanted);
    bool (*check)(const codec_format *format, const codec_info *info, ct_error *err);

    /* The info was checked. */
    bool (*create)(codec_writer *writer, ct_error *err);
    bool (*write)(codec_writer *writer, int count, const void *rows, size_t stride,
                  const codec_packed *packed, ct_error *err);

    /* All rows were written. */
    bool (*finish)(codec_writer *writer, ct_error *err);

    /* Begins the next image of a stream: the info was checked, and is that of the image before if
     * `same`. NULL where a file holds one image. */
    bool (*next)(codec_writer *writer, bool same, ct_error *err);

    /* Frees the state, which may be NULL or half made. */
    void (*free)(codec_writer *writer);

    /* codec_pack; NULL where the format has no use for it. */
    bool (*pack)(const codec_writer *writer, int first, int count, const void *rows, size_t stride,
                 codec_packed **packed, ct_error *err);

    /* codec_write_at, where the sink has put_at; NULL where only the rows before say where a row
     * goes. It may run in several threads. */
    bool (*write_at)(const codec_writer *writer, int first, int count, const void *rows,
                     size_t stride, ct_error *err);
} codec_encoder;

struct codec_packed {
    uint8_t *bytes;
    size_t size;
    bool whole; /* the image data is complete: PNG */
};

struct codec_writer {
    const codec_format *format; /* NULL: an image in memory */
    const codec_encoder *encoder;
    codec_info info;
    codec_options options;
    codec_sink sink;
    void *state;      /* the encoder's */
    uint64_t rows_at; /* for write_at, kept by the encoder: the offset of the image's rows */
    int next_row;
    atomic_int placed; /* rows that codec_write_at wrote */
    bool broken;
    codec_warnings warnings;
};

/* What comes before every record, and after it until codec_seal_record. */
#define CODEC_RECORD_MARK "convtool "
#define CODEC_RECORD_OPEN " #00000000"

/* Where a record's text is among a file's first bytes, with its mark and seal. */
typedef struct codec_record_place {
    size_t at, length;
    size_t crc_from, crc_at; /* PNG: the checksum at crc_at covers the bytes between; 0: none */
} codec_record_place;

/* Looks where the format's writers put it; false where there is nothing like it. The caller checks
 * the text. */
typedef bool codec_record_finder(const uint8_t *head, size_t size, codec_record_place *place);

struct codec_format {
    const char *name, *title, *summary;
    const char *extensions;       /* separated by blanks; the first is the usual one */
    const char *const *library;   /* a pointer to the name, which another file may own */
    const codec_decoder *decoder; /* NULL: another row's decoder reads it */
    const codec_encoder *encoder;
    codec_record_finder *find_record;      /* NULL: no room for one */
    bool lossy;                            /* codec_format_lossy */
    bool text;                             /* codec_format_text */
    bool takes_quality, takes_compression; /* which of codec_options mean something */
    const char *gray, *color; /* codec_format_for: the names of a pair of formats; NULL: no pair */
};

/* ---- the formats ---- */

extern codec_record_finder codec_png_find_record, codec_jpeg_find_record, codec_pnm_find_record,
    codec_txt_find_record, codec_npy_find_record;

/* PNG and JPEG through stb are always there; the table prefers faster libraries where the build has
 * them (CT_HAVE_ISAL, CT_HAVE_JPEG: see the Makefile). */
extern const codec_decoder codec_pnm_decoder, codec_pfm_decoder, codec_y4m_decoder,
    codec_table_decoder, codec_npy_decoder, codec_stb_png_decoder, codec_stb_jpeg_decoder;
#ifdef CT_HAVE_JPEG
extern const char *const codec_turbo_library;
extern const codec_decoder codec_turbo_jpeg_decoder;
extern const codec_encoder codec_turbo_jpeg_encoder;
#endif
extern const codec_encoder codec_pgm_encoder, codec_ppm_encoder, codec_pnm_encoder,
    codec_pam_encoder, codec_pfm_encoder, codec_y4m_encoder, codec_stb_png_encoder,
    codec_stb_jpeg_encoder, codec_txt_encoder, codec_csv_encoder, codec_tsv_encoder,
    codec_npy_encoder;

#if defined(CT_HAVE_ISAL)
extern const codec_decoder codec_isal_png_decoder;
extern const codec_encoder codec_isal_png_encoder;
extern const char *const codec_isal_library; /* "ISA-L 2.30.0, libdeflate 1.14" */
#endif

/* ---- helpers ---- */

/* One line of the right length, without control characters. */
bool codec_record_valid(const char *text, size_t length);

/* An image's sides against the limits, before anything is allocated: "70000x10 pixels: wider than
 * the limit of 65535". Also refuses sides of 0. */
bool codec_check_size(const codec_limits *limits, uint64_t width, uint64_t height, ct_error *err);

/* The image's bytes, as rows without gaps. */
uint64_t codec_image_bytes(const codec_info *info);

/* codec_decoder.memory of decoders that hold the image once. */
uint64_t codec_hold_memory(const codec_reader *reader);

/* A buffer for the whole image, checked against max_memory; freed by free(). */
uint8_t *codec_alloc_image(const codec_info *info, uint64_t max_memory, ct_error *err);

/* The same for rows of so many bytes. */
uint8_t *codec_alloc_rows(const codec_info *info, size_t row_bytes, uint64_t max_memory,
                          ct_error *err);

/* `create` and `write` of encoders that need the whole image first: rows without gaps in
 * writer->state, which the encoder's `free` frees. */
bool codec_hold_image(codec_writer *writer, ct_error *err);
uint64_t codec_hold_left(const codec_writer *writer); /* of options.max_memory, beside the rows */
bool codec_hold_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                     const codec_packed *packed, ct_error *err);

/* Whether there is an ICC profile whose colour space has so many channels (profile bytes 16..19,
 * "GRAY" or "RGB "; ICC.1:2010, 7.2.6). */
bool codec_icc_fits(const codec_meta *meta, int channels);

/* The error for a file that ended early: the failed read if there was one, else `format`. Returns
 * false. */
bool codec_fail_short(codec_reader *reader, ct_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for codec_input_read_at and its errno, or 0. */
bool codec_fail_cut(int error, ct_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
