/* An exercise on networks: a fully connected layer. */
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
