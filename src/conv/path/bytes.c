/* Kernels of small whole weights, times a common factor, on 8-bit samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "conv/path/pairs.h"
#include "conv/path/path.h"
#include "conv/path/rates.h"

/* What the sums are multiplied by: 1 for whole weights, which saves the multiplication, else the
 * kernel's unit; 0 where the weights are too large for either. */
static double factor_of(const kernel_facts *facts) {
    const double most = fmax(facts->positive, facts->absolute - facts->positive);
    if (facts->unit > 0 && facts->unit == rint(facts->unit) && most <= PAIRS_SUM) {
        return 1;
    }
    return facts->unit > 0 && most / facts->unit <= PAIRS_SUM + 0.5 ? facts->unit : 0;
}

static bool takes(const path_site *site) {
    return site->facts->weights && factor_of(site->facts) > 0;
}

static double cost(const path_site *site) {
    const double tap = site->rows->lanes == 4 ? path_rate.bytes_tap_4 : path_rate.bytes_tap;
    const double scaled = factor_of(site->facts) == 1 ? 0 : path_rate.bytes_scaled;
    return path_rate.bytes_row + tap * site->facts->cells + scaled;
}

static void tell(const path_site *site, char *why, size_t size) {
    snprintf(why, size, "%d of %d weights are nonzero", site->facts->cells,
             site->facts->width * site->facts->height);
}

static bool make(path_site *site) {
    pair_list *pairs = site->own = calloc(1, sizeof *pairs);
    const kernel_facts *facts = site->facts;
    if (!pairs || !pairs_make(pairs, site, facts->weights, facts->width, factor_of(facts))) {
        return false;
    }
    site->pointers = pairs->count;
    site->direct = pairs->scale == 1.0F && pairs->groups == 1;
    return true;
}

static void free_own(void *own) {
    if (own) {
        pairs_free(own);
        free(own);
    }
}

static void run(const path_call *call, size_t n, float *const *out) {
    const pair_list *p = call->site->own;
    int16_t *sums = (int16_t *)call->scratch[0];
    for (int r = 0; r < call->count; r++) {
        for (size_t g = 0, first = 0; g < p->groups; first = p->ends[g++]) {
            const size_t pairs = pairs_point(call, r, p, first, p->ends[g]);
            call->rows->sums_i16(sums, (const uint8_t *const *)call->pointers, p->weight + first,
                                 pairs, n);
            call->rows->from_i16(out[r], sums, p->scale, g > 0, n);
        }
    }
}

static void direct(const path_call *call, size_t n, uint8_t *const *out, conv_stats *stats) {
    const pair_list *p = call->site->own;
    for (int r = 0; r < call->count; r++) {
        const size_t pairs = pairs_point(call, r, p, 0, p->ends[0]);
        call->rows->sums_u8(out[r], (const uint8_t *const *)call->pointers, p->weight, pairs, n,
                            &stats->negative, &stats->above);
    }
}

const conv_path path_bytes = {
    .name = "bytes",
    .op = CONV_CORRELATE,
    .batch = 4,
    .bytes = true,
    .takes = takes,
    .cost = cost,
    .tell = tell,
    .make = make,
    .free = free_own,
    .run = run,
    .direct = direct,
};
