/* An exercise on networks: one step of an LSTM with one cell. */
#include <math.h>
#include <stdio.h>

#include "app/commands/worksheet_makers.h"

enum {
    GATES = 4,
    MOST_SUM = 3,
    MOST_STATE = 3, /* 0.95 * 2 + 0.95 * 1 < 3 */
    HUNDREDTHS = 100,
    TENTHS = 10
};

static const char *const gates[GATES] = {"input gate i", "forget gate f", "candidate g",
                                         "output gate o"};

/* As pupils work it out from the tables on the sheet: each number is rounded, as it's printed,
 * before the next is made of it. */
typedef struct step {
    float x, h, c;             /* the input, and the state before */
    double weights[GATES * 2]; /* of x and h */
    double bias[GATES];
    float sums[GATES], values[GATES];
    float next_c, short_c, tanh_c, next_h; /* short_c: next_c with one decimal */
} step;

static bool is_small(const step *s) {
    bool small = true;
    for (int i = 0; i < GATES; i++) {
        small = small && s->sums[i] >= -MOST_SUM && s->sums[i] <= MOST_SUM;
    }
    return small;
}

/* Rounds to whole parts of 1. False where it lies halfway: people then round up, or to even. */
static bool round_to(float *number, int parts) {
    const double times = (double)*number * parts, whole = rint(times);
    *number = (float)(whole / parts);
    return fabs(times - whole) < 0.499;
}

/* A function's value as the tables have it. */
static bool look_up(conv_point point, float in, float *out, ct_error *err) {
    const bool ok = sheet_point(point, in, out, err);
    if (ok) {
        round_to(out, HUNDREDTHS);
    }
    return ok;
}

static bool draw_gates(const sheet_lesson *l, step *s) {
    do { /* the table on the sheet goes that far */
        s->x = (float)sheet_draw(l->random, 1, 2);
        s->h = (float)sheet_draw(l->random, 0, 1);
        s->c = (float)sheet_draw(l->random, 1, 2);
        for (int i = 0; i < GATES; i++) {
            s->weights[2 * i] = sheet_draw(l->random, -2, 2);
            s->weights[2 * i + 1] = sheet_draw(l->random, -2, 2);
            s->bias[i] = sheet_draw(l->random, -1, 1);
        }
        if (!sheet_dense(s->weights, s->bias, GATES, 2, false, (float[]){s->x, s->h}, s->sums,
                         l->err)) {
            return false;
        }
    } while (!is_small(s));
    return true;
}

/* Gates between rows, as sums of products: the engine's layer again. `clear`: nothing lay halfway
 * between two numbers. */
static bool solve_step(const sheet_lesson *l, step *s, bool *clear) {
    for (int i = 0; i < GATES; i++) {
        if (!look_up(i == 2 ? CONV_TANH : CONV_SIGMOID, s->sums[i], &s->values[i], l->err)) {
            return false;
        }
    }
    const double keep[2] = {(double)s->values[1], (double)s->values[0]};
    const double out[1] = {(double)s->values[3]};
    if (!sheet_dense(keep, NULL, 1, 2, false, (float[]){s->c, s->values[2]}, &s->next_c, l->err)) {
        return false;
    }
    *clear = round_to(&s->next_c, HUNDREDTHS);
    s->short_c = s->next_c;
    *clear = round_to(&s->short_c, TENTHS) && *clear;
    if (!look_up(CONV_TANH, s->short_c, &s->tanh_c, l->err) ||
        !sheet_dense(out, NULL, 1, 1, false, &s->tanh_c, &s->next_h, l->err)) {
        return false;
    }
    *clear = round_to(&s->next_h, HUNDREDTHS) && *clear;
    return true;
}

static bool draw_step(const sheet_lesson *l, step *s) {
    bool clear = false;
    while (!clear) {
        if (!draw_gates(l, s) || !solve_step(l, s, &clear)) {
            return false;
        }
    }
    return true;
}

static bool add_functions(const sheet_lesson *l) {
    sheet_row(l->sheet);
    sheet_grid *table = sheet_add_grid(l->sheet, "", "", 2 * MOST_SUM + 2, 3);
    if (table) {
        table->table = true;
    }
    sheet_words(sheet_at(table, 0, 0), "s");
    sheet_words(sheet_at(table, 0, 1), "sigmoid(s)");
    sheet_words(sheet_at(table, 0, 2), "tanh(s)");
    for (int i = -MOST_SUM; i <= MOST_SUM; i++) {
        float sigmoid, tanh;
        if (!sheet_point(CONV_SIGMOID, (float)i, &sigmoid, l->err) ||
            !sheet_point(CONV_TANH, (float)i, &tanh, l->err)) {
            return false;
        }
        sheet_words(sheet_at(table, i + MOST_SUM + 1, 0), "%d", i);
        sheet_number(sheet_at(table, i + MOST_SUM + 1, 1), (double)sigmoid);
        sheet_number(sheet_at(table, i + MOST_SUM + 1, 2), (double)tanh);
    }
    return true;
}

/* tanh of 0.0 to 2.9: a row for what stands before the point, a column for what stands behind. */
static bool add_tanh(const sheet_lesson *l) {
    sheet_row(l->sheet);
    sheet_grid *table = sheet_add_grid(l->sheet, "", "", TENTHS + 1, MOST_STATE + 1);
    if (table) {
        table->table = true;
    }
    sheet_words(sheet_at(table, 0, 0), "tanh");
    for (int x = 0; x <= TENTHS; x++) {
        sheet_at(table, x, 0)->strong = true;
    }
    for (int i = 0; i < TENTHS; i++) {
        sheet_words(sheet_at(table, i + 1, 0), ".%d", i);
    }
    for (int i = 0; i < TENTHS * MOST_STATE; i++) {
        float value;
        if (!look_up(CONV_TANH, (float)i / TENTHS, &value, l->err)) {
            return false;
        }
        sheet_number(sheet_at(table, i % TENTHS + 1, i / TENTHS + 1), (double)value);
    }
    for (int y = 0; y < MOST_STATE; y++) {
        sheet_words(sheet_at(table, 0, y + 1), "%d", y);
        sheet_at(table, 0, y + 1)->strong = true;
    }
    return true;
}

static void add_gates(const sheet_lesson *l, const step *s) {
    static const char *const heads[] = {"", "w of x", "u of h", "bias b", "sum s", "value"};
    sheet_row(l->sheet);
    sheet_grid *table = sheet_add_grid(l->sheet, "", "", 6, GATES + 1);
    if (table) {
        table->table = true;
    }
    for (int i = 0; i < 6; i++) {
        sheet_words(sheet_at(table, i, 0), "%s", heads[i]);
        sheet_at(table, i, 0)->strong = true;
    }
    for (int i = 0; i < GATES; i++) {
        sheet_words(sheet_at(table, 0, i + 1), "%s", gates[i]);
        sheet_number(sheet_at(table, 1, i + 1), s->weights[2 * i]);
        sheet_number(sheet_at(table, 2, i + 1), s->weights[2 * i + 1]);
        sheet_number(sheet_at(table, 3, i + 1), s->bias[i]);
        sheet_number(sheet_at(table, 4, i + 1), (double)s->sums[i]);
        sheet_number(sheet_at(table, 5, i + 1), (double)s->values[i]);
        sheet_at(table, 4, i + 1)->blank = sheet_at(table, 5, i + 1)->blank = true;
    }
}

bool sheet_make_lstm(const sheet_lesson *l) {
    step s;
    if (!draw_step(l, &s)) {
        return false;
    }
    sheet_begin(l->sheet, "One step of an LSTM");
    sheet_say(l->sheet,
              "One cell, with input x = %g, and before the step output h = %g and state c = %g. "
              "For each gate s = w·x + u·h + b; its value is sigmoid(s), of the candidate "
              "tanh(s). Then c' = f·c + i·g, and h' = o·tanh(c'). Take the functions from the "
              "tables, and round each result to two decimals before you use it.",
              (double)s.x, (double)s.h, (double)s.c);
    add_gates(l, &s);
    if (!add_functions(l)) {
        return false;
    }
    sheet_say(l->sheet,
              "For tanh(c') round c' to one decimal. In this table the row is what stands "
              "before the point, the column what stands behind; tanh(-c) = -tanh(c).");
    if (!add_tanh(l)) {
        return false;
    }
    char c[24], r[24], t[24], h[24];
    sheet_say(l->sheet,
              "c' = " SHEET_BLANK("%s") "   rounded: " SHEET_BLANK(
                  "%s") "   tanh(c') = " SHEET_BLANK("%s") "   h' = " SHEET_BLANK("%s"),
              sheet_number_text((double)s.next_c, c), sheet_number_text((double)s.short_c, r),
              sheet_number_text((double)s.tanh_c, t), sheet_number_text((double)s.next_h, h));
    return true;
}
