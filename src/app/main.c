/* The program: does what the arguments ask for, and sets the exit status. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/help.h"
#include "app/call/message.h"
#include "app/call/options.h"
#include "app/call/parse.h"
#include "app/commands/commands.h"
#include "app/run/batch.h"
#include "app/run/cleanup.h"

/* A file opened while 0, 1 or 2 is closed would get that number, and messages would go into it.
 * The stand-ins are opened the wrong way round, so that using them is an error. */
static bool fill_standard_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) {
            return false;
        }
    }
    return true;
}

static bool choose_isa(ct_error *err) {
    const char *name = getenv("CONVTOOL_ISA");
    return !name || !*name || conv_isa_choose(name, err) || ct_fail_at(err, "CONVTOOL_ISA: ");
}

static bool choose_path(ct_error *err) {
    const char *name = getenv("CONVTOOL_PATH");
    return !name || !*name || conv_path_prefer(name, err) || ct_fail_at(err, "CONVTOOL_PATH: ");
}

static bool check_operands(const app_call *call, const app_command *command, ct_error *err) {
    int count = call->operand_count - 1;
    if (count < command->least) {
        return ct_fail(err, "%s: expected %s", command->name, command->arguments);
    }
    if (count > command->most) {
        return ct_fail(err, "%s: unexpected operand '%s'", command->name,
                       call->operands[1 + command->most]);
    }
    return true;
}

/* Texts are written at once, so that the reason is known where that fails. */
static void write_texts_at_once(void) {
    static char buffer[1 << 16]; /* used until the program ends */
    if (!isatty(STDOUT_FILENO)) {
        setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    }
}

static int run(const app_call *call, const app_commands *commands, ct_error *err) {
    const app_command *command =
        call->operand_count > 0 ? app_command_find(commands, call->operands[0]) : NULL;
    if (call->help || call->version || command) {
        write_texts_at_once();
    }
    if (call->help) {
        app_call help = *call;
        char *operands[] = {(char *)"help", command ? call->operands[0] : NULL};
        help.operands = operands;
        help.operand_count = command ? 2 : 1;
        return app_help(&help, commands);
    }
    if (call->version) {
        return app_version(call, commands);
    }
    if (call->operand_count == 0) {
        app_say(NULL, "no CHAIN or COMMAND; see convtool --help");
        return APP_USAGE;
    }
    if (!command) {
        if (app_options_check(call, APP_FOR_FILTER, "filtering; convtool --help says where it does",
                              err)) {
            return app_batch_run(call, commands);
        }
    } else if (app_options_check(call, command->where, command->name, err) &&
               check_operands(call, command, err)) {
        return command->run(call, commands);
    }
    app_say(NULL, "%s", err->text);
    return APP_USAGE;
}

/* `help --pool` asks about the option: what follows help are words. */
static bool read_call(int argc, char **argv, app_call *call, ct_error *err) {
    if (argc < 2 || strcmp(argv[1], "help") != 0) {
        return app_call_parse(argc, argv, call, err);
    }
    const int first = argc > 2 && strcmp(argv[2], "--") == 0 ? 2 : 1;
    argv[first] = argv[1];
    *call = (app_call){.operands = argv + first, .operand_count = argc - first};
    return true;
}

int main(int argc, char **argv) {
    app_call call;
    ct_error err;
    if (!fill_standard_streams()) {
        return APP_FAILED;
    }
    app_signals_install();
    if (!choose_isa(&err) || !choose_path(&err) || !read_call(argc, argv, &call, &err)) {
        app_say(NULL, "%s", err.text);
        return APP_USAGE;
    }
    if (argc < 2) {
        app_help_short();
        return app_finish_stdout(APP_OK);
    }
    return app_finish_stdout(run(&call, &app_all_commands, &err));
}
