/* What the paths for medians share. */
#ifndef CT_CONV_PATH_MEDIAN_SHAPE_H
#define CT_CONV_PATH_MEDIAN_SHAPE_H

#include "conv/path/path.h"
#include "conv/path/rates.h"

/* The window's samples. */
static inline int median_count_of(const path_site *site) {
    return site->stage.window.width * site->stage.window.height;
}

static inline bool median_is_3x3(const path_site *site) {
    return site->stage.window.width == 3 && site->stage.window.height == 3;
}

/* Whether a network finds the median: of an odd number of samples, and not too many. */
static inline bool median_is_small(const path_site *site) {
    const int count = median_count_of(site);
    return count % 2 == 1 && count <= ROWS_MEDIAN;
}

/* Points call->pointers at the samples of row r's window. */
static inline void median_point(const path_call *call, bool bytes, int r) {
    const conv_window *w = &call->site->stage.window;
    const size_t step = path_column_step(call->site) * (bytes ? 1 : sizeof(float));
    for (int k = 0; k < median_count_of(call->site); k++) {
        const char *row = path_any_row(call, bytes, r, k / w->width);
        call->pointers[k] = row + (size_t)(k % w->width) * step;
    }
}

/* What a network costs with floats: it keeps half of the samples, then one less each time. */
static inline double median_network_cost(const path_site *site) {
    const int count = median_count_of(site);
    const double kept = count / 2 + 2;
    return 1.5 * kept * kept *
           (count == 9 || count == 25 ? path_rate.median_step : path_rate.median_stored);
}

#endif
