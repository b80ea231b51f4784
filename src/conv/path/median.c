/* Medians of any samples: each window's are put in a list, of which the middle is selected. */
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/median_shape.h"
#include "conv/path/rates.h"

static double cost(const path_site *site) {
    return path_rate.row + path_rate.median_select * median_count_of(site);
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "the middle one of %d samples is selected", median_count_of(site));
}

/* call->pointers is room for a list. */
static bool make(path_site *site) {
    const size_t count = (size_t)median_count_of(site);
    site->finished = site->exact = true;
    site->pointers = count * sizeof(float) / sizeof(void *) + 1;
    return true;
}

/* The number that would be at `rank` if the list were sorted (Hoare, Algorithm 65: find, 1961). */
static float select_rank(float *list, int count, int rank) {
    int low = 0, high = count - 1;
    while (low < high) {
        const float pivot = list[rank];
        int i = low, j = high;
        while (i <= j) {
            while (list[i] < pivot) {
                i++;
            }
            while (pivot < list[j]) {
                j--;
            }
            if (i <= j) {
                const float spare = list[i];
                list[i++] = list[j];
                list[j--] = spare;
            }
        }
        low = j < rank ? i : low;
        high = rank < i ? j : high;
    }
    return list[rank];
}

/* Row r of the call, n floats. */
static void select_row(const path_call *call, int r, size_t n, float *out) {
    const path_site *site = call->site;
    const conv_window *w = &site->stage.window;
    const size_t channels = (size_t)site->in.channels, step = path_column_step(site);
    float *list = (float *)call->pointers;
    for (size_t i = 0; i < n; i++) {
        const size_t at = i / channels * (size_t)w->stride_x * channels + i % channels;
        int count = 0;
        for (int y = 0; y < w->height; y++) {
            const float *row = path_row(call, r, y) + at;
            for (int x = 0; x < w->width; x++) {
                list[count++] = row[(size_t)x * step];
            }
        }
        out[i] = select_rank(list, count, count / 2);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    for (int r = 0; r < call->count; r++) {
        select_row(call, r, n, out[r]);
    }
}

const conv_path path_median = {
    .name = "median",
    .op = CONV_MEDIAN,
    .batch = 4,
    .cost = cost,
    .tell = tell,
    .make = make,
    .run = run,
};
