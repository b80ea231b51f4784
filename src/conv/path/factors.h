/* Kernels as a column times a row, or as a sum of such products. */
#ifndef CT_CONV_PATH_FACTORS_H
#define CT_CONV_PATH_FACTORS_H

#include "conv/path/path.h"

typedef struct factor_set {
    int terms;
    bool fits;          /* sums of bytes fit 8 bits */
    rows_factors *term; /* `terms` of them, which point into: */
    float *weights;
} factor_set;

/* A path's `make` and `free`: site->own is the factor_set of the kernel's products (facts->columns,
 * facts->rows), divided by the site's unit. */
bool factors_make(path_site *site);
void factors_free(void *own);

/* Sums of bytes or floats down the column, n floats of every row of the call, into the scratch rows
 * from PATH_SCRATCH on. Returns those rows. */
float *const *factors_down(const path_call *call, const rows_factors *f, bool bytes, size_t n);

/* Sums over one product: n floats of each row of the call. */
void factors_run(const path_call *call, const rows_factors *f, bool bytes, size_t n,
                 float *const *out);

/* The same for many weights, by rows->separable_long: into floats, or where `out` is NULL, into
 * bytes, which the sums must fit. */
void factors_run_long(const path_call *call, const rows_factors *f, bool bytes, size_t n,
                      float *const *out, uint8_t *const *out_bytes);

/* The cost of sums of floats over one product, without rounding to a unit. */
double factors_cost(const path_site *site);
double factors_cost_long(const path_site *site);

/* Whether the kernel is one product, up to errors that rounding removes; the latter: and whether
 * rows may be transposed together. */
bool factors_take(const path_site *site);
bool factors_take_long(const path_site *site);

enum {
    FACTORS_BLOCK = 480
}; /* samples of a row transposed at once: whole strips of 1, 2 and 3 channels */

/* "a column of 5 times a row of 5" */
void factors_tell(const path_site *site, char *why, size_t size);

#endif
