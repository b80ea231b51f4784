/* How a call names its outputs. */
#ifndef CT_APP_RUN_NAMING_H
#define CT_APP_RUN_NAMING_H

#include "app/call/call.h"
#include "app/run/inputs.h"

typedef enum app_naming_how {
    APP_NAME_ONE,       /* the target is the output */
    APP_NAME_DIRECTORY, /* that outputs go to, each under its input's name */
    APP_NAME_TEMPLATE,
    APP_NAME_IN_PLACE,
    APP_NAME_NONE, /* nothing is written */
} app_naming_how;

typedef struct app_naming {
    app_naming_how how;
    const char *target; /* NULL: in place, or none */
    int operands;       /* after the chain: how many are inputs */
} app_naming;

/* Finds the target, and how many operands are inputs. Refuses what is wrong whatever they are.
 * Templates and in place are chosen; a directory or one output isn't told apart yet. */
bool app_naming_split(const app_call *call, app_naming *naming, ct_error *err);

/* Chooses the rest, for these inputs. */
bool app_naming_choose(const app_call *call, const app_inputs *inputs, app_naming *naming,
                       ct_error *err);

/* The directory that all outputs are in or below if they are several, with a slash at its end; ""
 * for the current one, or in place. The caller frees it. NULL: out of memory. */
char *app_naming_top(const app_naming *naming);

#endif
