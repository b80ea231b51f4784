/* Pooling of a whole image. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sum.h"
#include "conv/conv.h"
#include "conv/rows/table.h"

/* A row's pixels are dealt to so many sums for each channel, if there are few channels: that fills
 * registers. */
enum { DEALT = 16 };

struct conv_fold {
    const rows_table *rows;
    conv_pool kind;
    conv_shape in;
    size_t lanes;  /* sums of a row: a multiple of the channels */
    double *sums;  /* of a row */
    double *total; /* of each channel, and what its additions lost */
    double *lost;
    float *most; /* the greatest or least of each lane */
};

conv_fold *conv_fold_new(conv_pool kind, conv_shape in) {
    conv_fold *fold = calloc(1, sizeof *fold);
    if (!fold) {
        return NULL;
    }
    const size_t channels = (size_t)in.channels;
    *fold = (conv_fold){.rows = rows_chosen(), .kind = kind, .in = in};
    fold->lanes = channels < DEALT ? DEALT * channels : channels;
    if (kind == CONV_POOL_AVG) {
        fold->sums = malloc(fold->lanes * sizeof *fold->sums);
        fold->total = calloc(channels, sizeof *fold->total);
        fold->lost = calloc(channels, sizeof *fold->lost);
    } else {
        fold->most = malloc(fold->lanes * sizeof *fold->most);
    }
    if (kind == CONV_POOL_AVG ? !fold->sums || !fold->total || !fold->lost : !fold->most) {
        conv_fold_free(fold);
        return NULL;
    }
    for (size_t i = 0; fold->most && i < fold->lanes; i++) {
        fold->most[i] = kind == CONV_POOL_MAX ? -INFINITY : INFINITY;
    }
    return fold;
}

void conv_fold_free(conv_fold *fold) {
    if (fold) {
        free(fold->sums);
        free(fold->total);
        free(fold->lost);
        free(fold->most);
        free(fold);
    }
}

static void add_row(conv_fold *fold, const float *row, size_t n) {
    const size_t channels = (size_t)fold->in.channels;
    memset(fold->sums, 0, fold->lanes * sizeof *fold->sums);
    fold->rows->deal(fold->sums, row, fold->lanes, n);
    for (size_t i = 0; i < fold->lanes; i++) {
        ct_sum_add(&fold->total[i % channels], &fold->lost[i % channels], fold->sums[i]);
    }
}

void conv_fold_rows(conv_fold *fold, int count, const void *rows, size_t stride) {
    const size_t n = (size_t)fold->in.width * (size_t)fold->in.channels;
    for (int y = 0; y < count; y++) {
        const float *row = (const float *)((const char *)rows + (size_t)y * stride);
        if (fold->most) {
            fold->rows->deal_most(fold->most, row, fold->lanes, n, fold->kind);
        } else {
            add_row(fold, row, n);
        }
    }
}

static float most_of(const conv_fold *fold, size_t channel) {
    float most = fold->most[channel];
    for (size_t i = channel; i < fold->lanes; i += (size_t)fold->in.channels) {
        const float v = fold->most[i];
        const bool more = fold->kind == CONV_POOL_MAX ? v > most : v < most;
        most = more || isnan(v) ? v : most;
    }
    return most;
}

void conv_fold_pixel(const conv_fold *fold, float *pixel) {
    const double count = (double)fold->in.width * fold->in.height;
    for (size_t c = 0; c < (size_t)fold->in.channels; c++) {
        if (fold->most) {
            pixel[c] = most_of(fold, c);
        } else { /* beside an infinite sum, what was lost is no number */
            const double total = fold->total[c];
            pixel[c] = (float)((isfinite(total) ? total + fold->lost[c] : total) / count);
        }
    }
}
