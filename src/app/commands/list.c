/* convtool list: what there is. */
#include <stdio.h>
#include <string.h>

#include "app/call/catalogue.h"
#include "app/call/json.h"
#include "app/call/message.h"
#include "app/commands/list.h"

enum { OTHER_WORDS = 3 };

typedef struct heading {
    const char *plural;
    const char *others[OTHER_WORDS]; /* words for the same, up to a NULL */
    filter_list list;
} heading;

/* To add one: a row here, and a value in filter_list. */
static const heading headings[] = {
    {"stages", {"stage", "filters", "filter"}, FILTER_STAGES},
    {"kernels", {"kernel"}, FILTER_KERNELS},
    {"banks", {"bank"}, FILTER_BANKS},
    {"paddings", {"padding"}, FILTER_PADDINGS},
};

enum { HEADING_COUNT = sizeof headings / sizeof *headings };

static const char *heading_name_at(const void *unused, size_t i) {
    (void)unused;
    return i < HEADING_COUNT ? headings[i].plural : NULL;
}

static void json_member(const char *name, const char *text) {
    printf(",\"%s\":", name);
    app_json_string(stdout, text);
}

static void json_choices(const filter_choice *choices) {
    if (!choices) {
        fputs("null", stdout);
        return;
    }
    for (const filter_choice *c = choices; c->name; c++) {
        fputs(c == choices ? "[{\"name\":" : ",{\"name\":", stdout);
        app_json_string(stdout, c->name);
        json_member("meaning", c->meaning);
        fputc('}', stdout);
    }
    fputc(']', stdout);
}

static void json_arguments(const char *stage) {
    filter_argument argument;
    fputc('[', stdout);
    for (size_t i = 0; filter_argument_at(stage, i, &argument); i++) {
        fputs(i ? ",\n  {\"name\":" : "\n  {\"name\":", stdout);
        app_json_string(stdout, argument.name);
        json_member("kind", argument.kind);
        json_member("default", argument.fallback);
        if (argument.ranged) {
            printf(",\"range\":[%.17g,%.17g]", argument.low, argument.high);
        } else {
            fputs(",\"range\":null", stdout);
        }
        fputs(",\"choices\":", stdout);
        json_choices(argument.choices);
        json_member("meaning", argument.meaning);
        fputc('}', stdout);
    }
    fputc(']', stdout);
}

static void json_stage(const filter_entry *stage) {
    json_member("usage", stage->usage);
    json_member("formula", stage->formula);
    json_member("example", stage->example);
    printf(",\"window\":%s,\"edge\":%s,\"arguments\":", stage->windowed ? "true" : "false",
           stage->edge ? "true" : "false");
    json_arguments(stage->name);
}

static void json_padding(const filter_entry *padding) {
    json_member("pattern", padding->pattern);
    fputs(",\"aliases\":[", stdout);
    for (size_t i = 0; padding->aliases[i]; i++) {
        fputs(i ? "," : "", stdout);
        app_json_string(stdout, padding->aliases[i]);
    }
    printf("],\"takes_value\":%s", padding->takes_value ? "true" : "false");
}

static void print_json(const heading *what) {
    filter_entry entry;
    app_json_string(stdout, what->plural);
    fputs(":[", stdout);
    for (size_t i = 0; filter_entry_at(what->list, i, &entry); i++) {
        fputs(i ? ",\n{\"name\":" : "\n{\"name\":", stdout);
        app_json_string(stdout, entry.name);
        json_member("summary", entry.summary);
        if (what->list == FILTER_STAGES) {
            json_stage(&entry);
        } else if (what->list == FILTER_PADDINGS) {
            json_padding(&entry);
        } else if (what->list == FILTER_BANKS) {
            json_member("usage", entry.usage);
            json_member("formula", entry.formula);
        } else {
            printf(",\"width\":%d,\"height\":%d", entry.width, entry.height);
        }
        fputc('}', stdout);
    }
    fputc(']', stdout);
    if (what->list == FILTER_STAGES) {
        fputs(",\n\"window_arguments\":", stdout);
        json_arguments(NULL);
    }
}

static bool is_called(const heading *what, const char *name) {
    bool called = strcmp(name, what->plural) == 0;
    for (size_t i = 0; i < OTHER_WORDS && what->others[i]; i++) {
        called = called || strcmp(name, what->others[i]) == 0;
    }
    return called;
}

static const heading *find_heading(const char *name) {
    for (size_t i = 0; i < HEADING_COUNT; i++) {
        if (is_called(&headings[i], name)) {
            return &headings[i];
        }
    }
    return NULL;
}

static void say_unknown(const char *name) {
    const char *near = ct_nearest(name, heading_name_at, NULL);
    filter_entry entry;
    const bool known = filter_entry_find(FILTER_STAGES, name, &entry) ||
                       filter_entry_find(FILTER_KERNELS, name, &entry) ||
                       filter_entry_find(FILTER_BANKS, name, &entry) ||
                       filter_entry_find(FILTER_PADDINGS, name, &entry);
    if (known) {
        app_say(NULL, "list: unknown list '%s'; convtool help %s explains that word", name, name);
    } else if (near) {
        app_say(NULL, "list: unknown list '%s'; did you mean '%s'?", name, near);
    } else {
        app_say(NULL, "list: unknown list '%s'; expected stages, kernels, banks or paddings", name);
    }
}

int app_list(const app_call *call, const app_commands *commands) {
    (void)commands;
    const heading *first = headings, *last = headings + HEADING_COUNT - 1;
    if (call->operand_count > 1) {
        first = last = find_heading(call->operands[1]);
        if (!first) {
            say_unknown(call->operands[1]);
            return APP_USAGE;
        }
    }
    if (call->json) {
        fputc('{', stdout);
    }
    for (const heading *what = first; what <= last; what++) {
        if (call->json) {
            fputs(what == first ? "" : ",\n", stdout);
            print_json(what);
        } else {
            printf("%s%s:\n", what == first ? "" : "\n", what->plural);
            app_print_list(what->list);
        }
    }
    fputs(call->json ? "}\n" : "", stdout);
    return APP_OK;
}
