#include "app/commands/net_classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"
#include "app/call/model_file.h"

enum { USUAL = 5, BAR = 40, NAME = 32 };

bool app_net_wants_classes(const app_call *call) {
    return call->labels || call->top > 0;
}

/* ---- names ---- */

static size_t count_lines(const char *text) {
    size_t count = 0;
    for (const char *at = text; *at; at += *at == '\n') {
        at += strcspn(at, "\n");
        count++;
    }
    return count;
}

bool app_net_labels_read(app_net_labels *labels, const app_call *call, ct_error *err) {
    size_t size;
    *labels = (app_net_labels){.count = 0};
    if (!call->labels) {
        return true;
    }
    if (!app_read_whole(call->labels, call->limits.max_memory, &labels->bytes, &size, err)) {
        return ct_fail_at(err, "%s: ", app_input_name(call->labels));
    }
    char *text = realloc(labels->bytes, size + 1);
    labels->bytes = text ? text : labels->bytes;
    if (!text || memchr(text, '\0', size)) {
        return text ? ct_fail(err, "%s: isn't text; expected the classes' names, one a line",
                              app_input_name(call->labels))
                    : ct_fail(err, "out of memory");
    }
    text[size] = '\0';
    labels->names = calloc(count_lines(text) + 1, sizeof *labels->names);
    if (!labels->names) {
        return ct_fail(err, "out of memory");
    }
    while (*text) {
        char *end = text + strcspn(text, "\n");
        labels->names[labels->count++] = text;
        text = *end ? end + 1 : end;
        *end = '\0';
        if (end > labels->names[labels->count - 1] && end[-1] == '\r') {
            end[-1] = '\0';
        }
    }
    return true;
}

void app_net_labels_free(app_net_labels *labels) {
    free(labels->bytes);
    free(labels->names);
    *labels = (app_net_labels){.count = 0};
}

/* ---- the best ---- */

/* Places of the `top` greatest values, the greatest first; of equal ones the first. NaN is never
 * among them while there are numbers. */
static void find_best(const double *values, size_t count, size_t top, size_t *best) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = found < top ? found++ : top;
        while (at > 0 && (values[i] > values[best[at - 1]] || isnan(values[best[at - 1]]))) {
            if (at < top) {
                best[at] = best[at - 1];
            }
            at--;
        }
        if (at < top) {
            best[at] = i;
        }
    }
}

static const char *name_of(const app_net_labels *labels, size_t i) {
    return labels->names ? labels->names[i] : NULL;
}

static bool print_lines(const app_net_labels *labels, const double *values, const size_t *best,
                        size_t top) {
    /* Of probabilities a whole bar is 1, of other numbers the greatest. */
    const bool chances = values[best[0]] <= 1 && values[best[0]] >= 0;
    const double whole = chances ? 1 : values[best[0]];
    int width = 0;
    for (size_t i = 0; i < top; i++) {
        const char *name = name_of(labels, best[i]);
        const int own = name ? (int)strlen(name) : snprintf(NULL, 0, "%zu", best[i]);
        width = own > width ? own : width;
    }
    width = width < NAME ? width : NAME;
    for (size_t i = 0; i < top; i++) {
        ct_text name = {0};
        const bool ok = name_of(labels, best[i]) ? app_escape(&name, name_of(labels, best[i]))
                                                 : ct_text_print(&name, "%zu", best[i]);
        const double share = values[best[i]] / whole;
        const int bar = share > 0 && share <= 1 ? (int)lround(BAR * share) : 0;
        if (ok) {
            const int length = printf("  %-*s  %.4g", width, name.bytes, values[best[i]]);
            printf(bar > 0 ? "%*s%.*s\n" : "\n", width + 16 > length ? width + 16 - length : 1, "",
                   bar, "########################################");
        }
        ct_text_free(&name);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static void print_json(const app_net_labels *labels, const double *values, const size_t *best,
                       size_t top) {
    for (size_t i = 0; i < top; i++) {
        printf("%s{\"class\":%zu,\"name\":", i ? "," : "", best[i]);
        app_json_string(stdout, name_of(labels, best[i]));
        fputs(",\"value\":", stdout);
        app_json_number(stdout, values[best[i]]);
        putchar('}');
    }
}

/* ---- all answers ---- */

static size_t classes_of(const net_tensor *tensor) {
    int axis = tensor->shape.rank - 1;
    while (axis > 0 && tensor->shape.size[axis] == 1) {
        axis--;
    }
    return axis < 0 ? 1 : (size_t)tensor->shape.size[axis];
}

/* Of many answers, each says which it is, counted from 0; `index` < 0: it is the only one. */
static bool print_head(const app_call *call, const char *input, const char *name, long index) {
    ct_text text = {0};
    const bool ok = app_escape(&text, input ? input : name) &&
                    (index < 0 || ct_text_print(&text, ", %ld", index));
    if (call->json) {
        fputs(input ? "{\"input\":" : "{\"output\":", stdout);
        app_json_string(stdout, input ? input : name);
        if (input) {
            fputs(",\"output\":", stdout);
            app_json_string(stdout, name);
        }
        if (index >= 0) {
            printf(",\"index\":%ld", index);
        }
        fputs(",\"classes\":[", stdout);
    } else if (ok) {
        printf("%s:\n", text.bytes);
    }
    ct_text_free(&text);
    return ok;
}

bool app_net_classes(const app_call *call, const app_net_labels *labels, const char *input,
                     const char *name, const net_tensor *tensor, ct_error *err) {
    const size_t count = net_count(tensor), classes = classes_of(tensor);
    const size_t wanted = call->top > 0 ? (size_t)call->top : USUAL;
    const size_t top = wanted < classes ? wanted : classes;
    if (count == 0) {
        return ct_fail(err, "'%s' has no numbers", name);
    }
    if (labels->names && labels->count != classes) {
        return ct_fail(err, "--labels: %s has %s, and '%s' has %zu classes", call->labels,
                       ct_count(labels->count, "line").text, name, classes);
    }
    double *values = malloc(classes * sizeof *values);
    size_t *best = malloc(top * sizeof *best);
    bool ok = values && best;
    for (size_t first = 0; ok && first < count; first += classes) {
        for (size_t i = 0; i < classes; i++) {
            values[i] = net_real_at(tensor, first + i);
        }
        find_best(values, classes, top, best);
        const long index = count > classes ? (long)(first / classes) : -1;
        ok = print_head(call, input, name, index) &&
             (call->json || print_lines(labels, values, best, top));
        if (ok && call->json) {
            print_json(labels, values, best, top);
            fputs("]}\n", stdout);
        }
    }
    free(values);
    free(best);
    return ok || ct_fail(err, "out of memory");
}
