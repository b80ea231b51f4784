/* PyTorch, whose images are (channels, 1, height, width) here, so that channels don't mix. */
#include <string.h>

#include "app/commands/show_lines.h"

static bool never(const conv_stage *stage) {
    (void)stage;
    return false;
}

static bool torch_pad(show_code *code, const conv_stage *stage) {
    static const char *const modes[] = {
        [CONV_MIRROR] = "reflect",
        [CONV_REPLICATE] = "replicate",
        [CONV_WRAP] = "circular",
        [CONV_CONSTANT] = "constant",
    };
    const conv_window *w = &stage->window;
    if (w->border == CONV_SYMMETRIC) {
        return show_cannot(code, "torch.nn.functional.pad can't repeat the edge in a mirror; it "
                                 "has padding=mirror, replicate, wrap and zero");
    }
    show_put(code, "p = F.pad(x, (%d, %d, %d, %d), \"%s\"", w->left, w->right, w->top, w->bottom,
             modes[w->border]);
    if (w->border == CONV_CONSTANT && w->fill != 0.0F) {
        show_put(code, ", ");
        show_digits(code, (double)w->fill);
    }
    show_put(code, ")\n");
    return true;
}

static void put_window(show_code *code, const conv_window *w) {
    if (w->stride_x > 1 || w->stride_y > 1) {
        show_put(code, ", stride=(%d, %d)", w->stride_y, w->stride_x);
    }
    if (w->dilation_x > 1 || w->dilation_y > 1) {
        show_put(code, ", dilation=(%d, %d)", w->dilation_y, w->dilation_x);
    }
}

static bool torch_sum(show_code *code, const conv_stage *stage, int k, const char *to,
                      bool direct) {
    const conv_window *w = &stage->window;
    (void)direct;
    if (show_is_product(stage)) {
        conv_window column = *w, row = *w;
        column.stride_x = column.dilation_x = row.stride_y = row.dilation_y = 1;
        show_put(code, "y = F.conv2d(p, torch.tensor(");
        show_list(code, stage->column, w->height, 1);
        show_put(code, ").double()[None, None, :, None]");
        put_window(code, &column);
        show_put(code, ")\n%s = F.conv2d(y, torch.tensor(", to);
        show_list(code, stage->row, w->width, 1);
        show_put(code, ").double()[None, None, None]");
        put_window(code, &row);
    } else {
        show_put(code, "%s = F.conv2d(p, torch.tensor(", to);
        show_rows(code, stage, k, false);
        show_put(code, ").double()[None, None]");
        put_window(code, w);
    }
    show_put(code, ")\n");
    return true;
}

static bool torch_median(show_code *code, const conv_stage *stage, bool direct) {
    const conv_window *w = &stage->window;
    (void)direct;
    show_put(code, "w = p.unfold(2, %d, %d).unfold(3, %d, %d)[..., ::%d, ::%d]\n", show_height(w),
             w->stride_y, show_width(w), w->stride_x, w->dilation_y, w->dilation_x);
    show_put(code, "y = w.flatten(4).median(-1).values\n");
    return true;
}

static bool torch_pool(show_code *code, const conv_stage *stage) {
    const conv_window *w = &stage->window;
    if (stage->pool == CONV_POOL_NEAREST) {
        if (!show_valid(w) || w->ceil) {
            return show_cannot(code, "nearestpool is written only without padding");
        }
        show_put(code, "x = x.unfold(2, %d, %d).unfold(3, %d, %d)[..., %d, %d]\n", w->height,
                 w->stride_y, w->width, w->stride_x, w->anchor_y, w->anchor_x);
        return true;
    }
    const bool minimum = stage->pool == CONV_POOL_MIN;
    const bool uneven = w->left != w->right || w->top != w->bottom;
    if (uneven) {
        return show_cannot(code, "its pools are padded alike on both sides");
    }
    show_put(code, "x = %sF.%s_pool2d(%sx, (%d, %d), (%d, %d), (%d, %d)", minimum ? "-" : "",
             stage->pool == CONV_POOL_AVG ? "avg" : "max", minimum ? "-" : "", w->height, w->width,
             w->stride_y, w->stride_x, w->top, w->left);
    show_put(code, "%s", w->ceil ? ", ceil_mode=True" : "");
    if (stage->pool == CONV_POOL_AVG && !stage->count_padding) {
        show_put(code, ", count_include_pad=False");
    }
    show_put(code, ")\n");
    return true;
}

bool show_torch(show_code *code, const conv_stage *stages, int count) {
    static const python py = {
        .head = "import torch\nimport torch.nn.functional as F\n"
                "x = torch.as_tensor(image).double()\n"
                "x = x.reshape(*x.shape[:2], -1).permute(2, 0, 1)[:, None]\n",
        .tail = "result = x[:, 0].permute(1, 2, 0).squeeze(-1).clamp(0, 255).round().byte()"
                ".numpy()\n",
        .gray = "torch.einsum(\"cahw,c->ahw\", x, torch.tensor([0.299, 0.587, 0.114]).double())"
                "[None] if len(x) == 3 else x",
        .module = "torch",
        .planes = true,
        .direct = never,
        .pad = torch_pad,
        .sum = torch_sum,
        .median = torch_median,
        .pool = torch_pool,
    };
    return show_lines(code, &py, stages, count);
}
