#include "app/commands/explain_style.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/screen.h"

enum { INDENT = 3, FURTHER = 6, CHANNELS = 20 /* " ... (4096 channels)" */ };

explain_style explain_style_for(FILE *stream) {
    const bool color = app_color(stream), utf8 = app_locale_is_utf8();
    return (explain_style){
        .out = stream,
        .width = app_text_columns(stream),
        .dim = color ? "\033[36m" : "",
        .strong = color ? "\033[1m" : "",
        .negative = color ? "\033[91m" : "",
        .positive = color ? "\033[94m" : "",
        .plain = color ? "\033[0m" : "",
        .times = utf8 ? "×" : "x",
        .dot = utf8 ? "·" : "*",
        .squared = utf8 ? "²" : "^2",
    };
}

const char *explain_number(double number, char text[32]) {
    if (isnan(number)) { /* printf would give it a sign */
        return strcpy(text, "nan");
    }
    const bool whole = fabs(number) < 1e15 && number == rint(number);
    snprintf(text, 32, whole ? "%.0f" : "%.6g", number == 0 ? 0.0 : number);
    return text;
}

const char *explain_term(double number, char text[32]) {
    char bare[32];
    explain_number(number, bare);
    snprintf(text, 32, bare[0] == '-' ? "(%.28s)" : "%.30s", bare);
    return text;
}

void explain_pixel_numbers(const explain_style *style, int column, const float *pixel,
                           int channels) {
    char text[32];
    int c = 0, whole = column;
    for (int i = 0; i < channels && whole <= style->width; i++) {
        whole += (int)strlen(explain_number((double)pixel[i], text)) + 1;
    }
    const int room = whole <= style->width ? 0 : CHANNELS;
    for (; c < channels; c++) {
        column += (int)strlen(explain_number((double)pixel[c], text)) + 1;
        if (column > style->width - room) {
            break;
        }
        fprintf(style->out, " %s", text);
    }
    if (c < channels) {
        fprintf(style->out, " ... (%d channels)", channels);
    }
    fputc('\n', style->out);
}

/* Goes on in a line of `column` columns; `begins`: which holds nothing but blanks. */
static int wrap(const explain_style *style, int column, bool begins, const char *text, int room) {
    while (*text) {
        char word[256];
        const size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, text);
        text += length;
        text += strspn(text, " ");
        const int width = app_text_width(word), end = column + !begins + width;
        if (!begins && end > style->width - (*text ? 0 : room)) {
            fprintf(style->out, "\n%*s", FURTHER, "");
            column = FURTHER;
            begins = true;
        }
        fprintf(style->out, "%s%s", begins ? "" : " ", word);
        column += !begins + width;
        begins = false;
    }
    return column;
}

int explain_wrap(const explain_style *style, const char *text, int room) {
    return wrap(style, fprintf(style->out, "%*s", INDENT, ""), true, text, room);
}

void explain_go_on(const explain_style *style, int column, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    wrap(style, column, column == 0, text, 0);
    fputc('\n', style->out);
}

void explain_line(const explain_style *style, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    explain_wrap(style, text, 0);
    fputc('\n', style->out);
}

bool explain_same_float(double a, double b) {
    return (float)a == (float)b || (isnan((float)a) && isnan((float)b));
}
