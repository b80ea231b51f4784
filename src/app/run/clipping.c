#include "app/run/clipping.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/message.h"
#include "base/number.h"

/* Below this share of the samples a loss isn't worth a line; one that isn't a number always is. */
static const double worth_saying = 0.005;

static const char *share_text(double share, char *text, size_t size) {
    double percent = share * 100;
    if (percent < 1) {
        snprintf(text, size, "under 1%%");
    } else if (share < 1 && percent > 99) {
        snprintf(text, size, "over 99%%");
    } else {
        snprintf(text, size, "%.0f%%", percent);
    }
    return text;
}

/* ---- what may be done about it ---- */

/* What --scale may do against values above white; "": nothing that is worth typing. */
typedef struct scale_hint {
    char text[80];
} scale_hint;

enum { FACTOR_TEXT = 24 };

/* "1/3", or two digits that aren't above the factor. */
static const char *factor_text(double factor, char text[FACTOR_TEXT]) {
    const double inverse = 1 / factor;
    if (fabs(inverse - rint(inverse)) < 1e-6 * inverse) {
        snprintf(text, FACTOR_TEXT, "1/%.0f", rint(inverse));
    } else {
        const double unit = pow(10, floor(log10(factor)) - 1);
        snprintf(text, FACTOR_TEXT, "%.2g", floor(factor / unit * (1 + 1e-9)) * unit);
    }
    return text;
}

/* The factor that brings the highest number down to white, if a white image gives that number.
 * Else a guess, and the factor for what no image exceeds. */
static scale_hint hint_of_scale(const app_call *call, const app_clipped *worst) {
    const double least = 1e-6; /* the image wouldn't be one, whatever the factor */
    const filter_range *range = &worst->range;
    double now = 1;
    char text[FACTOR_TEXT];
    scale_hint hint = {""};
    if (call->scale) {
        ct_parse_number(call->scale, strlen(call->scale), &now);
    }
    /* --scale applies before --bias and --map signed. */
    const bool known = range->known && range->high > worst->white && now > 0 && !call->bias &&
                       call->settings.map != FILTER_SIGNED;
    const double factor = known ? now * worst->white / range->high : 0;
    if (!known || !range->reached) {
        strcpy(hint.text, !call->scale ? "try --scale 0.5"
                          : now > 0    ? "try a smaller --scale"
                                       : "try a --scale nearer to 0");
        if (factor >= least) {
            const size_t used = strlen(hint.text);
            snprintf(hint.text + used, sizeof hint.text - used, " (%s is enough for any image)",
                     factor_text(factor, text));
        }
    } else if (fabs(factor - 1) < 1e-6) {
        strcpy(hint.text, call->scale ? "leave out --scale" : "");
    } else if (factor >= least) {
        snprintf(hint.text, sizeof hint.text, "try --scale %s", factor_text(factor, text));
    }
    return hint;
}

/* What a message ends with. */
typedef struct hint {
    char text[120];
} hint;

static hint hint_of_above(const app_call *call, const app_clipped *worst) {
    const bool minmax = call->settings.map == FILTER_MINMAX; /* no factor changes what it makes */
    const scale_hint scale = minmax ? (scale_hint){""} : hint_of_scale(call, worst);
    const char *map = minmax                               ? ""
                      : !*scale.text                       ? "try --map minmax"
                      : strncmp(scale.text, "try", 3) == 0 ? " or --map minmax"
                                                           : " or try --map minmax";
    hint both;
    snprintf(both.text, sizeof both.text, "%s%s%s", minmax ? "" : "; ", scale.text, map);
    return both;
}

static hint hint_of(const app_call *call, app_loss loss, const app_clipped *worst) {
    static const char *const maps[] = {
        [FILTER_CLAMP] = "; try --map signed",
        [FILTER_MAP_ABS] = "; try --map signed",
        [FILTER_SIGNED] = "; try --map minmax",
        [FILTER_MINMAX] = "",
    };
    hint text = {""};
    if (loss == APP_NEGATIVE) {
        strcpy(text.text, maps[call->settings.map]);
    }
    return loss == APP_ABOVE ? hint_of_above(call, worst) : text;
}

/* ---- counting and saying ---- */

void app_clipping_add(app_clipping *clipping, const app_job *job, const app_result *result) {
    const conv_stats *stats = &result->report.stats;
    if (stats->samples == 0 || result->out.sample == CODEC_F32 || result->viewed) {
        return;
    }
    const uint64_t lost[APP_LOSSES] = {
        [APP_NAN] = stats->nan, [APP_NEGATIVE] = stats->negative, [APP_ABOVE] = stats->above};
    for (app_loss loss = APP_NAN; loss < APP_LOSSES; loss++) {
        app_clipped *at = &clipping->of[loss];
        const double share = (double)lost[loss] / (double)stats->samples;
        if (lost[loss] == 0 || (loss != APP_NAN && share < worth_saying)) {
            continue;
        }
        at->images++;
        if (share > at->share) {
            at->share = share;
            at->input = job->input;
            at->white = result->out.white;
            at->range = result->range;
        }
    }
}

void app_clipping_say(const app_call *call, const app_clipping *clipping, size_t images) {
    static const char *const kinds[] = {
        [APP_NAN] = "weren't numbers (NaN)", [APP_NEGATIVE] = "were negative", [APP_ABOVE] = ""};
    for (app_loss loss = APP_NAN; loss < APP_LOSSES; loss++) {
        const app_clipped *worst = &clipping->of[loss];
        char share[16], what[64];
        if (worst->images == 0) {
            continue;
        }
        const double becomes = loss == APP_ABOVE ? worst->white : 0;
        const hint advice = hint_of(call, loss, worst);
        const char *name = app_input_name(worst->input);
        snprintf(what, sizeof what, "%s", kinds[loss]);
        if (loss == APP_ABOVE) {
            snprintf(what, sizeof what, "were above %.0f", worst->white);
        }
        share_text(worst->share, share, sizeof share);
        if (images == 1) {
            app_warn(name, "%s of values %s and became %.0f%s", share, what, becomes, advice.text);
        } else {
            app_warn(NULL,
                     "%zu of %zu images had values that %s and became %.0f, the worst %s"
                     " with %s%s",
                     worst->images, images, what, becomes, name, share, advice.text);
        }
    }
}
