/* A matrix and a curve (ICC.1:2001-04, 6.3.1 and 6.5); the matrix from chromaticities as PNG's
 * specification has it (annex C), adapted to D50 by the Bradford method (ICC.1:2010, annex E). */
#include "codec/icc_make.h"

#include <math.h>
#include <string.h>

#include "codec/bytes.h"

enum { HEADER = 128, ENTRY = 12, SRGB_GAMMA = 45455 };

/* White, red, green, blue: x and y, times 100000 (IEC 61966-2-1). */
static const uint32_t srgb_chroma[8] = {31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000};

static const double d50[3] = {0.9642, 1, 0.8249};
static const double bradford[3][3] = {
    {0.8951, 0.2664, -0.1614},
    {-0.7502, 1.7135, 0.0367},
    {0.0389, -0.0685, 1.0296},
};

/* ---- the matrix ---- */

static double determinant(const double m[3][3]) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
           m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* out = m^-1 v, by Cramer's rule; false where there is none. */
static bool solve(const double m[3][3], const double v[3], double out[3]) {
    const double whole = determinant(m);
    for (int c = 0; c < 3; c++) {
        double part[3][3];
        memcpy(part, m, sizeof part);
        for (int r = 0; r < 3; r++) {
            part[r][c] = v[r];
        }
        out[c] = determinant((const double(*)[3])part) / whole;
    }
    return fabs(whole) > 1e-6;
}

static void multiply(const double m[3][3], const double v[3], double out[3]) {
    for (int r = 0; r < 3; r++) {
        out[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2];
    }
}

static bool find_xyz(const uint32_t chroma[2], double xyz[3]) {
    const double x = chroma[0] * 1e-5, y = chroma[1] * 1e-5;
    xyz[0] = x / y;
    xyz[1] = 1;
    xyz[2] = (1 - x - y) / y;
    return y > 0 && x >= 0 && x + y <= 1;
}

/* From a colour under `white` to the one that looks the same under D50. */
static bool adapt(const double white[3], const double xyz[3], double out[3]) {
    double from[3], to[3], cone[3];
    multiply(bradford, white, from);
    multiply(bradford, d50, to);
    multiply(bradford, xyz, cone);
    for (int i = 0; i < 3; i++) {
        cone[i] *= to[i] / from[i];
    }
    return solve(bradford, cone, out);
}

/* colorants[i]: X, Y and Z of red, green or blue. */
static bool find_colorants(const uint32_t chroma[8], double colorants[3][3]) {
    double white[3], primary[3][3], columns[3][3], share[3];
    if (!find_xyz(chroma, white)) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        if (!find_xyz(chroma + 2 + 2 * i, primary[i])) {
            return false;
        }
        for (int r = 0; r < 3; r++) {
            columns[r][i] = primary[i][r];
        }
    }
    if (!solve((const double(*)[3])columns, white, share)) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        for (int r = 0; r < 3; r++) {
            primary[i][r] *= share[i];
        }
        if (!adapt(white, primary[i], colorants[i])) {
            return false;
        }
        for (int r = 0; r < 3; r++) {
            if (!(fabs(colorants[i][r]) < 4)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- the profile ---- */

typedef struct profile {
    uint8_t *bytes;
    size_t size; /* so far */
    uint32_t tags;
} profile;

static void put_fixed(uint8_t *at, double value) {
    codec_put32(at, (uint32_t)(int32_t)lround(value * 65536));
}

/* Adds a tag, and returns the place of its data; add_same gives the last tag another name. */
static uint8_t *add_tag(profile *p, const char *name, const char *type, size_t size) {
    uint8_t *entry = p->bytes + HEADER + 4 + ENTRY * p->tags++, *data = p->bytes + p->size;
    memcpy(entry, name, 4);
    codec_put32(entry + 4, (uint32_t)p->size);
    codec_put32(entry + 8, (uint32_t)size);
    memcpy(data, type, 4);
    p->size += (size + 3) / 4 * 4;
    return data + 8;
}

static void add_same(profile *p, const char *name) {
    uint8_t *entry = p->bytes + HEADER + 4 + ENTRY * p->tags++;
    memcpy(entry, entry - ENTRY, ENTRY);
    memcpy(entry, name, 4);
}

static void add_xyz(profile *p, const char *name, const double xyz[3]) {
    uint8_t *data = add_tag(p, name, "XYZ ", 20);
    for (int i = 0; i < 3; i++) {
        put_fixed(data + 4 * i, xyz[i]);
    }
}

static void add_texts(profile *p) {
    static const char words[] = "from gAMA and cHRM", right[] = "no copyright";
    uint8_t *data = add_tag(p, "desc", "desc", 12 + sizeof words + 78); /* no other languages */
    codec_put32(data, sizeof words);
    memcpy(data + 4, words, sizeof words);
    memcpy(add_tag(p, "cprt", "text", 8 + sizeof right), right, sizeof right);
}

/* An exponent, in 1/256. */
static void add_curve(profile *p, const char *name, double exponent) {
    uint8_t *data = add_tag(p, name, "curv", 14);
    codec_put32(data, 1);
    codec_put16(data + 4, (uint32_t)lround(exponent * 256));
}

static void put_header(profile *p, int components) {
    static const char date[12] = {2000 >> 8, (char)(2000 & 255), 0, 1, 0, 1};
    uint8_t *h = p->bytes;
    codec_put32(h, (uint32_t)p->size);
    codec_put32(h + 8, 0x02400000); /* version 2.4 */
    memcpy(h + 12, "mntr", 4);
    memcpy(h + 16, components == 1 ? "GRAY" : "RGB ", 4);
    memcpy(h + 20, "XYZ ", 4);
    memcpy(h + 24, date, sizeof date);
    memcpy(h + 36, "acsp", 4);
    for (int i = 0; i < 3; i++) {
        put_fixed(h + 68 + 4 * i, d50[i]);
    }
    codec_put32(h + HEADER, p->tags);
}

/* Values that differ only by rounding. */
static bool is_near(uint32_t a, uint32_t b) {
    return (a > b ? a - b : b - a) <= 100;
}

size_t codec_icc_make(const codec_meta *meta, int components, uint8_t out[CODEC_ICC_MADE_MOST]) {
    const uint32_t gamma = meta->gamma ? meta->gamma : SRGB_GAMMA;
    bool has_chroma = false, is_srgb = is_near(gamma, SRGB_GAMMA);
    for (int i = 0; i < 8; i++) {
        has_chroma |= meta->chroma[i] != 0;
    }
    const uint32_t *chroma = has_chroma ? meta->chroma : srgb_chroma;
    for (int i = 0; i < 8; i++) {
        is_srgb = is_srgb && (components == 1 || is_near(chroma[i], srgb_chroma[i]));
    }
    const double exponent = 1e5 / gamma;
    double colorants[3][3];
    if (is_srgb || meta->srgb_intent >= 0 || exponent < 0.1 || exponent > 100 ||
        (components == 3 && !find_colorants(chroma, colorants))) {
        return 0;
    }
    profile p = {.bytes = out, .size = HEADER + 4 + ENTRY * (components == 1 ? 4 : 9)};
    memset(out, 0, CODEC_ICC_MADE_MOST);
    add_texts(&p);
    add_xyz(&p, "wtpt", d50);
    if (components == 1) {
        add_curve(&p, "kTRC", exponent);
    } else {
        add_xyz(&p, "rXYZ", colorants[0]);
        add_xyz(&p, "gXYZ", colorants[1]);
        add_xyz(&p, "bXYZ", colorants[2]);
        add_curve(&p, "rTRC", exponent);
        add_same(&p, "gTRC");
        add_same(&p, "bTRC");
    }
    put_header(&p, components);
    return p.size;
}
