/* argv -> app_call. */
#ifndef CT_APP_CALL_PARSE_H
#define CT_APP_CALL_PARSE_H

#include "app/call/call.h"

/* Reads options and operands; operands are moved after the options within argv. False with an error
 * when an option is unknown, lacks its argument, or has one that is refused. */
bool app_call_parse(int argc, char **argv, app_call *call, ct_error *err);

/* The chain with everything that options append to it: pools, scale, bias, normalize. */
filter_chain *app_call_chain(const app_call *call, const char *text, ct_error *err);

#endif
