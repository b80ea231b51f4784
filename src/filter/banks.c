#include "filter/banks.h"

#include <string.h>

#include "base/text.h"
#include "filter/stage_families.h"

/* To add one: a row here, and its function, in bank_made.c, which gives the weights and names. */
static const bank_def banks[] = {
    {
        .name = "edges8",
        .summary = "edges in eight directions: the kernels robinson-n, -ne, -e, ...",
        .formula = "filters n, ne, e, se, s, sw, w, nw: where it gets brighter\n"
                   "e = -1 0 1; -2 0 2; -1 0 1, and the others turned by 45 degrees\n"
                   "(Robinson, Edge detection by compass gradient masks, 1977)",
        .make = bank_edges8,
    },
    {
        .name = "sobel2",
        .summary = "Sobel's gradient: the kernels sobel-x, sobel-y",
        .formula = "x = -1 0 1; -2 0 2; -1 0 1, y = -1 -2 -1; 0 0 0; 1 2 1\n"
                   "(Sobel & Feldman, 1968)",
        .make = bank_sobel2,
    },
    {
        .name = "gabor",
        .summary = "waves under a Gaussian, in several directions and sizes",
        .formula = "exp(-(x*x + y*y) / (2 s^2)) / (2 pi s^2) * cos(2 pi f u),\n"
                   "u = x cos t + y sin t, for the angles t = 0, 180/orientations, ...\n"
                   "f is 1/4, 1/8, ... waves per sample; s = 0.56 / f gives each filter\n"
                   "an octave of frequencies. Cells reach 3 s. The real part of what\n"
                   "scikit-image's gabor_kernel(f, t) returns. Named by number of scale\n"
                   "and degrees: gabor 0 45.\n"
                   "(Daugman, Uncertainty relation ..., 1985)",
        .takes = 1 << BANK_ORIENTATIONS | 1 << BANK_SCALES,
        .make = bank_gabor,
    },
    {
        .name = "dog",
        .summary = "differences of Gaussians: blobs of several sizes",
        .formula = "the kernels of the stage dog, of sigma 1, 2, 4, ...\n"
                   "(Marr & Hildreth, Theory of edge detection, 1980)",
        .takes = 1 << BANK_SCALES,
        .make = bank_dog,
    },
    {
        .name = "haar",
        .summary = "Haar's wavelets of 2x2 samples; with stride=2, the transform",
        .formula = "average = 1 1; 1 1, horizontal = 1 1; -1 -1, vertical = 1 -1; 1 -1,\n"
                   "diagonal = 1 -1; -1 1, all divided by 2, as PyWavelets has them\n"
                   "(Haar, Zur Theorie der orthogonalen Funktionensysteme, 1910)",
        .make = bank_haar,
    },
    {
        .name = "laws",
        .summary = "Laws' 25 masks for textures; for energies: bank:laws,abs,box:15",
        .formula = "columns times rows of level l5 = 1 4 6 4 1, edge e5 = -1 -2 0 2 1,\n"
                   "spot s5 = -1 0 2 0 -1, wave w5 = -1 2 0 -2 1, ripple r5 = 1 -4 6 -4 1;\n"
                   "l5e5 is the column l5 times the row e5\n"
                   "(Laws, Textured image segmentation, 1980)",
        .make = bank_laws,
    },
    {
        .name = "random",
        .summary = "what an untrained layer sees: normal numbers, by He's rule",
        .formula = "normal numbers with mean 0 and variance 2 / n, where n is the cells of\n"
                   "a filter, times its channels: all that the image has\n"
                   "(He et al., Delving deep into rectifiers, 2015)",
        .takes = 1 << BANK_SEED | 1 << BANK_FILTERS | 1 << BANK_SIZE,
        .all_channels = true,
        .make = bank_random,
    },
};

const bank_def *bank_def_at(size_t i) {
    return i < sizeof banks / sizeof banks[0] ? &banks[i] : NULL;
}

const bank_def *bank_def_find(const char *name) {
    for (size_t i = 0; bank_def_at(i); i++) {
        if (strcmp(banks[i].name, name) == 0) {
            return &banks[i];
        }
    }
    return NULL;
}

static const char *name_at(const void *unused, size_t i) {
    (void)unused;
    return bank_def_at(i) ? banks[i].name : NULL;
}

/* Arguments that only some banks have. */
static bool check_taken(const chain_stage *stage, const bank_def *def, ct_error *err) {
    for (int i = BANK_SEED; i < BANK_BIAS; i++) {
        if (stage->own[i].given && !(def && def->takes & 1U << i)) {
            return ct_fail(err, "%s takes no '%s'; see 'convtool list banks'",
                           def ? def->name : "a file", stage->def->arguments[i].name);
        }
    }
    return true;
}

static bool load(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const char *source = stage->own[BANK_SOURCE].text;
    const filter_found found = bank_load(source, chain->loader, &stage->bank, err);
    if (found != FILTER_MISSING) {
        return found == FILTER_FOUND;
    }
    const char *near = ct_nearest(source, name_at, NULL),
               *file = chain->loader ? ", and no such file" : "";
    return near ? ct_fail(err, "unknown bank '%s'%s; did you mean '%s'?", source, file, near)
                : ct_fail(err, "unknown bank '%s'%s; see 'convtool list banks'", source, file);
}

/* 0 with an error where there is no bank. */
static int count_filters(const chain_stage *stage, ct_error *err) {
    if (stage->bank) {
        return stage->bank->filters;
    }
    filter_bank *bank = bank_make(stage, 1, err);
    const int filters = bank ? bank->filters : 0;
    bank_free(bank);
    return filters;
}

static bool read_bias(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    const int filters = count_filters(stage, err);
    if (filters == 0) {
        return false;
    }
    stage->bias =
        bank_load_bias(stage->own[BANK_BIAS].text, chain->loader, &stage->bias_count, err);
    if (!stage->bias) {
        return ct_fail_at(err, "bias: ");
    }
    return stage->bias_count == 1 || stage->bias_count == filters ||
           ct_fail(err, "bias: %d numbers; expected one for all, or one for each of the %d filters",
                   stage->bias_count, filters);
}

bool bank_read(const filter_chain *chain, chain_stage *stage, ct_error *err) {
    if (!stage->own[BANK_SOURCE].given) {
        return ct_fail(err, "needs a bank: bank:NAME or bank:FILE, as in bank:edges8");
    }
    const bank_def *def = bank_def_find(stage->own[BANK_SOURCE].text);
    if ((!def && !load(chain, stage, err)) || !check_taken(stage, def, err)) {
        return false;
    }
    return !stage->own[BANK_BIAS].given || read_bias(chain, stage, err);
}

static int whole_or(const argument *a, int fallback) {
    return a->given ? a->x : fallback;
}

filter_bank *bank_make(const chain_stage *stage, int channels, ct_error *err) {
    const argument *own = stage->own, *size = &own[BANK_SIZE];
    const bank_wish wish = {.seed = whole_or(&own[BANK_SEED], 1),
                            .filters = whole_or(&own[BANK_FILTERS], 16),
                            .width = size->given ? size->x : 3,
                            .height = size->given ? size->y : 3,
                            .orientations = whole_or(&own[BANK_ORIENTATIONS], 4),
                            .scales = whole_or(&own[BANK_SCALES], 2),
                            .channels = channels};
    const bank_def *def = bank_def_find(own[BANK_SOURCE].text);
    const double weights = (double)wish.filters * wish.channels * wish.width * wish.height;
    if (def->takes & 1U << BANK_FILTERS && weights > BANK_NUMBERS) {
        ct_fail(err, "%.0f weights; expected at most %d", weights, BANK_NUMBERS);
        return NULL;
    }
    filter_bank *bank = def->make(&wish);
    if (bank) {
        bank->gray = !def->all_channels;
    } else {
        ct_fail(err, "out of memory");
    }
    return bank;
}

bool filter_bank_takes(const char *bank, const char *name) {
    const bank_def *def = bank_def_find(bank);
    for (unsigned i = BANK_SEED; i <= BANK_SCALES; i++) {
        if (strcmp(bank_stages[0].arguments[i].name, name) == 0) {
            return def && def->takes & 1U << i;
        }
    }
    return true;
}
