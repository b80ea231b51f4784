#include "app/commands/show_command.h"

#include "base/minmax.h"

static bool is_gray(const conv_stage *stage) {
    return stage->op == CONV_POINT && stage->point == CONV_GRAY;
}

/* Whether a command may have something for it: what it then hasn't, it says itself. */
static bool is_written(const conv_stage *stage) {
    return stage->op == CONV_CORRELATE || stage->op == CONV_GRADIENT || stage->op == CONV_COMPASS ||
           stage->op == CONV_MEDIAN || stage->op == CONV_POOL || stage->op == CONV_NORMALIZE ||
           stage->op == CONV_POINT;
}

bool show_one_stage(show_code *code, const conv_stage *stages, int count, const conv_stage **stage,
                    bool *gray) {
    *gray = count > 0 && is_gray(&stages[0]);
    for (int i = *gray; i < count; i++) {
        if (!is_written(&stages[i])) { /* some stages become several, as canny does */
            *stage = NULL;
            return show_unwritten(code);
        }
    }
    count -= *gray;
    *stage = count > 0 ? &stages[*gray] : NULL;
    if (count > 1) {
        return show_cannot(code, "it is written only for one stage, as images of whole numbers lie "
                                 "between two");
    }
    return true;
}

bool show_plain_window(show_code *code, const conv_window *w, unsigned borders, const char *why) {
    if (w->stride_x > 1 || w->stride_y > 1) {
        return show_cannot(code, "it has no stride");
    }
    if (w->keep || (!show_same(w) && !show_valid(w))) {
        return show_cannot(code, "it is written only for paddings that keep the size, and valid");
    }
    if (w->border == CONV_UNEVEN) {
        return show_cannot(code, "it isn't written for padding=uneven");
    }
    return show_valid(w) || (borders >> w->border & 1) || show_cannot(code, "%s", why);
}

int show_reach(const conv_window *w) {
    return ct_max(ct_max(w->left, w->right), ct_max(w->top, w->bottom));
}
