/* A file's bytes <-> rows of samples.
 *
 * A reader says what the image is, then returns its rows. A writer is told the same, takes rows,
 * then finishes. Rows come and go in order, or, where format and file allow it, in any order and
 * through several threads at once. A format is one file and one line in the table of formats.c.
 * Only this folder includes third-party headers. */
#ifndef CT_CODEC_CODEC_H
#define CT_CODEC_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef enum codec_sample { CODEC_U8, CODEC_U16, CODEC_F32 } codec_sample; /* native byte order */

/* What comes with the pixels. All pointers are owned; codec_meta_free frees them. */
typedef struct codec_meta {
    int orientation; /* EXIF's, 1..8; 1 is upright; 0 where the file says nothing */
    uint8_t *icc;    /* an ICC profile */
    size_t icc_size;
    uint8_t *exif; /* a TIFF structure, without JPEG's "Exif\0\0" */
    size_t exif_size;
    double density_x, density_y; /* pixels per metre; 0: unknown */
    uint32_t gamma;              /* PNG's gAMA, times 100000; 0: none */
    uint32_t chroma[8];          /* PNG's cHRM; all 0: none */
    int srgb_intent;             /* PNG's sRGB; -1: none */
    /* PNG's cICP: primaries, transfer function, 0, full range. It overrides the profile, gamma and
     * chromaticities, which are then for programs that don't know it. */
    bool has_cicp;
    uint8_t cicp[4];
} codec_meta;

/* How many pixels share their chroma: 1, 2x1, 2x2, or there is none. */
typedef enum codec_chroma { CODEC_444, CODEC_422, CODEC_420, CODEC_MONO } codec_chroma;

/* What a video says of all its frames, for a video made of it. */
typedef struct codec_video {
    bool known;         /* the image is a frame of one; else nothing else here means anything */
    uint32_t rate[2];   /* frames per second, as a fraction; 0: unknown */
    uint32_t aspect[2]; /* a pixel's width by its height, as a fraction; 0: unknown */
    codec_chroma chroma;
    char siting[8]; /* where chroma lies: "jpeg", "mpeg2", "paldv", or empty */
    bool full;      /* samples use their whole range */
} codec_video;

/* The most that a file's pixels may have: what the engine takes. */
enum { CODEC_MOST_CHANNELS = 4096 };

typedef struct codec_info {
    int width, height;
    int channels; /* 1 gray, 3 RGB, one more with alpha; other numbers have no known meaning */
    bool alpha;   /* the last channel is alpha; not implied by `channels` */
    codec_sample sample;
    double white; /* the number that is white; 0: codec_white of the samples, as nearly always */
    bool plain;   /* numbers that nobody meant for a picture; `white` is then only a convention */
    codec_meta meta;
    codec_video video;
} codec_info;

/* The shortest decimal that reads back as the same float, as tables have it; "nan", "inf". */
enum { CODEC_NUMBER_TEXT = 33 };
const char *codec_number_text(float value, char text[CODEC_NUMBER_TEXT]);

/* 255, 65535 or 1: the number that is white unless a file says otherwise. */
double codec_white(codec_sample sample);
double codec_info_white(const codec_info *info);
size_t codec_sample_size(codec_sample sample);
size_t codec_row_bytes(const codec_info *info);                 /* of one row without gaps */
bool codec_same_kind(const codec_info *a, const codec_info *b); /* but for metadata and video */
void codec_meta_free(codec_meta *meta);
bool codec_meta_copy(codec_meta *out, const codec_meta *in); /* false: out of memory */

/* After the image was made of another size, or `turned` so that its x is what y was: tells its size
 * and which resolution is which. */
void codec_meta_resize(codec_meta *meta, int width, int height, bool turned);

/* After a change of channels: drops what described them (ICC profile and chromaticities). */
void codec_meta_drop_color(codec_meta *meta);

/* How cICP codes the colours, where meta->has_cicp: "BT.2020 with the curve PQ"; and whether that
 * is sRGB. */
enum { CODEC_CICP_TEXT = 80, CODEC_TRANSFER_SRGB = 13 };
void codec_cicp_text(const codec_meta *meta, char text[CODEC_CICP_TEXT]);
bool codec_cicp_is_srgb(const codec_meta *meta);

/* What readers and writers leave for the next: buffers, and what libraries set up. For those that
 * are opened and closed by one thread at a time, one reader and one writer at a time. */
typedef struct codec_keeper codec_keeper;
codec_keeper *codec_keeper_new(void); /* NULL: out of memory */
void codec_keeper_free(codec_keeper *keeper);

/* Checked before anything is allocated. */
typedef struct codec_limits {
    int max_side;         /* samples; 65535 */
    int max_plain_side;   /* of plain numbers, as signals are long: 2^24 */
    uint64_t max_pixels;  /* width times height; 2^28 */
    uint64_t max_memory;  /* bytes that one decoder may hold; 2^32 */
    int max_scans;        /* of a JPEG; 500: files with more are meant to waste time */
    bool lenient;         /* accept damage where a decoder can go on: CODEC_ACCEPTED */
    bool nonfinite;       /* accept NaN and infinity in tables, .npy and PFM */
    bool planes;          /* a .npy of three dimensions is (channels, height, width) */
    codec_keeper *keeper; /* NULL: nothing is kept; else it outlives the reader */
} codec_limits;
codec_limits codec_default_limits(void);

/* ---- warnings: what is worth saying although the work goes on ---- */

typedef enum codec_warning_kind {
    CODEC_ACCEPTED, /* damage accepted because of codec_limits.lenient; only the first */
    CODEC_PIXELS,   /* the pixels may not be what was meant */
    CODEC_BESIDE,   /* something that comes with the pixels is lost */
} codec_warning_kind;

typedef struct codec_warning {
    codec_warning_kind kind;
    char text[256]; /* one line, as in ct_error */
} codec_warning;

/* In the order in which they were found; no text twice. Start from `{0}`. */
enum { CODEC_WARNINGS = 8 };
typedef struct codec_warnings {
    int count;
    codec_warning at[CODEC_WARNINGS];
} codec_warnings;

/* Adds one (printf's format), unless it's there already or there is no room. */
void codec_warn(codec_warnings *warnings, codec_warning_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- reading ---- */

typedef struct codec_reader codec_reader;
typedef struct codec_format codec_format;

/* Opens the image that comes from file descriptor `fd` (which the caller keeps and closes; it
 * needn't be seekable). The bytes tell the format. Errors name what is wrong and what was expected,
 * not the file. */
codec_reader *codec_open(int fd, const codec_limits *limits, ct_error *err);

/* The same where it is known already that the descriptor is at the start of a regular file of
 * `size` bytes; 0: that isn't so, or not known. */
codec_reader *codec_open_file(int fd, uint64_t size, const codec_limits *limits, ct_error *err);

/* The same from bytes in memory, which must outlive the reader. */
codec_reader *codec_open_memory(const void *bytes, size_t size, const codec_limits *limits,
                                ct_error *err);

/* Whether a file that begins with these bytes is an image of a kind that can be read, for which
 * CODEC_PROBE_BYTES are enough; it may still be damaged. A table isn't one: so much else is
 * numbers, as labels and kernels beside the images are. */
enum { CODEC_PROBE_BYTES = 16 };
bool codec_is_image(const void *head, size_t size);

/* Whether such a file begins as a table of numbers does: there may be so many bytes of comments
 * before them. */
enum { CODEC_COMMENT_BYTES = 4096 };
bool codec_is_text(const void *head, size_t size);

/* A reader over an image in memory: `rows` are `stride` bytes apart and must outlive the reader.
 * The info is copied. */
codec_reader *codec_open_image(const codec_info *info, const void *rows, size_t stride,
                               ct_error *err);

/* Rows that a function makes. */
typedef struct codec_rows {
    /* Row y, in ascending order, each once. May warn. */
    bool (*read)(void *context, int y, void *row, codec_warnings *warnings, ct_error *err);
    uint64_t (*memory)(const void *context); /* for codec_reader_memory; NULL: nothing */
    void (*close)(void *context);
    void *context;

    /* What they are made of, if an image that follows there is one that follows here; the context
     * still closes it. NULL: there is one image. `again` then says that the source has moved on,
     * and may fail where its image isn't like the first; ours is like its first, with the metadata
     * and the video of `info`, which stay its own. */
    codec_reader *source;
    bool (*again)(void *context, codec_info *info, ct_error *err);
} codec_rows;

/* A reader over them, of such an image; `format` names the one that writes the same image. Takes
 * over the rows, even on failure. */
codec_reader *codec_open_rows(const codec_info *info, const char *format, const codec_rows *rows,
                              ct_error *err);

const codec_info *codec_reader_info(const codec_reader *reader);

/* The format that writes the same image; NULL for an image in memory. */
const codec_format *codec_reader_format(const codec_reader *reader);

/* Before the first row: asks for just the gray, 0.299 R + 0.587 G + 0.114 B rounded to whole
 * numbers, of an image of 3 channels. True where that is less work for the decoder than the colours
 * (libjpeg-turbo: JPEG files store it); the info then has 1 channel and no colour profile. */
bool codec_reader_gray(codec_reader *reader);

/* The reader's warnings so far; complete once the last row was read. */
const codec_warnings *codec_reader_warnings(const codec_reader *reader);

/* Bytes that the reader, before its first row, will hold beside that row at most, as far as they
 * grow with the image. */
uint64_t codec_reader_memory(const codec_reader *reader);

/* How many of them it holds already: of a stream, an image behind the first. */
uint64_t codec_reader_held(const codec_reader *reader);

/* Reads the next row, width x channels samples, into `row`. Reading the last row also checks what
 * follows it, as far as the format specifies it. */
bool codec_read_row(codec_reader *reader, void *row, ct_error *err);

/* Lets the reader decode ahead of the rows asked for, in a thread of its own. Nothing else changes;
 * a reader that has no use for a thread ignores it. */
void codec_read_ahead(codec_reader *reader);

/* Seconds that the processor has worked for that thread; once the last row was read, nearly all. */
double codec_ahead_seconds(codec_reader *reader);
void codec_close(codec_reader *reader);

/* ---- reading anywhere: rows in any order, by several threads at once ---- */

/* Before the first row: 0 where rows come in order only, or where so few threads (2 or more) gain
 * nothing by reading them otherwise. Else codec_read_at can read them instead of codec_read_row, in
 * groups of so many rows (1 or more; the last group of an image may be shorter), with the same
 * results and errors. It may ask the file, so ask once for each image. */
int codec_reader_step(codec_reader *reader, int threads);

/* What codec_reader_step may answer at most, without asking the file. */
int codec_reader_most_step(const codec_reader *reader, int threads);

/* Bytes that each thread takes, at most, which reads groups of several rows. */
uint64_t codec_reader_group_memory(const codec_reader *reader);

/* Reads `count` rows from row `first` on, to `rows`, `stride` bytes apart: whole groups, so `first`
 * is a multiple of the step, and `count` is one too unless the rows are the image's last. Any
 * thread, any order; the reader doesn't change. The error is that of the lowest row that can't be
 * read; after one, codec_read_end must not be called, and the image is lost. */
bool codec_read_at(const codec_reader *reader, int first, int count, void *rows, size_t stride,
                   ct_error *err);

/* Once every row was read by codec_read_at: does what reading the last row in order does, so that
 * codec_next may follow. By one thread, after all others are done. */
void codec_read_end(codec_reader *reader);

/* ---- streams: several images, one behind the other ---- */

/* Before the last row of the first image: the caller will ask codec_next for those behind it. Else
 * reading the last row looks for another image, in a pipe for a tenth of a second, and warns that
 * only the first is read. */
void codec_read_stream(codec_reader *reader);

/* After the last row: moves on to the stream's next image, waiting for it; it may be of another
 * size. *more is false if there is none. The image is read whole before this returns, so that one
 * that is cut off gives an error (which begins "frame 3: ") before its first row; with
 * codec_limits.lenient it gives a warning and ends the stream. */
bool codec_next(codec_reader *reader, bool *more, ct_error *err);

/* After codec_next failed, or with limits->lenient said that there are no more: whether the file
 * ends within an image. */
bool codec_reader_is_cut(const codec_reader *reader);

/* Whether another image was found behind the first; never after codec_read_stream. */
bool codec_reader_has_more(const codec_reader *reader);

/* Takes over `reader` (even on failure) and returns one whose image is upright, with orientation 1:
 * `reader` itself where nothing has to be rotated, else one that holds the whole image in memory
 * from its first row on. */
codec_reader *codec_upright(codec_reader *reader, const codec_limits *limits, ct_error *err);

/* Where pixel x, y of an image is once that is turned: `first` + x `right` + y `down` bytes from
 * where the turned image begins, whose rows have no gaps. */
typedef struct codec_turn {
    size_t pixel; /* bytes of one */
    ptrdiff_t right, down, first;
} codec_turn;

/* How an image of width x height pixels, of so many bytes each, is turned if that is its EXIF
 * orientation, 1..8: 6 is 90 degrees clockwise, 3 is 180, and 8 is 270. */
codec_turn codec_turn_of(int orientation, int width, int height, size_t pixel);

/* Puts `count` of its rows from row `first` on, `stride` bytes apart, into the turned image.
 * Several rows at once are faster. */
void codec_turn_rows(const codec_turn *turn, int first, int count, int width, const void *rows,
                     size_t stride, void *image);

/* Takes over `reader`, before its first row (even on failure), and returns one with just the
 * channels numbered so, in this order; any may come twice. The numbers must outlive it. */
codec_reader *codec_pick(codec_reader *reader, const uint16_t *channels, int count,
                         const codec_limits *limits, ct_error *err);

/* ---- writing ---- */

/* Takes a writer's bytes; false with an error if it can't. */
typedef bool codec_put(void *context, const void *bytes, size_t size, ct_error *err);

/* The same for bytes at any offset, counted from the first that the sink was given: from several
 * threads at once. What `put` takes afterwards comes behind the last byte that is there by then. */
typedef bool codec_put_at(void *context, uint64_t offset, const void *bytes, size_t size,
                          ct_error *err);

typedef struct codec_sink {
    codec_put *put;
    void *context;
    codec_put_at *put_at; /* NULL: bytes come in order only */
} codec_sink;

typedef struct codec_options {
    int quality;     /* 1..100; see codec_format_takes_quality */
    int compression; /* 0..9: fastest to smallest; 3; see codec_format_takes_compression */
    /* Bytes that a writer may hold if its format needs the whole image first; 2^32. */
    uint64_t max_memory;
    bool planes; /* a .npy is (channels, height, width) */
    /* What made the image, for codec_find_record: one line of UTF-8 without control characters, 1
     * to CODEC_RECORD_MOST bytes, which must outlive the writer. NULL: none. */
    const char *record;
    codec_keeper *keeper; /* NULL: nothing is kept; else it outlives the writer */
} codec_options;
codec_options codec_default_options(void);

/* What a format can hold. To add one: see format.h, which says what a format has to provide. */
const codec_format *codec_format_by_name(const char *name); /* NULL: unknown; any case */
const codec_format *codec_format_by_path(const char *path); /* by its extension; NULL: unknown */
const codec_format *codec_format_at(size_t i);              /* NULL past the last */
const char *codec_format_name(const codec_format *format);
bool codec_fail_formats(ct_error *err); /* the error becomes all names: "png, jpeg, ..." */
const char *codec_format_summary(const codec_format *format);
const char *codec_format_library(const codec_format *format); /* "stb_image 2.27", "convtool" ... */
const char *codec_format_extensions(const codec_format *format); /* "jpg jpeg jpe" */

/* Whether it changes samples anyway, so that nothing more is lost by writing 16 bits as 8. */
bool codec_format_lossy(const codec_format *format);

/* Whether it holds plain numbers of any size and sign, which are never scaled or clamped unless a
 * depth is asked for; and whether it's text, which a terminal may show. */
bool codec_format_plain(const codec_format *format);
bool codec_format_text(const codec_format *format);

/* Whether these codec_options change its files. */
bool codec_format_takes_quality(const codec_format *format);
bool codec_format_takes_compression(const codec_format *format);

/* The format to write instead where one of a pair holds only gray and the other only colours (PGM
 * and PPM, which take the same samples and whites); else `format` itself. */
const codec_format *codec_format_for(const codec_format *format, int channels);

/* The sample type nearest to `wanted` that the format writes (JPEG: always U8; PNG: U8, U16 with
 * ISA-L; PGM: U8, U16; PFM: F32; .npy and tables: any). */
codec_sample codec_format_sample(const codec_format *format, codec_sample wanted);

/* The number that is white when such an image is written with samples of that type: its own where
 * the format can say so (PGM, PPM, PAM, PFM) and the type stays the same, and for floats among
 * plain numbers; else, and where `in` is NULL, codec_white, or 1023 for the 10 bits of YUV4MPEG2.
 */
double codec_format_white(const codec_format *format, const codec_info *in, codec_sample sample);

/* Checks that the format can hold such an image: channels, samples, white, sides. The error says
 * which format could ("16-bit PNG needs ...; write .pgm or .ppm"). */
bool codec_format_check(const codec_format *format, const codec_info *info, ct_error *err);

/* ---- the record: a file that convtool wrote says so, and how it was made ---- */

/* The longest: it must fit a line of PAM, which has at most 255 bytes. */
enum { CODEC_RECORD_MOST = 200 };

/* Whether the format has room for one. */
bool codec_format_keeps_record(const codec_format *format);

/* Whether records don't tell the two formats apart: PGM, PPM, PNM and PAM are alike. */
bool codec_format_alike(const codec_format *a, const codec_format *b);

/* Writes a fingerprint of the finished regular file `fd` after its record, if it has one. It is of
 * every byte up to 64 KiB, and of 16 pieces of a longer file: a change between them that keeps the
 * length isn't seen. */
bool codec_seal_record(int fd, ct_error *err);

/* The same in the bytes of a finished file that aren't written yet. */
void codec_seal_bytes(void *bytes, size_t size);

/* Whether convtool wrote the regular file `fd`, judged by at most 66 KiB of it; its position stays.
 * Fills the record, NUL-terminated, and returns its format, or one that is alike; NULL: it didn't.
 * A record counts only where convtool puts it, and with the fingerprint of this very file. */
const codec_format *codec_find_record(int fd, char record[CODEC_RECORD_MOST + 1]);

/* ---- writers ---- */

typedef struct codec_writer codec_writer;

/* Bytes that a writer of such an image holds at most, as far as they grow with the image, but for
 * what codec_pack makes. `planes` is that of its options, and `anywhere` whether its sink has
 * put_at. */
uint64_t codec_writer_memory(const codec_format *format, const codec_info *info, bool planes,
                             bool anywhere);
codec_writer *codec_create(const codec_format *format, const codec_info *info,
                           const codec_options *options, codec_sink sink, ct_error *err);

/* Where a format compresses bands independently, the threads that made them do it: codec_pack may
 * run in several threads at once, for any band of rows, in any order, and returns bytes that the
 * caller passes to codec_write in order and then frees. For other formats *packed is NULL, and
 * codec_write takes the rows. */
typedef struct codec_packed codec_packed;
bool codec_pack(const codec_writer *writer, int first, int count, const void *rows, size_t stride,
                codec_packed **packed, ct_error *err);
void codec_packed_free(codec_packed *packed);

/* Writes the next `count` rows. */
bool codec_write(codec_writer *writer, int count, const void *rows, size_t stride,
                 const codec_packed *packed, ct_error *err);

/* Whether codec_write_at can write the image's rows instead of codec_write: the sink has put_at,
 * and the format says where a row goes. */
bool codec_writes_anywhere(const codec_writer *writer);

/* Writes `count` rows from row `first` on; any order, each row once. Several threads may do so at
 * once. The bytes are those of codec_write. */
bool codec_write_at(codec_writer *writer, int first, int count, const void *rows, size_t stride,
                    ct_error *err);

/* Writes what is left. The image is complete only if this returns true. */
bool codec_finish(codec_writer *writer, ct_error *err);

/* Whether one file or pipe of the format can hold several images. */
bool codec_format_streams(const codec_format *format);

/* After codec_finish: begins the stream's next image, with the same options but without a record.
 * `format` is the writer's, or the other of codec_format_for's pair. False where it can't hold such
 * an image behind the others. */
bool codec_writer_next(codec_writer *writer, const codec_format *format, const codec_info *info,
                       ct_error *err);

/* The warnings from creating the writer: what comes with the image but has no place in the
 * format. */
const codec_warnings *codec_writer_warnings(const codec_writer *writer);
void codec_writer_free(codec_writer *writer);

/* A writer that keeps the image in memory: `rows` must hold height rows of `stride` bytes. */
codec_writer *codec_create_image(const codec_info *info, void *rows, size_t stride, ct_error *err);

/* A writer of one image that passes its rows on to two others of such images, in order, and
 * finishes both. They must outlive it, and stay the caller's; `main` packs its bands. */
codec_writer *codec_create_tee(codec_writer *main, codec_writer *beside, ct_error *err);

#endif
