#include "filter/bank.h"

#include <stdlib.h>

filter_bank *bank_new(int filters, int channels, int width, int height, bool named) {
    const size_t count = (size_t)filters * (size_t)channels * (size_t)width * (size_t)height;
    filter_bank *bank = calloc(1, sizeof *bank);
    if (!bank) {
        return NULL;
    }
    *bank = (filter_bank){.filters = filters,
                          .channels = channels,
                          .width = width,
                          .height = height,
                          .anchor_x = -1,
                          .anchor_y = -1};
    bank->weights = calloc(count, sizeof *bank->weights);
    bank->names = named ? calloc((size_t)filters, sizeof *bank->names) : NULL;
    if (!bank->weights || (named && !bank->names)) {
        bank_free(bank);
        return NULL;
    }
    return bank;
}

void bank_free(filter_bank *bank) {
    if (bank) {
        free(bank->weights);
        free(bank->names);
        free(bank);
    }
}
