/* convtool list: what there is. */
#include <stdio.h>
#include <string.h>

#include "app/call/json.h"
#include "app/call/message.h"
#include "app/commands/list.h"

typedef struct heading {
    const char *plural, *singular;
    filter_list list;
} heading;

/* To add one: a row here, and a value in filter_list. */
static const heading headings[] = {
    {"stages", "stage", FILTER_STAGES},
    {"kernels", "kernel", FILTER_KERNELS},
    {"paddings", "padding", FILTER_PADDINGS},
};

enum { HEADING_COUNT = sizeof headings / sizeof *headings };

static const char *heading_name_at(const void *unused, size_t i) {
    (void)unused;
    return i < HEADING_COUNT ? headings[i].plural : NULL;
}

static void print_list(const heading *what) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(what->list, i, &entry); i++) {
        if (what->list == FILTER_PADDINGS) {
            printf("  %-12s %-13s %s\n", entry.name, entry.detail, entry.summary);
            if (*entry.arguments) {
                printf("  %-12s %-13s also: %s\n", "", "", entry.arguments);
            }
        } else {
            printf("  %-12s %s\n", entry.name, entry.summary);
            if (*entry.arguments) {
                printf("  %-12s %s\n", "", entry.arguments);
            }
        }
    }
}

static void print_json(const heading *what) {
    filter_entry entry;
    app_json_string(stdout, what->plural);
    fputs(":[", stdout);
    for (size_t i = 0; filter_entry_at(what->list, i, &entry); i++) {
        fputs(i ? ",\n{\"name\":" : "\n{\"name\":", stdout);
        app_json_string(stdout, entry.name);
        fputs(",\"arguments\":", stdout);
        app_json_string(stdout, entry.arguments);
        fputs(",\"summary\":", stdout);
        app_json_string(stdout, entry.summary);
        fputs(",\"detail\":", stdout);
        app_json_string(stdout, entry.detail);
        fputc('}', stdout);
    }
    fputc(']', stdout);
}

static const heading *find_heading(const char *name) {
    for (size_t i = 0; i < HEADING_COUNT; i++) {
        if (strcmp(name, headings[i].plural) == 0 || strcmp(name, headings[i].singular) == 0) {
            return &headings[i];
        }
    }
    return NULL;
}

int app_list(const app_call *call, const app_commands *commands) {
    (void)commands;
    const heading *first = headings, *last = headings + HEADING_COUNT - 1;
    if (call->operand_count > 1) {
        first = last = find_heading(call->operands[1]);
        if (!first) {
            const char *near = ct_nearest(call->operands[1], heading_name_at, NULL);
            app_say(NULL, "list: unknown list '%s'; %s%s%s", call->operands[1],
                    near ? "did you mean '" : "expected stages, kernels or paddings",
                    near ? near : "", near ? "'?" : "");
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
            print_list(what);
        }
    }
    fputs(call->json ? "}\n" : "", stdout);
    return APP_OK;
}
