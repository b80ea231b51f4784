#include "app/call/table.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/screen.h"

enum { GAP = 2 /* blanks between columns */ };

bool app_table_add(app_table *table, const char *text) {
    table->count++;
    return app_escape(&table->cells, text) && ct_text_add(&table->cells, "", 1);
}

bool app_table_print_cell(app_table *table, const char *format, ...) {
    char text[128];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return app_table_add(table, text);
}

void app_table_free(app_table *table) {
    ct_text_free(&table->cells);
    table->count = 0;
}

static bool goes_on(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The bytes of so many characters. */
static size_t bytes_of(const char *text, int characters) {
    size_t i = 0;
    for (; text[i] && (characters > 0 || goes_on(text[i])); i++) {
        characters -= !goes_on(text[i + 1]);
    }
    return i;
}

bool app_text_short(ct_text *out, const char *text, int width) {
    const int has = app_text_width(text);
    if (has <= width || width < 5) {
        return ct_text_print(out, "%s", text);
    }
    const int head = (width - 3 + 1) / 2, tail = width - 3 - head;
    return ct_text_add(out, text, bytes_of(text, head)) &&
           ct_text_print(out, "...%s", text + bytes_of(text, has - tail));
}

/* ---- widths ---- */

static void find_widths(const app_table *t, int *widths) {
    const char *cell = t->cells.bytes;
    for (size_t i = 0; i < t->count; i++, cell += strlen(cell) + 1) {
        const int c = (int)(i % (size_t)t->columns), width = app_text_width(cell);
        widths[c] = width > widths[c] ? width : widths[c];
    }
    for (int c = 0; c < t->columns; c++) {
        const int head = app_text_width(t->heads[c]);
        widths[c] = widths[c] > 0 && head > widths[c] ? head : widths[c];
    }
}

static void shrink(const app_table *t, int *widths) {
    int line = -GAP;
    for (int c = 0; c < t->columns; c++) {
        line += widths[c] > 0 ? widths[c] + GAP : 0;
    }
    for (; line > APP_TABLE_LINE; line--) {
        int widest = -1;
        for (int c = 0; c < t->columns; c++) {
            if (t->least[c] > 0 && widths[c] > t->least[c] &&
                (widest < 0 || widths[c] > widths[widest])) {
                widest = c;
            }
        }
        if (widest < 0) {
            return;
        }
        widths[widest]--;
    }
}

/* ---- lines ---- */

static bool add_cell(const app_table *t, const int *widths, int c, const char *cell, int *blanks,
                     ct_text *out) {
    bool ok = true;
    if (widths[c] == 0) {
        return true;
    }
    const int has = app_text_width(cell), fill = has < widths[c] ? widths[c] - has : 0;
    *blanks += t->right[c] ? fill : 0;
    if (*cell) {
        ok = ct_text_print(out, "%*s", *blanks, "") && app_text_short(out, cell, widths[c]);
        *blanks = 0;
    }
    *blanks += (t->right[c] ? 0 : fill) + GAP;
    return ok;
}

bool app_table_lines(const app_table *t, ct_text *out) {
    int widths[APP_TABLE_COLUMNS] = {0}, blanks = 0;
    find_widths(t, widths);
    shrink(t, widths);
    bool ok = true;
    for (int c = 0; ok && c < t->columns; c++) {
        ok = add_cell(t, widths, c, t->heads[c], &blanks, out);
    }
    const char *cell = t->cells.bytes;
    for (size_t i = 0; ok && i < t->count; i++, cell += strlen(cell) + 1) {
        const int c = (int)(i % (size_t)t->columns);
        ok = c > 0 || ct_text_print(out, "\n");
        blanks = c > 0 ? blanks : 0;
        ok = ok && add_cell(t, widths, c, cell, &blanks, out);
    }
    return ok && ct_text_print(out, "\n");
}

app_count app_count_of(uint64_t count) {
    static const char units[] = " kMGTPE";
    app_count to;
    double shown = (double)count;
    int unit = 0;
    while (shown >= 999.5 && count >= 10000 && unit < 6) {
        shown /= 1000;
        unit++;
    }
    if (unit == 0) {
        snprintf(to.text, sizeof to.text, "%" PRIu64, count);
    } else {
        snprintf(to.text, sizeof to.text, "%.*f%c",
                 shown < 9.995   ? 2
                 : shown < 99.95 ? 1
                                 : 0,
                 shown, units[unit]);
    }
    return to;
}
