/* Makes the banks that have a name; banks.c has the table. Internal to src/filter. */
#ifndef CT_FILTER_BANK_MADE_H
#define CT_FILTER_BANK_MADE_H

#include "filter/bank.h"

/* What the arguments ask for, and the channels that each filter sees. */
typedef struct bank_wish {
    int seed, filters, width, height, orientations, scales, channels;
} bank_wish;

/* Each returns NULL when out of memory. */
filter_bank *bank_edges8(const bank_wish *wish);
filter_bank *bank_sobel2(const bank_wish *wish);
filter_bank *bank_gabor(const bank_wish *wish);
filter_bank *bank_dog(const bank_wish *wish);
filter_bank *bank_haar(const bank_wish *wish);
filter_bank *bank_laws(const bank_wish *wish);
filter_bank *bank_random(const bank_wish *wish);

#endif
