/* Receptive fields: what each value sees of the network's input. */
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "net/plan/plan.h"

/* A step's input, seen by its output. */
typedef struct link {
    int from; /* a value; -1: a constant, or left out */
    net_sight x, y;
} link;

/* What is known of a value on the way from the input to it. */
typedef struct way {
    int input; /* as net_field's */
    double jump_x, jump_y;
    bool enlarged; /* neighbours may see fields of different sizes */
} way;

typedef struct range {
    double low, high; /* low > high: nothing */
} range;

typedef struct seeing {
    const net_plan *plan;
    link *links; /* of all steps, those of step i from first[i] on */
    int *first;
    way *ways;     /* of each value */
    range *ranges; /* the same, while a sample of one is followed back */
} seeing;

static const way nowhere = {.input = -1};

/* ---- forward: which values see a part of the input, and how they move ---- */

static bool moves_alike(double a, double b) {
    return fabs(a - b) <= 1e-6 * a;
}

static way through(const seeing *s, const link *l) {
    way w = s->ways[l->from];
    w.jump_x *= l->x.rate;
    w.jump_y *= l->y.rate;
    w.enlarged = w.enlarged || l->x.rate < 1 || l->y.rate < 1;
    return w;
}

/* The links of a step, and the way to its output. */
static way find_links(seeing *s, int i) {
    const net_step *step = &s->plan->steps[i];
    const net_node *node = step->node;
    way all = nowhere;
    net_ends e;
    net_call call;
    if (!net_step_call(s->plan, node, &e, &call)) {
        return nowhere;
    }
    for (int k = 0; k < node->input_count; k++) {
        link *l = &s->links[s->first[i] + k];
        l->from = e.in[k] && !e.in[k]->data ? node->inputs[k] : -1;
        if (l->from < 0) {
            continue;
        }
        l->x = l->y = (net_sight){.rate = 1};
        if (s->ways[l->from].input < 0 ||
            (net_step_is_told(step) && !net_op_sight(&call, k, &l->x, &l->y))) {
            return nowhere;
        }
        const way more = through(s, l);
        if (all.input >= 0 && (all.input != more.input || !moves_alike(all.jump_x, more.jump_x) ||
                               !moves_alike(all.jump_y, more.jump_y))) {
            return nowhere;
        }
        const bool enlarged = all.input >= 0 && all.enlarged;
        all = more;
        all.enlarged = all.enlarged || enlarged;
    }
    return all;
}

/* ---- backward: what a sample sees ---- */

static void widen(range *r, double low, double high) {
    r->low = fmin(r->low, low);
    r->high = fmax(r->high, high);
}

/* How much of the input sample `at` of step i's output sees along an axis. */
static int follow(seeing *s, int i, bool along_x, int at) {
    const net_plan *plan = s->plan;
    const net_node *last = plan->steps[i].node;
    const int input = s->ways[last->outputs[0]].input;
    for (int v = 0; v < plan->value_count; v++) {
        s->ranges[v] = (range){INFINITY, -INFINITY};
    }
    s->ranges[last->outputs[0]] = (range){at, at};
    for (; i >= 0; i--) {
        const net_node *node = plan->steps[i].node;
        for (int o = 0; o < node->output_count; o++) {
            const range *r = node->outputs[o] < 0 ? NULL : &s->ranges[node->outputs[o]];
            for (int k = 0; r && r->low <= r->high && k < node->input_count; k++) {
                const link *l = &s->links[s->first[i] + k];
                const net_sight *sight = along_x ? &l->x : &l->y;
                if (l->from >= 0) { /* whole samples, but for rounding */
                    widen(&s->ranges[l->from], ceil(sight->rate * r->low + sight->low - 1e-6),
                          floor(sight->rate * r->high + sight->high + 1e-6));
                }
            }
        }
    }
    const range *seen = &s->ranges[input];
    return seen->low <= seen->high ? (int)fmin(seen->high - seen->low + 1, INT32_MAX) : 0;
}

/* Neighbours that may differ are all looked at. */
enum { PHASES = 8 };

static net_field field_of(seeing *s, int i) {
    const net_node *node = s->plan->steps[i].node;
    const way *w = node->outputs[0] < 0 ? &nowhere : &s->ways[node->outputs[0]];
    net_field field = {.input = w->input, .jump_x = w->jump_x, .jump_y = w->jump_y};
    for (int at = 0; w->input >= 0 && at < (w->enlarged ? PHASES : 1); at++) {
        field.width = ct_max(field.width, follow(s, i, true, at));
        field.height = ct_max(field.height, follow(s, i, false, at));
    }
    return field;
}

/* ---- all ---- */

static bool begin(seeing *s, ct_error *err) {
    const net_plan *plan = s->plan;
    const size_t values = (size_t)plan->value_count + 1, steps = (size_t)plan->step_count + 1;
    size_t links = 1;
    s->first = malloc(steps * sizeof *s->first);
    for (int i = 0; s->first && i < plan->step_count; i++) {
        s->first[i] = (int)links;
        links += (size_t)plan->steps[i].node->input_count;
    }
    s->links = malloc(links * sizeof *s->links);
    s->ways = malloc(values * sizeof *s->ways);
    s->ranges = malloc(values * sizeof *s->ranges);
    if (!s->first || !s->links || !s->ways || !s->ranges) {
        return ct_fail(err, "out of memory");
    }
    for (int v = 0; v < plan->value_count; v++) {
        s->ways[v] = nowhere;
    }
    for (size_t l = 0; l < links; l++) {
        s->links[l] = (link){.from = -1};
    }
    for (int i = 0; i < plan->input_count; i++) {
        const int value = plan->inputs[i], rank = plan->tensors[value].shape.rank;
        if (rank == 3 || rank == 4) {
            s->ways[value] = (way){.input = value, .jump_x = 1, .jump_y = 1};
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
        const way w = find_links(&s, i);
        for (int o = 0; o < node->output_count; o++) {
            if (node->outputs[o] >= 0) {
                s.ways[node->outputs[o]] = w;
            }
        }
        if (net_step_is_told(&plan->steps[i])) {
            told[count++] = field_of(&s, i);
        }
    }
    free(s.first);
    free(s.links);
    free(s.ways);
    free(s.ranges);
    if (!ok) {
        free(told);
        return NULL;
    }
    return told;
}
