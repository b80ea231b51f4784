/* The weights of resizing along one axis. */
#include "conv/resize.h"

#include <math.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"

/* ---- the filters ---- */

static double sinc(double x) {
    return x == 0 ? 1 : sin(M_PI * x) / (M_PI * x);
}

static double lanczos(double x) {
    return fabs(x) < 3 ? sinc(x) * sinc(x / 3) : 0;
}

static double bilinear(double x) {
    return fabs(x) < 1 ? 1 - fabs(x) : 0;
}

static double bicubic(double x) {
    const double a = -0.5, d = fabs(x);
    return d < 1   ? ((a + 2) * d - (a + 3)) * d * d + 1
           : d < 2 ? (((d - 5) * d + 8) * d - 4) * a
                   : 0;
}

/* In the order of conv_resample; those without a function have formulas of their own. */
static const struct {
    double reach;    /* to each side, of an image that isn't reduced */
    double absolute; /* conv_resize_absolute: above the most for any sizes up to 300 */
    double (*at)(double x);
} filters[] = {
    [CONV_LANCZOS] = {3, 1.6, lanczos}, [CONV_AREA] = {0.5, 1, NULL},
    [CONV_BILINEAR] = {1, 1, bilinear}, [CONV_BICUBIC] = {2, 1.28, bicubic},
    [CONV_CLOSEST] = {0, 1, NULL},
};

double conv_resize_absolute(const conv_stage *stage) {
    return filters[stage->resample].absolute;
}

/* How much wider it becomes. */
static double widening(const conv_stage *stage, int in) {
    return fmax((double)in / stage->size, 1);
}

static double centre_of(const conv_stage *stage, int in, int i) {
    return (i + 0.5) * in / stage->size;
}

void conv_resize_reach(const conv_stage *stage, int in, int i, int *first, int *count) {
    const int64_t n = in, size = stage->size;
    int end;
    if (stage->resample == CONV_AREA) {
        *first = (int)(i * n / size);
        end = (int)(((i + 1) * n + size - 1) / size);
    } else if (stage->resample == CONV_CLOSEST) {
        *first = (int)((2 * (int64_t)i + 1) * n / (2 * size));
        end = *first + 1;
    } else {
        const double centre = centre_of(stage, in, i);
        const double reach = filters[stage->resample].reach * widening(stage, in);
        *first = (int)fmax(floor(centre - reach + 0.5), 0);
        end = (int)fmin(floor(centre + reach + 0.5), in);
    }
    *count = end - *first;
}

/* How much of sample k lies within the output sample's area, in parts of 1 / size. */
static double overlap(const conv_stage *stage, int in, int i, int k) {
    const int64_t n = in, size = stage->size;
    const int64_t low = i * n > k * size ? i * n : k * size;
    const int64_t high = (i + 1) * n < (k + 1) * size ? (i + 1) * n : (k + 1) * size;
    return (double)(high - low);
}

void conv_resize_weights(const conv_stage *stage, int in, int i, double *weights) {
    const double centre = centre_of(stage, in, i), wide = widening(stage, in);
    int first, count;
    double sum = 0;
    conv_resize_reach(stage, in, i, &first, &count);
    for (int k = 0; k < count; k++) {
        weights[k] = stage->resample == CONV_CLOSEST ? 1
                     : stage->resample == CONV_AREA
                         ? overlap(stage, in, i, first + k)
                         : filters[stage->resample].at((first + k + 0.5 - centre) / wide);
        sum += weights[k];
    }
    for (int k = 0; k < count; k++) {
        weights[k] /= sum;
    }
}

int resize_most(const conv_stage *stage, int in, int count) {
    const double reach = filters[stage->resample].reach * widening(stage, in);
    const double most = ceil((count - 1.0) * in / stage->size) + 2 * ceil(reach) + 2;
    return most < in ? (int)most : in;
}

/* ---- which axis first ---- */

bool conv_resize_down_first(const conv_stage *along, const conv_stage *down, conv_shape in) {
    /* A product costs more along a row than down, where whole registers are filled. Down first
     * needs a ring of whole input rows; above so many bytes they don't stay in the L2 cache. */
    const double along_cost = 2.5, ring_bytes = 2 << 20;
    const double rows = resize_most(down, in.height, 1), columns = resize_most(along, in.width, 1);
    const double down_first = (double)in.width * down->size * rows +
                              (double)along->size * down->size * columns * along_cost;
    const double along_first = (double)along->size * in.height * columns * along_cost +
                               (double)along->size * down->size * rows;
    return down_first < along_first &&
           rows * in.width * in.channels * (double)sizeof(float) <= ring_bytes;
}

/* ---- all weights ---- */

static bool fill(resize_table *table, const conv_stage *stage, int in) {
    double *weights = malloc(table->most * sizeof *weights);
    for (int i = 0; weights && i < stage->size; i++) {
        conv_resize_reach(stage, in, i, &table->first[i], &table->count[i]);
        conv_resize_weights(stage, in, i, weights);
        for (int k = 0; k < table->count[i]; k++) {
            table->weights[(size_t)i * table->most + (size_t)k] = (float)weights[k];
        }
    }
    free(weights);
    return weights != NULL;
}

resize_table *resize_table_new(const conv_stage *stage, int in) {
    const size_t size = (size_t)stage->size;
    size_t floats;
    resize_table *table = calloc(1, sizeof *table);
    if (!table) {
        return NULL;
    }
    table->most = (size_t)resize_most(stage, in, 1);
    table->first = malloc(size * sizeof *table->first);
    table->count = malloc(size * sizeof *table->count);
    table->weights = ct_mul(size, table->most, &floats) && ct_mul(floats, sizeof(float), &floats)
                         ? calloc(1, floats)
                         : NULL;
    if (!table->first || !table->count || !table->weights || !fill(table, stage, in)) {
        resize_table_free(table);
        return NULL;
    }
    return table;
}

void resize_table_free(void *table) {
    resize_table *t = table;
    if (t) {
        free(t->first);
        free(t->count);
        free(t->weights);
        free(t);
    }
}
