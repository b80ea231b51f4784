#include "app/run/naming.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/view.h"
#include "base/number.h"
#include "base/text.h"
#include "codec/codec.h"
#include "filter/filter.h"

/* The first input may be a filter or its number, which a blank cut off the chain. */
static bool check_first_input(const app_call *call, ct_error *err) {
    const char *chain = call->operands[0];
    const char *first = call->operand_count > 1 ? call->operands[1] : "";
    struct stat info;
    double number;
    if (stat(first, &info) == 0) {
        return true;
    }
    if (filter_begins_chain(first)) {
        return ct_fail(err, "%s: no such file; a comma joins filters: convtool %s,%s", first, chain,
                       first);
    }
    if (first[0] == ',') {
        return ct_fail(err,
                       "%s: no such file; a blank ends the chain; leave it out, or quote the "
                       "chain",
                       first);
    }
    if (call->operand_count > 3 && strncmp(chain, "net:", 4) != 0 &&
        ct_parse_number(first, strlen(first), &number)) {
        return ct_fail(err, "%s: no such file; did you mean the filter '%s:%s'?", first, chain,
                       first);
    }
    return true;
}

static bool check_in_place(const app_call *call, ct_error *err) {
    const int operands = call->operand_count - 1;
    const bool listed = call->files_from != NULL;
    const char *last = call->operands[operands];
    struct stat info;
    if (call->output || call->format) {
        return ct_fail(err, "--in-place: can't be combined with --output or --format");
    }
    if (call->no_clobber) {
        return ct_fail(err, "--in-place: can't be combined with --no-clobber, which would leave "
                            "every image unchanged");
    }
    if (call->resume) {
        return ct_fail(err, "--in-place: can't be combined with --resume: an image that was "
                            "replaced leaves no input to compare it with");
    }
    if (call->shards) {
        return ct_fail(err, "--in-place: can't be combined with --shard: inputs that change would "
                            "be dealt out differently the next time");
    }
    /* INPUT OUTPUT, typed by habit: better to do nothing than to replace INPUT. */
    if (operands + listed > 1 && operands > 0 && stat(last, &info) != 0 && errno == ENOENT) {
        return ct_fail(err, "%s: no such file; with --in-place every operand is an input", last);
    }
    return operands + listed > 0 || ct_fail(err, "no INPUT; see convtool --help");
}

static bool check_options(const app_call *call, ct_error *err) {
    if (call->force && call->no_clobber) {
        return ct_fail(err,
                       "--force: can't be combined with --no-clobber, which keeps what --force "
                       "replaces");
    }
    if (call->resume && call->no_clobber) {
        return ct_fail(err,
                       "--resume: can't be combined with --no-clobber, which keeps every output, "
                       "even one that is out of date");
    }
    if (call->trace && call->dry_run) {
        return ct_fail(err, "--trace: can't be combined with --dry-run, which makes no values; "
                            "'convtool shape' shows the rest");
    }
    if (call->showing && (call->json || call->dry_run)) {
        return ct_fail(err, "--view: can't be combined with %s",
                       call->json ? "--json, whose lines have standard output to themselves"
                                  : "--dry-run, which makes no pixels");
    }
    if (call->null_names && !call->files_from) {
        return ct_fail(err, "--null: needs --files-from, whose names it separates");
    }
    return app_view_check(call, err);
}

/* The operands, of which there are too few: none at all, or the output is missing. */
static bool fail_few(const app_call *call, int operands, ct_error *err) {
    return ct_fail(err, "%s; see convtool --help",
                   call->files_from ? "no OUTPUT after CHAIN"
                   : operands       ? "no OUTPUT after INPUT"
                                    : "no INPUT and no OUTPUT");
}

/* With --view, an only input needs no output. */
static bool only_shows(const app_call *call, int operands) {
    const bool none = !call->output && !call->in_place;
    return call->only_shown ||
           (call->showing && none && operands + (call->files_from != NULL) == 1);
}

/* Options about files that aren't written. */
static bool check_only_shown(const app_call *call, ct_error *err) {
    const char *option = call->no_clobber ? "--no-clobber"
                         : call->resume   ? "--resume"
                         : call->force    ? "--force"
                         : call->mkdir    ? "--mkdir"
                                          : NULL;
    return !option ||
           ct_fail(err, "%s: needs an OUTPUT; with --view alone nothing is written", option);
}

bool app_naming_split(const app_call *call, app_naming *naming, ct_error *err) {
    const int operands = call->operand_count - 1;
    const bool listed = call->files_from != NULL;
    *naming = (app_naming){.target = call->output, .operands = operands};
    /* After a list, the only operand is the output. */
    const bool inputs = call->in_place || call->output || !listed || operands > 1;
    if ((inputs && !check_first_input(call, err)) || !check_options(call, err)) {
        return false;
    }
    if (only_shows(call, operands)) {
        naming->how = APP_NAME_NONE;
        return operands + listed > 0 ? check_only_shown(call, err)
                                     : ct_fail(err, "no IMAGE; see convtool help view");
    }
    if (!call->in_place && !call->output) {
        if (operands + listed < 2) {
            return fail_few(call, operands, err);
        }
        naming->target = call->operands[operands];
        naming->operands = operands - 1;
    }
    if (call->in_place) {
        naming->how = APP_NAME_IN_PLACE;
        return check_in_place(call, err);
    }
    if (naming->operands + listed < 1) {
        return ct_fail(err, "no INPUT; see convtool --help");
    }
    if (naming->target[0] == '\0') {
        return ct_fail(err, "the output's name is empty");
    }
    if (call->output && strchr(naming->target, '{') && !app_is_directory(naming->target)) {
        naming->how = APP_NAME_TEMPLATE;
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
                   "such as '%s{dir}/{stem}-edges.{ext}'%s",
                   app_output_name(target),
                   missing ? "no such directory (--mkdir creates it)" : "not a directory",
                   call->output ? "with -o every operand is an input, and " : "",
                   call->output ? "" : " as the last operand",
                   call->recursive ? "edges/" : "", /* there, {dir} begins below the tree's top */
                   call->showing ? "; 'convtool view CHAIN IMAGE...' only shows them" : "");
}

/* A name that ends with a slash is a directory's; with --mkdir so is a new one after several
 * inputs, unless it's an image's. Whether it exists is checked once every output has its name. */
static bool names_directory(const app_call *call, const char *target, bool several) {
    struct stat info;
    if (strcmp(target, "-") == 0) {
        return false;
    }
    return app_is_directory(target) || target[strlen(target) - 1] == '/' ||
           (call->mkdir && several && stat(target, &info) != 0 && !codec_format_by_path(target));
}

bool app_naming_choose(const app_call *call, const app_inputs *inputs, app_naming *naming,
                       ct_error *err) {
    const bool several = inputs->many || inputs->count > 1;
    const char *target = naming->target;
    if (naming->how != APP_NAME_ONE) {
        return true;
    }
    naming->how = names_directory(call, target, several) ? APP_NAME_DIRECTORY : APP_NAME_ONE;
    return naming->how == APP_NAME_DIRECTORY || !several || fail_several(call, target, err);
}

char *app_naming_top(const app_naming *naming) {
    if (!naming->target) {
        return strdup("");
    }
    if (naming->how != APP_NAME_TEMPLATE) {
        ct_text top = {0};
        return ct_text_print(&top, "%s/", naming->target) ? top.bytes : NULL;
    }
    /* What comes before a template's first brace is the same for all outputs. */
    const size_t fixed = strcspn(naming->target, "{");
    const char *slash = memrchr(naming->target, '/', fixed);
    return slash ? strndup(naming->target, (size_t)(slash - naming->target) + 1) : strdup("");
}
