#include "flow/cut.h"

#include <stdlib.h>
#include <string.h>

#include "flow/barrier.h"

/* Stages of a part: rows are pulled through them by nested calls, a thread's stack may be as small
 * as 256 KiB, and each stage holds some rows. Longer chains are cut. */
enum { MOST_STAGES = 250 };

int flow_part_end(const conv_stage *stages, int first, int count) {
    int end = first;
    do {
        end++;
    } while (end < count && end - first < MOST_STAGES && !conv_stage_is_barrier(&stages[end]));
    return end < count ? end : count;
}

int flow_first_end(const conv_stage *stages, int first, int count) {
    return first < count && conv_stage_is_barrier(&stages[first])
               ? first
               : flow_part_end(stages, first, count);
}

/* Those of one part. */
static bool part_choices(const conv_stage *stages, int count, conv_shape *shape, conv_type in_type,
                         conv_choice *choices, ct_error *err) {
    conv_plan *plan = conv_plan_new(stages, count, *shape, in_type, CONV_F32, err);
    for (int i = 0; plan && i < count; i++) {
        const conv_choice *choice = conv_plan_choice(plan, i);
        choices[i] = choice ? *choice : (conv_choice){0};
    }
    *shape = plan ? conv_plan_out(plan) : *shape;
    conv_plan_free(plan);
    return plan != NULL;
}

/* Once it runs, a part that begins with a global stage has a pointwise one in its place. */
static bool stand_in(conv_stage *stage, ct_error *err) {
    const flow_image none = {.rows = NULL};
    conv_stats stats;
    flow_report unused = {0};
    conv_stats_none(&stats);
    const flow_barrier_of of = {.image = &none, .stats = &stats, .only_memory = true};
    return flow_barrier_pass(stage, &of, &unused, err);
}

/* Changes the stages. What pools or turns the whole image belongs to the part before. */
static bool all_choices(conv_stage *stages, int count, conv_shape in, conv_type in_type,
                        conv_choice *choices, ct_error *err) {
    bool ok = true;
    for (int first = 0, end; ok && first < count; first = end) {
        conv_stage *stage = &stages[first];
        if (conv_stage_is_whole(stage)) {
            in_type = flow_barrier_type(stage, true, in_type);
        }
        if (stage->op == CONV_TURN || stage->op == CONV_GLOBAL) {
            end = first + 1;
            choices[first] = (conv_choice){0};
            ok = conv_stage_shape(stage, in, &in, err);
            continue;
        }
        end = flow_part_end(stages, first, count);
        ok = stand_in(stage, err) &&
             part_choices(stage, end - first, &in, in_type, choices + first, err);
        in_type = CONV_F32;
    }
    return ok;
}

bool flow_choices(const conv_stage *stages, int count, conv_shape in, conv_type in_type,
                  conv_choice *choices, ct_error *err) {
    conv_stage *copy = calloc((size_t)count + 1, sizeof *copy);
    if (!copy) {
        return ct_fail(err, "out of memory");
    }
    if (count > 0) {
        memcpy(copy, stages, (size_t)count * sizeof *copy);
    }
    const bool ok = all_choices(copy, count, in, in_type, choices, err);
    free(copy);
    return ok;
}
