#ifndef TESTS_NET_CONTROL_H
#define TESTS_NET_CONTROL_H

#include <check.h>

TCase *net_control_tests(void);  /* bodies, memory, what runs and what is refused */
TCase *net_streams_tests(void);  /* rows through a graph, and what plans are made in */
TCase *net_products_tests(void); /* products of matrices, and recurrent operators */

#endif
