#include "filter/stages.h"

#include <string.h>

#include "filter/stage_families.h"

/* In the order of `list`. */
static const stage_def *const families[] = {kernel_stages, edge_stages,  bank_stages,
                                            pool_stages,   point_stages, geometry_stages,
                                            net_stages};

const stage_def *stage_def_at(size_t i) {
    for (size_t family = 0; family < sizeof families / sizeof *families; family++) {
        for (const stage_def *def = families[family]; def->name; def++) {
            if (i-- == 0) {
                return def;
            }
        }
    }
    return NULL;
}

const stage_def *stage_def_find(const char *name) {
    const stage_def *def = stage_def_at(0);
    for (size_t i = 1; def && strcmp(def->name, name) != 0; i++) {
        def = stage_def_at(i);
    }
    return def;
}
