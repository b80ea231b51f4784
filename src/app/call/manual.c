/* The man page's sections that follow from tables, as mdoc. man/convtool.1 holds exactly what is
 * printed here; tests/cli/manpage.py compares, and updates it. */
#include <stdio.h>
#include <string.h>

#include "app/call/help.h"
#include "app/call/options.h"

enum { LINE_WIDTH = 76 };

/* One word, escaped; a dash that begins an option is a minus, not a hyphen. */
static void print_word(const char *word, size_t length, bool starts_line) {
    if (starts_line && (word[0] == '.' || word[0] == '\'')) {
        fputs("\\&", stdout);
    }
    for (size_t i = 0; i < length; i++) {
        bool starts = i == 0 || word[i - 1] == '-' || word[i - 1] == '\'' || word[i - 1] == '(';
        if (word[i] == '\\') {
            fputs("\\e", stdout);
        } else if (word[i] == '-' && starts) {
            fputs("\\-", stdout);
        } else {
            fputc(word[i], stdout);
        }
    }
}

/* Sentences filled into lines; each sentence begins a new one, as mdoc wants it. */
static void print_text(const char *text) {
    size_t column = 0;
    while (*text) {
        size_t length = strcspn(text, " \n");
        if (column > 0 && column + 1 + length > LINE_WIDTH) {
            fputc('\n', stdout);
            column = 0;
        }
        if (column > 0) {
            fputc(' ', stdout);
        }
        print_word(text, length, column == 0);
        column += length + 1;
        bool ends = length > 0 && strchr(".?!", text[length - 1]) && text[length] == ' ';
        if (text[length] == '\n' || ends) {
            fputc('\n', stdout);
            column = 0;
        }
        text += length + (text[length] != '\0');
    }
    if (column > 0) {
        fputc('\n', stdout);
    }
}

/* A macro's argument: in quotes, because words such as "N" or "," mean something to mdoc. */
static void print_argument(const char *text) {
    fputs(" \"", stdout);
    print_word(text, strlen(text), false);
    fputc('"', stdout);
}

static void print_options(void) {
    const char *group = "";
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (strcmp(group, option->group) != 0) {
            printf("%s.Ss %s\n.Bl -tag -width Ds\n", *group ? ".El\n" : "", option->group);
            group = option->group;
        }
        fputs(".It", stdout);
        if (option->letter) {
            printf(" Fl %c ,", option->letter);
        }
        printf(" Fl \\-%s", option->name);
        if (option->argument) {
            fputs(" Ar", stdout);
            print_argument(option->argument);
        }
        fputc('\n', stdout);
        print_text(option->manual);
    }
    puts(".El");
}

static void print_commands(const app_commands *commands) {
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < commands->count; i++) {
        const app_command *command = &commands->list[i];
        printf(".It Cm %s", command->name);
        if (*command->arguments) {
            fputs(" Ar", stdout);
            print_argument(command->arguments);
        }
        fputc('\n', stdout);
        print_text(command->manual);
    }
    puts(".El");
}

/* Each entry's name, summary, and what the list says beside them. */
static void print_entries(filter_list list) {
    filter_entry entry;
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; filter_entry_at(list, i, &entry); i++) {
        printf(".It Cm %s\n", entry.name);
        print_text(entry.summary);
        if (list == FILTER_PADDINGS && *entry.detail) {
            printf(".Dl %s\n", entry.detail);
        }
        if (*entry.arguments) {
            printf(".br\n%s:\n", list == FILTER_PADDINGS ? "Other names" : "Arguments");
            print_text(entry.arguments);
        }
    }
    puts(".El");
}

bool app_manual_section(const char *name, const app_commands *commands) {
    if (strcmp(name, "options") == 0) {
        print_options();
    } else if (strcmp(name, "commands") == 0) {
        print_commands(commands);
    } else if (strcmp(name, "stages") == 0) {
        print_entries(FILTER_STAGES);
    } else if (strcmp(name, "kernels") == 0) {
        print_entries(FILTER_KERNELS);
    } else if (strcmp(name, "paddings") == 0) {
        print_entries(FILTER_PADDINGS);
    } else {
        return false;
    }
    return true;
}
