#include "conv/plan/choose.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "conv/path/paths.h"

/* Of several that cost the same, the first wins. To add one: see paths.h. */
static const conv_path *const paths[] = {
    &path_taps,
    &path_dense,
    &path_bytes,
    &path_separable,
    &path_separable_bytes,
    &path_separable_long,
    &path_separable_long_bytes,
    &path_low_rank,
    &path_box,
    &path_box_bytes,
    &path_runs,
    &path_cosines_bytes,
    &path_cosines,
    &path_fft,
    &path_gradient3_bytes,
    &path_gradient3,
    &path_gradient,
    &path_compass3,
    &path_compass,
    &path_pool,
    &path_nearest,
    &path_layer,
};

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
