#include "conv/path/waves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/path/rates.h"

_Static_assert((int)COSINES_MOST == (int)ROWS_WAVES, "what is fitted can be computed");

/* A term of the kernel: a column times a row. */
typedef struct wave_term {
    rows_waves column, row;
    size_t states; /* offset of its column states in what is held, in floats */
} wave_term;

typedef struct waves {
    int terms;
    wave_term *term;
    size_t columns;      /* samples in a row of column sums */
    size_t pitch;        /* floats from one held row to the next */
    size_t sums, turned; /* offsets of column sums and transposed rows */
} waves;

/* ---- whether, and for what ---- */

/* Rows from one start of the column sums to the next: a start costs as much as many rows, and bands
 * begin there. */
static int waves_restart(const path_site *site) {
    return site->stage.window.height < 512 ? 512 : 1024;
}

/* Rounding errors grow with the brightest samples around, so not for arbitrary floats. Where exact
 * results are multiples of a unit, only plain sums are exact. */
bool waves_take(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const kernel_facts *facts = site->facts;
    return facts->fits && site->bounded && w->stride_y == 1 && w->dilation_y == 1 &&
           (site->unit == 0 || facts->equal != 0);
}

double waves_cost(const path_site *site) {
    const conv_window *w = &site->stage.window;
    const double down = (double)w->height / ct_min(waves_restart(site), site->made.height);
    const double along = (double)w->width / ct_min(ROWS_WAVES_RESTART, site->made.width);
    double cost = 0;
    for (int k = 0; k < site->facts->rank; k++) {
        const cosine_fit *column = &site->facts->fits[2 * k], *row = column + 1;
        cost += 2 * path_rate.waves_pass + path_rate.wave * (column->count + row->count) +
                path_rate.wave_start * (down * column->count + along * row->count);
    }
    return cost;
}

void waves_tell(const path_site *site, char *why, size_t size) {
    const kernel_facts *f = site->facts;
    int most = 0;
    for (int k = 0; k < 2 * f->rank; k++) {
        most = f->fits[k].count > most ? f->fits[k].count : most;
    }
    if (most == 1) {
        snprintf(why, size, "%d equal weights", f->cells);
    } else {
        snprintf(why, size, "a column of %d and a row of %d made of %d cosines", f->height,
                 f->width, most);
    }
}

/* ---- the plan ---- */

static rows_wave wave_of(double turn, double reach, double amplitude) {
    const double half_turn = sin(turn / 2);
    return (rows_wave){.less = (float)(2 * half_turn * half_turn),
                       .sine = (float)sin(turn),
                       .enter_cos = (float)cos(turn * (reach / 2 - 1)),
                       .enter_sin = (float)sin(turn * (reach / 2 - 1)),
                       .leave_cos = (float)cos(turn * (reach / 2 + 1)),
                       .leave_sin = (float)sin(turn * (reach / 2 + 1)),
                       .amplitude = (float)amplitude};
}

/* Sums of a window: of wave 0, of the cosines and sines of the others. */
static size_t sum_count(const rows_waves *w) {
    return 2 * (size_t)w->count - 1;
}

/* Multiplies the amplitudes by `factor`. */
static bool make_waves(rows_waves *w, const cosine_fit *fit, int cells, double factor) {
    const size_t reach = (size_t)cells - 1;
    *w = (rows_waves){.count = fit->count, .reach = reach};
    rows_wave *wave = malloc((size_t)fit->count * sizeof *wave);
    float *start = malloc((sum_count(w) * reach + 1) * sizeof *start);
    w->wave = wave;
    w->start = start;
    if (!wave || !start) {
        return false;
    }
    const double turn = 2 * acos(-1.0) * fit->turns / cells, middle = (double)reach / 2;
    double enter = 0;
    for (int k = 0; k < fit->count; k++) {
        wave[k] = wave_of(turn * k, (double)reach, fit->amplitude[k] * factor);
        enter += fit->amplitude[k] * factor * cos(turn * k * middle);
    }
    w->enter = (float)enter;
    for (size_t m = 0; m < reach; m++, start += sum_count(w)) {
        start[0] = 1;
        for (int k = 1; k < fit->count; k++) {
            start[2 * k - 1] = (float)cos(turn * k * ((double)m - middle));
            start[2 * k] = (float)sin(turn * k * ((double)m - middle));
        }
    }
    return true;
}

/* A box's sums stay whole numbers to the end: the row has all of the weight. */
static bool make_term(wave_term *term, const path_site *site, int k) {
    const kernel_facts *f = site->facts;
    const cosine_fit *fits = f->fits + 2 * k;
    const bool box = f->equal != 0;
    const double column = box ? 1 / fits[0].amplitude[0] : 1;
    const double row = box ? f->equal / fits[1].amplitude[0] : 1;
    return make_waves(&term->column, &fits[0], f->height, column) &&
           make_waves(&term->row, &fits[1], f->width, row);
}

/* What is held: rows of results, rows of column sums, transposed rows, and each term's states. */
static void lay_out(waves *own, path_site *site) {
    const conv_window *w = &site->stage.window;
    const size_t channels = (size_t)site->in.channels;
    const size_t n = ((size_t)(site->made.width - 1) * (size_t)w->stride_x + 1) * channels;
    own->columns = n + (size_t)(w->width - 1) * path_column_step(site);
    own->pitch = ct_round_up(own->columns + ROWS_BLOCK, 16);
    own->sums = own->pitch * WAVES_ROWS;
    own->turned = own->sums + own->pitch * WAVES_ROWS;
    site->held = own->turned + own->pitch * (size_t)site->rows->lanes;
    for (int k = 0; k < own->terms; k++) {
        own->term[k].states = site->held;
        site->held += own->pitch * 2 * sum_count(&own->term[k].column);
    }
}

bool waves_make(path_site *site) {
    enum { FLOATS = 4096 };
    const int terms = site->facts->rank, channels = site->in.channels;
    waves *own = site->own = calloc(1, sizeof *own);
    if (!own) {
        return false;
    }
    own->term = calloc((size_t)terms, sizeof *own->term);
    for (own->terms = 0; own->term && own->terms < terms; own->terms++) {
        if (!make_term(&own->term[own->terms], site, own->terms)) {
            own->terms++;
            return false;
        }
    }
    site->pointers = (size_t)site->stage.window.height + WAVES_ROWS;
    site->align = WAVES_ROWS;
    site->restart = waves_restart(site);
    /* `run` only copies. */
    site->block = FLOATS / channels < site->made.width ? FLOATS / channels + 1 : site->made.width;
    site->columns = (int64_t)(site->block - 1) * site->stage.window.stride_x + 1;
    lay_out(own, site);
    return own->term != NULL;
}

void waves_free(void *own) {
    waves *w = own;
    for (int k = 0; w && w->term && k < w->terms; k++) {
        const rows_waves *both[2] = {&w->term[k].column, &w->term[k].row};
        for (int i = 0; i < 2; i++) {
            free((rows_wave *)both[i]->wave);
            free((float *)both[i]->start);
        }
    }
    if (w) {
        free(w->term);
        free(w);
    }
}

/* ---- the work ---- */

static void hold_term(const path_call *call, const wave_term *term, float *held, bool bytes,
                      bool add) {
    const path_site *site = call->site;
    const waves *own = site->own;
    const size_t step = path_column_step(site);
    const size_t n = own->columns - term->row.reach * step;
    const int lanes = call->rows->lanes;
    float *results[WAVES_ROWS], *sums[WAVES_ROWS];
    for (int r = 0; r < WAVES_ROWS; r++) {
        results[r] = held + own->pitch * (size_t)r;
        sums[r] = held + own->sums + own->pitch * (size_t)r;
    }
    call->rows->waves_down(sums, held + term->states, &term->column, call->pointers, bytes,
                           call->y % site->restart == 0, call->count, own->columns);
    for (int r = 0; r < call->count; r += lanes) {
        call->rows->waves_along(results + r, (const float *const *)sums + r, &term->row, step,
                                held + own->turned, add, n);
    }
}

/* At the image's end the block has fewer rows. */
void waves_hold(path_call *call, float *held, bool bytes) {
    const waves *own = call->site->own;
    const int last = call->count + call->site->stage.window.height - 2;
    call->x = 0;
    for (int k = 0; k <= last; k++) {
        call->pointers[k] = path_any_row(call, bytes, 0, k);
    }
    for (int k = 0; k < own->terms; k++) {
        hold_term(call, &own->term[k], held, bytes, k > 0);
    }
}

void waves_run(const path_call *call, size_t n, float *const *out) {
    const path_site *site = call->site;
    const waves *own = site->own;
    const int first = call->x * site->stage.window.stride_x * site->in.channels;
    for (int r = 0; r < call->count; r++) {
        const size_t row = (size_t)((call->y + r) % site->align);
        memcpy(out[r], call->held + own->pitch * row + first, n * sizeof *out[r]);
    }
}
