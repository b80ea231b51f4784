/* Pointwise stages, for unit_conv. */
#ifndef CT_TESTS_CONV_POINTS_H
#define CT_TESTS_CONV_POINTS_H

#include <check.h>

TCase *conv_points(void);

#endif
