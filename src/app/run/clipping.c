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
        snprintf(text, FACTOR_TEXT, factor >= 10 ? "%.0f" : "%.2g",
                 floor(factor / unit * (1 + 1e-9)) * unit);
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

/* Numbers below this share of white look black. */
static const double dark_share = 1.0 / 8;

/* Whether a picture is black because its numbers are meant for another white: those of an array or
 * a table, what a network makes, or shares, whose white is 1. */
static bool is_dark(const app_result *result) {
    const conv_stats *stats = &result->report.stats;
    const filter_range *range = &result->range;
    const double most = result->out.white * dark_share;
    const bool plain = result->made.width > 0 ? result->made.plain : result->in.plain;
    const bool few = plain && stats->max > 0 && stats->max < most && stats->min > -most;
    const bool shares = range->known && range->high > 0 && range->high <= 1 && range->low >= -1;
    return (few || shares) && stats->above == 0 /* infinite */ && result->out.white >= UINT8_MAX;
}

/* Whether nothing but the overshoot of a resize can be clamped, which is as it should be. */
static bool is_overshoot(const app_result *result) {
    const filter_range *range = &result->range;
    return range->known && range->overshoots && range->low >= 0 && range->high <= result->out.white;
}

static void count_losses(const app_result *result, uint64_t lost[APP_LOSSES]) {
    const conv_stats *stats = &result->report.stats;
    const bool floats = result->out.sample == CODEC_F32;
    lost[APP_NAN] = floats ? 0 : stats->nan;
    const bool clamped = !floats && !is_overshoot(result);
    lost[APP_NEGATIVE] = clamped ? stats->negative : 0;
    lost[APP_ABOVE] = clamped ? stats->above : 0;
    lost[APP_DARK] = !floats && is_dark(result) ? stats->samples : 0;
    lost[APP_FLOAT_NAN] = floats ? stats->nan : 0;
    lost[APP_INFINITE] = floats ? stats->infinite : 0;
}

void app_clipping_add(app_clipping *clipping, const app_job *job, const app_result *result) {
    const conv_stats *stats = &result->report.stats;
    uint64_t lost[APP_LOSSES];
    if (stats->samples == 0 || result->viewed) {
        return;
    }
    count_losses(result, lost);
    for (app_loss loss = APP_NAN; loss < APP_LOSSES; loss++) {
        app_clipped *at = &clipping->of[loss];
        const double share = (double)lost[loss] / (double)stats->samples;
        const bool few = loss == APP_NEGATIVE || loss == APP_ABOVE;
        if (lost[loss] == 0 || (few && share < worth_saying)) {
            continue;
        }
        at->images++;
        at->largest = fmax(at->largest, fmax(stats->max, 1));
        if (share > at->share) {
            at->share = share;
            at->count = lost[loss];
            at->samples = stats->samples;
            at->input = job->input;
            at->white = result->out.white;
            at->range = result->range;
        }
    }
}

/* What a clamped number was, and what it became. */
static void say_clamped(const app_call *call, app_loss loss, const app_clipped *worst,
                        size_t images) {
    static const char *const kinds[] = {
        [APP_NAN] = "weren't numbers (NaN)", [APP_NEGATIVE] = "were negative", [APP_ABOVE] = ""};
    char share[16], what[64];
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

/* Values up to 1 are shares. */
static void say_dark(const app_call *call, const app_clipped *worst, size_t images) {
    const double white = worst->white;
    const char *how = worst->largest > 1 ? "nearly black" : "black";
    const char *name = app_input_name(worst->input);
    char largest[32], factor[FACTOR_TEXT], scale[48] = "";
    snprintf(largest, sizeof largest, "%.0f", ceil(worst->largest));
    if (!call->scale && worst->largest > 1) {
        snprintf(scale, sizeof scale, "--scale %s or ",
                 factor_text(white / worst->largest, factor));
    } else if (!call->scale) {
        snprintf(scale, sizeof scale, "--scale %.0f or ", white);
    }
    if (images == 1) {
        app_warn(name,
                 "no value is above %s, and white is %.0f: the picture is %s; try %s--map "
                 "minmax",
                 largest, white, how, scale);
    } else {
        app_warn(NULL,
                 "%zu of %zu images have no value above %s, where white is %.0f, and are %s, as "
                 "%s; try %s--map minmax",
                 worst->images, images, largest, white, how, name, scale);
    }
}

static void say_unfinite(app_loss loss, const app_clipped *worst, size_t images) {
    const char *what = loss == APP_INFINITE
                           ? "are infinite: they are more than a float holds, about 3.4e38"
                           : "aren't numbers (NaN)";
    const char *name = app_input_name(worst->input);
    const unsigned long long count = worst->count, samples = worst->samples;
    if (images == 1) {
        app_warn(name, "%llu of %llu values %s", count, samples, what);
    } else {
        app_warn(NULL, "%zu of %zu images have values that %s; the worst is %s with %llu of %llu",
                 worst->images, images, what, name, count, samples);
    }
}

void app_clipping_say(const app_call *call, const app_clipping *clipping, size_t images) {
    for (app_loss loss = APP_NAN; loss < APP_LOSSES; loss++) {
        const app_clipped *worst = &clipping->of[loss];
        if (worst->images == 0) {
            continue;
        }
        if (loss <= APP_ABOVE) {
            say_clamped(call, loss, worst, images);
        } else if (loss == APP_DARK) {
            say_dark(call, worst, images);
        } else if (!call->limits.nonfinite) { /* they may have been there before */
            say_unfinite(loss, worst, images);
        }
    }
}
