#include "cpu_ways.h"

#ifdef __x86_64__
#define CT_CPU_WAY 2
#endif
#define ct_cpu_avx2 compiler_cpu_avx2
#define ct_cpu_v3   compiler_cpu_v3
#define ct_cpu_v4   compiler_cpu_v4
#include "../src/base/cpu.c"
