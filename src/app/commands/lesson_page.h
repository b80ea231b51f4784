/* The page of `make lesson`, as it was installed, and what `convtool lesson` puts into it. */
#ifndef CT_APP_COMMANDS_LESSON_PAGE_H
#define CT_APP_COMMANDS_LESSON_PAGE_H

#include "app/call/call.h"
#include "base/text.h"

/* What every page begins with, in its first LESSON_HEAD bytes. */
#define LESSON_MARK "<!-- convtool lesson -->"
enum { LESSON_HEAD = 256 };

/* Reads the page, which lies in share/convtool beside the program's bin, or in lesson/ beside a
 * program that wasn't installed. The error says where it was looked for. */
bool lesson_page_read(char **bytes, size_t *size, ct_error *err);

/* Appends the page with the chain (NULL: the page's own) and the pictures in files at `paths`,
 * PNG or JPEG, in it. */
bool lesson_page_fill(const app_call *call, const char *chain, char *const *paths, int count,
                      ct_text *out, ct_error *err);

#endif
