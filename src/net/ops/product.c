#include "net/ops/product.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"

enum {
    ROWS_UNIT = 84,  /* rows are cut for threads in multiples of this */
    PIECES = 16,     /* that a large product is cut into */
    LARGE = 1 << 18, /* multiplications that are worth threads */
    TURN = 16,       /* a square that fits the L1 cache both ways */
};

void net_turn(float *to, const float *from, size_t rows, size_t columns, size_t row_step,
              size_t column_step) {
    for (size_t y = 0; y < rows; y += TURN) {
        const size_t bottom = ct_min_size(y + TURN, rows);
        for (size_t x = 0; x < columns; x += TURN) {
            const size_t right = ct_min_size(x + TURN, columns);
            for (size_t i = y; i < bottom; i++) {
                for (size_t j = x; j < right; j++) {
                    to[i * columns + j] = from[i * row_step + j * column_step];
                }
            }
        }
    }
}

static float *room_for(size_t a, size_t b) {
    size_t floats, bytes;
    return ct_mul(a, b, &floats) && ct_mul(floats, sizeof(float), &bytes) && bytes < SIZE_MAX / 2
               ? aligned_alloc(64, ct_round_up(bytes + 1, 64))
               : NULL;
}

/* ---- one product of floats ---- */

/* What a product needs besides its matrices; kept from one of the batch to the next. */
typedef struct workspace {
    float *a;        /* a's elements in contiguous rows */
    conv_matrix b;   /* packed */
    const float *of; /* what b was packed of */
} workspace;

static void free_workspace(workspace *w) {
    free(w->a);
    if (w->b.kernels) {
        conv_matrix_free(&w->b);
    }
}

static bool is_contiguous(size_t step, size_t count) {
    return step == 1 || count == 1;
}

/* b is a column, or a row meets the columns of b: sums of a contiguous row times another. */
static bool is_dots(const net_product *p) {
    return (p->columns == 1 && is_contiguous(p->b_row, p->depth) &&
            is_contiguous(p->a_column, p->depth)) ||
           (p->rows == 1 && is_contiguous(p->b_row, p->depth) && p->b_column > 1 &&
            is_contiguous(p->a_column, p->depth));
}

static bool is_row(const net_product *p) {
    return p->rows == 1 && is_contiguous(p->a_column, p->depth) &&
           is_contiguous(p->b_column, p->columns);
}

/* Whether b is packed (again) for each product. */
static bool packs(const net_product *p) {
    return !p->packed && !is_dots(p) && !is_row(p);
}

static bool make_workspace(workspace *w, const net_product *p) {
    *w = (workspace){0};
    if (!is_contiguous(p->a_column, p->depth) && !(w->a = room_for(p->rows, p->depth))) {
        return false;
    }
    return !packs(p) || conv_matrix_new(&w->b, p->depth, p->columns);
}

/* The rows of a, contiguous, and b packed, where the product needs that. */
typedef struct prepared {
    const float *a;
    size_t a_row;
    const conv_matrix *b;
} prepared;

static prepared prepare(const net_product *p, workspace *w, const float *a, const float *b,
                        size_t b_at) {
    prepared made = {.a = a, .a_row = p->a_row, .b = &w->b};
    if (w->a) {
        net_turn(w->a, a, p->rows, p->depth, p->a_row, p->a_column);
        made.a = w->a;
        made.a_row = p->depth;
    }
    if (p->packed) {
        const size_t each = p->depth * p->columns;
        made.b = &p->packed[each > 0 ? b_at / each : 0];
    } else if (packs(p) && w->of != b) {
        conv_matrix_pack(&w->b, b, p->b_row, p->b_column, 1);
        w->of = b;
    }
    return made;
}

static void multiply(const net_product *p, workspace *w, const float *a, const float *b,
                     size_t b_at, float *out) {
    if (!p->packed && is_dots(p)) {
        if (p->columns == 1) {
            conv_matrix_column_product(out, 1, a, p->a_row, p->rows, b, p->depth);
        } else {
            conv_matrix_column_product(out, 1, b, p->b_column, p->columns, a, p->depth);
        }
    } else if (!p->packed && is_row(p)) {
        conv_matrix_row(out, a, b, p->b_row, p->depth, p->columns);
    } else {
        const prepared made = prepare(p, w, a, b, b_at);
        conv_matrix_multiply(made.b, out, p->columns, made.a, made.a_row, p->rows, 0,
                             made.b->panels);
    }
}

/* ---- one large product, cut for threads ---- */

typedef struct cut {
    prepared made;
    const net_product *product;
    float *out;
    size_t rows, panels; /* of a piece */
    size_t across;       /* pieces side by side */
} cut;

static void run_piece(void *argument, int i) {
    const cut *c = argument;
    const net_product *p = c->product;
    const size_t y = (size_t)i / c->across * c->rows, first = (size_t)i % c->across * c->panels;
    conv_matrix_multiply(c->made.b, c->out + y * p->columns, p->columns,
                         c->made.a + y * c->made.a_row, c->made.a_row,
                         ct_min_size(c->rows, p->rows - y), first,
                         ct_min_size(first + c->panels, c->made.b->panels));
}

/* Rows are cut where there are many, else columns. */
static bool run_cut(const net_product *p, const net_team *team, const float *a, const float *b,
                    float *out) {
    workspace w;
    if (!make_workspace(&w, p)) {
        free_workspace(&w);
        return false;
    }
    cut c = {.made = prepare(p, &w, a, b, 0), .product = p, .out = out, .rows = p->rows};
    size_t down = 1;
    c.panels = c.made.b->panels;
    if (p->rows >= (size_t)PIECES * ROWS_UNIT) {
        c.rows = ct_round_up(p->rows / PIECES, ROWS_UNIT);
        down = (p->rows + c.rows - 1) / c.rows;
        if (p->rows % c.rows != 0 && p->rows % c.rows <= 2) {
            c.rows += ROWS_UNIT; /* one or two rows alone are another way of computing */
            down = (p->rows + c.rows - 1) / c.rows;
        }
    } else if (c.panels > 0) {
        c.panels = (c.panels + PIECES - 1) / PIECES;
    }
    c.across = c.panels > 0 ? (c.made.b->panels + c.panels - 1) / c.panels : 1;
    net_each(team, (int)(down * c.across), run_piece, &c);
    free_workspace(&w);
    return true;
}

/* ---- the batch ---- */

typedef struct batch {
    const net_product *product;
    const void *a, *b;
    void *out;
    size_t count, each; /* of matrices, and of those that a piece has */
    atomic_bool failed;
} batch;

static void run_batch(void *argument, int piece) {
    batch *all = argument;
    const net_product *p = all->product;
    const size_t size = net_type_size(p->type), first = (size_t)piece * all->each;
    workspace w = {0};
    bool ok = p->type != NET_FLOAT || make_workspace(&w, p);
    for (size_t i = first; ok && i < ct_min_size(first + all->each, all->count); i++) {
        size_t a = 0, b = 0, rest = i;
        for (int k = p->axes; k-- > 0; rest /= p->size[k]) {
            a += rest % p->size[k] * p->a_step[k];
            b += rest % p->size[k] * p->b_step[k];
        }
        char *out = (char *)all->out + i * p->rows * p->columns * size;
        if (p->type == NET_FLOAT) {
            const float *right = all->b ? (const float *)all->b + b : NULL; /* packed: none */
            multiply(p, &w, (const float *)all->a + a, right, b, (float *)out);
        } else {
            net_product_plain(p, (const char *)all->a + a * size, (const char *)all->b + b * size,
                              out);
        }
    }
    if (!ok) {
        atomic_store(&all->failed, true);
    }
    free_workspace(&w);
}

bool net_product_run(const net_product *p, const net_team *team, const void *a, const void *b,
                     void *out, ct_error *err) {
    batch all = {.product = p, .a = a, .b = b, .out = out, .count = 1};
    for (int k = 0; k < p->axes; k++) {
        all.count *= p->size[k];
    }
    if (all.count == 0 || p->rows == 0 || p->columns == 0) {
        return true;
    }
    const double work = (double)all.count * (double)p->rows * (double)p->columns * (double)p->depth;
    const bool large = work >= LARGE && net_threads(team) > 1;
    if (large && all.count == 1 && p->type == NET_FLOAT && (p->packed || packs(p))) {
        return run_cut(p, team, a, b, out) || ct_fail(err, "out of memory");
    }
    all.each = large ? (all.count + PIECES - 1) / PIECES : all.count;
    net_each(team, (int)((all.count + all.each - 1) / all.each), run_batch, &all);
    return !atomic_load(&all.failed) || ct_fail(err, "out of memory");
}
