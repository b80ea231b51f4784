/* ArgMax and ArgMin: where the greatest or the least number stands. ONNX operator specification,
 * opsets 1 to 18. */
#include <math.h>

#include "base/minmax.h"
#include "net/ops/kernels.h"
#include "net/ops/move.h"
#include "net/ops/ops.h"

static bool arg_shape(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    const bool keep = net_int(call->node, "keepdims", 1) != 0;
    net_shape out = {.rank = in->shape.rank};
    if (in->type == NET_BOOL) {
        return ct_fail(err, "input 1 is bool, where numbers are expected");
    }
    if (in->shape.rank >= 0) {
        int axis = 0;
        if (!net_axis(net_int(call->node, "axis", 0), in->shape.rank, &axis, err)) {
            return false;
        }
        if (in->shape.size[axis] == 0) {
            return ct_fail(err, "axis %d is empty", axis);
        }
        out.rank = 0;
        for (int i = 0; i < in->shape.rank; i++) {
            if (i != axis) {
                out.size[out.rank++] = in->shape.size[i];
            } else if (keep) {
                out.size[out.rank++] = 1;
            }
        }
    }
    net_give(call, 0, NET_I64, &out);
    return true;
}

enum { COLUMNS = 256 };

/* Among `size` lines of n numbers, `step` numbers apart, the line of each column's best. */
typedef void searches(const void *in, size_t size, size_t step, size_t n, bool last, int64_t *out);

/* The first NaN is both the greatest and the least. `last`: of equal ones, the last. */
#define SEARCH(name, T, better, is_nan)                                                            \
    static void name(const void *in_at, size_t size, size_t step, size_t n, bool last,             \
                     int64_t *out) {                                                               \
        const T *in = in_at;                                                                       \
        T best[COLUMNS];                                                                           \
        for (size_t i = 0; i < n; i++) {                                                           \
            best[i] = in[i];                                                                       \
            out[i] = 0;                                                                            \
        }                                                                                          \
        for (size_t k = 1; k < size; k++) {                                                        \
            const T *line = in + k * step;                                                         \
            for (size_t i = 0; i < n; i++) {                                                       \
                const T x = line[i], y = best[i];                                                  \
                if (x better y || (last && x == y) || (is_nan(x) && !is_nan(y))) {                 \
                    best[i] = x;                                                                   \
                    out[i] = (int64_t)k;                                                           \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
#define NEVER(x) false
#define SEARCHES_REAL(op, name, T, wide)                                                           \
    SEARCH(most_##name, T, >, isnan)                                                               \
    SEARCH(least_##name, T, <, isnan)
#define SEARCHES_WHOLE(op, name, T, wide)                                                          \
    SEARCH(most_##name, T, >, NEVER)                                                               \
    SEARCH(least_##name, T, <, NEVER)
NET_EACH_REAL(SEARCHES_REAL, )
NET_EACH_WHOLE(SEARCHES_WHOLE, )

static searches *const most[NET_TYPES] = {NET_NUMBER(most)};
static searches *const least[NET_TYPES] = {NET_NUMBER(least)};

typedef struct job {
    searches *search;
    const char *in;
    int64_t *out;
    net_around around;
    size_t bytes;
    bool last;
} job;

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t inner = j->around.inner, pieces = (inner + COLUMNS - 1) / COLUMNS;
    const size_t units = j->around.outer * pieces;
    for (size_t unit = (size_t)task << 10; unit < units && unit < ((size_t)task + 1) << 10;
         unit++) {
        const size_t outer = unit / pieces, first = unit % pieces * COLUMNS;
        j->search(j->in + (outer * j->around.size * inner + first) * j->bytes, j->around.size,
                  inner, ct_min_size(COLUMNS, inner - first), j->last,
                  j->out + outer * inner + first);
    }
}

static bool run(const net_call *call, searches *const *by_type, ct_error *err) {
    const net_tensor *in = call->in[0];
    int axis = 0;
    if (!net_axis(net_int(call->node, "axis", 0), in->shape.rank, &axis, err)) {
        return false;
    }
    if (net_count(call->out[0]) == 0) {
        return true;
    }
    job j = {.search = by_type[in->type],
             .in = in->data,
             .out = call->out[0]->data,
             .around = net_around_axis(&in->shape, axis),
             .bytes = net_type_size(in->type),
             .last = net_int(call->node, "select_last_index", 0) != 0};
    const size_t units = j.around.outer * ((j.around.inner + COLUMNS - 1) / COLUMNS);
    net_each(call->team, (int)((units + 1023) >> 10), run_task, &j);
    return true;
}

static bool most_run(const net_call *call, ct_error *err) {
    return run(call, most, err);
}

static bool least_run(const net_call *call, ct_error *err) {
    return run(call, least, err);
}

#define ROW(NAME, RUN)                                                                             \
    {                                                                                              \
        .name = NAME, .since = 1, .least = 1, .most = 1, .outputs = 1, .shape = arg_shape,         \
        .run = RUN                                                                                 \
    }

const net_op net_ops_arg[] = {ROW("ArgMax", most_run), ROW("ArgMin", least_run), {0}};
