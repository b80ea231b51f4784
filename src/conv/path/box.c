/* Boxes: kernels whose weights are all equal. First down the columns, then along the row. */
#include <string.h>

#include "conv/plan/plan.h"

enum { GROUP = 16 }; /* rows whose windows share their sums, at most */

/* The rows from a multiple of it on make a group. */
static int group_of(const plan_step *step) {
    const int height = step->stage.window.height;
    return height >= 16 ? 16 : height >= 8 ? 8 : height >= 4 ? 4 : height >= 2 ? 2 : 1;
}

bool path_box_takes(const plan_step *step) {
    const conv_window *w = &step->stage.window;
    return step->facts->equal != 0 && w->stride_y == 1 && w->dilation_y == 1;
}

/* Sums of columns fit 16 bits, those of whole windows a float's 24, whatever their order. */
bool path_box_bytes_takes(const plan_step *step) {
    _Static_assert(CONV_MAX_KERNEL * 255 < 1 << 16, "a column's sum");
    _Static_assert(CONV_MAX_KERNEL * CONV_MAX_KERNEL * 255 < 1 << 24, "a window's sum");
    return step->from_bytes && path_box_takes(step) && step->stage.combine == CONV_PLAIN &&
           plan_fill_is_byte(&step->stage.window);
}

static bool make_box(plan_step *step) {
    const conv_window *w = &step->stage.window;
    step->weight = (float)step->facts->equal;
    step->sum = (float)(step->facts->equal * w->width * w->height);
    step->direct = step->path->bytes && plan_column_step(step) <= ROWS_SLIDE_STEP &&
                   plan_sums_fit(&step->facts->equal, 1, (double)w->width * w->height);
    return true;
}

/* ---- floats ---- */

/* The call's rows from `row` on that are windows first..end-1 of one group. */
typedef struct box_group {
    int row, first, end;
} box_group;

static void run_group(const path_call *call, box_group g, size_t n, float *const *out) {
    const conv_window *w = &call->step->stage.window;
    const size_t step = plan_column_step(call->step);
    const float *in[CONV_MAX_KERNEL + GROUP] = {0};
    float *sums[GROUP] = {0};
    for (int k = g.first; k < g.end - 1 + w->height; k++) {
        in[k] = path_row(call, g.row - g.first, k);
    }
    for (int r = g.first; r < g.end; r++) {
        sums[r] = call->scratch[PATH_SCRATCH + g.row + r - g.first];
    }
    call->rows->box_columns(sums, in, (size_t)w->height, (size_t)group_of(call->step),
                            (size_t)g.first, (size_t)g.end, n + (size_t)(w->width - 1) * step);
    for (int r = g.first; r < g.end; r++) {
        call->rows->box_row(out[r - g.first], call->scratch[0], sums[r], (size_t)w->width, step,
                            call->step->weight, n);
    }
}

/* Every group that the call's rows have a part in. */
static void columns_box(const path_call *call, size_t n, float *const *out) {
    const int size = group_of(call->step);
    for (int r = 0; r < call->count;) {
        const int first = (call->y + r) % size;
        const int left = call->count - r, end = size - first < left ? size : first + left;
        run_group(call, (box_group){r, first, end}, n, out + r);
        r += end - first;
    }
}

/* ---- bytes ---- */

/* The sums of the columns of every row, with zeros before them. */
static void columns_of_bytes(const path_call *call, size_t n, uint16_t **sums) {
    enum { BEFORE = 32 };
    const conv_window *w = &call->step->stage.window;
    const uint8_t *in[CONV_MAX_KERNEL + CONV_MAX_BATCH];
    for (int k = 0; k < call->count - 1 + w->height; k++) {
        in[k] = path_byte_row(call, 0, k);
    }
    for (int r = 0; r < call->count; r++) {
        uint16_t *row = (uint16_t *)call->scratch[PATH_SCRATCH + r];
        memset(row, 0, BEFORE * sizeof *row);
        sums[r] = row + BEFORE;
    }
    call->rows->box_columns_u8(sums, in, (size_t)w->height, (size_t)call->count,
                               n + (size_t)(w->width - 1) * plan_column_step(call->step));
}

static rows_slide slide_of(const plan_step *step, const uint16_t *sums) {
    const conv_window *w = &step->stage.window;
    return (rows_slide){.in = sums,
                        .window = (size_t)w->width,
                        .step = plan_column_step(step),
                        .narrow = w->height * 255 < 1 << 15,
                        .weight = step->weight};
}

/* A running sum, but where the window's columns are far apart. */
static void columns_box_bytes(const path_call *call, size_t n, float *const *out) {
    uint16_t *sums[CONV_MAX_BATCH];
    columns_of_bytes(call, n, sums);
    for (int r = 0; r < call->count; r++) {
        const rows_slide s = slide_of(call->step, sums[r]);
        if (s.step <= ROWS_SLIDE_STEP) {
            call->rows->box_slide(&s, out[r], n);
        } else {
            call->rows->from_u16(call->scratch[1], sums[r], n + (s.window - 1) * s.step);
            call->rows->box_row(out[r], call->scratch[0], call->scratch[1], s.window, s.step,
                                s.weight, n);
        }
    }
}

/* Nothing is clipped, so that there is nothing to count. */
static void direct_box_bytes(const path_call *call, size_t n, uint8_t *const *out,
                             conv_stats *stats) {
    (void)stats;
    uint16_t *sums[CONV_MAX_BATCH];
    columns_of_bytes(call, n, sums);
    for (int r = 0; r < call->count; r++) {
        const rows_slide s = slide_of(call->step, sums[r]);
        call->rows->box_slide_u8(&s, out[r], n);
    }
}

const plan_path path_box = {
    .name = "box", .batch = GROUP, .in_batches = true, .make = make_box, .columns = columns_box};
const plan_path path_box_bytes = {.name = "box-bytes",
                                  .batch = CONV_MAX_BATCH,
                                  .make = make_box,
                                  .columns = columns_box_bytes,
                                  .bytes = true,
                                  .direct = direct_box_bytes};
