/* Which copy of the row kernels runs. */
#include <stdatomic.h>
#include <string.h>

#include "base/cpu.h"
#include "conv/rows/table.h"

static bool always(void) {
    return true;
}

/* Best last. To add one: a row here, its table in table.h, and a line in the Makefile. */
static const struct isa {
    const char *name;
    bool (*runs)(void);
    const rows_table *rows;
} isas[] = {
    {"baseline", always, &rows_baseline},
#if defined(__x86_64__)
    {"v3", ct_cpu_v3, &rows_v3},
    {"v4", ct_cpu_v4, &rows_v4},
#endif
};
enum { ISAS = sizeof isas / sizeof isas[0] };

/* Written once, or by conv_isa_choose; racing threads write the same value. */
static _Atomic(const struct isa *) chosen;

static const struct isa *choose_best(void) {
    const struct isa *best = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!best) {
        for (size_t i = 0; i < ISAS; i++) {
            if (isas[i].runs()) {
                best = &isas[i];
            }
        }
        atomic_store_explicit(&chosen, best, memory_order_relaxed);
    }
    return best;
}

const rows_table *rows_chosen(void) {
    return choose_best()->rows;
}

const char *conv_isa(void) {
    return choose_best()->name;
}

const char *conv_isa_name(size_t i) {
    for (size_t k = 0; k < ISAS; k++) {
        if (isas[k].runs() && i-- == 0) {
            return isas[k].name;
        }
    }
    return NULL;
}

bool conv_isa_choose(const char *name, ct_error *err) {
    char names[128] = "";
    for (size_t i = 0; i < ISAS; i++) {
        if (!isas[i].runs()) {
            continue;
        }
        if (strcmp(isas[i].name, name) == 0) {
            atomic_store_explicit(&chosen, &isas[i], memory_order_relaxed);
            return true;
        }
        if (names[0]) {
            strncat(names, ", ", sizeof names - strlen(names) - 1);
        }
        strncat(names, isas[i].name, sizeof names - strlen(names) - 1);
    }
    return ct_fail(err, "instruction set '%s' isn't available; expected one of %s", name, names);
}
