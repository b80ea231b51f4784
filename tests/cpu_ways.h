/* src/base/cpu.c again, compiled for a C library and a processor that this machine may not have. */
#ifndef CT_TEST_CPU_WAYS_H
#define CT_TEST_CPU_WAYS_H

#include <stdbool.h>

/* By the compiler's functions; on other processors than x86-64 the same as ct_cpu_*. */
bool compiler_cpu_avx2(void);
bool compiler_cpu_v3(void);
bool compiler_cpu_v4(void);

/* Where there is nothing to ask. */
bool other_cpu_avx2(void);
bool other_cpu_v3(void);
bool other_cpu_v4(void);

#endif
