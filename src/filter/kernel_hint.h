/* What a kernel's text probably meant, where it reads as something else. Internal to src/filter. */
#ifndef CT_FILTER_KERNEL_HINT_H
#define CT_FILTER_KERNEL_HINT_H

#include "filter/filter.h"

/* How the text was laid out. */
typedef struct kernel_layout {
    bool commas; /* there are some between numbers */
    int lines;   /* that hold numbers */
    int split;   /* rows ended within their line, by ';' */
} kernel_layout;

/* Sets kernel->warning where the layout looks like a kernel of another size. `origin`: the file's
 * name, or what errors call the text. */
void kernel_hint(filter_kernel *kernel, const char *origin, const kernel_layout *layout);

/* Fails because of a word at the start of a row that is neither a number nor a setting. */
bool kernel_fail_setting(const char *word, size_t length, ct_error *err);

#endif
