#include "conv/plan/choose.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "conv/path/path.h"

/* All paths: NAME.c in src/conv/path defines path_NAME. Of several that cost the same, the first
 * wins. To add one: its file, and a row here. */
#define ALL_PATHS(ROW)                                                                             \
    /* Sums over one kernel. */                                                                    \
    ROW(taps)                 /* its cells, one by one */                                          \
    ROW(dense)                /* the same with few zeros */                                        \
    ROW(bytes)                /* small whole weights, on 8-bit samples */                          \
    ROW(separable)            /* a column times a row */                                           \
    ROW(separable_bytes)      /* the same on 8-bit samples */                                      \
    ROW(separable_long)       /* the same of many weights */                                       \
    ROW(separable_long_bytes) /* many weights on 8-bit samples */                                  \
    ROW(low_rank)             /* a sum of columns times rows */                                    \
    ROW(box)                  /* equal weights */                                                  \
    ROW(box_bytes)            /* the same on 8-bit samples */                                      \
    ROW(runs)                 /* rows of few runs of equal weights, on 8-bit samples */            \
    ROW(cosines_bytes)        /* long columns and rows of a few cosines, on 8-bit samples */       \
    ROW(cosines)              /* the same on others */                                             \
    ROW(fft)                  /* any large kernel */                                               \
    /* Gradients. */                                                                               \
    ROW(gradient3_bytes) /* Sobel, Scharr, Prewitt, on 8-bit samples */                            \
    ROW(gradient3)       /* the same on others: x, y and their length at once */                   \
    ROW(gradient_wide)   /* larger Sobel kernels */                                                \
    ROW(gradient)        /* any two kernels */                                                     \
    /* The largest of several sums. */                                                             \
    ROW(compass3) /* of 3x3 kernels */                                                             \
    ROW(compass)  /* of any */                                                                     \
    /* Medians. */                                                                                 \
    ROW(median3_bytes)      /* of 3x3 8-bit samples */                                             \
    ROW(median3)            /* the same of others */                                               \
    ROW(median_small_bytes) /* a network for few 8-bit samples */                                  \
    ROW(median_small)       /* the same of others */                                               \
    ROW(median_bytes)       /* histograms of 8-bit samples */                                      \
    ROW(median)             /* of any samples */                                                   \
    /* Marks of edges. */                                                                          \
    ROW(suppress)  /* the greatest gradients along their directions */                             \
    ROW(crossings) /* changes of sign */                                                           \
    ROW(pool)                                                                                      \
    ROW(nearest)   /* one sample of each window */                                                 \
    ROW(layer)     /* a matrix product for each row */                                             \
    ROW(depthwise) /* a kernel for each channel */                                                 \
    /* Geometry. */                                                                                \
    ROW(crop)         /* a copy */                                                                 \
    ROW(resize_down)  /* sums of rows */                                                           \
    ROW(resize_along) /* sums along a row */

#define DECLARE(name) extern const conv_path path_##name;
#define ADDRESS(name) &path_##name,

ALL_PATHS(DECLARE)
static const conv_path *const paths[] = {ALL_PATHS(ADDRESS)};

enum { PATHS = sizeof paths / sizeof paths[0] };

static _Atomic(const conv_path *) preferred;

const char *conv_path_name(size_t i) {
    return i < PATHS ? paths[i]->name : NULL;
}

bool conv_path_prefer(const char *name, ct_error *err) {
    char names[512] = "";
    const conv_path *wanted = NULL;
    for (size_t i = 0; name && !wanted && i < PATHS; i++) {
        wanted = strcmp(paths[i]->name, name) == 0 ? paths[i] : NULL;
        strncat(names, i ? ", " : "", sizeof names - strlen(names) - 1);
        strncat(names, paths[i]->name, sizeof names - strlen(names) - 1);
    }
    if (name && !wanted) {
        return ct_fail(err, "unknown path '%s'; expected one of %s", name, names);
    }
    atomic_store_explicit(&preferred, wanted, memory_order_relaxed);
    return true;
}

static bool serves(const conv_path *path, const path_site *site) {
    return path->op == site->stage.op && (!path->bytes || site->bytes) &&
           (!path->takes || path->takes(site));
}

const conv_path *choose_path(const path_site *site, conv_choice *choice) {
    const conv_path *const wanted = atomic_load_explicit(&preferred, memory_order_relaxed);
    const conv_path *best = NULL;
    choice->cost = choice->direct = (double)INFINITY;
    for (size_t i = 0; i < PATHS; i++) {
        if (!serves(paths[i], site)) {
            continue;
        }
        const double cost = paths[i]->cost(site);
        choice->direct = paths[i]->plain ? fmin(cost, choice->direct) : choice->direct;
        if (paths[i] == wanted || ((!wanted || best != wanted) && cost < choice->cost)) {
            best = paths[i];
            choice->cost = cost;
        }
    }
    if (!best) {
        return NULL;
    }
    choice->direct = isfinite(choice->direct) ? choice->direct : 0;
    choice->path = best->name;
    choice->why[0] = '\0';
    if (best->tell) {
        best->tell(site, choice->why, sizeof choice->why);
    }
    return best;
}
