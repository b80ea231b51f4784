/* Random chains over random images, the same for the same seed. */
#ifndef CT_TESTS_RANDOM_CASE_H
#define CT_TESTS_RANDOM_CASE_H

#include "conv/conv.h"

typedef struct random_state {
    uint64_t state;
} random_state;

/* CONVTOOL_SEED, or a fixed one; unit_conv prints it. */
uint64_t random_seed(void);

/* CONVTOOL_CASES, or `otherwise`. */
int random_count(int otherwise);
random_state random_start(uint64_t seed, int number);
int random_int(random_state *r, int low, int high); /* low..high */
bool random_chance(random_state *r, int one_in);
double random_real(random_state *r); /* -1..1 */

enum { RANDOM_STAGES = 5 };

typedef struct random_wish {
    bool exact;    /* 8-bit input and whole numbers, so that float32 makes no errors */
    bool sums;     /* first a sum over one kernel, often a large one of a special form */
    bool barriers; /* normalizing too, which plans can't hold */
    bool wide;     /* a few rows of many samples */
    int max_side;
} random_wish;

typedef struct random_case {
    conv_shape in, out;
    conv_type in_type, out_type;
    conv_stage stages[RANDOM_STAGES];
    int count;
    void *samples; /* rows without gaps */
    size_t row_bytes, out_row_bytes;
} random_case;

/* Aborts when out of memory. The caller frees it. */
random_case random_case_new(random_state *r, random_wish wish);
void random_case_free(random_case *test);

/* The case in one line, for messages. */
const char *random_case_text(const random_case *test, char text[1024]);

size_t random_type_size(conv_type type);

#endif
