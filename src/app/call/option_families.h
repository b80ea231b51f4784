/* The tables of options, in the order of the help; options.c reads them one after the other.
 * Internal to src/app/call.
 *
 * To add an option: a row in options_NAME.c, in its group, and one more in the count below, which
 * the compiler checks. Where a field and a range aren't enough, write a setter in setters.c. Then
 * `python3 tests/cli/manpage.py --update` updates the man page. */
#ifndef CT_APP_CALL_OPTION_FAMILIES_H
#define CT_APP_CALL_OPTION_FAMILIES_H

#include "app/call/option.h"

enum {
    APP_IMAGE_OPTIONS = 22,
    APP_FILES_OPTIONS = 16,
    APP_RUN_OPTIONS = 12,
    APP_COMMAND_OPTIONS = 15,
};

extern const app_option app_image_options[APP_IMAGE_OPTIONS];
extern const app_option app_files_options[APP_FILES_OPTIONS];
extern const app_option app_run_options[APP_RUN_OPTIONS];
extern const app_option app_command_options[APP_COMMAND_OPTIONS];

#endif
