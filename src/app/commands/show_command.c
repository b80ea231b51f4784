#include "app/commands/show_command.h"

#include "base/minmax.h"

static bool is_gray(const conv_stage *stage) {
    return stage->op == CONV_POINT && stage->point == CONV_GRAY;
}

bool show_one_stage(show_code *code, const conv_stage *stages, int count, const conv_stage **stage,
                    bool *gray) {
    *gray = count > 0 && is_gray(&stages[0]);
    count -= *gray;
    *stage = count > 0 ? &stages[*gray] : NULL;
    return count < 2 || show_cannot(code, "it is written only for one stage, as images of whole "
                                          "numbers lie between two");
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
