/* What the processor supports and the system has enabled. */
#ifndef CT_BASE_CPU_H
#define CT_BASE_CPU_H

#include <stdbool.h>

bool ct_cpu_avx2(void);

/* The levels of the x86-64 psABI: all that a compiler may use for -march=x86-64-v3 and -v4. */
bool ct_cpu_v3(void);
bool ct_cpu_v4(void);

#endif
