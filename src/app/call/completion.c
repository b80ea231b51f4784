/* convtool completion: code for bash, zsh and fish, from the tables of options and commands. */
#include <stdio.h>
#include <string.h>

#include "app/call/help.h"
#include "app/call/message.h"
#include "app/call/options.h"
#include "codec/codec.h"

/* The words that an option's argument may be, with blanks between; "" where files may follow. */
static void print_values(const app_option *option) {
    filter_entry entry;
    if (!option->values) {
        return;
    }
    if (strcmp(option->values, "FORMAT") == 0) {
        for (size_t i = 0; codec_format_at(i); i++) {
            printf("%s%s", i ? " " : "", codec_format_name(codec_format_at(i)));
        }
    } else if (strcmp(option->values, "KERNEL") == 0) {
        for (size_t i = 0; filter_entry_at(FILTER_KERNELS, i, &entry); i++) {
            printf("%s%s", i ? " " : "", entry.name);
        }
    } else if (strcmp(option->values, "FILE") != 0) {
        fputs(option->values, stdout);
    }
}

static bool takes_files(const app_option *option) {
    const char *values = option->values;
    return values && (strcmp(values, "FILE") == 0 || strcmp(values, "KERNEL") == 0);
}

/* Text within single quotes of the shell. */
static void print_quoted(const char *text) {
    for (; *text; text++) {
        fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, stdout);
    }
}

static void print_words(const app_commands *commands) {
    for (size_t i = 0; app_word_at(commands, i); i++) {
        printf("%s%s", i ? " " : "", app_word_at(commands, i));
    }
}

static void print_bash(const app_commands *commands) {
    puts("# bash completion for convtool\n"
         "_convtool() {\n"
         "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} values=\n"
         "    case $before in");
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        if (!option->argument) {
            continue;
        }
        printf("    --%s", option->name);
        if (option->letter) {
            printf("|-%c", option->letter);
        }
        fputs(") values='", stdout);
        print_values(option);
        printf("'%s ;;\n", takes_files(option) ? "; COMPREPLY=($(compgen -f -- \"$word\"))" : "");
    }
    fputs("    show) values='", stdout);
    filter_entry entry;
    for (size_t i = 0; filter_entry_at(FILTER_KERNELS, i, &entry); i++) {
        printf("%s%s", i ? " " : "", entry.name);
    }
    puts("' ;;\n"
         "    list) values='stages kernels paddings' ;;\n"
         "    completion) values='bash zsh fish' ;;\n"
         "    *)\n"
         "        if [[ $word == -* ]]; then");
    fputs("            values='", stdout);
    for (size_t i = 0; app_option_at(i); i++) {
        printf("%s--%s", i ? " " : "", app_option_at(i)->name);
    }
    fputs("'\n        elif ((COMP_CWORD == 1)); then\n            values='", stdout);
    print_words(commands);
    puts("'\n"
         "        else\n"
         "            COMPREPLY=($(compgen -f -- \"$word\"))\n"
         "        fi ;;\n"
         "    esac\n"
         "    COMPREPLY+=($(compgen -W \"$values\" -- \"$word\"))\n"
         "}\n"
         "complete -o filenames -F _convtool convtool");
}

/* Text within a zsh specification: brackets and colons are its syntax. */
static void print_zsh(const char *text) {
    for (; *text; text++) {
        if (strchr("[]:\\", *text)) {
            fputc('\\', stdout);
        }
        fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, stdout);
    }
}

static void print_zsh_option(const app_option *option) {
    fputs("        ", stdout);
    if (option->letter) {
        printf("'(-%c --%s)'{-%c,--%s}'", option->letter, option->name, option->letter,
               option->name);
    } else {
        printf("'--%s", option->name);
    }
    fputc('[', stdout);
    print_zsh(option->help);
    fputc(']', stdout);
    if (option->argument) {
        fputc(':', stdout);
        print_zsh(option->argument);
        fputc(':', stdout);
        if (option->values && strcmp(option->values, "FILE") == 0) {
            fputs("_files", stdout);
        } else {
            fputc('(', stdout);
            print_values(option);
            fputc(')', stdout);
        }
    }
    puts("' \\");
}

static void print_zsh_all(const app_commands *commands) {
    puts("#compdef convtool\n"
         "_convtool() {\n"
         "    _arguments -s \\");
    for (size_t i = 0; app_option_at(i); i++) {
        print_zsh_option(app_option_at(i));
    }
    fputs("        '1:chain or command:(", stdout);
    print_words(commands);
    puts(")' \\\n"
         "        '*:file:_files'\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _convtool ]; then _convtool \"$@\"; else compdef _convtool "
         "convtool; fi");
}

static void print_fish(const app_commands *commands) {
    puts("# fish completion for convtool");
    for (size_t i = 0; app_option_at(i); i++) {
        const app_option *option = app_option_at(i);
        printf("complete -c convtool -l %s", option->name);
        if (option->letter) {
            printf(" -s %c", option->letter);
        }
        if (option->argument) {
            fputs(takes_files(option) ? " -r" : " -x", stdout);
            fputs(" -a '", stdout);
            print_values(option);
            fputc('\'', stdout);
        }
        fputs(" -d '", stdout);
        print_quoted(option->help);
        puts("'");
    }
    fputs("complete -c convtool -n '__fish_is_first_arg' -f -a '", stdout);
    print_words(commands);
    puts("'");
}

int app_completion(const app_call *call, const app_commands *commands) {
    const char *shell = call->operands[1];
    if (strcmp(shell, "bash") == 0) {
        print_bash(commands);
    } else if (strcmp(shell, "zsh") == 0) {
        print_zsh_all(commands);
    } else if (strcmp(shell, "fish") == 0) {
        print_fish(commands);
    } else if (strncmp(shell, "man-", 4) != 0 || !app_manual_section(shell + 4, commands)) {
        /* man-SECTION is for tests/cli/manpage.py alone. */
        app_say(NULL, "completion: unknown shell '%s'; expected bash, zsh or fish", shell);
        return APP_USAGE;
    }
    return APP_OK;
}
