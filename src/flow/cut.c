#include "flow/cut.h"

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

/* A part that begins with normalize has a pointwise stage in its place once it runs; what pools or
 * turns the whole image belongs to the part before. None of them has a path. */
bool flow_choices(const conv_stage *stages, int count, conv_shape in, conv_type in_type,
                  conv_choice *choices, ct_error *err) {
    int first = 0;
    bool ok = true;
    while (ok && first < count) {
        const bool whole = conv_stage_is_whole(&stages[first]);
        const bool turn = stages[first].op == CONV_TURN;
        const bool before = turn || stages[first].op == CONV_GLOBAL;
        const int end = before ? first + 1 : flow_part_end(stages, first, count);
        if (whole) {
            choices[first] = (conv_choice){0};
            in_type = turn ? in_type : CONV_F32;
            ok = conv_stage_shape(&stages[first], in, &in, err);
        }
        ok = ok && part_choices(stages + first + whole, end - first - whole, &in, in_type,
                                choices + first + whole, err);
        in_type = turn ? in_type : CONV_F32;
        first = end;
    }
    return ok;
}
