/* What global stages need of whole images, for unit_conv. */
#ifndef CT_TESTS_CONV_EDGES_H
#define CT_TESTS_CONV_EDGES_H

#include <check.h>

TCase *conv_edges(void);

#endif
