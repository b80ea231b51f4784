/* Runs the engine on a random case and checks on the way that it keeps to its contract. */
#ifndef CT_TESTS_ENGINE_RUN_H
#define CT_TESTS_ENGINE_RUN_H

#include <check.h>

#include "random_case.h"

/* Check writes to a pipe at each of its assertions; this does so only on failure. */
#define require(condition, ...) ((condition) ? (void)0 : ck_abort_msg(__VA_ARGS__))

/* A plan, and the rows that it may ask for: see engine_run. */
typedef struct engine {
    const random_case *test;
    conv_plan *plan;
    int first, end; /* conv_plan_rows of the current run */
    bool rising;    /* nothing makes the rows go back */
    int last;       /* the row that was asked for last */
    void **rows;    /* those that are lent */
} engine;

/* Fails the test where the plan refuses the case or has another shape than the case says. */
engine engine_new(const random_case *test);
void engine_free(engine *e);

/* Output rows [first, end) into out (rows without gaps, as the case says). Fails if a row is asked
 * for outside the interval or out of order, or bytes past a row are written. Input rows have memory
 * of their exact size, which is overwritten when the run is over. */
void engine_run(engine *e, conv_worker *worker, int first, int end, void *out, conv_stats *stats);

/* The whole image with a new worker; the caller frees the result. */
void *engine_image(engine *e, int alpha, conv_stats *stats);

#endif
