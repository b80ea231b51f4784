#include "app/run/jobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/conflicts.h"
#include "app/run/descriptor.h"
#include "app/run/directory.h"
#include "app/run/template.h"
#include "base/number.h"
#include "base/text.h"
#include "filter/filter.h"

static const codec_format *asked_format(const app_call *call) {
    return call->format ? codec_format_by_name(call->format) : NULL;
}

static bool has_extension(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    return dot && dot != name;
}

/* Whether two paths end in the same extension. */
static bool same_extension(const char *a, const char *b) {
    return has_extension(a) && has_extension(b) && strcmp(strrchr(a, '.'), strrchr(b, '.')) == 0;
}

/* The format that a name asks for. Descriptors, devices and pipes have none, and so get the input's
 * own; with `inherited`, so do names that don't tell. */
static bool choose_format(const app_call *call, app_job *job, bool inherited, ct_error *err) {
    struct stat info;
    job->format = asked_format(call);
    if (job->format || call->in_place || job->output_fd >= 0 ||
        (stat(job->output, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))) {
        return true;
    }
    job->format = codec_format_by_path(job->output);
    if (job->format || inherited) {
        return true;
    }
    const bool extension = has_extension(job->output);
    codec_fail_formats(err);
    return ct_fail_at(err, "%s: %s; %schoose a format with --format: ", job->output,
                      extension ? "unknown extension" : "no extension to tell the format",
                      call->mkdir && !extension ? "end a directory's name with '/', or " : "");
}

/* DIRECTORY/NAME, where NAME is the input's, with the extension of --format if that is given. */
static char *name_in_directory(const app_call *call, const char *directory, const char *input,
                               size_t n, ct_error *err) {
    if (strcmp(input, "-") == 0) {
        ct_fail(err, "standard input has no name; name its output with -o");
        return NULL;
    }
    const codec_format *format = asked_format(call);
    const char *ext = format ? codec_format_extensions(format) : NULL;
    const char *pattern = ext || has_extension(input) ? "{stem}.{ext}" : "{stem}";
    char *name = app_template(pattern, input, n, ext, err);
    if (!name) {
        return NULL;
    }
    ct_text path = {0};
    bool slash = directory[strlen(directory) - 1] == '/';
    if (!ct_text_print(&path, "%s%s%s", directory, slash ? "" : "/", name)) {
        ct_text_free(&path);
        ct_fail(err, "out of memory");
    }
    free(name);
    return path.bytes;
}

typedef enum naming { NAME_ONE, NAME_DIRECTORY, NAME_TEMPLATE, NAME_IN_PLACE } naming;

static bool name_output(const app_call *call, naming how, const char *target, app_job *job,
                        size_t n, ct_error *err) {
    const codec_format *format = asked_format(call);
    switch (how) {
    case NAME_ONE:
        job->output = strdup(target);
        break;
    case NAME_IN_PLACE:
        job->output = strdup(job->input);
        break;
    case NAME_DIRECTORY:
        job->output = name_in_directory(call, target, job->input, n, err);
        break;
    case NAME_TEMPLATE:
        job->output = app_template(target, job->input, n,
                                   format ? codec_format_extensions(format) : NULL, err);
        if (!job->output) {
            return ct_fail_at(err, "--output: ");
        }
        break;
    }
    if (!job->output) {
        return err->text[0] != '\0' ? false : ct_fail(err, "out of memory");
    }
    job->output_fd = app_descriptor(job->output, STDOUT_FILENO);
    bool inherited =
        how == NAME_DIRECTORY || (how == NAME_TEMPLATE && same_extension(job->input, job->output));
    return choose_format(call, job, inherited, err);
}

/* The first input may be a filter or its number, which a blank cut off the chain. */
static bool check_first_input(const app_call *call, ct_error *err) {
    const char *chain = call->operands[0];
    const char *first = call->operand_count > 1 ? call->operands[1] : "";
    struct stat info;
    filter_entry stage;
    double number;
    char name[32];
    const size_t length = strcspn(first, ":,");
    if (length == 0 || length >= sizeof name || stat(first, &info) == 0) {
        return true;
    }
    snprintf(name, sizeof name, "%.*s", (int)length, first);
    if (filter_entry_find(FILTER_STAGES, name, &stage)) {
        return ct_fail(err, "%s: no such file; a comma joins filters: convtool %s,%s", first, chain,
                       first);
    }
    if (call->operand_count > 3 && ct_parse_number(first, strlen(first), &number)) {
        return ct_fail(err, "%s: no such file; did you mean the filter '%s:%s'?", first, chain,
                       first);
    }
    return true;
}

/* Several inputs and one name for all. */
static bool fail_several(const app_call *call, const char *target, ct_error *err) {
    struct stat info;
    const bool missing =
        strcmp(target, "-") != 0 && !codec_format_by_path(target) && stat(target, &info) != 0;
    return ct_fail(err,
                   "%s: %s; %sseveral inputs need an output directory%s, or -o with a template "
                   "such as '{dir}/{stem}-edges.{ext}'",
                   app_output_name(target),
                   missing ? "no such directory (--mkdir creates it)" : "not a directory",
                   call->output ? "with -o every operand is an input, and " : "",
                   call->output ? "" : " as the last operand");
}

/* A name that ends with a slash is a directory's; with --mkdir so is a new one after several
 * inputs, unless it's an image's. Whether it exists is checked once every output has its name. */
static bool names_directory(const app_call *call, const char *target, int inputs) {
    struct stat info;
    if (strcmp(target, "-") == 0) {
        return false;
    }
    return app_is_directory(target) || target[strlen(target) - 1] == '/' ||
           (call->mkdir && inputs > 1 && stat(target, &info) != 0 && !codec_format_by_path(target));
}

static bool check_in_place(const app_call *call, ct_error *err) {
    const int inputs = call->operand_count - 1;
    const char *last = call->operands[inputs];
    struct stat info;
    if (call->output || call->format) {
        return ct_fail(err, "--in-place: can't be combined with --output or --format");
    }
    if (call->no_clobber) {
        return ct_fail(err, "--in-place: can't be combined with --no-clobber, which would leave "
                            "every image unchanged");
    }
    /* INPUT OUTPUT, typed by habit: better to do nothing than to replace INPUT. */
    if (inputs > 1 && stat(last, &info) != 0 && errno == ENOENT) {
        return ct_fail(err, "%s: no such file; with --in-place every operand is an input", last);
    }
    return inputs > 0 || ct_fail(err, "no INPUT; see convtool --help");
}

/* Decides how outputs are named, from what, and how many of the operands are inputs. */
static bool choose_naming(const app_call *call, naming *how, const char **target, int *inputs,
                          ct_error *err) {
    int rest = call->operand_count - 1;
    *inputs = rest;
    *target = call->output;
    if (call->force && call->no_clobber) {
        return ct_fail(err,
                       "--force: can't be combined with --no-clobber, which keeps what --force "
                       "replaces");
    }
    if (call->in_place) {
        *how = NAME_IN_PLACE;
        return check_in_place(call, err);
    }
    if (!call->output) {
        if (rest < 2) {
            return ct_fail(err, rest ? "no OUTPUT after INPUT; see convtool --help"
                                     : "no INPUT and no OUTPUT; see convtool --help");
        }
        *target = call->operands[call->operand_count - 1];
        *inputs = rest - 1;
    } else if (rest < 1) {
        return ct_fail(err, "no INPUT; see convtool --help");
    }
    if ((*target)[0] == '\0') {
        return ct_fail(err, "the output's name is empty");
    }
    bool template = call->output && strchr(*target, '{') && !app_is_directory(*target);
    *how = template                                  ? NAME_TEMPLATE
           : names_directory(call, *target, *inputs) ? NAME_DIRECTORY
                                                     : NAME_ONE;
    return *how != NAME_ONE || *inputs == 1 || fail_several(call, *target, err);
}

bool app_jobs_make(const app_call *call, app_jobs *jobs, ct_error *err) {
    naming how = NAME_ONE;
    const char *target;
    int inputs;
    *jobs = (app_jobs){0};
    err->text[0] = '\0';
    if (!check_first_input(call, err) || !choose_naming(call, &how, &target, &inputs, err)) {
        return false;
    }
    if (!(jobs->list = calloc((size_t)inputs, sizeof *jobs->list))) {
        return ct_fail(err, "out of memory");
    }
    jobs->count = (size_t)inputs;
    for (size_t i = 0; i < jobs->count; i++) {
        app_job *job = &jobs->list[i];
        job->input = call->operands[1 + i];
        if (job->input[0] == '\0') {
            ct_fail(err, "an input's name is empty");
            goto failed;
        }
        job->input_fd = app_descriptor(job->input, STDIN_FILENO);
        if (!name_output(call, how, target, job, i + 1, err)) {
            goto failed;
        }
    }
    if (app_jobs_check(call, jobs, err)) {
        return true;
    }
failed:
    app_jobs_free(jobs);
    return false;
}

void app_jobs_free(app_jobs *jobs) {
    for (size_t i = 0; jobs->list && i < jobs->count; i++) {
        free(jobs->list[i].output);
    }
    free(jobs->list);
    *jobs = (app_jobs){0};
}
