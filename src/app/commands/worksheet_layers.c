/* Exercises on networks: a fully connected layer, one step of an LSTM. */
#include <stdio.h>

#include "app/commands/worksheet_makers.h"

enum { INPUTS = 3, OUTPUTS = 2 };

bool sheet_make_dense(const sheet_lesson *l) {
    double weights[OUTPUTS * INPUTS], bias[OUTPUTS];
    float in[INPUTS], sums[OUTPUTS], out[OUTPUTS];
    for (int i = 0; i < INPUTS; i++) {
        in[i] = (float)sheet_draw(l->random, 0, 5);
    }
    for (int i = 0; i < OUTPUTS * INPUTS; i++) {
        weights[i] = sheet_draw(l->random, -3, 3);
    }
    for (int i = 0; i < OUTPUTS; i++) {
        bias[i] = sheet_draw(l->random, -2, 2);
    }
    if (!sheet_dense(weights, bias, OUTPUTS, INPUTS, false, in, sums, l->err) ||
        !sheet_dense(weights, bias, OUTPUTS, INPUTS, true, in, out, l->err)) {
        return false;
    }
    sheet_begin(l->sheet, "A fully connected layer");
    sheet_say(l->sheet, "Each output is the sum of every input times its weight, plus the bias. "
                        "Then ReLU: what is negative becomes 0.");
    sheet_row(l->sheet);
    sheet_grid *input = sheet_add_grid(l->sheet, "", "input", 1, INPUTS);
    sheet_grid *grid;
    for (int i = 0; i < INPUTS; i++) {
        sheet_number(sheet_at(input, 0, i), (double)in[i]);
    }
    grid = sheet_add_grid(l->sheet, "", "weights (a row for each output)", INPUTS, OUTPUTS);
    for (int i = 0; i < INPUTS * OUTPUTS; i++) {
        sheet_number(sheet_at(grid, i % INPUTS, i / INPUTS), weights[i]);
    }
    grid = sheet_add_grid(l->sheet, "+", "bias", 1, OUTPUTS);
    for (int i = 0; i < OUTPUTS; i++) {
        sheet_number(sheet_at(grid, 0, i), bias[i]);
    }
    grid = sheet_add_grid(l->sheet, "=", "sums", 1, OUTPUTS);
    for (int i = 0; i < OUTPUTS; i++) {
        sheet_number(sheet_at(grid, 0, i), (double)sums[i]);
        sheet_at(grid, 0, i)->blank = true;
    }
    grid = sheet_add_grid(l->sheet, "→", "after ReLU", 1, OUTPUTS);
    for (int i = 0; i < OUTPUTS; i++) {
        sheet_number(sheet_at(grid, 0, i), (double)out[i]);
        sheet_at(grid, 0, i)->blank = true;
    }
    return true;
}

/* ---- one step of an LSTM with one cell ---- */

enum { GATES = 4, MOST_SUM = 3 };

static const char *const gates[GATES] = {"input gate i", "forget gate f", "candidate g",
                                         "output gate o"};

typedef struct step {
    float x, h, c;             /* the input, and the state before */
    double weights[GATES * 2]; /* of x and h */
    double bias[GATES];
    float sums[GATES], values[GATES];
    float next_c, tanh_c, next_h;
} step;

static bool is_small(const step *s) {
    bool small = true;
    for (int i = 0; i < GATES; i++) {
        small = small && s->sums[i] >= -MOST_SUM && s->sums[i] <= MOST_SUM;
    }
    return small;
}

static bool draw_step(const sheet_lesson *l, step *s) {
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

/* Gates between rows, as sums of products: the engine's layer again. */
static bool solve_step(const sheet_lesson *l, step *s) {
    for (int i = 0; i < GATES; i++) {
        if (!sheet_point(i == 2 ? CONV_TANH : CONV_SIGMOID, s->sums[i], &s->values[i], l->err)) {
            return false;
        }
    }
    const double keep[2] = {(double)s->values[1], (double)s->values[0]};
    const double out[1] = {(double)s->values[3]};
    return sheet_dense(keep, NULL, 1, 2, false, (float[]){s->c, s->values[2]}, &s->next_c,
                       l->err) &&
           sheet_point(CONV_TANH, s->next_c, &s->tanh_c, l->err) &&
           sheet_dense(out, NULL, 1, 1, false, &s->tanh_c, &s->next_h, l->err);
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

static void add_gates(const sheet_lesson *l, const step *s) {
    static const char *const heads[] = {"", "w of x", "w of h", "bias", "sum s", "value"};
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
    if (!draw_step(l, &s) || !solve_step(l, &s)) {
        return false;
    }
    sheet_begin(l->sheet, "One step of an LSTM");
    sheet_say(l->sheet,
              "One cell, with input x = %g, and before the step output h = %g and state c = %g. "
              "For each gate s = w·x + w·h + bias; its value is sigmoid(s), of the candidate "
              "tanh(s). Then c' = f·c + i·g, and h' = o·tanh(c'). Round to two decimals.",
              (double)s.x, (double)s.h, (double)s.c);
    add_gates(l, &s);
    if (!add_functions(l)) {
        return false;
    }
    char c[24], t[24], h[24];
    sheet_say(
        l->sheet,
        "c' = " SHEET_BLANK("%s") "   tanh(c') = " SHEET_BLANK("%s") "   h' = " SHEET_BLANK("%s"),
        sheet_number_text((double)s.next_c, c), sheet_number_text((double)s.tanh_c, t),
        sheet_number_text((double)s.next_h, h));
    return true;
}
