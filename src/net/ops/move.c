/* Moves blocks of numbers: dimensions that can be walked as one are joined, a transposition goes by
 * tiles that the cache holds, and everything else by lines. */
#include "net/ops/move.h"

#include <string.h>

#include "base/minmax.h"

#define INLINE static inline __attribute__((always_inline))

enum { TILE = 32, TASK_BYTES = 1 << 17 /* below, a thread isn't worth waking */ };

typedef struct walk {
    size_t size;
    ptrdiff_t to, from; /* bytes */
} walk;

typedef struct job {
    char *to;
    const char *from;
    size_t run; /* bytes that lie side by side in both arrays */
    walk outer[NET_MOST_MOVED];
    int rank;     /* of outer */
    walk line;    /* of runs */
    walk across;  /* lines, where both form a tile; else its size is 1 */
    size_t strip; /* lines at a time */
    size_t strips, units, each;
} job;

void net_moves_add(net_moves *moves, size_t size, ptrdiff_t to, ptrdiff_t from) {
    moves->size[moves->rank] = size;
    moves->to[moves->rank] = to;
    moves->from[moves->rank++] = from;
}

/* ---- lines and tiles ---- */

INLINE void line_of(char *to, const char *from, walk line, size_t bytes) {
    for (size_t i = 0; i < line.size; i++) {
        memcpy(to + (ptrdiff_t)i * line.to, from + (ptrdiff_t)i * line.from, bytes);
    }
}

/* The same run again and again, side by side: each copy is twice as long as the one before. */
static void repeat(char *to, const char *from, size_t run, size_t times) {
    const size_t bytes = run * times;
    memcpy(to, from, run);
    for (size_t done = run; done < bytes; done *= 2) {
        memcpy(to + done, to, ct_min_size(done, bytes - done));
    }
}

static void move_line(char *to, const char *from, walk line, size_t run) {
    if (line.from == 0 && line.to == (ptrdiff_t)run) {
        repeat(to, from, run, line.size);
        return;
    }
    switch (run) {
    case 1:
        line_of(to, from, line, 1);
        return;
    case 2:
        line_of(to, from, line, 2);
        return;
    case 4:
        line_of(to, from, line, 4);
        return;
    case 8:
        line_of(to, from, line, 8);
        return;
    case 16:
        line_of(to, from, line, 16);
        return;
    default:
        line_of(to, from, line, run);
    }
}

INLINE void tile_of(char *to, const char *from, walk line, walk across, size_t bytes) {
    for (size_t k = 0; k < across.size; k++) {
        line_of(to + (ptrdiff_t)k * across.to, from + (ptrdiff_t)k * across.from, line, bytes);
    }
}

/* Four lines of four floats (or anything else of 4 bytes). */
typedef int32_t four __attribute__((vector_size(16)));

INLINE four load(const char *from) {
    four x;
    memcpy(&x, from, sizeof x);
    return x;
}

INLINE void turn4(char *to, const char *from, ptrdiff_t to_step, ptrdiff_t from_step) {
    const four a = load(from), b = load(from + from_step), c = load(from + 2 * from_step),
               d = load(from + 3 * from_step);
    const four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5),
               cd = __builtin_shufflevector(c, d, 0, 4, 1, 5),
               ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7),
               cd2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    const four turned[4] = {__builtin_shufflevector(ab, cd, 0, 1, 4, 5),
                            __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                            __builtin_shufflevector(ab2, cd2, 0, 1, 4, 5),
                            __builtin_shufflevector(ab2, cd2, 2, 3, 6, 7)};
    for (int i = 0; i < 4; i++) {
        memcpy(to + i * to_step, &turned[i], sizeof turned[i]);
    }
}

/* Runs of 4 bytes that lie side by side along the line in `to`, and across in `from`. */
static void tile_of_fours(char *to, const char *from, walk line, walk across) {
    size_t k = 0;
    for (; k + 4 <= across.size; k += 4) {
        size_t i = 0;
        for (; i + 4 <= line.size; i += 4) {
            turn4(to + (ptrdiff_t)k * across.to + (ptrdiff_t)i * 4,
                  from + (ptrdiff_t)k * 4 + (ptrdiff_t)i * line.from, across.to, line.from);
        }
        walk rest = line, few = across;
        rest.size -= i;
        few.size = 4;
        tile_of(to + (ptrdiff_t)k * across.to + (ptrdiff_t)i * 4,
                from + (ptrdiff_t)k * 4 + (ptrdiff_t)i * line.from, rest, few, 4);
    }
    across.size -= k;
    tile_of(to + (ptrdiff_t)k * across.to, from + (ptrdiff_t)k * 4, line, across, 4);
}

static void move_tile(char *to, const char *from, walk line, walk across, size_t run) {
    switch (run) {
    case 1:
        tile_of(to, from, line, across, 1);
        return;
    case 2:
        tile_of(to, from, line, across, 2);
        return;
    case 4:
        tile_of_fours(to, from, line, across);
        return;
    case 8:
        tile_of(to, from, line, across, 8);
        return;
    default:
        tile_of(to, from, line, across, run);
    }
}

/* A strip of lines, cut into tiles. */
static void move_strip(const job *j, char *to, const char *from, size_t first) {
    walk across = j->across, line = j->line;
    across.size = ct_min_size(j->strip, across.size - first);
    to += (ptrdiff_t)first * across.to;
    from += (ptrdiff_t)first * across.from;
    for (size_t i = 0; i < j->line.size; i += TILE) {
        line.size = ct_min_size(TILE, j->line.size - i);
        move_tile(to + (ptrdiff_t)i * line.to, from + (ptrdiff_t)i * line.from, line, across,
                  j->run);
    }
}

/* ---- the walk around them ---- */

static void run_task(void *argument, int task) {
    const job *j = argument;
    const size_t first = (size_t)task * j->each, end = ct_min_size(first + j->each, j->units);
    size_t index[NET_MOST_MOVED], left = first / j->strips, strip = first % j->strips;
    char *to = j->to;
    const char *from = j->from;
    for (int d = j->rank; d-- > 0;) {
        index[d] = left % j->outer[d].size;
        left /= j->outer[d].size;
        to += (ptrdiff_t)index[d] * j->outer[d].to;
        from += (ptrdiff_t)index[d] * j->outer[d].from;
    }
    for (size_t unit = first; unit < end; unit++) {
        if (j->across.size > 1) {
            move_strip(j, to, from, strip * j->strip);
        } else {
            move_line(to, from, j->line, j->run);
        }
        if (++strip < j->strips) {
            continue;
        }
        strip = 0;
        for (int d = j->rank; d-- > 0;) {
            const walk *w = &j->outer[d];
            if (++index[d] < w->size) {
                to += w->to;
                from += w->from;
                break;
            }
            index[d] = 0;
            to -= (ptrdiff_t)(w->size - 1) * w->to;
            from -= (ptrdiff_t)(w->size - 1) * w->from;
        }
    }
}

/* ---- what can be walked as one ---- */

static bool is_inside(const walk *a, const walk *b) {
    const ptrdiff_t x = a->to < 0 ? -a->to : a->to, y = b->to < 0 ? -b->to : b->to;
    return x < y;
}

/* From the longest steps in `to` to the shortest; dimensions that continue one another are joined.
 * Their number. */
static int sort_and_join(walk *walks, int rank) {
    for (int i = 1; i < rank; i++) {
        const walk moved = walks[i];
        int k = i;
        for (; k > 0 && is_inside(&walks[k - 1], &moved); k--) {
            walks[k] = walks[k - 1];
        }
        walks[k] = moved;
    }
    int kept = 0;
    for (int i = 0; i < rank; i++) {
        walk *last = kept > 0 ? &walks[kept - 1] : NULL;
        const walk *w = &walks[i];
        const ptrdiff_t size = (ptrdiff_t)w->size;
        if (last && last->to == w->to * size && last->from == w->from * size) {
            *last = (walk){last->size * w->size, w->to, w->from};
        } else {
            walks[kept++] = *w;
        }
    }
    return kept;
}

static walk take_out(job *j, int d) {
    const walk taken = j->outer[d];
    j->rank--;
    memmove(&j->outer[d], &j->outer[d + 1], (size_t)(j->rank - d) * sizeof taken);
    return taken;
}

static void choose(job *j) {
    const walk one = {.size = 1};
    const ptrdiff_t run = (ptrdiff_t)j->run;
    j->line = j->rank > 0 ? take_out(j, j->rank - 1) : one;
    j->across = one;
    for (int d = 0; d < j->rank && run <= 16 && j->line.to == run; d++) {
        if (j->outer[d].from == run) {
            j->across = take_out(j, d);
            break;
        }
    }
    j->strip = j->line.size >= TILE ? TILE : j->line.size >= 8 ? 4 * TILE : 16 * TILE;
    j->strips = (j->across.size + j->strip - 1) / j->strip;
}

void net_move(const net_team *team, void *to, const void *from, const net_moves *moves,
              size_t bytes) {
    job j = {.to = to, .from = from, .run = bytes};
    size_t total = bytes;
    for (int d = 0; d < moves->rank; d++) {
        total *= moves->size[d];
        if (moves->size[d] == 0) {
            return;
        }
        if (moves->size[d] > 1) {
            j.outer[j.rank++] = (walk){moves->size[d], moves->to[d] * (ptrdiff_t)bytes,
                                       moves->from[d] * (ptrdiff_t)bytes};
        }
    }
    j.rank = sort_and_join(j.outer, j.rank);
    if (j.rank > 0 && j.outer[j.rank - 1].to == (ptrdiff_t)bytes &&
        j.outer[j.rank - 1].from == (ptrdiff_t)bytes) {
        j.run *= j.outer[--j.rank].size;
    }
    choose(&j);
    j.units = j.strips;
    for (int d = 0; d < j.rank; d++) {
        j.units *= j.outer[d].size;
    }
    const size_t most = ct_min_size(total / TASK_BYTES + 1, 4 * (size_t)net_threads(team));
    const size_t tasks = net_threads(team) > 1 ? ct_min_size(most, j.units) : 1;
    j.each = (j.units + tasks - 1) / tasks;
    net_each(team, (int)((j.units + j.each - 1) / j.each), run_task, &j);
}

/* ---- shapes ---- */

void net_strides(const net_shape *shape, ptrdiff_t *strides) {
    ptrdiff_t step = 1;
    for (int d = shape->rank; d-- > 0;) {
        strides[d] = step;
        step *= (ptrdiff_t)shape->size[d];
    }
}

net_around net_around_axis(const net_shape *shape, int axis) {
    return (net_around){net_shape_product(shape, 0, axis), (size_t)shape->size[axis],
                        net_shape_product(shape, axis + 1, shape->rank)};
}

bool net_run_copy(const net_call *call, ct_error *err) {
    (void)err;
    size_t bytes;
    if (net_bytes(call->in[0], &bytes) && bytes > 0) {
        memcpy(call->out[0]->data, call->in[0]->data, bytes);
    }
    return true;
}
