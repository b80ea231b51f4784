/* JSON's two awkward values. */
#ifndef CT_APP_CALL_JSON_H
#define CT_APP_CALL_JSON_H

#include <stdio.h>

/* A string in quotes, "null" for NULL. A byte that isn't valid UTF-8 (in a file's name, say)
 * becomes the lone surrogate \udc80 + byte - 0x80, as Python's surrogateescape reads it. */
void app_json_string(FILE *out, const char *text);

/* A number, "null" where it isn't finite. */
void app_json_number(FILE *out, double number);

#endif
