#include "codec/foreign.h"

#include <string.h>

#include "codec/numbers/decimal.h"
#include "codec/numbers/table.h"

/* A file begins with these bytes; a '?' stands for any byte. */
typedef struct signature {
    const char *bytes;
    size_t size;
    const char *name; /* with its article */
    const char *hint; /* what to do first, with programs in Debian */
} signature;

#define BYTES(text) (text), sizeof(text) - 1

static const char svg_name[] = "an SVG drawing";
static const char svg_hint[] = "convert it first: rsvg-convert in.svg -o in.png";
static const char avif_hint[] = "convert it first: avifdec in.avif in.png";
static const char heif_hint[] = "convert it first: heif-convert in.heic in.png";
static const char jxl_hint[] = "convert it first: djxl in.jxl in.png";
static const char j2k_hint[] = "convert it first: opj_decompress -i in.jp2 -o in.png";
static const char tiff_hint[] = "convert it first: tifftopnm in.tif > in.ppm";

/* To add one: a line here; the first match counts. */
static const signature signatures[] = {
    {BYTES("RIFF????WEBP"), "a WebP image", "convert it first: dwebp in.webp -o in.png"},
    {BYTES("GIF87a"), "a GIF image", "convert it first: giftopnm in.gif > in.ppm"},
    {BYTES("GIF89a"), "a GIF image", "convert it first: giftopnm in.gif > in.ppm"},
    {BYTES("II*\0"), "a TIFF image", tiff_hint},
    {BYTES("MM\0*"), "a TIFF image", tiff_hint},
    {BYTES("II+\0\b\0\0\0"), "a BigTIFF image", tiff_hint},
    {BYTES("MM\0+\0\b\0\0"), "a BigTIFF image", tiff_hint},
    {BYTES("BM????\0\0\0\0"), "a BMP image", "convert it first: bmptopnm in.bmp > in.ppm"},
    {BYTES("????ftypavif"), "an AVIF image", avif_hint},
    {BYTES("????ftypavis"), "an AVIF image", avif_hint},
    {BYTES("????ftyphe"), "a HEIC image", heif_hint},
    {BYTES("????ftypmif1"), "a HEIF image", heif_hint},
    {BYTES("????ftypmsf1"), "a HEIF image", heif_hint},
    {BYTES("\xFF\n"), "a JPEG XL image", jxl_hint},
    {BYTES("\0\0\0\fJXL \r\n\x87\n"), "a JPEG XL image", jxl_hint},
    {BYTES("\0\0\0\fjP  \r\n\x87\n"), "a JPEG 2000 image", j2k_hint},
    {BYTES("\xFF\x4F\xFF\x51"), "a JPEG 2000 image", j2k_hint},
    {BYTES("v/1\x01"), "an OpenEXR image", "convert it first: convert in.exr in.pfm"},
    {BYTES("8BPS\0"), "a Photoshop (PSD) file", "convert it first: convert 'in.psd[0]' in.png"},
    {BYTES("\0\0\1\0?\0"), "an ICO file", "extract its images first: icotool -x in.ico"},
    {BYTES("%PDF-"), "a PDF file", "convert its pages first: pdftoppm -png in.pdf in"},
    {BYTES("\x1F\x8B\b"), "a gzip file", "unpack it first: gunzip in.gz"},
    {BYTES("BZh"), "a bzip2 file", "unpack it first: bunzip2 in.bz2"},
    {BYTES("\3757zXZ\0"), "an xz file", "unpack it first: unxz in.xz"},
    {BYTES("\x28\xB5\x2F\xFD"), "a Zstandard file", "unpack it first: unzstd in.zst"},
    {BYTES("PK\3\4"), "a zip archive", "unpack it first: unzip in.zip"},
};

static bool fits(const signature *s, const uint8_t *head, size_t size) {
    for (size_t i = 0; i < s->size; i++) {
        if (i >= size || (s->bytes[i] != '?' && head[i] != (uint8_t)s->bytes[i])) {
            return false;
        }
    }
    return true;
}

/* XML with an <svg> element among its first bytes. An HTML page may have one too, but isn't an
 * SVG. */
static bool is_svg(const uint8_t *head, size_t size) {
    static const char *const starts[] = {"<svg", "<?xml", "<!--", "<!DOCTYPE svg"};
    size_t at = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size && memchr(" \t\r\n", head[at], 4)) {
        at++;
    }
    bool xml = false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const size_t length = strlen(starts[i]);
        xml |= size - at >= length && memcmp(head + at, starts[i], length) == 0;
    }
    return xml && memmem(head, size, "<svg", 4) && !memmem(head, size, "<html", 5);
}

/* The first line of a text that isn't blank or a comment. */
typedef struct first_line {
    const char *at, *end; /* at its first word; the end of the line */
    int number, column;   /* counted from 1 */
} first_line;

static bool is_text(const char *at, const char *end) {
    for (; at < end; at++) {
        if ((uint8_t)*at < ' ' && !strchr("\t\r\n", *at)) {
            return false;
        }
    }
    return true;
}

static const char *skip_any(const char *at, const char *end, const char *characters) {
    while (at < end && *at && strchr(characters, *at)) {
        at++;
    }
    return at;
}

/* False: there is none. */
static bool find_first(const char *text, const char *end, first_line *line) {
    *line = (first_line){.number = 1};
    const char *next = text;
    for (const char *at = text; at < end; at = next, line->number++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        line->end = feed ? feed : end;
        next = feed ? feed + 1 : end;
        line->at = skip_any(at, line->end, " \t\r");
        line->column = (int)(line->at - at) + 1;
        if (line->at < line->end && *line->at != '#') {
            return is_text(line->at, line->end);
        }
    }
    return false;
}

/* A table whose columns have titles, or whose first number isn't one. */
static bool fail_table(const uint8_t *head, size_t size, ct_error *err) {
    const char *text = (const char *)head, *end = text + size;
    const size_t bom = sizeof CODEC_TABLE_BOM - 1;
    first_line line;
    text += size >= bom && memcmp(text, CODEC_TABLE_BOM, bom) == 0 ? bom : 0;
    if (!find_first(text, end, &line)) {
        return false;
    }
    const char *digit = skip_any(line.at, line.end, "+-."), *word = line.at;
    if (digit < line.end && *digit >= '0' && *digit <= '9') {
        while (word < line.end && !strchr(" \t\r,;#", *word)) {
            word++;
        }
        const size_t length = (size_t)(word - line.at);
        if (length >= CODEC_DECIMAL_LONGEST) {
            ct_fail(err,
                    "line %d, column %d: a word of %d characters or more; a number in a table has "
                    "fewer",
                    line.number, line.column, CODEC_DECIMAL_LONGEST);
            return true;
        }
        ct_fail(err,
                "line %d, column %d: expected a number, got '%.*s'%s; it's no image, and no table "
                "of numbers",
                line.number, line.column, length < 40 ? (int)length : 40, line.at,
                length > 40 ? "..." : "");
        return true;
    }
    if (*line.at == '"' && line.at + 1 < line.end && strchr("+-.0123456789", line.at[1])) {
        ct_fail(err, "line %d, column %d: a number in quotes; a table has numbers without them",
                line.number, line.column);
        return true;
    }
    first_line behind;
    if (line.end < end && find_first(line.end + 1, end, &behind) &&
        codec_table_probe((const uint8_t *)behind.at, (size_t)(end - behind.at))) {
        ct_fail(err, "line %d isn't numbers, but line %d is; put '#' before titles of columns",
                line.number, line.number + behind.number);
        return true;
    }
    return false;
}

static bool fail_named(const char *name, const char *hint, ct_error *err) {
    return ct_fail(err, "%s, which convtool can't read; %s", name, hint);
}

bool codec_fail_foreign(const uint8_t *head, size_t size, ct_error *err) {
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        if (fits(&signatures[i], head, size)) {
            return fail_named(signatures[i].name, signatures[i].hint, err);
        }
    }
    if (is_svg(head, size)) {
        return fail_named(svg_name, svg_hint, err);
    }
    if (fail_table(head, size, err)) {
        return false;
    }
    return ct_fail(err, "not a known image format; expected PNG, JPEG, PNM, PAM, PFM, YUV4MPEG2, "
                        ".npy or a table of numbers");
}
