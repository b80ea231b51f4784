#include "app/commands/explain_edges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double value_at(const explain_window *window, int x, int y, int channel) {
    return (double)window->values[(y * window->width + x) * window->channels + channel];
}

/* Prints the engine's result, and what the arithmetic shown gives where that is another. */
static void decide(const explain_style *style, const char *why, double value, double engine,
                   double slack, bool *agrees) {
    char a[32], b[32];
    char text[256];
    snprintf(text, sizeof text, "%s:", why);
    explain_number(engine, a);
    explain_wrap(style, text, 1 + (int)strlen(a));
    fprintf(style->out, " %s%s%s", style->strong, a, style->plain);
    if (!(fabs(value - engine) <= slack) && !explain_same_float(value, engine)) {
        fprintf(style->out, " (by the arithmetic shown: %s)", explain_number(value, b));
        *agrees = false;
    }
    fputc('\n', style->out);
}

/* ---- maxima ---- */

typedef struct slope {
    double x, y, length;
} slope;

/* Sobel's at cell x, y of the window. */
static slope slope_at(const explain_window *window, int x, int y, int channel) {
    static const int smooth[3] = {1, 2, 1}, difference[3] = {-1, 0, 1};
    slope s = {0};
    for (int i = 0; i < 9; i++) {
        const int kx = i % 3, ky = i / 3;
        const double v = value_at(window, x + kx - 1, y + ky - 1, channel);
        s.x += v * difference[kx] * smooth[ky];
        s.y += v * smooth[kx] * difference[ky];
    }
    s.length = hypot(s.x, s.y);
    return s;
}

/* The gradient's length one step along (sx, sy), between a sample beside the centre and one at a
 * corner. */
static double along(const explain_window *window, slope at, int side, int channel) {
    const bool flat = fabs(at.x) >= fabs(at.y);
    const int sx = at.x < 0 ? -side : side, sy = at.y < 0 ? -side : side;
    const double corner = slope_at(window, 2 + sx, 2 + sy, channel).length;
    const double beside = slope_at(window, flat ? 2 + sx : 2, flat ? 2 : 2 + sy, channel).length;
    const double most = fmax(fabs(at.x), fabs(at.y));
    const double share = most > 0 ? fmin(fabs(at.x), fabs(at.y)) / most : 0;
    return corner * share + beside * (1 - share);
}

static double largest_part(const explain_window *window, int channel) {
    double most = 0;
    for (int i = 0; i < window->width * window->height; i++) {
        const double part = fabs(value_at(window, i, 0, channel));
        most = part > most ? part : most; /* GCC 12 for aarch64 breaks on fmax here */
    }
    return most;
}

void explain_maximum(const explain_style *style, const conv_stage *stage,
                     const explain_window *window, int channel, double engine, bool *agrees) {
    char a[32], b[32], c[32];
    explain_table(style, &(explain_cells){.window = window, .channel = channel, .chosen = -1});
    const slope at = slope_at(window, 2, 2, channel);
    const double low = (double)stage->a, slack = 1e-5 * largest_part(window, channel) + 1e-6;
    const bool rim =
        window->beyond[11] || window->beyond[13] || window->beyond[7] || window->beyond[17];
    explain_line(style, "Sobel's gradient at the centre: x = %s, y = %s, length %s",
                 explain_number(at.x, a), explain_number(at.y, b), explain_number(at.length, c));
    if (rim || at.length < low - slack || at.length <= slack) {
        decide(style,
               rim                  ? "at the image's edge, which has no maxima"
               : at.length <= slack ? "no gradient"
                                    : "below the low threshold",
               rim || at.length < low ? -at.length : fabs(engine), engine, slack, agrees);
        return;
    }
    const double turn = atan2(at.y, at.x) * 180 / M_PI;
    fprintf(style->out, "   direction %s degrees, clockwise from the right\n",
            explain_number(turn < 0 ? turn + 360 : turn, a));
    const double before = along(window, at, -1, channel), after = along(window, at, 1, channel);
    explain_line(style, "lengths one step behind and ahead, interpolated: %s, %s",
                 explain_number(before, a), explain_number(after, b));
    const double beyond = fmax(before, after) - at.length;
    const bool unsure = fabs(beyond) <= slack || fabs(at.length - low) <= slack;
    const bool greatest = unsure ? engine > 0 : beyond <= 0;
    decide(style, greatest ? "the greatest of the three, so kept" : "not the greatest, so negative",
           greatest ? at.length : -at.length, engine, slack, agrees);
}

/* ---- zero crossings ---- */

static bool opposite(double a, double b) {
    return (a < 0 && b > 0) || (a > 0 && b < 0);
}

void explain_crossing(const explain_style *style, const conv_stage *stage,
                      const explain_window *window, int channel, double engine, bool *agrees) {
    static const int beside[4][2] = {{0, 1}, {2, 1}, {1, 0}, {1, 2}};
    static const char *const names[] = {"left", "right", "above", "below"};
    char a[32], b[32], why[128] = "no change of sign that counts";
    const double v = value_at(window, 1, 1, channel), threshold = (double)stage->threshold;
    double n[4];
    bool marked = false;
    explain_table(style, &(explain_cells){.window = window, .channel = channel, .chosen = -1});
    for (int i = 0; i < 4; i++) {
        n[i] = value_at(window, beside[i][0], beside[i][1], channel);
        const double further = fabs(n[i]) - fabs(v), equal = fabs(n[i]) / (1 << 18);
        const bool nearer = v < 0 ? further >= -equal : further > equal;
        if (opposite(v, n[i]) && nearer && fabs(v - n[i]) > threshold && !marked) {
            snprintf(why, sizeof why, "%s, %s, has the other sign, and is no nearer to 0", names[i],
                     explain_number(n[i], a));
            marked = true;
        }
    }
    for (int i = 0; i < 4 && v == 0; i += 2) {
        if (opposite(n[i], n[i + 1]) && fabs(n[i] - n[i + 1]) > 2 * threshold) {
            snprintf(why, sizeof why, "0 between %s and %s", explain_number(n[i], a),
                     explain_number(n[i + 1], b));
            marked = true;
        }
    }
    const double value = marked ? (double)stage->b : 0;
    if (value != engine && fabs(v) <= 1e-5 * largest_part(window, channel)) {
        decide(style, "0, but for rounding", engine, engine, 0, agrees);
    } else {
        decide(style, why, value, engine, 0, agrees);
    }
}

/* ---- links ---- */

/* What a search from one mark through its neighbours found. */
typedef struct found {
    int x, y, steps;
} found;

typedef struct marks {
    const float *values; /* of the whole image */
    conv_shape shape;
    int channel;
} marks;

static double mark_at(const marks *m, int x, int y) {
    if (x < 0 || y < 0 || x >= m->shape.width || y >= m->shape.height) {
        return 0;
    }
    const size_t pixel = (size_t)y * (size_t)m->shape.width + (size_t)x;
    return (double)m->values[pixel * (size_t)m->shape.channels + (size_t)m->channel];
}

/* The nearest strong mark, in steps from mark to mark: first all that are one step away, then two,
 * and so on. steps is -1 where there is none; false: out of memory. */
static bool search(const marks *m, int x, int y, found *out) {
    const size_t width = (size_t)m->shape.width, pixels = width * (size_t)m->shape.height;
    size_t *queue = malloc(pixels * sizeof *queue);
    int *steps = calloc(pixels, sizeof *steps); /* plus one; 0: not seen */
    const bool ok = queue && steps;
    size_t next = 0, end = 0;
    out->steps = -1;
    if (ok) {
        queue[end++] = (size_t)y * width + (size_t)x;
        steps[queue[0]] = 1;
    }
    while (next < end && out->steps < 0) {
        const size_t at = queue[next++];
        const int ax = (int)(at % width), ay = (int)(at / width);
        if (mark_at(m, ax, ay) >= 2) {
            *out = (found){ax, ay, steps[at] - 1};
        }
        for (int i = 0; i < 9; i++) {
            const int nx = ax + i % 3 - 1, ny = ay + i / 3 - 1;
            if (mark_at(m, nx, ny) > 0 && !steps[(size_t)ny * width + (size_t)nx]) {
                steps[(size_t)ny * width + (size_t)nx] = steps[at] + 1;
                queue[end++] = (size_t)ny * width + (size_t)nx;
            }
        }
    }
    free(queue);
    free(steps);
    return ok;
}

static bool link_channel(const explain_style *style, const marks *m, int x, int y, double white,
                         double engine, bool *agrees, ct_error *err) {
    found strong = {.steps = -1};
    char why[128];
    const double mark = mark_at(m, x, y);
    fputs("   marks around it, 2: strong, 1: weak\n", style->out);
    for (int dy = -1; dy <= 1; dy++) {
        fprintf(style->out, "      %g %g %g\n", mark_at(m, x - 1, y + dy), mark_at(m, x, y + dy),
                mark_at(m, x + 1, y + dy));
    }
    if (mark > 0 && !search(m, x, y, &strong)) {
        return ct_fail(err, "out of memory");
    }
    if (mark <= 0) {
        snprintf(why, sizeof why, "no mark, so no edge");
    } else if (strong.steps == 0) {
        snprintf(why, sizeof why, "strong, so an edge");
    } else if (strong.steps > 0) {
        snprintf(why, sizeof why, "weak, but linked to the strong mark at %d,%d in %d step%s",
                 strong.x, strong.y, strong.steps, strong.steps == 1 ? "" : "s");
    } else {
        snprintf(why, sizeof why, "weak, and linked to no strong mark, so no edge");
    }
    decide(style, why, strong.steps >= 0 ? white : 0, engine, 0, agrees);
    return true;
}

bool explain_link(const explain_style *style, explain_image *image, int index, int x, int y,
                  int channel, const float *to, bool *agrees, ct_error *err) {
    marks m = {.shape = image->shapes[index]};
    if (!(m.values = explain_whole(image, index, err))) {
        return false;
    }
    bool ok = true;
    for (int c = 0; ok && c < m.shape.channels; c++) {
        m.channel = c;
        if (channel < 0 || c == channel) {
            ok = link_channel(style, &m, x, y, (double)image->program.stages[index].b,
                              (double)to[c], agrees, err);
        }
    }
    return ok;
}
