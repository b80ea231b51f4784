#include "conv/path/rounding.h"

#include "conv/path/rates.h"

bool path_rounds_well(const path_site *site, double errors) {
    const double units = site->unit > 0 ? site->facts->absolute / site->unit : 0;
    const double sum = units * site->samples.most;
    return errors * sum / (1 << 24) < 0.4 && sum < (1 << 22);
}

/* What gets rounded is partial sums, half the whole on average, and before that the factors. */
double path_errors_of(int n) {
    return 0.5 * n + 3;
}

/* Sums with a unit are rounded to it first (plan/window.c), so they can't go straight to bytes. */
double path_rounding_cost(const path_site *site) {
    return site->unit > 0 ? path_rate.rounding : 0;
}

/* With 16-byte registers a long column widens each byte so often that nothing is saved. */
double path_saved_by_bytes(const path_site *site) {
    if (site->rows->lanes == 4 && site->stage.window.height > ROWS_SHORT) {
        return 0;
    }
    return site->unit > 0 ? path_rate.saved_whole : path_rate.saved_rounds;
}

bool path_sums_fit(const kernel_facts *facts) {
    return facts->least >= 0 && facts->sum <= 1.001;
}
