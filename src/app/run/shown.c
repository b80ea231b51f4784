#include "app/run/shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/call/message.h"
#include "app/call/screen.h"
#include "app/run/source.h"
#include "base/minmax.h"
#include "base/number.h"

enum {
    USUAL_COLUMNS = 80,
    USUAL_ROWS = 24,
    MOST_COLUMNS = 1000, /* a picture is held in memory, whatever the variables say */
    MOST_ROWS = 500,
    BESIDE = 2, /* columns between two pictures */
};

struct app_shown {
    const app_call *call;
    const app_job *job;
    app_sight in, out;
    codec_writer *input; /* the sight's of the input; NULL: not open */
    bool read;           /* the input's picture is complete */
    codec_writer *tee;
    codec_reader *watched;
};

/* ---- the terminal ---- */

/* The terminal's, else the variable's, else the usual number. */
static int size_of(int told, const char *variable, int usual, int most) {
    const char *text = getenv(variable);
    long number = told;
    if (number <= 0 && !(text && ct_parse_int(text, strlen(text), 1, 9999, &number))) {
        number = usual;
    }
    return number < most ? (int)number : most;
}

static bool is_set(const char *variable) {
    const char *text = getenv(variable);
    return text && *text;
}

/* What a multiplexer passes on to the terminal outside isn't what it can show itself. */
static bool in_multiplexer(void) {
    const char *term = getenv("TERM");
    return is_set("TMUX") || is_set("STY") ||
           (term && (strncmp(term, "screen", 6) == 0 || strncmp(term, "tmux", 4) == 0));
}

codec_terminal *app_shown_terminal(ct_error *err) {
    extern char **environ;
    const app_screen screen = app_screen_of(stdout);
    const char *forced = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");
    const bool color = app_color(stdout), dumb = !term || !*term || strcmp(term, "dumb") == 0;
    const bool always = forced && *forced && strcmp(forced, "0") != 0 && !is_set("NO_COLOR");
    const bool told = screen.columns > 0 && screen.rows > 0;
    const codec_terminal_of of = {
        .environment = environ,
        .escapes = color || always,
        .protocols = color && !in_multiplexer(),
        .utf8 = app_locale_is_utf8() && !dumb,
        .columns = size_of(screen.columns, "COLUMNS", USUAL_COLUMNS, MOST_COLUMNS),
        .rows = size_of(screen.rows, "LINES", USUAL_ROWS, MOST_ROWS) -
                2, /* for names, and the prompt */
        .cell_width = told ? (double)screen.width / screen.columns : 0,
        .cell_height = told ? (double)screen.height / screen.rows : 0,
    };
    codec_terminal *terminal = codec_terminal_new(&of, err);
    if (!terminal) {
        ct_fail_at(err, "--view: ");
    }
    return terminal;
}

/* ---- while rows come ---- */

static bool shows_both(const app_shown *shown) {
    return shown->call->showing == APP_SHOW_BOTH;
}

/* Of one of two pictures; else of the only one. */
static int columns_of(const app_shown *shown) {
    const int all = codec_terminal_columns(shown->call->terminal);
    return shows_both(shown) ? (all - BESIDE) / 2 : all;
}

app_shown *app_shown_new(const app_call *call, const app_job *job, ct_error *err) {
    app_shown *shown = calloc(1, sizeof *shown);
    if (!shown) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    shown->call = call;
    shown->job = job;
    return shown;
}

static bool open_input(app_shown *shown, const codec_info *info, ct_error *err) {
    if (!app_sight_plan(&shown->in, shown->call, info, info->plain, NULL, columns_of(shown), err)) {
        return false;
    }
    shown->input = app_sight_open(&shown->in, shown->call, err);
    return shown->input != NULL;
}

static bool see_row(app_shown *shown, codec_reader *reader, int y, void *row, ct_error *err) {
    const codec_info *info = codec_reader_info(reader);
    if (!codec_read_row(reader, row, err)) {
        return false;
    }
    if (shown->read) { /* an image behind the first */
        return true;
    }
    shown->read = y + 1 == info->height;
    return codec_write(shown->input, 1, row, codec_row_bytes(info), NULL, err) &&
           (!shown->read || codec_finish(shown->input, err));
}

static bool watched_row(void *context, int y, void *row, codec_warnings *warnings, ct_error *err) {
    app_shown *shown = context;
    const bool ok = see_row(shown, shown->watched, y, row, err);
    *warnings = *codec_reader_warnings(shown->watched);
    return ok;
}

/* The source has another image, which isn't shown. */
static bool watched_again(void *context, codec_info *info, ct_error *err) {
    const app_shown *shown = context;
    const codec_info *now = codec_reader_info(shown->watched);
    info->meta = now->meta;
    info->video = now->video;
    return codec_same_kind(now, info) ||
           ct_fail(err, "--view=both takes a stream of images of one size and kind, and this one "
                        "isn't like the first");
}

static uint64_t watched_memory(const void *context) {
    return codec_reader_memory(((const app_shown *)context)->watched);
}

static void close_watched(void *context) {
    app_shown *shown = context;
    codec_close(shown->watched);
    shown->watched = NULL;
}

codec_reader *app_shown_watch(void *context, codec_reader *reader, ct_error *err) {
    app_shown *shown = context;
    const codec_format *format = codec_reader_format(reader);
    const codec_rows rows = {.read = watched_row,
                             .memory = watched_memory,
                             .close = close_watched,
                             .context = shown,
                             .source = reader,
                             .again = watched_again};
    shown->watched = reader;
    if (!open_input(shown, codec_reader_info(reader), err)) {
        close_watched(shown);
        return NULL;
    }
    return codec_open_rows(codec_reader_info(reader), format ? codec_format_name(format) : NULL,
                           &rows, err);
}

bool app_shown_read(app_shown *shown, ct_error *err) {
    app_call plain = *shown->call;
    plain.network = NULL;
    const app_source_of of = {.path = shown->job->input, .fd = -1};
    app_source source = {.fd = -1};
    if (!shows_both(shown) || shown->read) {
        return true;
    }
    uint8_t *row = NULL;
    bool ok = app_source_open(&source, &of, &plain, err) &&
              open_input(shown, codec_reader_info(source.reader), err) &&
              ((row = malloc(codec_row_bytes(codec_reader_info(source.reader)))) ||
               ct_fail(err, "out of memory"));
    for (int y = 0; ok && !shown->read; y++) {
        ok = see_row(shown, source.reader, y, row, err);
    }
    free(row);
    app_source_close(&source);
    return ok;
}

bool app_shown_plan(app_shown *shown, const codec_info *result, bool plain,
                    const char *const *names, ct_error *err) {
    return app_sight_plan(&shown->out, shown->call, result, plain, names, columns_of(shown), err);
}

uint64_t app_shown_memory(const app_shown *shown) {
    return shown ? app_sight_memory(&shown->out) : 0;
}

codec_writer *app_shown_open(app_shown *shown, codec_writer *file, ct_error *err) {
    codec_writer *writer = app_sight_open(&shown->out, shown->call, err);
    if (!file || !writer) {
        return writer;
    }
    shown->tee = codec_create_tee(file, writer, err);
    return shown->tee;
}

void app_shown_close(app_shown *shown) {
    if (shown) {
        codec_writer_free(shown->tee);
        shown->tee = NULL;
        app_sight_close(&shown->in);
        app_sight_close(&shown->out);
    }
}

void app_shown_free(app_shown *shown) {
    if (shown) {
        codec_writer_free(shown->tee);
        app_sight_free(&shown->in);
        app_sight_free(&shown->out);
        free(shown);
    }
}

/* ---- printing ---- */

/* Appends so many characters of UTF-8 at most; the last are dots where there were more. */
static bool add_cut(ct_text *out, const char *text, int columns) {
    const char *dots = app_locale_is_utf8() ? "\u2026" : &"..."[3 - ct_max(0, ct_min(3, columns))];
    if (app_text_width(text) <= columns) {
        return ct_text_print(out, "%s", text);
    }
    const char *end = text;
    for (int i = columns - app_text_width(dots); *end && i > 0; i--) {
        const size_t size = app_utf8(end);
        end += size ? size : 1;
    }
    return ct_text_add(out, text, (size_t)(end - text)) && ct_text_print(out, "%s", dots);
}

/* "in.png: 640x480", or "in.png, sobel: 638x478"; of a sheet, with the number of channels. */
static bool add_name(ct_text *out, const char *name, const char *chain, const app_sight *sight) {
    char channels[24] = "";
    if (sight->view.on) {
        snprintf(channels, sizeof channels, "x%d", sight->info.channels);
    }
    return app_escape(out, name) && ct_text_print(out, "%s", chain ? ", " : "") &&
           app_escape(out, chain ? chain : "") &&
           ct_text_print(out, ": %dx%d%s", sight->info.width, sight->info.height, channels);
}

/* The names of both images, the second from column `left` on. */
static bool add_both(const app_shown *shown, int left, const char *in, const char *made,
                     ct_text *out) {
    const int half = columns_of(shown), width = ct_min(app_text_width(in), half);
    return add_cut(out, in, half) && ct_text_print(out, "%*s", left - width, "") &&
           add_cut(out, made, codec_terminal_columns(shown->call->terminal) - left) &&
           ct_text_print(out, "\n");
}

/* Where the second picture begins, so that it's below its name. */
static int left_of(const app_shown *shown, const char *in) {
    const int name = ct_min(app_text_width(in), columns_of(shown));
    return ct_max(name, shown->in.place.columns) + BESIDE;
}

static bool draw(const app_shown *shown, int left, ct_text *out, ct_error *err) {
    const codec_placed pictures[] = {
        {.picture = &shown->out.small, .place = shown->out.place, .left = left},
        {.picture = &shown->in.small, .place = shown->in.place},
    };
    return codec_terminal_draw(shown->call->terminal, pictures, shows_both(shown) ? 2 : 1, out,
                               err);
}

static bool make_text(const app_shown *shown, bool several, ct_text *out, ct_error *err) {
    const app_job *job = shown->job;
    const char *chain = shown->call->operands[0];
    const char *input = app_input_name(job->input), *output = app_output_name(job->output);
    ct_text in = {0}, made = {0};
    int left = 0;
    bool ok;
    if (shows_both(shown)) {
        ok = add_name(&in, input, NULL, &shown->in) &&
             add_name(&made, job->shown ? chain : output, NULL, &shown->out);
        left = ok ? left_of(shown, in.bytes) : 0;
        ok = ok && add_both(shown, left, in.bytes, made.bytes, out);
    } else {
        ok =
            add_name(&made, job->shown ? input : output,
                     job->shown && !shown->call->as_is ? chain : NULL, &shown->out) &&
            (!several || (add_cut(out, made.bytes, codec_terminal_columns(shown->call->terminal)) &&
                          ct_text_print(out, "\n")));
    }
    ct_text_free(&in);
    ct_text_free(&made);
    return ok ? draw(shown, left, out, err) : ct_fail(err, "out of memory");
}

bool app_shown_print(const app_shown *shown, bool several, ct_error *err) {
    ct_text out = {0};
    const bool ok = make_text(shown, several, &out, err);
    if (ok) {
        fwrite(out.bytes, 1, out.length, stdout); /* app_finish_stdout says what went wrong */
        app_flush_stdout();
    }
    ct_text_free(&out);
    return ok;
}
