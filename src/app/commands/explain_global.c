/* One pixel made of a whole image. */
#include "app/commands/explain_global.h"

#include <math.h>

/* One channel's sum, and where its greatest or least sample is first. */
typedef struct found {
    double sum, most;
    int x, y;
} found;

static found look(const float *rows, conv_shape in, int channel, conv_pool kind) {
    found f = {.most = NAN};
    for (int y = 0; y < in.height; y++) {
        for (int x = 0; x < in.width; x++) {
            const size_t pixel = (size_t)y * (size_t)in.width + (size_t)x;
            const double v = (double)rows[pixel * (size_t)in.channels + (size_t)channel];
            f.sum += v;
            if ((x == 0 && y == 0) || (kind == CONV_POOL_MAX ? v > f.most : v < f.most) ||
                (isnan(v) && !isnan(f.most))) {
                f.most = v;
                f.x = x;
                f.y = y;
            }
        }
    }
    return f;
}

bool explain_global_stage(const explain_style *style, explain_image *image, int index, int channel,
                          const float *to, bool *agrees, ct_error *err) {
    const conv_pool kind = image->program.stages[index].pool;
    const conv_shape in = image->shapes[index];
    const float *rows = explain_whole(image, index, err);
    for (int c = 0; rows && c < in.channels; c++) {
        char a[32], b[32];
        if (channel >= 0 && channel < in.channels && c != channel) {
            continue;
        }
        const found f = look(rows, in, c, kind);
        const double count = (double)in.width * in.height, made = (double)to[c];
        char name[32] = "";
        if (in.channels > 1) {
            snprintf(name, sizeof name, "channel %d: ", c);
        }
        const bool mean = kind == CONV_POOL_AVG;
        const double value = mean ? f.sum / count : f.most;
        if (mean) {
            fprintf(style->out, "   %ssum %s, over %.0f pixels: mean %s%s%s\n", name,
                    explain_number(f.sum, a), count, style->strong, explain_number(made, b),
                    style->plain);
        } else {
            fprintf(style->out, "   %s%s, at %d,%d: %s%s%s\n", name,
                    kind == CONV_POOL_MAX ? "largest" : "smallest", f.x, f.y, style->strong,
                    explain_number(made, b), style->plain);
        }
        if (!(fabs(value - made) <= 1e-5 * fabs(value) + 1e-6) &&
            !explain_same_float(value, made)) {
            fprintf(style->out, "   (by the arithmetic shown: %s)\n", explain_number(value, a));
            *agrees = false;
        }
    }
    return rows != NULL;
}
