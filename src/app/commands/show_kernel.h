/* For show: one kernel. */
#ifndef CT_APP_COMMANDS_SHOW_KERNEL_H
#define CT_APP_COMMANDS_SHOW_KERNEL_H

#include "app/call/call.h"

/* Prints the kernel and what follows from it, with -v also how it would be computed; or with --json
 * an object without a line's end. */
bool show_kernel(const app_call *call, const filter_kernel *kernel, ct_error *err);

#endif
