/* ReduceSum and its kin. ONNX operator specification, opsets 1 to 18: the axes are an attribute
 * until opset 12 (ReduceSum) or 17, then an input. */
#include "net/ops/reduce_kernels.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

/* ---- shapes ---- */

typedef struct axes {
    bool reduced[NET_MOST_DIMENSIONS];
    bool known;
    int count; /* of a list that isn't known; 0: that neither */
    bool none; /* nothing is reduced */
} axes;

static bool take_axes(const net_call *call, int rank, axes *a, ct_error *err) {
    net_list list;
    net_listed found;
    *a = (axes){.known = false};
    if (!net_list_of(call, "axes", 1, &list, &found, err)) {
        return false;
    }
    if (found == NET_LIST_UNKNOWN && list.count != 0) {
        a->count = list.count > 0 ? list.count : 0;
        return true;
    }
    a->known = true;
    a->none = list.count == 0 && net_int(call->node, "noop_with_empty_axes", 0) != 0;
    for (int i = 0; i < rank; i++) {
        a->reduced[i] = list.count == 0 && !a->none;
    }
    for (int i = 0; i < list.count; i++) {
        int axis = 0;
        if (!net_axis(list.at[i], rank, &axis, err)) {
            return false;
        }
        a->reduced[axis] = true;
    }
    return true;
}

static bool reduce_shape(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const bool keep = net_int(call->node, "keepdims", 1) != 0;
    net_shape out = {.rank = in->shape.rank < 0 ? -1 : 0};
    axes a;
    if (in->type != NET_NONE && !net_reducer_for(NET_REDUCE_SUM, in->type)) {
        return ct_fail(err, "input 1 is %s, where numbers are expected", net_type_name(in->type));
    }
    if (in->shape.rank >= 0 && !take_axes(call, in->shape.rank, &a, err)) {
        return false;
    }
    for (int i = 0; i < in->shape.rank; i++) {
        if (!a.known) {
            out.size[out.rank++] = NET_ANY_SIZE;
        } else if (!a.reduced[i]) {
            out.size[out.rank++] = in->shape.size[i];
        } else if (keep) {
            out.size[out.rank++] = 1;
        }
    }
    if (in->shape.rank >= 0 && !a.known && !keep) {
        out.rank = a.count > 0 && a.count <= out.rank ? out.rank - a.count : -1;
    }
    net_give(call, 0, in->type, &out);
    return true;
}

/* ---- the walk ---- */

enum { TASK = 1 << 15 /* numbers; below, a thread isn't worth waking */ };

typedef struct side {
    size_t size, step; /* in numbers */
} side;

/* The input, its neighbouring dimensions joined: the innermost is `length` numbers, all of which go
 * into one sum, or each into its own. */
typedef struct job {
    const net_reducer *reducer;
    net_finish finish;
    const char *in;
    char *out;
    size_t bytes; /* of a number */
    side kept[NET_MOST_DIMENSIONS], reduced[NET_MOST_DIMENSIONS];
    int kept_count, reduced_count; /* the innermost isn't among them */
    size_t length, pieces, columns;
    bool columns_kept;
    size_t reductions, count; /* of rows or lines that go into a sum; of numbers */
    size_t units, each;
} job;

static void add_side(side *sides, int *count, bool joins, size_t size, size_t step) {
    if (joins) {
        sides[*count - 1] = (side){sides[*count - 1].size * size, step};
    } else {
        sides[(*count)++] = (side){size, step};
    }
}

static void join_sides(job *j, const net_shape *shape, const bool *reduced) {
    ptrdiff_t strides[NET_MOST_DIMENSIONS];
    int last = -1; /* whether the dimension before was reduced */
    net_strides(shape, strides);
    for (int i = 0; i < shape->rank; i++) {
        const size_t size = (size_t)shape->size[i], step = (size_t)strides[i];
        if (size == 1) {
            continue;
        }
        if (reduced[i]) {
            add_side(j->reduced, &j->reduced_count, last == 1, size, step);
        } else {
            add_side(j->kept, &j->kept_count, last == 0, size, step);
        }
        last = reduced[i];
    }
    j->columns_kept = last == 0;
    j->length = last < 0    ? 1
                : last == 0 ? j->kept[--j->kept_count].size
                            : j->reduced[--j->reduced_count].size;
}

static size_t offset_of(const side *sides, int count, size_t i) {
    size_t offset = 0;
    for (int d = count; d-- > 0;) {
        offset += i % sides[d].size * sides[d].step;
        i /= sides[d].size;
    }
    return offset;
}

/* One sum, or a piece of a line of them. */
static void run_unit(const job *j, size_t unit) {
    net_sums sums;
    const size_t piece = unit % j->pieces, outer = unit / j->pieces;
    const size_t first = piece * NET_SUMS;
    const size_t n = j->columns_kept ? ct_min_size(NET_SUMS, j->length - first) : 1;
    const size_t start = offset_of(j->kept, j->kept_count, outer) + first;
    const side inner = j->reduced_count > 0 ? j->reduced[j->reduced_count - 1] : (side){1, 0};
    j->reducer->start(&sums, n);
    for (size_t r = 0; r < j->reductions; r += inner.size) {
        const size_t at = start + offset_of(j->reduced, j->reduced_count, r);
        for (size_t k = 0; k < inner.size; k++) {
            const char *in = j->in + (at + k * inner.step) * j->bytes;
            if (j->columns_kept) {
                j->reducer->line(&sums, in, n);
            } else {
                j->reducer->row(&sums, in, j->length);
            }
        }
    }
    j->reducer->finish(j->finish, j->out + (outer * j->columns + first) * j->bytes, &sums, n,
                       j->count);
}

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t first = (size_t)task * j->each;
    for (size_t unit = first; unit < j->units && unit < first + j->each; unit++) {
        run_unit(j, unit);
    }
}

static bool reduce(const net_call *call, net_reduction reduction, net_finish finish,
                   ct_error *err) {
    const net_tensor *in = call->in[0];
    axes a = {.known = false};
    if (!take_axes(call, in->shape.rank, &a, err)) {
        return false;
    }
    if (a.none) {
        return net_run_copy(call, err);
    }
    if (net_count(call->out[0]) == 0) {
        return true;
    }
    job j = {.reducer = net_reducer_for(reduction, in->type),
             .finish = finish,
             .in = in->data,
             .out = call->out[0]->data,
             .bytes = net_type_size(in->type),
             .reductions = 1,
             .pieces = 1,
             .columns = 1};
    join_sides(&j, &in->shape, a.reduced);
    j.units = 1;
    for (int d = 0; d < j.kept_count; d++) {
        j.units *= j.kept[d].size;
    }
    for (int d = 0; d < j.reduced_count; d++) {
        j.reductions *= j.reduced[d].size;
    }
    j.count = j.reductions * (j.columns_kept ? 1 : j.length);
    if (j.count == 0 && finish == NET_FINISH_MEAN && net_type_is_whole(in->type)) {
        return ct_fail(err, "the mean of no whole numbers");
    }
    if (j.columns_kept) {
        j.columns = j.length;
        j.pieces = (j.length + NET_SUMS - 1) / NET_SUMS;
        j.units *= j.pieces;
    }
    const size_t work = net_count(in) / TASK + 1;
    const size_t tasks =
        ct_min_size(ct_min_size(work, j.units), 4 * (size_t)net_threads(call->team));
    j.each = (j.units + tasks - 1) / tasks;
    net_each(call->team, (int)((j.units + j.each - 1) / j.each), run_task, &j);
    return true;
}

/* ---- the operators ---- */

#define REDUCES(name, reduction, finish)                                                           \
    static bool name##_run(const net_call *call, ct_error *err) {                                  \
        return reduce(call, reduction, finish, err);                                               \
    }
REDUCES(sum, NET_REDUCE_SUM, NET_FINISH_PLAIN)
REDUCES(mean, NET_REDUCE_SUM, NET_FINISH_MEAN)
REDUCES(most, NET_REDUCE_MOST, NET_FINISH_PLAIN)
REDUCES(least, NET_REDUCE_LEAST, NET_FINISH_PLAIN)
REDUCES(product, NET_REDUCE_PRODUCT, NET_FINISH_PLAIN)
REDUCES(l1, NET_REDUCE_ABSOLUTE, NET_FINISH_PLAIN)
REDUCES(l2, NET_REDUCE_SQUARE, NET_FINISH_ROOT)
REDUCES(log_sum, NET_REDUCE_SUM, NET_FINISH_LOG)
REDUCES(log_sum_exp, NET_REDUCE_EXP, NET_FINISH_LOG)
REDUCES(square, NET_REDUCE_SQUARE, NET_FINISH_PLAIN)

#define ROW(NAME, RUN)                                                                             \
    {                                                                                              \
        .name = NAME, .since = 1, .least = 1, .most = 2, .outputs = 1, .shape = reduce_shape,      \
        .run = RUN                                                                                 \
    }

const net_op net_ops_reduce[] = {
    ROW("ReduceSum", sum_run),
    ROW("ReduceMean", mean_run),
    ROW("ReduceMax", most_run),
    ROW("ReduceMin", least_run),
    ROW("ReduceProd", product_run),
    ROW("ReduceL1", l1_run),
    ROW("ReduceL2", l2_run),
    ROW("ReduceLogSum", log_sum_run),
    ROW("ReduceLogSumExp", log_sum_exp_run),
    ROW("ReduceSumSquare", square_run),
    {0},
};
