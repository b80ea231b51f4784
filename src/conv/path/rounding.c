#include "conv/path/rounding.h"

#include "conv/path/rates.h"

bool path_rounds_well(const path_site *site, double errors) {
    const double units = site->unit > 0 ? site->facts->absolute / site->unit : 0;
    const double sum = units * site->samples.most;
    return errors * sum / (1 << 24) < 0.4 && sum < (1 << 22);
}

/* Partial sums are rounded that are half of the whole on average; the factors were rounded too. */
double path_errors_of(int n) {
    return 0.5 * n + 3;
}

/* Whole sums are rounded once more (plan/window.c), and then not to bytes at once. */
double path_rounding_cost(const path_site *site) {
    return site->unit > 0 ? path_rate.rounding : 0;
}

/* With registers of 16 bytes a long column widens each byte so often that nothing is left of it. */
double path_saved_by_bytes(const path_site *site) {
    if (site->rows->lanes == 4 && site->stage.window.height > ROWS_SHORT) {
        return 0;
    }
    return site->unit > 0 ? path_rate.saved_whole : path_rate.saved_rounds;
}

bool path_sums_fit(const kernel_facts *facts) {
    return facts->least >= 0 && facts->sum <= 1.001;
}
