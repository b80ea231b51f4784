/* An exercise on networks: a fully connected layer. */
#include <stdio.h>

#include "app/commands/worksheet_makers.h"

enum { INPUTS = 3, OUTPUTS = 2 };

static bool any_positive(const float out[OUTPUTS]) {
    bool found = false;
    for (int i = 0; i < OUTPUTS; i++) {
        found = found || out[i] > 0;
    }
    return found;
}

bool sheet_make_dense(const sheet_lesson *l) {
    double weights[OUTPUTS * INPUTS], bias[OUTPUTS];
    float in[INPUTS], sums[OUTPUTS], out[OUTPUTS];
    do { /* a ReLU that leaves nothing is dull */
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
    } while (!any_positive(out));
    sheet_begin(l->sheet, "A fully connected layer");
    sheet_say(l->sheet, "Each output is the sum of every input times its weight, plus the bias: "
                        "the first number of a row times the first input, and so on. "
                        "Then ReLU: what is negative becomes 0.");
    sheet_row(l->sheet);
    sheet_grid *grid = sheet_add_grid(l->sheet, "", "weights, a row an output", INPUTS, OUTPUTS);
    for (int i = 0; i < INPUTS * OUTPUTS; i++) {
        sheet_number(sheet_at(grid, i % INPUTS, i / INPUTS), weights[i]);
    }
    grid = sheet_add_grid(l->sheet, "×", "input", 1, INPUTS);
    for (int i = 0; i < INPUTS; i++) {
        sheet_number(sheet_at(grid, 0, i), (double)in[i]);
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
