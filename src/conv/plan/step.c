/* Compiles one stage with a window: its path, and the geometry of its ring. */
#include "conv/plan/step.h"

#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "conv/plan/choose.h"
#include "conv/resize.h"

/* ---- what its path is told ---- */

/* Whether the border's constant, if it has one, fits a byte, as paths that take bytes need. */
static bool fill_is_byte(const conv_window *w) {
    const float fills[2] = {w->fill, w->alpha >= 0 ? w->fill_alpha : 0.0F};
    for (int i = 0; i < 2 && w->border == CONV_CONSTANT; i++) {
        if (!(fills[i] >= 0 && fills[i] <= 255 && rintf(fills[i]) == fills[i])) {
            return false;
        }
    }
    return true;
}

/* The centre must be a float where it's combined with the sums, or kept instead of them. */
static bool may_take_bytes(const path_site *site) {
    const bool plain = site->stage.op != CONV_CORRELATE || site->stage.combine == CONV_PLAIN;
    return site->bytes && plain && !site->stage.window.keep && fill_is_byte(&site->stage.window);
}

/* The unit if all sums are whole multiples of it that a float holds exactly, else 0. */
static double find_unit(const path_site *site, const kernel_facts *facts) {
    const double exact = 1 << 24;
    const bool whole = facts->unit > 0 && site->samples.whole;
    return whole && facts->absolute / facts->unit * site->samples.most < exact ? facts->unit : 0;
}

/* ---- the ring ---- */

static bool make_margins(plan_step *step) {
    const conv_window *w = &step->site.stage.window;
    const int width = step->site.in.width;
    const bool pool = step->site.stage.op == CONV_POOL;
    step->margin = malloc(((size_t)step->left + (size_t)step->right + 1) * sizeof *step->margin);
    if (!step->margin) {
        return false;
    }
    for (int i = 0; i < step->left + step->right; i++) {
        const int column = i < step->left ? i - step->left : width + i - step->left;
        step->margin[i] = pool ? -1 : conv_border_index(w->border, column, width);
    }
    return true;
}

size_t plan_window_rows(const plan_step *step, int count) {
    const conv_window *w = &step->site.stage.window;
    if (plan_resizes_rows(step)) {
        return (size_t)resize_most(&step->site.stage, step->site.in.height, count);
    }
    return ((size_t)count - 1) * (size_t)w->stride_y + (size_t)w->height;
}

/* Input rows from the first to the last that a batch reads. */
static int64_t batch_extent(const plan_step *step) {
    const conv_window *w = &step->site.stage.window;
    const int count = ct_max(step->batch, step->site.align);
    if (plan_resizes_rows(step)) {
        return (int64_t)plan_window_rows(step, count);
    }
    return (int64_t)w->dilation_y * (w->height - 1) + 1 + (int64_t)(count - 1) * w->stride_y;
}

/* Rows made at once share what they read; with dilation their windows have little in common, and
 * the ring would have to be long. */
static void choose_batch(plan_step *step) {
    enum { RING_BYTES = 256 * 1024 };
    const conv_window *w = &step->site.stage.window;
    step->batch = w->dilation_y > 1 || w->stride_y > w->height ? 1 : step->path->batch;
    step->batch = step->batch < step->site.made.height ? step->batch : step->site.made.height;
    /* Pooling gains only fewer calls from a batch, so its ring must stay in the L2 cache. */
    const int64_t row =
        (int64_t)step->site.in.width * step->site.in.channels * (int64_t)sizeof(float);
    while (step->site.stage.op == CONV_POOL && step->batch > 1 &&
           batch_extent(step) * row > RING_BYTES) {
        step->batch--;
    }
}

/* So many input samples per row, but enough that the columns that two blocks both read are a small
 * share. The floats of a block's rows stay in the caches; paths on bytes read little but the bytes,
 * and memory is fastest read in order. (Their float sums may fill 4 MB where rows are that
 * long.) */
static void choose_block(plan_step *step) {
    enum { FLOATS = 2048, BYTES = 16384 };
    const conv_window *w = &step->site.stage.window;
    const int64_t reach = (int64_t)w->dilation_x * (w->width - 1);
    const int usual = step->path->bytes ? BYTES : FLOATS;
    int64_t columns = (step->path->block ? step->path->block : usual) / step->site.in.channels;
    columns = columns > 8 * reach ? columns : 8 * reach;
    const int64_t pixels = columns / w->stride_x;
    step->site.block = pixels < 1                       ? 1
                       : pixels < step->site.made.width ? (int)pixels
                                                        : step->site.made.width;
    step->site.columns = (int64_t)(step->site.block - 1) * w->stride_x + 1 + reach;
}

static bool make_ring(plan_step *step) {
    const conv_window *w = &step->site.stage.window;
    const size_t channels = (size_t)step->site.in.channels;
    const int reach = w->dilation_x * (w->width - 1);
    const int last = (step->site.made.width - 1) * w->stride_x - w->left + reach;
    step->left = ct_max(0, w->left);
    step->right =
        step->site.stage.op == CONV_RESIZE ? 0 : ct_max(0, last - (step->site.in.width - 1));
    step->start = ct_round_up((size_t)step->left * channels, 64 / step->sample);
    /* Room for the last block that starts within the last computed column. An odd number of cache
     * lines: rows at multiples of 4 KiB would compete for the same few sets of the L1 cache. */
    const size_t line = 64 / step->sample;
    step->pitch = ct_round_up(
        step->start + ((size_t)step->site.in.width + (size_t)step->right) * channels + ROWS_BLOCK,
        line);
    step->pitch += step->pitch / line % 2 ? 0 : line;
    const int64_t extent = batch_extent(step);
    const bool comes_round = w->border == CONV_WRAP && step->site.stage.op != CONV_POOL;
    step->ring_rows =
        extent < step->site.in.height || comes_round ? (int)extent : step->site.in.height;
    return make_margins(step);
}

bool plan_make_step(plan_step *step) {
    path_site *site = &step->site;
    kernel_facts facts = {0};
    bool ok = site->stage.op != CONV_CORRELATE || kernel_facts_find(&facts, &site->stage);
    if (ok) {
        site->facts = &facts;
        site->samples = samples_in_window(&site->stage.window, site->samples);
        site->unit = find_unit(site, &facts);
        site->bytes = may_take_bytes(site);
        step->sum = (float)facts.sum;
        step->path = choose_path(site, &step->choice);
        if (!step->path) { /* nothing is exact here; separable and low-rank take any products */
            site->unit = 0;
            step->path = choose_path(site, &step->choice);
        }
        step->sample = step->path->bytes ? 1 : sizeof(float);
        choose_batch(step);
        choose_block(step);
        ok = (!step->path->make || step->path->make(site)) && make_ring(step);
        site->facts = NULL;
    }
    kernel_facts_free(&facts);
    return ok;
}

void plan_free_step(plan_step *step) {
    if (step->path) {
        (step->path->free ? step->path->free : free)(step->site.own);
    }
    free(step->margin);
}
