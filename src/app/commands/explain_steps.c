#include "app/commands/explain_steps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/screen.h"
#include "app/commands/explain_report.h"
#include "app/run/keys.h"

bool explain_steps_possible(ct_error *err) {
    const char *term = getenv("TERM");
    return (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term &&
            strcmp(term, "dumb") != 0) ||
           ct_fail(err, "explain: --steps needs a terminal, for keys and to show a pixel after "
                        "another; without --steps, explain shows the pixel of --at");
}

/* What is on the screen. */
typedef struct view {
    explain_session *s;
    explain_style style;
    char *text; /* the explanation */
    size_t size;
    int top; /* the first line shown */
    int lines;
    int x, y; /* the output's pixel */
} view;

static bool make_text(view *v, ct_error *err) {
    free(v->text);
    v->text = NULL;
    FILE *out = open_memstream(&v->text, &v->size);
    if (!out) {
        return ct_fail(err, "out of memory");
    }
    v->style = explain_style_for(stdout);
    v->style.out = out;
    const bool ok =
        explain_session_point(v->s, v->x, v->y, err) && explain_report(v->s, &v->style, err);
    const bool closed = fclose(out) == 0;
    v->lines = 0;
    for (size_t i = 0; ok && closed && i < v->size; i++) {
        v->lines += v->text[i] == '\n';
    }
    return ok && (closed || ct_fail(err, "out of memory"));
}

/* Text lines that fit above the line with the keys. */
static int page(void) {
    const int rows = app_screen_of(stdout).rows;
    return rows > 3 ? rows - 2 : 22;
}

/* The last line; closer together where the terminal is narrow. */
static void draw_keys(const view *v, int deepest) {
    const int columns = app_screen_of(stdout).columns;
    char line[128] = "";
    for (int gap = 3; gap > 0 && (!line[0] || (int)strlen(line) > columns); gap--) {
        const char *more = !deepest ? "" : v->top < deepest ? "PgDn: more" : "PgUp: back";
        snprintf(line, sizeof line, " %d,%d%*sEnter: on%*sarrows: anywhere%*s%s%*sq: end ", v->x,
                 v->y, gap, "", gap, "", gap, "", more, deepest ? gap : 0, "");
    }
    printf("\033[7m%.*s\033[0m", columns, line);
}

static void draw(view *v) {
    const int most = page();
    const int deepest = v->lines > most ? v->lines - most : 0;
    v->top = v->top > deepest ? deepest : v->top < 0 ? 0 : v->top;
    const char *at = v->text;
    for (int i = 0; i < v->top; i++) {
        at = strchr(at, '\n') + 1;
    }
    fputs("\033[H\033[2J", stdout);
    for (int i = 0; i < most && *at; i++) {
        const size_t length = strcspn(at, "\n");
        fwrite(at, 1, length, stdout);
        fputs("\r\n", stdout);
        at += length + (at[length] == '\n');
    }
    draw_keys(v, deepest);
    fflush(stdout);
}

/* The pixel after this one, row by row; the last stays. */
static void move_on(view *v, conv_shape out) {
    if (v->x + 1 < out.width) {
        v->x++;
    } else if (v->y + 1 < out.height) {
        v->x = 0;
        v->y++;
    }
}

static void move(view *v, app_key key, conv_shape out) {
    switch (key) {
    case APP_KEY_ENTER:
        move_on(v, out);
        break;
    case APP_KEY_LEFT:
        v->x -= v->x > 0;
        break;
    case APP_KEY_RIGHT:
        v->x += v->x + 1 < out.width;
        break;
    case APP_KEY_UP:
        v->y -= v->y > 0;
        break;
    case APP_KEY_DOWN:
        v->y += v->y + 1 < out.height;
        break;
    case APP_KEY_HOME:
        v->x = 0;
        break;
    case APP_KEY_END:
        v->x = out.width - 1;
        break;
    default:
        break;
    }
}

static bool show(view *v, ct_error *err) {
    const conv_shape out = v->s->image.shapes[v->s->image.program.count];
    bool ok = make_text(v, err);
    while (ok) {
        draw(v);
        const app_key key = app_key_read();
        const int x = v->x, y = v->y;
        if (key == APP_KEY_QUIT) {
            break;
        }
        v->top += key == APP_KEY_PAGE_DOWN ? page() / 2 : key == APP_KEY_PAGE_UP ? -page() / 2 : 0;
        move(v, key, out);
        if (x != v->x || y != v->y || key == APP_KEY_RESIZED) {
            ok = make_text(v, err);
        }
    }
    return ok;
}

bool explain_steps(explain_session *s, ct_error *err) {
    const explain_point at = s->at[s->image.program.count];
    view v = {.s = s, .x = at.x, .y = at.y};
    if (!app_keys_begin(err)) {
        return false;
    }
    const bool ok = show(&v, err);
    app_keys_end();
    free(v.text);
    return ok;
}
