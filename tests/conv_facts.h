/* Facts about the engine that are known without an oracle. */
#ifndef CT_TESTS_CONV_FACTS_H
#define CT_TESTS_CONV_FACTS_H

#include <check.h>

TCase *conv_facts(void);

#endif
