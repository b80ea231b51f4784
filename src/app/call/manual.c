/* The man page's sections that come from tables, as mdoc. man/convtool.1 holds exactly what is
 * printed here; tests/cli/manpage.py compares, and updates it. */
#include <stdio.h>
#include <string.h>

#include "app/call/catalogue.h"
#include "app/call/help.h"
#include "app/call/options.h"
#include "app/call/topics.h"

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

/* Fills lines with sentences; each sentence begins a new line, as mdoc wants it. */
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

/* Lines as they are. */
static void print_literal(const char *lines) {
    puts(".Bd -literal");
    for (size_t length; *lines; lines += length + (lines[length] != '\0')) {
        length = strcspn(lines, "\n");
        print_word(lines, length, true);
        putchar('\n');
    }
    puts(".Ed");
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
        if (option->optional) {
            printf(" Ns Oo Ns = Ns Cm %s Oc", option->argument);
        } else if (option->argument) {
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

/* ---- the catalogue ---- */

static void print_choices(const filter_choice *choices) {
    for (; choices->name; choices++) {
        if (choices->meaning) {
            printf(".br\n.Cm %s :\n", choices->name);
            print_text(choices->meaning);
        }
    }
}

/* The name of an earlier stage with the same argument, which then isn't explained again; NULL:
 * none. */
static const char *explained_by(const char *stage, const filter_argument *argument) {
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &entry); i++) {
        if (strcmp(entry.name, stage) == 0) {
            return NULL;
        }
        filter_argument same;
        if (app_shared_argument(&entry, argument, &same)) {
            return entry.name;
        }
    }
    return NULL;
}

static void print_argument_of(const char *stage, const filter_argument *argument) {
    printf(".It Cm %s Ns No : ", argument->name);
    puts(argument->values);
    const char *earlier = stage ? explained_by(stage, argument) : NULL;
    if (earlier) {
        printf("as for\n.Cm %s .\n", earlier);
        return;
    }
    print_text(argument->meaning);
    if (argument->fallback) {
        printf("(default: %s)\n", argument->fallback);
    }
    if (argument->choices) {
        print_choices(argument->choices);
    }
}

/* The earlier stage that has the same arguments as this one, and no more; NULL: none. */
static const char *all_explained_by(const char *stage) {
    filter_argument argument;
    const char *all = NULL;
    size_t count = 0;
    for (; filter_argument_at(stage, count, &argument); count++) {
        const char *one = explained_by(stage, &argument);
        if (!one || (all && strcmp(all, one) != 0)) {
            return NULL;
        }
        all = one;
    }
    return all && !filter_argument_at(all, count, &argument) ? all : NULL;
}

static void print_arguments(const char *stage) {
    filter_argument argument;
    const char *earlier = stage ? all_explained_by(stage) : NULL;
    if (earlier) {
        printf("Arguments: as for\n.Cm %s .\n", earlier);
        return;
    }
    puts(".Bl -tag -width Ds -compact");
    for (size_t i = 0; filter_argument_at(stage, i, &argument); i++) {
        print_argument_of(stage, &argument);
    }
    puts(".El");
}

static void print_stages(void) {
    filter_entry entry;
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; filter_entry_at(FILTER_STAGES, i, &entry); i++) {
        printf(".It Cm %s\n", entry.name);
        print_text(entry.summary);
        print_literal(entry.formula);
        if (*entry.usage) {
            puts(".Pp");
            print_arguments(entry.name);
        }
    }
    puts(".El");
}

static void print_kernels(void) {
    filter_entry entry;
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; filter_entry_at(FILTER_KERNELS, i, &entry); i++) {
        printf(".It Cm %s\n", entry.name);
        print_text(entry.summary);
    }
    puts(".El");
}

static void print_banks(void) {
    filter_entry entry;
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; filter_entry_at(FILTER_BANKS, i, &entry); i++) {
        printf(".It Cm %s\n", entry.name);
        print_text(entry.summary);
        print_literal(entry.formula);
        if (*entry.usage) {
            printf(".br\nArguments: %s\n", entry.usage);
        }
    }
    puts(".El");
}

static void print_paddings(void) {
    filter_entry entry;
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; filter_entry_at(FILTER_PADDINGS, i, &entry); i++) {
        printf(".It Cm %s\n", entry.name);
        print_text(entry.summary);
        printf(".Dl %s\n", entry.pattern);
        for (size_t k = 0; entry.aliases[k]; k++) {
            printf("%s%s", k ? ", " : ".br\nOther names:\n", entry.aliases[k]);
        }
        fputs(entry.aliases[0] ? "\n" : "", stdout);
    }
    puts(".El");
}

bool app_manual_section(const char *name, const app_commands *commands) {
    if (strcmp(name, "options") == 0) {
        print_options();
    } else if (strcmp(name, "commands") == 0) {
        print_commands(commands);
    } else if (strcmp(name, "stages") == 0) {
        print_stages();
    } else if (strcmp(name, "window") == 0) {
        print_arguments(NULL);
    } else if (strcmp(name, "kernels") == 0) {
        print_kernels();
    } else if (strcmp(name, "own") == 0) {
        print_text(app_kernel_text);
    } else if (strcmp(name, "banks") == 0) {
        print_banks();
    } else if (strcmp(name, "own-banks") == 0) {
        print_text(app_bank_text);
    } else if (strcmp(name, "paddings") == 0) {
        print_paddings();
    } else {
        return false;
    }
    return true;
}
