/* Receptive fields: what each value sees of the network's input. */
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "net/plan/plan.h"

/* What samples see along an axis: sample `at` sees low + rate at to high + rate at of another
 * value.
 */
typedef struct line {
    double rate, low, high;
} line;

/* What is known of a value on the way from the input to it. */
typedef struct way {
    int input; /* as net_field's */
    double jump_x, jump_y;
    bool enlarged; /* neighbours may see fields of different sizes */
    int base;      /* what it sees of that one is a line along each axis */
    line x, y;
} way;

/* An input, or a value that sees others by rates that aren't whole, or several of them in different
 * ways: what it sees depends on the place. */
typedef struct base {
    int first, count; /* of its links */
} base;

typedef struct link {
    net_sight x, y; /* of a value, whose way is: */
    const way *from;
} link;

typedef struct range {
    double low, high; /* low > high: nothing */
} range;

typedef struct seeing {
    const net_plan *plan;
    way *ways; /* of each value */
    base *bases;
    range *ranges; /* of each base, while a sample is followed back; nothing between two of them */
    int base_count;
    link *links; /* of all bases */
    int link_count;
    long followed; /* bases that were visited */
} seeing;

static const way nowhere = {.input = -1};
static const range nothing = {INFINITY, -INFINITY};

/* ---- forward: which values see a part of the input, and how they move ---- */

static bool moves_alike(double a, double b) {
    return fabs(a - b) <= 1e-6 * a;
}

/* Whole numbers that a double has exactly. */
static bool is_whole(double number) {
    return fabs(number) < 0x1p50 && number == rint(number);
}

/* The line through a link; false where what is seen isn't a line. */
static bool through(const net_sight *sight, const line *from, line *out) {
    *out = (line){.rate = from->rate * sight->rate,
                  .low = from->rate * sight->low + from->low,
                  .high = from->rate * sight->high + from->high};
    return is_whole(sight->rate) && is_whole(sight->low) && is_whole(sight->high) &&
           sight->low <= sight->high && is_whole(out->rate) && is_whole(out->low) &&
           is_whole(out->high);
}

static bool join(line *all, const line *more) {
    all->low = fmin(all->low, more->low);
    all->high = fmax(all->high, more->high);
    return all->rate == more->rate;
}

/* Lines to the base that the links share; false where there are none. */
static bool find_lines(const link *links, int count, way *w) {
    w->base = links[0].from->base;
    for (int k = 0; k < count; k++) {
        line x, y;
        if (links[k].from->base != w->base || !through(&links[k].x, &links[k].from->x, &x) ||
            !through(&links[k].y, &links[k].from->y, &y)) {
            return false;
        }
        if (k == 0) {
            w->x = x;
            w->y = y;
        } else if (!join(&w->x, &x) || !join(&w->y, &y)) {
            return false;
        }
    }
    return true;
}

static int new_base(seeing *s, int count) {
    s->bases[s->base_count] = (base){.first = s->link_count, .count = count};
    s->ranges[s->base_count] = nothing;
    s->link_count += count;
    return s->base_count++;
}

/* Another input of a step on its way; false where it moves otherwise than those before. */
static bool go_on(way *all, const link *l) {
    const way *from = l->from;
    const double jump_x = from->jump_x * l->x.rate, jump_y = from->jump_y * l->y.rate;
    if (all->input >= 0 && (all->input != from->input || !moves_alike(all->jump_x, jump_x) ||
                            !moves_alike(all->jump_y, jump_y))) {
        return false;
    }
    all->enlarged =
        (all->input >= 0 && all->enlarged) || from->enlarged || l->x.rate < 1 || l->y.rate < 1;
    all->input = from->input;
    all->jump_x = jump_x;
    all->jump_y = jump_y;
    return true;
}

/* The way to a step's output. */
static way find_way(seeing *s, int i) {
    const net_step *step = &s->plan->steps[i];
    const net_node *node = step->node;
    link *links = s->links + s->link_count; /* a base has them, if it becomes one */
    int count = 0;
    way all = nowhere;
    net_ends e;
    net_call call;
    if (!net_step_call(s->plan, node, &e, &call)) {
        return nowhere;
    }
    for (int k = 0; k < node->input_count; k++) {
        if (!e.in[k] || e.in[k]->data) {
            continue;
        }
        link *l = &links[count++];
        *l = (link){.x = {.rate = 1}, .y = {.rate = 1}, .from = &s->ways[node->inputs[k]]};
        if (l->from->input < 0 ||
            (net_step_is_told(step) && !net_op_sight(&call, k, &l->x, &l->y)) || !go_on(&all, l)) {
            return nowhere;
        }
    }
    if (count > 0 && !find_lines(links, count, &all)) {
        all.base = new_base(s, count);
        all.x = all.y = (line){.rate = 1};
    }
    return all;
}

/* ---- backward: what a sample sees ---- */

static void widen(range *r, double low, double high) {
    r->low = fmin(r->low, low);
    r->high = fmax(r->high, high);
}

static range along(const line *l, double low, double high) {
    return (range){l->rate * low + l->low, l->rate * high + l->high};
}

/* What a range of a link's samples sees: whole samples, but for rounding. */
static void see(range *seen, const net_sight *sight, const line *from, const range *r) {
    const double low = ceil(sight->rate * r->low + sight->low - 1e-6);
    const double high = floor(sight->rate * r->high + sight->high + 1e-6);
    if (low <= high) {
        const range more = along(from, low, high);
        widen(seen, more.low, more.high);
    }
}

/* How much of the input sample `at` of a value sees along an axis. */
static int follow(seeing *s, const way *w, bool along_x, int at) {
    s->ranges[w->base] = along(along_x ? &w->x : &w->y, at, at);
    range seen = nothing;
    for (int b = w->base; b >= 0; b--) {
        const range r = s->ranges[b];
        s->ranges[b] = nothing;
        s->followed++;
        for (int k = 0; r.low <= r.high && k < s->bases[b].count; k++) {
            const link *l = &s->links[s->bases[b].first + k];
            see(&s->ranges[l->from->base], along_x ? &l->x : &l->y,
                along_x ? &l->from->x : &l->from->y, &r);
        }
        if (s->bases[b].count == 0) { /* an input: its own, as ways have one */
            widen(&seen, r.low, r.high);
        }
    }
    return seen.low <= seen.high ? (int)fmin(seen.high - seen.low + 1, INT32_MAX) : 0;
}

/* Neighbours that may differ are all looked at. A network may have thousands of steps that enlarge,
 * one behind the other, and each of them would look at all those before: where that has taken so
 * much that the time would no longer be that of the steps, fields aren't known. */
enum { PHASES = 8, MOST_FOLLOWED = 1 << 24 };

static net_field field_of(seeing *s, int i) {
    const net_node *node = s->plan->steps[i].node;
    const way *w = node->outputs[0] < 0 ? &nowhere : &s->ways[node->outputs[0]];
    net_field field = {.input = w->input, .jump_x = w->jump_x, .jump_y = w->jump_y};
    if (w->input >= 0 && s->followed > MOST_FOLLOWED) {
        return (net_field){.input = -1};
    }
    for (int at = 0; w->input >= 0 && at < (w->enlarged ? PHASES : 1); at++) {
        field.width = ct_max(field.width, follow(s, w, true, at));
        field.height = ct_max(field.height, follow(s, w, false, at));
    }
    return field;
}

/* ---- all ---- */

static bool begin(seeing *s, ct_error *err) {
    const net_plan *plan = s->plan;
    const size_t values = (size_t)plan->value_count + 1;
    const size_t bases = (size_t)plan->step_count + (size_t)plan->input_count + 1;
    size_t links = 1;
    for (int i = 0; i < plan->step_count; i++) {
        links += (size_t)plan->steps[i].node->input_count;
    }
    s->links = malloc(links * sizeof *s->links);
    s->ways = malloc(values * sizeof *s->ways);
    s->bases = malloc(bases * sizeof *s->bases);
    s->ranges = malloc(bases * sizeof *s->ranges);
    if (!s->links || !s->ways || !s->bases || !s->ranges) {
        return ct_fail(err, "out of memory");
    }
    for (int v = 0; v < plan->value_count; v++) {
        s->ways[v] = nowhere;
    }
    for (int i = 0; i < plan->input_count; i++) {
        const int value = plan->inputs[i], rank = plan->tensors[value].shape.rank;
        if (rank == 3 || rank == 4) {
            const line same = {.rate = 1};
            s->ways[value] = (way){.input = value,
                                   .jump_x = 1,
                                   .jump_y = 1,
                                   .base = new_base(s, 0),
                                   .x = same,
                                   .y = same};
        }
    }
    return true;
}

net_field *net_plan_fields(const net_plan *plan, ct_error *err) {
    seeing s = {.plan = plan};
    net_field *told = malloc(((size_t)plan->step_count + 1) * sizeof *told);
    int count = 0;
    bool ok = told ? begin(&s, err) : ct_fail(err, "out of memory");
    for (int i = 0; ok && i < plan->step_count; i++) {
        const net_node *node = plan->steps[i].node;
        const way w = find_way(&s, i);
        for (int o = 0; o < node->output_count; o++) {
            if (node->outputs[o] >= 0) {
                s.ways[node->outputs[o]] = w;
            }
        }
        if (net_step_is_told(&plan->steps[i])) {
            told[count++] = field_of(&s, i);
        }
    }
    free(s.links);
    free(s.ways);
    free(s.bases);
    free(s.ranges);
    if (!ok) {
        free(told);
        return NULL;
    }
    return told;
}
