#include "app/commands/worksheet_lesson.h"

#include <stdlib.h>

float *sheet_lesson_numbers(const sheet_lesson *l, ct_error *err) {
    const int count = l->width * l->height;
    float *numbers = malloc((size_t)count * sizeof *numbers);
    for (int i = 0; numbers && i < count; i++) {
        numbers[i] = l->digits ? l->digits[i] : (float)sheet_draw(l->random, 0, 9);
    }
    if (!numbers) {
        ct_fail(err, "out of memory");
    }
    return numbers;
}

int sheet_lesson_kernel(const sheet_lesson *l) {
    for (int i = 0; i < l->program->count; i++) {
        const conv_stage *stage = &l->program->stages[i];
        if ((stage->op == CONV_CORRELATE && stage->combine == CONV_PLAIN) ||
            stage->op == CONV_GRADIENT || stage->op == CONV_COMPASS) {
            return i;
        }
    }
    return -1;
}
