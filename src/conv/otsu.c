/* Otsu's threshold of an image in memory. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "conv/conv.h"

enum { FLOAT_BINS = 256, MOST_BINS = 1 << 16 };

/* Samples as whole numbers from `first` on, or between float edges. */
typedef struct histogram {
    uint64_t *counts;
    int bins;
    bool whole;
    float least, greatest;
    float edges[FLOAT_BINS + 1];
} histogram;

static float sample_at(const conv_image *image, const void *row, size_t i) {
    switch (image->type) {
    case CONV_U8:
        return (float)((const uint8_t *)row)[i];
    case CONV_U16:
        return (float)((const uint16_t *)row)[i];
    case CONV_F32:
        break;
    }
    return ((const float *)row)[i];
}

/* ---- bins ---- */

static void find_range(histogram *h, const float *row, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const bool finite = fabsf(row[i]) <= FLT_MAX;
        h->least = finite && row[i] < h->least ? row[i] : h->least;
        h->greatest = finite && row[i] > h->greatest ? row[i] : h->greatest;
    }
}

static void count_whole(histogram *h, const float *row, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (fabsf(row[i]) <= FLT_MAX) {
            h->counts[(int)(row[i] - h->least)]++;
        }
    }
}

/* The bin by arithmetic, then corrected by what the edges are as floats, as NumPy's histogram
 * does. */
static void count_between(histogram *h, const float *row, size_t n) {
    const double bins = FLOAT_BINS / ((double)h->greatest - (double)h->least);
    for (size_t i = 0; i < n; i++) {
        if (!(fabsf(row[i]) <= FLT_MAX)) {
            continue;
        }
        int bin = (int)(((double)row[i] - (double)h->least) * bins);
        bin = bin < FLOAT_BINS ? bin : FLOAT_BINS - 1;
        bin -= bin > 0 && row[i] < h->edges[bin];
        bin += bin < FLOAT_BINS - 1 && row[i] >= h->edges[bin + 1];
        h->counts[bin]++;
    }
}

static void set_edges(histogram *h) {
    const double least = (double)h->least, step = ((double)h->greatest - least) / FLOAT_BINS;
    for (int i = 0; i < FLOAT_BINS; i++) {
        h->edges[i] = (float)(i * step + least);
    }
    h->edges[FLOAT_BINS] = h->greatest;
}

static double centre_of(const histogram *h, int bin) {
    return h->whole ? (double)h->least + bin : (double)((h->edges[bin] + h->edges[bin + 1]) / 2);
}

/* ---- rows ---- */

typedef void use_row(histogram *h, const float *row, size_t n);

/* The samples that count, of every row. */
static void use_rows(histogram *h, const conv_image *image, int alpha, bool absolute, float *spare,
                     use_row *use) {
    const int channels = image->shape.channels;
    for (int y = 0; y < image->shape.height; y++) {
        const void *row = (const char *)image->rows + image->stride * (size_t)y;
        size_t n = 0;
        for (int x = 0; x < image->shape.width; x++) {
            for (int c = 0; c < channels; c++) {
                const float v = sample_at(image, row, (size_t)x * (size_t)channels + (size_t)c);
                spare[n] = absolute ? fabsf(v) : v;
                n += c != alpha;
            }
        }
        use(h, spare, n);
    }
}

/* ---- the threshold ---- */

/* The bin after which the two classes' variance between them, the product of their shares and of
 * the square of their means' difference, is greatest; the first of several. */
static int best_bin(const histogram *h) {
    double all = 0, sum = 0, below = 0, sum_below = 0, best = -1;
    int found = 0;
    for (int i = 0; i < h->bins; i++) {
        all += (double)h->counts[i];
        sum += (double)h->counts[i] * centre_of(h, i);
    }
    for (int i = 0; i + 1 < h->bins; i++) {
        below += (double)h->counts[i];
        sum_below += (double)h->counts[i] * centre_of(h, i);
        const double above = all - below;
        if (below > 0 && above > 0) {
            const double apart = sum_below / below - (sum - sum_below) / above;
            const double variance = below * above * apart * apart;
            found = variance > best ? i : found;
            best = variance > best ? variance : best;
        }
    }
    return found;
}

bool conv_otsu(const conv_image *image, int alpha, bool absolute, bool whole, double *threshold) {
    histogram h = {.least = FLT_MAX, .greatest = -FLT_MAX};
    const size_t samples = (size_t)image->shape.width * (size_t)image->shape.channels;
    float *spare = malloc((samples + 1) * sizeof *spare);
    if (!spare) {
        return false;
    }
    use_rows(&h, image, alpha, absolute, spare, find_range);
    const double range = (double)h.greatest - (double)h.least;
    *threshold = range >= 0 ? (double)h.least : 0;
    if (range > 0) {
        h.whole = whole && range < MOST_BINS;
        h.bins = h.whole ? (int)range + 1 : FLOAT_BINS;
        h.counts = calloc((size_t)h.bins, sizeof *h.counts);
        if (!h.counts) {
            free(spare);
            return false;
        }
        set_edges(&h);
        use_rows(&h, image, alpha, absolute, spare, h.whole ? count_whole : count_between);
        *threshold = centre_of(&h, best_bin(&h));
        free(h.counts);
    }
    free(spare);
    return true;
}

bool conv_otsu_is_absolute(const conv_stage *otsu) {
    return otsu->point == CONV_MARK;
}

conv_stage conv_otsu_stage(const conv_stage *otsu, double threshold) {
    conv_stage s = *otsu;
    s.op = CONV_POINT;
    if (!conv_otsu_is_absolute(otsu)) { /* what is above it, by however little */
        s.a = nextafterf((float)threshold, INFINITY);
        return s;
    }
    s.b = fmaxf((float)threshold, FLT_MIN); /* no gradient is no edge */
    s.a = otsu->a > 0 ? fminf(otsu->a, s.b) : s.b / 2;
    return s;
}
