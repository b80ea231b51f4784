#include "app/commands/compare.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/chain_warnings.h"
#include "app/call/message.h"
#include "app/commands/compare_chains.h"
#include "app/commands/compare_numbers.h"
#include "app/commands/compare_output.h"
#include "app/commands/compare_pictures.h"
#include "app/run/source.h"
#include "app/run/warnings.h"
#include "codec/sheet/sheet.h"

/* All that a call holds. */
typedef struct comparison {
    const app_call *call;
    compare_chains chains;
    app_jobs jobs;
    const char *where; /* after a failure: what the error is about, or NULL */
    compare_image image;
    compare_picture original, *results, *differences; /* of each chain */
    compare_numbers *numbers;
    int reference; /* a chain's number, or -1: the original */

    /* What is on the sheet. */
    codec_cell *cells;
    const compare_picture **shown;
    char (*captions)[COMPARE_CAPTION];
    int count;
    int channels;
} comparison;

enum { COLUMNS = 6 }; /* at most, where differences have a row of their own */

/* ---- pictures ---- */

static bool read_image(comparison *c, ct_error *err) {
    const app_job *job = &c->jobs.list[0];
    const app_source_of of = {.path = job->input, .fd = job->input_fd, .only = true};
    app_source source;
    codec_warnings warnings = {0};
    c->where = app_input_name(job->input);
    const bool ok = app_source_open(&source, &of, c->call, err) &&
                    compare_image_read(&c->image, source.reader, c->call, err);
    if (ok) {
        app_warnings_gather(c->call, source.reader, NULL, &warnings);
    }
    app_source_close(&source);
    if (ok && c->call->talk != APP_QUIET) {
        app_warnings_say(job->input, &warnings);
    }
    return ok;
}

/* As it is, but for 8 bits: no option applies to it. */
static bool make_original(comparison *c, ct_error *err) {
    app_call plain = *c->call;
    plain.settings = (filter_settings){0};
    filter_chain *chain = filter_parse("identity", NULL, err);
    const bool ok =
        chain && compare_run(&c->image, &plain, chain, c->jobs.list[0].format, &c->original, err);
    if (chain) {
        filter_chain_free(chain);
    }
    return ok;
}

static bool make_results(comparison *c, ct_error *err) {
    for (int i = 0; i < c->chains.count; i++) {
        app_call own = *c->call;
        own.network = c->chains.list[i].network;
        c->where = c->chains.list[i].text;
        if (!compare_run(&c->image, &own, c->chains.list[i].chain, c->jobs.list[0].format,
                         &c->results[i], err)) {
            return false;
        }
    }
    return true;
}

/* With one result it's compared with the original, of several the others with the first. */
static bool make_differences(comparison *c, ct_error *err) {
    c->reference = c->chains.count > 1 ? 0 : -1;
    const compare_picture *first = c->reference < 0 ? &c->original : &c->results[0];
    for (int i = c->reference + 1; i < c->chains.count; i++) {
        const compare_picture *result = &c->results[i];
        c->where = c->chains.list[i].text;
        if (!compare_same_shape(first, result)) {
            continue;
        }
        c->numbers[i].known = true;
        if (!flow_compare(first->shape, first->pixels, result->pixels, &c->numbers[i].similar,
                          err) ||
            !compare_difference(&c->image, c->call, first, result, &c->differences[i], err)) {
            return false;
        }
    }
    return true;
}

/* ---- the sheet ---- */

static void add_cell(comparison *c, const compare_picture *picture, const char *label) {
    const conv_shape *shape = &picture->shape;
    const bool any = picture->pixels != NULL;
    c->cells[c->count] = (codec_cell){any ? shape->width : 0, any ? shape->height : 0, label};
    c->shown[c->count++] = picture;
    c->channels = any && shape->channels == 3 ? 3 : c->channels;
}

static void add_difference(comparison *c, int i) {
    compare_caption(&c->numbers[i], c->captions[i]);
    add_cell(c, &c->differences[i], c->numbers[i].known ? c->captions[i] : "");
}

/* The original, the results, and the differences below them; of many results each difference comes
 * behind its result. */
static codec_grid lay_out(comparison *c) {
    static const compare_picture none = {.pixels = NULL};
    const int columns = c->chains.count + !c->call->no_original;
    const bool below = c->call->diff && !c->call->grid && columns <= COLUMNS;
    c->channels = 1;
    if (!c->call->no_original) {
        add_cell(c, &c->original, "original");
    }
    for (int i = 0; i < c->chains.count; i++) {
        add_cell(c, &c->results[i], c->chains.list[i].text);
        if (c->call->diff && !below && c->numbers[i].known) {
            add_difference(c, i);
        }
    }
    if (below && !c->call->no_original) {
        add_cell(c, &none, "");
    }
    for (int i = 0; below && i < c->chains.count; i++) {
        add_difference(c, i);
    }
    return below ? (codec_grid){columns, 2} : c->call->sheet_grid;
}

static void cell_row(void *context, int cell, int y, uint8_t *row) {
    const comparison *c = context;
    const compare_picture *picture = c->shown[cell];
    const size_t width = (size_t)picture->shape.width, own = (size_t)picture->shape.channels;
    const uint8_t *from = picture->pixels + width * own * (size_t)y;
    if ((int)own == c->channels) {
        memcpy(row, from, width * own);
        return;
    }
    for (size_t x = 0; x < width; x++) {
        memset(row + 3 * x, from[x], 3);
    }
}

static bool write_sheet(comparison *c, const codec_sheet *sheet, ct_error *err) {
    const app_job *job = &c->jobs.list[0];
    codec_info info = {.channels = c->channels, .sample = CODEC_U8, .meta = {.srgb_intent = -1}};
    char record[CODEC_RECORD_MOST + 1];
    app_output output = {.fd = -1};
    codec_sheet_size(sheet, &info.width, &info.height);
    c->where = app_output_name(job->output);
    codec_writer *writer =
        compare_output_open(&output, c->call, job, &c->chains, &info, record, err);
    const bool ok = writer && codec_sheet_write(sheet, c->channels, cell_row, c, writer, err) &&
                    codec_finish(writer, err) &&
                    app_output_commit(&output, c->call->force ? NULL : &job->before, err);
    codec_writer_free(writer);
    app_output_close(&output);
    return ok;
}

static bool make_sheet(comparison *c, ct_error *err) {
    const codec_grid grid = lay_out(c);
    c->where = "compare";
    codec_sheet *sheet = codec_sheet_new(c->cells, c->count, grid, err);
    const bool ok = sheet && write_sheet(c, sheet, err);
    codec_sheet_free(sheet);
    return ok;
}

/* ---- the call ---- */

/* Room for twice the chains and the original, on the sheet. */
static bool make_room(comparison *c, ct_error *err) {
    const size_t chains = (size_t)c->chains.count, cells = 2 * chains + 2;
    c->results = calloc(chains, sizeof *c->results);
    c->differences = calloc(chains, sizeof *c->differences);
    c->numbers = calloc(chains, sizeof *c->numbers);
    c->captions = calloc(chains, sizeof *c->captions);
    c->cells = calloc(cells, sizeof *c->cells);
    c->shown = calloc(cells, sizeof(const compare_picture *));
    return (c->results && c->differences && c->numbers && c->captions && c->cells && c->shown) ||
           ct_fail(err, "out of memory");
}

static void free_all(comparison *c) {
    for (int i = 0; i < c->chains.count; i++) {
        if (c->results && c->differences) {
            compare_picture_free(&c->results[i]);
            compare_picture_free(&c->differences[i]);
        }
    }
    compare_picture_free(&c->original);
    compare_image_free(&c->image);
    compare_chains_free(&c->chains);
    compare_jobs_free(&c->jobs);
    free(c->results);
    free(c->differences);
    free(c->numbers);
    free(c->captions);
    free(c->cells);
    free(c->shown);
}

/* Of several inputs all but the last were taken for chains. */
static void improve_error(const app_call *call, int chain, ct_error *err) {
    const char *text = call->operands[1 + chain];
    if (filter_begins_chain(text) || access(text, F_OK) != 0) {
        return;
    }
    if (chain > 0) {
        ct_fail(err, "%s: is a file, not a chain; compare takes one input", text);
    } else {
        ct_fail(err,
                "%s: is a file, not a chain; chains come first: convtool compare CHAIN... %s "
                "OUTPUT",
                text, text);
    }
}

/* What can be refused before the image is opened. */
static bool prepare(comparison *c, ct_error *err) {
    const app_call *call = c->call;
    const int chains = call->operand_count - 3;
    char **files = call->operands + 1 + chains;
    for (int i = 0; i < chains; i++) {
        if (!compare_chains_add(&c->chains, call, call->operands[1 + i], err)) {
            improve_error(call, i, err);
            return false;
        }
    }
    if (!compare_jobs_make(call, files[0], files[1], &c->jobs, err)) {
        return false;
    }
    if (c->jobs.list[0].output_fd == STDOUT_FILENO && call->diff) {
        return ct_fail(err, "%s: is used by the numbers of --diff; name a file for the image",
                       app_output_name(files[1]));
    }
    return make_room(c, err);
}

static bool run(comparison *c, ct_error *err) {
    const app_job *job = &c->jobs.list[0];
    const compare_numbers *numbers = c->call->diff ? c->numbers : NULL;
    const bool original = !c->call->no_original || (numbers && c->chains.count == 1);
    if (!read_image(c, err) || (original && !make_original(c, err)) || !make_results(c, err) ||
        (numbers && !make_differences(c, err)) || !make_sheet(c, err)) {
        return false;
    }
    if (c->call->json) {
        compare_print_json(job->input, job->output, &c->chains, c->results, numbers, c->reference);
    } else if (numbers) {
        compare_print_table(&c->chains, numbers, c->reference);
    }
    return true;
}

int app_compare(const app_call *call, const app_commands *commands) {
    (void)commands;
    comparison c = {.call = call};
    ct_error err;
    int status = APP_OK;
    if (!prepare(&c, &err)) {
        app_say(NULL, "%s", err.text);
        status = APP_USAGE;
    }
    for (int i = 0; status == APP_OK && i < c.chains.count; i++) {
        app_warn_chain(call, c.chains.list[i].chain);
    }
    if (status == APP_OK && !run(&c, &err)) {
        app_say(c.where, "%s", err.text);
        status = APP_FAILED;
    }
    free_all(&c);
    return status;
}
