/* All options, from the tables that option_families.h names. The parser, --help, the man page, the
 * completions and the tests read them. */
#ifndef CT_APP_CALL_OPTIONS_H
#define CT_APP_CALL_OPTIONS_H

#include "app/call/option.h"

/* The i-th option in the order of the help; NULL past the last. */
const app_option *app_option_at(size_t i);

/* The i-th option's name, for ct_nearest. */
const char *app_option_name_at(const void *unused, size_t i);

/* False with an error where the call has an option that doesn't apply to any of `where`, which was
 * meant for something else; `name` says what that is. */
bool app_options_check(const app_call *call, int where, const char *name, ct_error *err);

#endif
