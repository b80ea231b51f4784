/* Where the kernel files of a chain come from: the file system. */
#ifndef CT_APP_CALL_KERNEL_FILE_H
#define CT_APP_CALL_KERNEL_FILE_H

#include "filter/filter.h"

extern const filter_loader app_kernel_files;

#endif
