/* Where values lie: those whose size is known in one arena, two in the same place where they aren't
 * needed at the same time; the others in memory of their own, from when they are made to when they
 * are last used. */
#include <stdlib.h>

#include "base/checked.h"
#include "base/minmax.h"
#include "net/plan/plan.h"

enum { ALIGN = 64 };

typedef struct taken {
    size_t at, end;
    int until; /* the step that uses it last */
} taken;

static void uses(const net_step *step, int *last, int i) {
    const net_node *node = step->node;
    for (int k = 0; k < node->input_count; k++) {
        if (node->inputs[k] >= 0) {
            last[node->inputs[k]] = i;
        }
    }
    for (int k = 0; k < node->captured_count; k++) {
        last[node->captured[k]] = i;
    }
    for (int k = 0; k < node->output_count; k++) {
        if (node->outputs[k] >= 0 && last[node->outputs[k]] < i) {
            last[node->outputs[k]] = i;
        }
    }
}

/* What is taken, sorted by where it lies. */
typedef struct arena {
    taken *blocks;
    int count;
    int packed; /* so many of the first have no gap between them, or before */
} arena;

/* Takes the lowest gap that is large enough. */
static bool take(arena *a, size_t bytes, int until, size_t *at, ct_error *err) {
    int i = a->packed;
    size_t start = i > 0 ? a->blocks[i - 1].end : 0, end;
    while (i < a->count && a->blocks[i].at - start < bytes) {
        start = a->blocks[i++].end;
    }
    if (!ct_add(start, bytes, &end)) {
        return ct_fail(err, "its values are more than fit in memory");
    }
    for (int k = a->count; k > i; k--) {
        a->blocks[k] = a->blocks[k - 1];
    }
    a->blocks[i] = (taken){start, end, until};
    a->count++;
    while (a->packed < a->count &&
           a->blocks[a->packed].at == (a->packed > 0 ? a->blocks[a->packed - 1].end : 0)) {
        a->packed++;
    }
    *at = start;
    return true;
}

/* What no step from this one on uses. */
static void release(arena *a, int step) {
    int kept = 0;
    for (int i = 0; i < a->count; i++) {
        if (a->blocks[i].until >= step) {
            a->blocks[kept++] = a->blocks[i];
        } else if (kept < a->packed) {
            a->packed = kept;
        }
    }
    a->count = kept;
}

/* Whether all that the step takes has a known shape. Otherwise its rule for shapes has to see them
 * when it runs, even where it could already tell the outputs': `run` relies on what it checks. */
static bool knows_inputs(const net_plan *plan, const net_node *node) {
    for (int k = 0; k < node->input_count; k++) {
        const int value = node->inputs[k];
        if (value >= 0 && (!net_shape_is_known(&plan->tensors[value].shape) ||
                           plan->tensors[value].type == NET_NONE)) {
            return false;
        }
    }
    return true;
}

static bool place_step(net_plan *plan, int i, const int *last, arena *a, ct_error *err) {
    net_step *step = &plan->steps[i];
    step->loose = !knows_inputs(plan, step->node);
    for (int k = 0; k < step->node->output_count && !step->loose; k++) {
        const int value = step->node->outputs[k];
        size_t bytes;
        if (value < 0) {
            continue;
        }
        if (!net_bytes(&plan->tensors[value], &bytes)) {
            step->loose = true;
            continue;
        }
        if (!ct_add(bytes, NET_SLACK + ALIGN, &bytes)) {
            return ct_fail(err, "its values are more than fit in memory");
        }
        bytes = bytes / ALIGN * ALIGN;
        if (!take(a, bytes, last[value], &plan->place[value], err)) {
            return false;
        }
        plan->arena = ct_max_size(plan->arena, plan->place[value] + bytes);
    }
    if (step->loose) { /* all its outputs are, so that the step knows one way only */
        for (int k = 0; k < step->node->output_count; k++) {
            if (step->node->outputs[k] >= 0) {
                plan->place[step->node->outputs[k]] = NET_NO_PLACE;
            }
        }
    }
    return true;
}

/* The loose values that each step is the last to use. */
static bool list_last(net_plan *plan, const int *last, const char *loose, ct_error *err) {
    int *counts = calloc((size_t)plan->step_count + 1, sizeof *counts);
    bool ok = counts || ct_fail(err, "out of memory");
    for (int v = 0; ok && v < plan->value_count; v++) {
        counts[last[v] < plan->step_count && loose[v] ? last[v] : plan->step_count]++;
    }
    for (int i = 0; ok && i < plan->step_count; i++) {
        plan->steps[i].last = net_pool_get(&plan->pool, (size_t)counts[i], sizeof(int), err);
        ok = plan->steps[i].last != NULL;
    }
    for (int v = 0; ok && v < plan->value_count; v++) {
        if (last[v] < plan->step_count && loose[v]) {
            net_step *step = &plan->steps[last[v]];
            step->last[step->last_count++] = v;
        }
    }
    free(counts);
    return ok;
}

bool net_plan_place(net_plan *plan, ct_error *err) {
    const size_t values = (size_t)plan->value_count;
    int *last = malloc((values + 1) * sizeof *last);
    char *loose = calloc(values + 1, 1);
    char *ending = calloc((size_t)plan->step_count + 1, 1); /* of each step: values end with it */
    arena a = {.blocks = malloc((values + 1) * sizeof *a.blocks)};
    plan->place = net_pool_get(&plan->pool, values, sizeof *plan->place, err);
    bool ok =
        last && loose && ending && a.blocks && plan->place ? true : ct_fail(err, "out of memory");
    for (size_t v = 0; ok && v < values; v++) {
        last[v] = -1;
        plan->place[v] = NET_NO_PLACE;
    }
    for (int i = 0; ok && i < plan->step_count; i++) {
        uses(&plan->steps[i], last, i);
    }
    for (int i = 0; ok && i < plan->output_count; i++) {
        last[plan->outputs[i]] = plan->step_count;
    }
    for (size_t v = 0; ok && v < values; v++) {
        ending[last[v] < 0 ? plan->step_count : last[v]] = 1;
    }
    for (int i = 0; ok && i < plan->step_count; i++) {
        if (i > 0 && ending[i - 1]) {
            release(&a, i);
        }
        ok = place_step(plan, i, last, &a, err);
        for (int k = 0; plan->steps[i].loose && k < plan->steps[i].node->output_count; k++) {
            if (plan->steps[i].node->outputs[k] >= 0) {
                loose[plan->steps[i].node->outputs[k]] = 1;
            }
        }
    }
    for (size_t v = 0; ok && v < values; v++) {
        last[v] = last[v] < 0 ? plan->step_count : last[v];
    }
    ok = ok && list_last(plan, last, loose, err);
    free(last);
    free(loose);
    free(ending);
    free(a.blocks);
    if (ok && plan->memory && plan->arena > plan->memory) {
        return ct_fail(err, "its values need %s of memory, and it may have %s",
                       ct_size_of(plan->arena).text, ct_size_of(plan->memory).text);
    }
    return ok;
}
