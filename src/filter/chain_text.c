/* A chain in one line that says everything the pixels depend on. */
#include <inttypes.h>
#include <string.h>

#include "base/fingerprint.h"
#include "base/number.h"
#include "filter/kernels.h"
#include "filter/paddings.h"

/* Inline kernels of more bytes than a 3x3 one needs are given by size and fingerprint. */
enum { INLINE_MOST = 60 };

/* ---- kernels ---- */

/* A kernel from a file has the file's name, and numbers that may change. */
static bool is_from_file(const char *spec, const filter_kernel *kernel) {
    return !named_kernel_find(spec) && strncmp(spec, kernel->name, sizeof kernel->name - 1) == 0;
}

static uint32_t kernel_fingerprint(const filter_kernel *kernel) {
    const int head[] = {kernel->width, kernel->height, kernel->anchor_x, kernel->anchor_y};
    const size_t cells = (size_t)kernel->width * (size_t)kernel->height;
    const uint32_t so_far = ct_fingerprint(CT_FINGERPRINT_START, head, sizeof head);
    return ct_fingerprint(so_far, kernel->weights, cells * sizeof *kernel->weights);
}

/* As a value within a stage: with a backslash before whatever would end it. */
static bool add_escaped(ct_text *out, const char *text) {
    bool ok = true;
    for (; ok && *text; text++) {
        ok = (!strchr(",:\\", *text) || ct_text_add(out, "\\", 1)) && ct_text_add(out, text, 1);
    }
    return ok;
}

/* What a stage's kernel adds to the stage as typed: the option's kernel, and the fingerprint of
 * numbers that aren't in the text. */
static bool add_kernel(ct_text *out, const filter_chain *chain, const chain_stage *stage) {
    const filter_kernel *kernel = stage->kernel;
    if (!kernel) {
        return true;
    }
    const bool typed = stage->own[0].given;
    const char *spec = typed ? stage->own[0].text : chain->kernel;
    const bool file = is_from_file(spec, kernel);
    const bool too_long = !typed && !file && strlen(spec) > INLINE_MOST;
    bool ok = typed || ct_text_print(out, ":kernel=");
    if (ok && too_long) {
        ok = ct_text_print(out, "%dx%d", kernel->width, kernel->height);
    } else if (ok && !typed) {
        ok = add_escaped(out, spec);
    }
    return ok &&
           ((!file && !too_long) || ct_text_print(out, "#%08" PRIx32, kernel_fingerprint(kernel)));
}

/* A bank from a file, with the names that a sheet shows, and a file of biases: what is in them. */
static bool add_bank(ct_text *out, const chain_stage *stage) {
    const filter_bank *bank = stage->bank;
    uint32_t print = CT_FINGERPRINT_START;
    double number;
    const char *bias = stage->bias ? stage->own[BANK_BIAS].text : "0";
    const bool bias_file = !ct_parse_number(bias, strlen(bias), &number);
    if (bank) {
        const int head[] = {bank->filters, bank->channels, bank->gray,    bank->width,
                            bank->height,  bank->anchor_x, bank->anchor_y};
        const size_t count = (size_t)bank->filters * (size_t)bank->channels * (size_t)bank->width *
                             (size_t)bank->height;
        print = ct_fingerprint(print, head, sizeof head);
        print = ct_fingerprint(print, bank->weights, count * sizeof *bank->weights);
        if (bank->names) {
            print = ct_fingerprint(print, bank->names, (size_t)bank->filters * BANK_NAME);
        }
    }
    if (bias_file) {
        print = ct_fingerprint(print, stage->bias, (size_t)stage->bias_count * sizeof *stage->bias);
    }
    return (!bank && !bias_file) || ct_text_print(out, "#%08" PRIx32, print);
}

/* ---- what the options of windows add ---- */

static bool add_size(ct_text *out, const char *name, int x, int y) {
    return x == y ? ct_text_print(out, ":%s=%d", name, x)
                  : ct_text_print(out, ":%s=%dx%d", name, x, y);
}

/* The mode, if it isn't mirror, and the size, unless the stage has its own `pad`. */
static bool add_padding(ct_text *out, const argument *padding, bool has_pad) {
    bool ok = true;
    if (padding->border == CONV_CONSTANT && !padding->valid && padding->number != 0) {
        ok = ct_text_print(out, ":padding=constant=%.9g", padding->number);
    } else if (padding->border != CONV_MIRROR) {
        const padding_def *def;
        size_t i = 0;
        while ((def = padding_def_at(i)) &&
               (def->border != padding->border || def->valid != padding->valid ||
                def->keep != padding->keep)) {
            i++;
        }
        ok = !def || ct_text_print(out, ":padding=%s", def->name);
    }
    return ok && (!padding->sized || has_pad || add_size(out, "pad", padding->x, padding->y));
}

static bool add_window(ct_text *out, const filter_chain *chain, const chain_stage *stage) {
    const argument *given[WINDOW_ARGUMENTS] = {NULL};
    for (size_t i = 0; stage->def->windowed && i < WINDOW_ARGUMENTS; i++) {
        const bool default_counts = chain->defaults[i].given && !stage->window[i].given;
        given[i] = default_counts ? &chain->defaults[i] : NULL;
    }
    const argument *padding = given[WINDOW_PADDING], *stride = given[WINDOW_STRIDE];
    const argument *dilation = given[WINDOW_DILATION], *anchor = given[WINDOW_ANCHOR];
    const argument *flip = given[WINDOW_FLIP];
    bool ok = !padding || add_padding(out, padding, stage->window[WINDOW_PAD].given);
    if (ok && stride && (stride->x > 1 || stride->y > 1)) {
        ok = add_size(out, "stride", stride->x, stride->y);
    }
    if (ok && dilation && (dilation->x > 1 || dilation->y > 1)) {
        ok = add_size(out, "dilation", dilation->x, dilation->y);
    }
    if (ok && anchor) {
        ok = ct_text_print(out, ":anchor=%dx%d", anchor->x, anchor->y);
    }
    return ok && (!flip || !flip->choice || ct_text_print(out, ":flip=yes"));
}

bool filter_chain_text(const filter_chain *chain, ct_text *out) {
    bool ok = true;
    for (size_t i = 0; ok && i < chain->count; i++) {
        const chain_stage *stage = &chain->stages[i];
        ok = ct_text_print(out, "%s%s", i ? "," : "", stage->text) &&
             add_window(out, chain, stage) && add_kernel(out, chain, stage) && add_bank(out, stage);
    }
    return ok;
}
