/* Long kernels, for unit_conv. */
#ifndef CT_TESTS_CONV_LONG_H
#define CT_TESTS_CONV_LONG_H

#include <check.h>

TCase *conv_long(void);

#endif
