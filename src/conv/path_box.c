/* Boxes: kernels whose weights are all equal. First down the columns, then along the row. */
#include "conv/plan.h"

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

/* Sums of columns fit 15 bits, those of whole windows a float's 24, whatever their order. */
bool path_box_bytes_takes(const plan_step *step) {
    enum { MOST_ROWS = 128 };
    const conv_window *w = &step->stage.window;
    return step->from_bytes && path_box_takes(step) && w->height <= MOST_ROWS &&
           step->stage.combine == CONV_PLAIN && plan_fill_is_byte(w);
}

static bool make_box(plan_step *step) {
    const conv_window *w = &step->stage.window;
    step->weight = (float)step->facts->equal;
    step->sum = (float)(step->facts->equal * w->width * w->height);
    step->direct =
        step->path->bytes && plan_column_step(step) == 1 && step->sum > 0 && step->sum <= 1.001F;
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

/* The sums of the columns of every row; sums[r][-1] is 0. */
static void columns_of_bytes(const path_call *call, size_t n, uint16_t **sums) {
    enum { BEFORE = 32 };
    const conv_window *w = &call->step->stage.window;
    const uint8_t *in[CONV_MAX_KERNEL + CONV_MAX_BATCH];
    for (int k = 0; k < call->count - 1 + w->height; k++) {
        in[k] = path_byte_row(call, 0, k);
    }
    for (int r = 0; r < call->count; r++) {
        sums[r] = (uint16_t *)call->scratch[PATH_SCRATCH + r] + BEFORE;
        sums[r][-1] = 0;
    }
    call->rows->box_columns_u8(sums, in, (size_t)w->height, (size_t)call->count,
                               n + (size_t)(w->width - 1) * plan_column_step(call->step));
}

/* A running sum where the window's columns are neighbours. */
static void columns_box_bytes(const path_call *call, size_t n, float *const *out) {
    const size_t window = (size_t)call->step->stage.window.width;
    const size_t step = plan_column_step(call->step);
    uint16_t *sums[CONV_MAX_BATCH];
    columns_of_bytes(call, n, sums);
    for (int r = 0; r < call->count; r++) {
        if (step == 1) {
            call->rows->box_slide(out[r], sums[r], window, call->step->weight, n);
        } else {
            call->rows->from_u16(call->scratch[1], sums[r], n + (window - 1) * step);
            call->rows->box_row(out[r], call->scratch[0], call->scratch[1], window, step,
                                call->step->weight, n);
        }
    }
}

/* Nothing is clipped, so that there is nothing to count. */
static void direct_box_bytes(const path_call *call, size_t n, uint8_t *const *out,
                             conv_stats *stats) {
    (void)stats;
    const size_t window = (size_t)call->step->stage.window.width;
    uint16_t *sums[CONV_MAX_BATCH];
    columns_of_bytes(call, n, sums);
    for (int r = 0; r < call->count; r++) {
        call->rows->box_slide_u8(out[r], sums[r], window, call->step->weight, n);
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
