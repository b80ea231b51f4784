/* GaussianBlur is three boxes of a fractional width each way (Gwosdek et al., Theoretical
 * foundations of Gaussian convolution by extended box filtering, 2011), every one rounded to bytes:
 * halves go up. Its weights are whole multiples of 2^-24, and the sums exact (BoxBlur.c).
 *
 * Sigmas such as 1/2, 1 and 2 make simple fractions (1/6, 4/6, 1/6), so that many a sum is nearly
 * a half, and which side of it is decided by what the multiples of 2^-24 are off from the
 * fractions: too little for floats. There, the weights are made to be off by more. */
#include "filter/like_pillow.h"

#include <math.h>

#include "filter/like_number.h"

enum { MOST_CELLS = 15, MOST_PARTS = 1000, MOST_OFF = 2000 };

/* 2 r + 1 whole cells and two at the ends, in float as there. */
typedef struct box {
    int cells;         /* all of them */
    double inner, end; /* weights */
} box;

static const double one = 1 << 24;

static box box_for(double sigma) {
    const float variance = (float)(sigma * sigma / 3);
    const float length = (float)sqrt(12.0 * (double)variance + 1.0);
    const float r = (float)floor(((double)length - 1.0) / 2.0);
    float part = (2 * r + 1) * (r * (r + 1) - 3 * variance);
    part /= 6 * (variance - (r + 1) * (r + 1));
    const double inner = floor((double)((float)one / ((r + part) * 2 + 1)));
    const double end = floor((one - (2 * (double)r + 1) * inner) / 2);
    return (box){2 * (int)r + 3, inner / one, end / one};
}

/* How far a weight is from the next of the fractions, of which `parts` are 1. */
static double off(double weight, int parts) {
    return weight - rint(weight * parts) / parts;
}

/* The even number of parts that make up 1, such that the weights are some of them; 0: none up to
 * MOST_PARTS. An odd number has no halves. */
static int find_parts(const box *b) {
    int parts = 2;
    while (parts <= MOST_PARTS) {
        const double sum = (b->cells - 2) * rint(b->inner * parts) + 2 * rint(b->end * parts);
        if (sum == parts && fabs(off(b->inner, parts)) < 2 / one &&
            fabs(off(b->end, parts)) < 2 / one) {
            return parts;
        }
        parts += 2;
    }
    return 0;
}

/* How many times as far off the weights may be: sums of bytes that aren't halves keep their side.
 * 1: as they are, where no sum is a half, or the moving sums of `box` are so much faster. */
static double find_factor(const box *b, int *parts) {
    *parts = b->cells <= MOST_CELLS ? find_parts(b) : 0;
    if (*parts == 0) {
        return 1;
    }
    const double inner = (b->cells - 2) * off(b->inner, *parts), end = 2 * off(b->end, *parts);
    const double most = 255 * fmax(fabs(inner), fabs(end));
    return most > 0 ? fmin(0.9 / (*parts * most), MOST_OFF) : 1;
}

bool like_pillow_pass(double sigma, bool rows, ct_text *out) {
    const box b = box_for(sigma);
    char text[LIKE_VALUE];
    int parts;
    const double factor = find_factor(&b, &parts);
    if (factor == 1) {
        return ct_text_print(out, "box:%dx%d:%s", rows ? b.cells : 1, rows ? 1 : b.cells,
                             like_number(b.end / b.inner, text));
    }
    bool ok = ct_text_print(out, "conv:");
    for (int i = 0; ok && i < b.cells; i++) {
        const double weight = i == 0 || i == b.cells - 1 ? b.end : b.inner;
        ok = ct_text_print(out, "%s%s",
                           i == 0 ? ""
                           : rows ? " "
                                  : "; ",
                           like_number(weight + (factor - 1) * off(weight, parts), text));
    }
    return ok;
}

/* A half that the weights don't move goes up: they move others by more than is added here. */
bool like_pillow_store(double sigma, ct_text *out) {
    const box b = box_for(sigma);
    char text[LIKE_VALUE];
    int parts;
    const double factor = find_factor(&b, &parts);
    return factor == 1 ? ct_text_print(out, "store:half")
                       : ct_text_print(out, "store:half:%s",
                                       like_number(0.4 * factor / (parts * one), text));
}
