/* Which copy of the row kernels runs. */
#include <stdatomic.h>
#include <string.h>

#include "conv/rows/table.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static bool always(void) {
    return true;
}

#if defined(__x86_64__)
/* The levels of the x86-64 psABI: all that a compiler may use for -march=x86-64-v3 and -v4. What
 * __builtin_cpu_supports has no name for is asked of the processor (Intel SDM, CPUID leaves 1 and
 * 0x80000001); that the system keeps the registers is part of what it answers for avx2. */
static bool has_v3(void) {
    unsigned a, b, c, d, extended = 0;
    enum { MOVBE = 1 << 22, OSXSAVE = 1 << 27, F16C = 1 << 29, LZCNT = 1 << 5 };
    const unsigned needed = MOVBE | OSXSAVE | F16C;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & needed) != needed ||
        !__get_cpuid(0x80000001, &a, &b, &extended, &d) || !(extended & LZCNT)) {
        return false;
    }
    return __builtin_cpu_supports("avx") && __builtin_cpu_supports("avx2") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("fma") && __builtin_cpu_supports("popcnt") &&
           __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("ssse3");
}

static bool has_v4(void) {
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

/* Best last. To add one: a row here, its table in table.h, and a line in the Makefile. */
static const struct isa {
    const char *name;
    bool (*runs)(void);
    const rows_table *rows;
} isas[] = {
    {"baseline", always, &rows_baseline},
#if defined(__x86_64__)
    {"v3", has_v3, &rows_v3},
    {"v4", has_v4, &rows_v4},
#endif
};
enum { ISAS = sizeof isas / sizeof isas[0] };

/* Written once, or by conv_isa_choose; the same value whoever writes it first. */
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
    return ct_fail(err, "no instruction set '%s' here; this processor runs %s", name, names);
}
