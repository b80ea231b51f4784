/* Which input rows a band of output rows needs: interval arithmetic back through the steps. */
#include "conv/plan/interval.h"

#include "base/minmax.h"
#include "conv/plan/plan.h"

int plan_ring_row(const plan_step *step, int v) {
    const conv_window *w = &step->site.stage.window;
    if (step->site.stage.op == CONV_POOL) {
        return v >= 0 && v < step->site.in.height ? v : PLAN_NO_ROW;
    }
    if (w->border == CONV_WRAP) {
        return v;
    }
    const int row = conv_border_index(w->border, v, step->site.in.height);
    return row < 0 ? PLAN_NO_ROW : row;
}

int plan_window_top(const plan_step *step, int y, int count, int *rows) {
    const conv_window *w = &step->site.stage.window;
    if (plan_resizes_rows(step)) {
        int top, first, last;
        conv_resize_reach(&step->site.stage, step->site.in.height, y, &top, rows);
        conv_resize_reach(&step->site.stage, step->site.in.height, y + count - 1, &first, &last);
        *rows = first + last - top;
        return top;
    }
    *rows = (int)plan_window_rows(step, count);
    return y * w->stride_y - w->top;
}

/* Input rows for one output row. */
static double stride_of(const plan_step *step) {
    return plan_resizes_rows(step) ? (double)step->site.in.height / step->site.made.height
                                   : step->site.stage.window.stride_y;
}

/* Input rows that a window reads beside one. */
static double halo_of(const plan_step *step) {
    const conv_window *w = &step->site.stage.window;
    return plan_resizes_rows(step) ? (double)plan_window_rows(step, 1) - 1
                                   : (double)w->dilation_y * (w->height - 1);
}

/* Widens [*first, *end) to the image rows that the border puts at [from, to), all outside it. */
static void add_outside(const plan_step *step, int from, int to, int *first, int *end) {
    const int height = step->site.in.height;
    if (step->site.stage.op == CONV_POOL || step->site.stage.window.border == CONV_CONSTANT) {
        return;
    }
    to = ct_min(to, from + 2 * height); /* by then every row has come up */
    for (int v = from; v < to; v++) {
        const int row = conv_border_index(step->site.stage.window.border, v, height);
        *first = ct_min(*first, row);
        *end = ct_max(*end, row + 1);
    }
}

/* Held blocks can be started at multiples of this. */
static int plan_block_unit(const plan_step *step) {
    return step->site.restart ? step->site.restart : step->site.align;
}

/* Widens [*first, *end) to the rows that the step makes for them by itself. */
static void whole_blocks(const plan_step *step, int *first, int *end) {
    if (step->site.align) {
        *first -= *first % plan_block_unit(step);
        *end = ct_min((*end + step->site.align - 1) / step->site.align * step->site.align,
                      step->site.made.height);
    }
}

static void rows_before(const plan_step *step, int *first, int *end) {
    const conv_window *w = &step->site.stage.window;
    const int height = step->site.in.height;
    whole_blocks(step, first, end);
    if (plan_resizes_rows(step)) {
        int rows;
        *first = plan_window_top(step, *first, *end - *first, &rows);
        *end = *first + rows;
        return;
    }
    const int from = *first * w->stride_y - w->top;
    const int to = (*end - 1) * w->stride_y - w->top + w->dilation_y * (w->height - 1) + 1;
    int low = ct_max(from, 0), high = ct_min(to, height);
    if (low >= high) { /* all outside */
        low = height;
        high = 0;
    }
    if (from < 0) {
        add_outside(step, from, ct_min(to, 0), &low, &high);
    }
    if (to > height) {
        add_outside(step, ct_max(from, height), to, &low, &high);
    }
    *first = low < high ? low : 0;
    *end = low < high ? high : 0;
}

void conv_plan_rows(const conv_plan *plan, int first_out, int end_out, int *first, int *end) {
    *first = first_out;
    *end = end_out;
    for (int i = plan->step_count; i-- > 0 && *first < *end;) {
        rows_before(&plan->steps[i], first, end);
    }
    *first += plan->top;
    *end += plan->top;
}

int conv_plan_unit(const conv_plan *plan) {
    int unit = 1;
    for (int i = 0; i < plan->step_count; i++) {
        const plan_step *step = &plan->steps[i];
        const int stride = step->site.stage.window.stride_y; /* of a resize: 1 */
        unit = step->site.align ? ct_max(unit, plan_block_unit(step)) : unit;
        unit = unit % stride == 0 ? unit / stride : unit;
    }
    return unit;
}

double conv_plan_repeats(const conv_plan *plan, int height) {
    /* The second band by itself, and its share of the work without what other bands make, too. */
    int first = height, end = ct_min(2 * height, plan->out.height);
    double made = 0, once = 0, share = end - first;
    for (int i = plan->step_count; i-- > 0 && first < end;) {
        const plan_step *step = &plan->steps[i];
        const double cost = step->choice.cost * step->site.made.width * step->site.made.channels;
        whole_blocks(step, &first, &end);
        made += cost * (end - first);
        once += cost * share;
        rows_before(step, &first, &end);
        share *= stride_of(step);
    }
    return once > 0 ? made / once : 1;
}

int conv_plan_band(const conv_plan *plan) {
    enum { SMALLEST = 32, LARGEST = 1024 };
    /* A band of n rows needs about halo + n * step input rows; n = 8 halo / step keeps what two
     * bands both compute near a tenth. */
    double halo = 0, step = 1;
    for (int i = plan->step_count; i-- > 0;) {
        step *= stride_of(&plan->steps[i]);
        halo = halo * stride_of(&plan->steps[i]) + halo_of(&plan->steps[i]);
        if (step > CONV_MAX_SIDE || halo > CONV_MAX_SIDE) {
            return LARGEST;
        }
    }
    const double wanted = 8 * halo / step;
    const int rows = wanted < SMALLEST ? SMALLEST : wanted > LARGEST ? LARGEST : (int)wanted;
    const int unit = conv_plan_unit(plan);
    return (rows + unit - 1) / unit * unit;
}
