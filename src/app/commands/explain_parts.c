#include "app/commands/explain_parts.h"

#include <math.h>

#include "app/call/message.h"

void explain_node_place(const net_shape *shape, size_t at, int64_t *place) {
    for (int i = shape->rank - 1; i >= 0; i--) {
        place[i] = (int64_t)(at % (size_t)shape->size[i]);
        at /= (size_t)shape->size[i];
    }
}

void explain_node_line(const explain_node *n, const char *name, double value) {
    char text[32];
    fprintf(n->style->out, "   %s = %s\n", name, explain_number(value, text));
}

bool explain_node_input(const explain_node *n, const char *word, int input, double value,
                        ct_error *err) {
    ct_text text = {0};
    const char *name = n->names[input];
    const bool ok = ct_text_print(&text, "%s", word) &&
                    (!name || (ct_text_print(&text, " ") && app_escape(&text, name)));
    if (ok) {
        explain_node_line(n, text.bytes, value);
    }
    ct_text_free(&text);
    return ok || ct_fail(err, "out of memory");
}

void explain_node_result(const explain_node *n, const char *name, double value, double parts) {
    char a[32], b[32];
    const double made = net_real_at(&n->out, n->at);
    const double slack = 1e-5 * (fabs(parts) + fabs(made)) + 1e-6;
    fprintf(n->style->out, "   %s = %s%s%s", name, n->style->strong, explain_number(made, a),
            n->style->plain);
    if (!(fabs(value - made) <= slack) && !explain_same_float(value, made)) {
        fprintf(n->style->out, " (by the arithmetic shown: %s)", explain_number(value, b));
        *n->agrees = false;
    }
    fputc('\n', n->style->out);
}

size_t explain_node_greatest(const double *parts, size_t count) {
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        best = fabs(parts[i]) > fabs(parts[best]) ? i : best;
    }
    return best;
}

/* Whether part i is among those that are shown: fewer than `most` are greater. */
static bool is_great(const double *parts, size_t count, size_t i, size_t most) {
    size_t greater = 0;
    for (size_t k = 0; k < count && greater < most; k++) {
        const double own = fabs(parts[i]), other = fabs(parts[k]);
        greater += other > own || (other == own && k < i);
    }
    return greater < most;
}

double explain_node_parts(const explain_node *n, const double *parts, size_t count,
                          explain_part_name *name, double *absolute) {
    enum { FEW = 8 };
    const size_t most = n->all || count <= FEW + 1 ? count : FEW;
    double sum = 0, rest = 0;
    char text[64];
    for (size_t i = 0; i < count; i++) {
        sum += parts[i];
        *absolute += fabs(parts[i]);
        if (is_great(parts, count, i, most)) {
            name(n, i, text);
            explain_node_line(n, text, parts[i]);
        } else {
            rest += parts[i];
        }
    }
    if (most < count) {
        snprintf(text, sizeof text, "the other %zu (-v shows them)", count - most);
        explain_node_line(n, text, rest);
    }
    return sum;
}
