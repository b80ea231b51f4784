#include "app/commands/show_bank.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/call/command.h"
#include "app/call/json.h"
#include "app/call/kernel_file.h"
#include "app/call/message.h"
#include "app/call/screen.h"
#include "app/commands/show_numbers.h"

static const char prefix[] = "bank:";

enum { PREFIX = sizeof prefix - 1 };

bool show_is_bank(const char *spec) {
    char name[64];
    filter_entry entry;
    const size_t length = strcspn(spec, ":,");
    if (strncmp(spec, prefix, PREFIX) == 0) {
        return true;
    }
    if (length >= sizeof name || filter_begins_chain(spec)) { /* dog is both, and a filter first */
        return false;
    }
    memcpy(name, spec, length);
    name[length] = '\0';
    return filter_entry_find(FILTER_BANKS, name, &entry);
}

/* The bank as a chain makes it, and its layer. */
typedef struct shown_bank {
    const char *spec; /* without the prefix */
    filter_program program;
    const conv_stage *layer;
    int channels; /* that each filter sees */
} shown_bank;

static const double *kernel_of(const shown_bank *bank, int filter, int channel) {
    const conv_window *w = &bank->layer->window;
    const size_t cells = (size_t)w->width * (size_t)w->height;
    return bank->layer->weights +
           ((size_t)filter * (size_t)bank->channels + (size_t)channel) * cells;
}

/* On an image of as many channels as its weights want, of gray where any will do. */
static bool lower_bank(shown_bank *bank, const filter_chain *chain, ct_error *err) {
    const filter_settings settings = {0};
    const int wanted = filter_chain_channels(chain), channels = wanted ? wanted : 1;
    const filter_image image = {.width = CONV_MAX_ROW / channels / 2,
                                .height = CONV_MAX_SIDE / 2,
                                .channels = channels,
                                .white = 255,
                                .out_white = 255};
    filter_image fits = image;
    fits.width = image.width < CONV_MAX_SIDE / 2 ? image.width : CONV_MAX_SIDE / 2;
    if (!filter_lower(chain, &settings, &fits, &bank->program, err)) {
        return false;
    }
    for (int i = 0; i < bank->program.count; i++) {
        bank->layer =
            bank->program.stages[i].op == CONV_LAYER ? &bank->program.stages[i] : bank->layer;
    }
    bank->channels = channels / conv_stage_groups(bank->layer);
    return true;
}

static bool load_bank(shown_bank *bank, const char *spec, ct_error *err) {
    const filter_defaults defaults = {.loader = &app_kernel_files};
    ct_text text = {0};
    *bank = (shown_bank){.spec = spec + (strncmp(spec, prefix, PREFIX) == 0 ? PREFIX : 0)};
    bool ok = ct_text_print(&text, "%s%s", prefix, bank->spec) || ct_fail(err, "out of memory");
    filter_chain *chain = ok ? filter_parse(text.bytes, &defaults, err) : NULL;
    ok = chain && (filter_chain_length(chain) == 1 ||
                   ct_fail(err, "one bank is shown at a time; a comma ends it"));
    ok = ok && lower_bank(bank, chain, err);
    filter_chain_free(chain);
    ct_text_free(&text);
    return ok;
}

/* ---- text ---- */

/* "n", or "filter 0", and the channel where there are several. */
static bool print_name(const shown_bank *bank, int filter, int channel) {
    ct_text name = {0};
    bool ok = bank->program.names ? app_escape(&name, bank->program.names[filter])
                                  : ct_text_print(&name, "filter %d", filter);
    if (ok && bank->channels > 1) {
        ok = ct_text_print(&name, ", channel %d", channel);
    }
    printf("\n%s\n", ok ? name.bytes : "");
    ct_text_free(&name);
    return ok;
}

/* The gain, and what an image of 8 bits may become. */
static void print_sums(const shown_bank *bank, int filter) {
    const conv_window *w = &bank->layer->window;
    const double *weights = kernel_of(bank, filter, 0);
    double positive = 0, negative = 0;
    char sum[32], low[32], high[32];
    for (int i = 0; i < w->width * w->height * bank->channels; i++) {
        *(weights[i] > 0 ? &positive : &negative) += weights[i];
    }
    const bool none = fabs(positive + negative) < 1e-12 * (positive - negative);
    const double bias = bank->layer->bias ? bank->layer->bias[filter] : 0;
    char results[128];
    const int length =
        snprintf(results, sizeof results, "results for an 8-bit image: %s to %s",
                 show_number(255 * negative + bias, low), show_number(255 * positive + bias, high));
    const int before = printf("  sum %s;", show_number(none ? 0 : positive + negative, sum));
    const bool fits = before + 1 + length <= app_text_columns(stdout);
    printf("%s%s\n", fits ? " " : "\n  ", results);
}

static bool print_text(const shown_bank *bank) {
    const conv_window *w = &bank->layer->window;
    char text[32];
    ct_text title = {0};
    bool ok = app_escape(&title, bank->spec);
    printf("bank %s\n%d filters of %d channel%s%s, %dx%d, anchor %d,%d\n", ok ? title.bytes : "",
           bank->layer->filters, bank->channels, bank->channels == 1 ? "" : "s",
           conv_stage_groups(bank->layer) > 1 ? " in groups" : "", w->width, w->height, w->anchor_x,
           w->anchor_y);
    ct_text_free(&title);
    for (int f = 0; ok && f < bank->layer->filters; f++) {
        for (int c = 0; ok && c < bank->channels; c++) {
            ok = print_name(bank, f, c);
            show_matrix(kernel_of(bank, f, c), w->width, w->height, 1);
        }
        if (bank->layer->bias) {
            printf("  bias %s\n", show_number(bank->layer->bias[f], text));
        }
        print_sums(bank, f);
    }
    return ok;
}

/* ---- JSON ---- */

/* Channel by channel, row by row. */
static void json_weights(const shown_bank *bank, int filter) {
    const conv_window *w = &bank->layer->window;
    for (int c = 0; c < bank->channels; c++) {
        const double *weights = kernel_of(bank, filter, c);
        for (int i = 0; i < w->width * w->height; i++) {
            fputs(i == 0 ? c ? ",[[" : "[[[" : i % w->width == 0 ? "],[" : ",", stdout);
            app_json_number(stdout, weights[i] == 0 ? 0.0 : weights[i]); /* without a sign */
        }
        fputs("]]", stdout);
    }
    fputc(']', stdout);
}

static void print_json(const shown_bank *bank) {
    const conv_window *w = &bank->layer->window;
    fputs("{\"bank\":", stdout);
    app_json_string(stdout, bank->spec);
    printf(",\"groups\":%d,\"channels\":%d,\"width\":%d,\"height\":%d,\"anchor\":[%d,%d]",
           conv_stage_groups(bank->layer), bank->channels, w->width, w->height, w->anchor_x,
           w->anchor_y);
    for (int f = 0; f < bank->layer->filters; f++) {
        fputs(f ? ",\n{\"name\":" : ",\"filters\":[\n{\"name\":", stdout);
        app_json_string(stdout, bank->program.names ? bank->program.names[f] : NULL);
        fputs(",\"bias\":", stdout);
        app_json_number(stdout, bank->layer->bias ? bank->layer->bias[f] : 0);
        fputs(",\"weights\":", stdout);
        json_weights(bank, f);
        fputc('}', stdout);
    }
    fputs("]}\n", stdout);
}

int show_bank(const app_call *call) {
    ct_error err;
    shown_bank bank;
    if (!load_bank(&bank, call->operands[1], &err)) {
        filter_program_free(&bank.program);
        app_say(NULL, "show: %s", err.text);
        return APP_USAGE;
    }
    bool ok = true;
    if (call->json) {
        print_json(&bank);
    } else if (!(ok = print_text(&bank))) {
        app_say(NULL, "show: out of memory");
    }
    filter_program_free(&bank.program);
    return ok ? APP_OK : APP_FAILED;
}
