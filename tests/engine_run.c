/* Runs the engine on a random case and checks on the way that it keeps to its contract. */
#include "engine_run.h"

#include <stdlib.h>
#include <string.h>

enum { GUARD = 48, GUARD_BYTE = 0xA5 };

/* Rows go back only where a border reaches deeper than the window or wraps, and where dilation
 * skips a row that a later window reads. */
static bool is_rising(const random_case *test) {
    for (int i = 0; i < test->count; i++) {
        const conv_window *w = &test->stages[i].window;
        const int reach = w->dilation_y * (w->height - 1);
        if (test->stages[i].op == CONV_POINT) {
            continue;
        }
        const bool pool = test->stages[i].op == CONV_POOL;
        if (w->top > reach || 2 * w->bottom > reach || (!pool && w->border == CONV_WRAP) ||
            (w->dilation_y > 1 && (w->top > 0 || w->bottom > 0))) {
            return false;
        }
    }
    return true;
}

engine engine_new(const random_case *test) {
    engine e = {.test = test, .rising = is_rising(test)};
    char text[1024];
    ct_error err = {""};
    e.plan =
        conv_plan_new(test->stages, test->count, test->in, test->in_type, test->out_type, &err);
    require(e.plan != NULL, "refused: %s: %s", err.text, random_case_text(test, text));
    const conv_shape out = conv_plan_out(e.plan);
    require(out.width == test->out.width && out.height == test->out.height &&
                out.channels == test->out.channels,
            "the plan's shape is %dx%dx%d: %s", out.width, out.height, out.channels,
            random_case_text(test, text));
    e.rows = calloc((size_t)test->in.height, sizeof *e.rows);
    ck_assert_ptr_nonnull(e.rows);
    return e;
}

void engine_free(engine *e) {
    conv_plan_free(e->plan);
    free(e->rows);
}

static const void *lend(void *context, int y) {
    engine *e = context;
    char text[1024];
    require(y >= e->first && y < e->end, "row %d, outside %d..%d: %s", y, e->first, e->end,
            random_case_text(e->test, text));
    require(!e->rising || y > e->last, "row %d after %d: %s", y, e->last,
            random_case_text(e->test, text));
    e->last = y;
    if (!e->rows[y]) {
        e->rows[y] = malloc(e->test->row_bytes);
        ck_assert_ptr_nonnull(e->rows[y]);
        memcpy(e->rows[y], (const char *)e->test->samples + (size_t)y * e->test->row_bytes,
               e->test->row_bytes);
    }
    return e->rows[y];
}

static void take_back(engine *e) {
    for (int y = 0; y < e->test->in.height; y++) {
        if (e->rows[y]) {
            memset(e->rows[y], 0x5A, e->test->row_bytes);
            free(e->rows[y]);
            e->rows[y] = NULL;
        }
    }
}

void engine_run(engine *e, conv_worker *worker, int first, int end, void *out, conv_stats *stats) {
    const size_t row = e->test->out_row_bytes, stride = (row + GUARD) / 4 * 4;
    const int rows = end - first;
    char *guarded = malloc(stride * (size_t)rows);
    ck_assert_ptr_nonnull(guarded);
    memset(guarded, GUARD_BYTE, stride * (size_t)rows);
    conv_plan_rows(e->plan, first, end, &e->first, &e->end);
    require(e->first >= 0 && e->first <= e->end && e->end <= e->test->in.height,
            "input rows %d..%d", e->first, e->end);
    e->last = -1;
    conv_worker_run(worker, first, end, lend, e, guarded, stride, stats);
    take_back(e);
    for (int y = 0; y < rows; y++) {
        memcpy((char *)out + (size_t)y * row, guarded + (size_t)y * stride, row);
        for (size_t i = row; i < stride; i++) {
            require((unsigned char)guarded[(size_t)y * stride + i] == GUARD_BYTE,
                    "a byte past output row %d was written", first + y);
        }
    }
    free(guarded);
}

void *engine_image(engine *e, int alpha, conv_stats *stats) {
    void *out = malloc(e->test->out_row_bytes * (size_t)e->test->out.height);
    conv_worker *worker = conv_worker_new(e->plan, alpha);
    ck_assert(out && worker);
    conv_stats_none(stats);
    engine_run(e, worker, 0, e->test->out.height, out, stats);
    conv_worker_free(worker);
    return out;
}
