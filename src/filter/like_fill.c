#include "filter/like_fill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/kernels.h"
#include "filter/like_number.h"
#include "filter/like_pillow.h"

/* ---- values ---- */

static const char *size_text(int x, int y, char text[LIKE_VALUE]) {
    snprintf(text, LIKE_VALUE, x == y ? "%d" : "%dx%d", x, y);
    return text;
}

const char *like_value(const chain_stage *stage, size_t i, char text[LIKE_VALUE]) {
    const argument_def *def = &stage->def->arguments[i];
    const argument *value = &stage->own[i];
    if (!value->given) {
        return def->fallback ? def->fallback : "";
    }
    switch (def->kind) {
    case ARGUMENT_CHOICE:
        return def->choices[value->choice].name;
    case ARGUMENT_INTEGER:
    case ARGUMENT_ODD:
        return size_text(value->x, value->x, text);
    case ARGUMENT_SIZE:
    case ARGUMENT_ODD_SIZE:
        return size_text(value->x, value->y, text);
    case ARGUMENT_AUTO_SIZE:
        return value->x ? size_text(value->x, value->y, text) : "auto";
    default:
        return like_number(value->number, text);
    }
}

static const argument *own_argument(const chain_stage *stage, const char *name) {
    for (size_t i = 0; i < MAX_ARGUMENTS && stage->def->arguments[i].kind; i++) {
        if (strcmp(stage->def->arguments[i].name, name) == 0) {
            return &stage->own[i];
        }
    }
    return NULL;
}

void like_cells(const chain_stage *stage, int *width, int *height) {
    const argument *size = own_argument(stage, "size");
    const named_kernel *named = named_kernel_find(stage->def->name);
    const int usual = stage->def->kind == STAGE_BOX || stage->def->kind == STAGE_MEDIAN ? 3 : 0;
    *width = *height = usual;
    if (stage->kernel) {
        *width = stage->kernel->width;
        *height = stage->kernel->height;
    } else if (named) {
        *width = named->width;
        *height = named->height;
    } else if (size && size->given) {
        *width = size->x;
        *height = size->y ? size->y : size->x; /* one number for both */
    }
}

/* ---- what isn't an argument ---- */

static double sigma_of(const chain_stage *stage) {
    return stage->own[0].given ? stage->own[0].number : 1;
}

/* The size given, or the one that the library takes for sigma: OpenCV's round(6 sigma + 1), made
 * odd; floor(4 sigma + 0.5) to each side in SciPy and scikit-image. */
static bool add_reach(const chain_stage *stage, int sigmas, ct_text *out) {
    int width, height;
    char text[LIKE_VALUE];
    like_cells(stage, &width, &height);
    if (width == 0 || stage->def->kind == STAGE_UNSHARP) {
        width = height = sigmas == 3 ? (int)rint(6 * sigma_of(stage) + 1) | 1
                                     : 2 * (int)floor(4 * sigma_of(stage) + 0.5) + 1;
    }
    return ct_text_print(out, "%s", size_text(width, height, text));
}

/* cv2.blur of bytes multiplies by whole 65536ths, which moves the half of powers of 2
 * (ColumnSum<ushort, uchar> in its box_filter.simd.hpp); beyond 256 cells it rounds to even. */
static bool add_blur(const chain_stage *stage, ct_text *out) {
    int width, height;
    like_cells(stage, &width, &height);
    const int cells = width * height;
    if (cells > 256) {
        return ct_text_print(out, "store");
    }
    return cells > 1 && (cells & (cells - 1)) == 0 ? ct_text_print(out, "store:half:1/%d", cells)
                                                   : ct_text_print(out, "store:half");
}

/* The kernel's rows in reverse. */
static bool add_upside_down(const filter_kernel *kernel, ct_text *out) {
    char text[LIKE_VALUE];
    bool ok = true;
    for (int y = kernel->height - 1; ok && y >= 0; y--) {
        for (int x = 0; ok && x < kernel->width; x++) {
            const char *end = x + 1 < kernel->width ? " " : y > 0 ? "; " : "";
            ok = ct_text_print(out, "%s%s",
                               like_number(kernel->weights[y * kernel->width + x], text), end);
        }
    }
    return ok;
}

/* As a value within a stage: with a backslash before whatever would end it. */
static bool add_escaped(const char *text, ct_text *out) {
    bool ok = true;
    for (const char *c = text; ok && *c; c++) {
        ok = (!strchr(",:\\", *c) || ct_text_add(out, "\\", 1)) && ct_text_add(out, c, 1);
    }
    return ok;
}

static bool add_kernel(const chain_stage *stage, ct_text *out) {
    return !stage->own[0].given ||
           (ct_text_add(out, ":", 1) && add_escaped(stage->own[0].text, out));
}

/* All of the stage's own that are given. */
static bool add_own(const chain_stage *stage, ct_text *out) {
    char text[LIKE_VALUE];
    bool ok = true;
    for (size_t i = 0; ok && stage->def->arguments[i].kind; i++) {
        const argument *value = &stage->own[i];
        if (value->given) {
            ok = ct_text_print(out, ":%s=", stage->def->arguments[i].name) &&
                 add_escaped(value->text ? value->text : like_value(stage, i, text), out);
        }
    }
    return ok;
}

/* Libraries have the cell size / 2 on the output pixel, which is ours unless the size is even. */
static bool add_window(const char *window, bool centred, int width, int height, ct_text *out) {
    const bool even = width > 0 && (width % 2 == 0 || height % 2 == 0);
    return ct_text_print(out, "%s", window) &&
           (!even || !centred || ct_text_print(out, ":anchor=%dx%d", width / 2, height / 2));
}

static bool add_value(const chain_stage *stage, const char *name, const char *window, bool centred,
                      ct_text *out) {
    int width, height;
    like_cells(stage, &width, &height);
    if (strcmp(name, "window") == 0) {
        return add_window(window, centred, width, height, out);
    } else if (strcmp(name, "window_x") == 0) {
        return add_window(window, centred, width, 1, out);
    } else if (strcmp(name, "window_y") == 0) {
        return add_window(window, centred, 1, height, out);
    } else if (strcmp(name, "width") == 0) {
        return ct_text_print(out, "%d", width);
    } else if (strcmp(name, "height") == 0) {
        return ct_text_print(out, "%d", height);
    } else if (strcmp(name, "reach3") == 0) {
        return add_reach(stage, 3, out);
    } else if (strcmp(name, "reach4") == 0) {
        return add_reach(stage, 4, out);
    } else if (strcmp(name, "pass_x") == 0 || strcmp(name, "pass_y") == 0) {
        return like_pillow_pass(sigma_of(stage), name[5] == 'x', out);
    } else if (strcmp(name, "pass_store") == 0) {
        return like_pillow_store(sigma_of(stage), out);
    } else if (strcmp(name, "blur") == 0) {
        return add_blur(stage, out);
    } else if (strcmp(name, "upside_down") == 0) {
        return add_upside_down(stage->kernel, out);
    } else if (strcmp(name, "kernel") == 0) {
        return add_kernel(stage, out);
    } else if (strcmp(name, "own") == 0) {
        return add_own(stage, out);
    }
    char text[LIKE_VALUE];
    for (size_t i = 0; stage->def->arguments[i].kind; i++) {
        if (strcmp(stage->def->arguments[i].name, name) == 0) {
            return ct_text_print(out, "%s", like_value(stage, i, text));
        }
    }
    return false;
}

bool like_fill(const chain_stage *stage, const char *becomes, const char *window, bool centred,
               ct_text *out) {
    bool ok = true;
    while (ok && *becomes) {
        const size_t plain = strcspn(becomes, "{");
        ok = ct_text_add(out, becomes, plain);
        becomes += plain;
        if (ok && *becomes) {
            char name[32];
            const size_t length = strcspn(becomes, "}");
            snprintf(name, sizeof name, "%.*s", (int)length - 1, becomes + 1);
            ok = add_value(stage, name, window, centred, out);
            becomes += length + 1;
        }
    }
    return ok;
}
