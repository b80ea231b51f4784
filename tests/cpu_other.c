#include "cpu_ways.h"

#define CT_CPU_WAY  3
#define ct_cpu_avx2 other_cpu_avx2
#define ct_cpu_v3   other_cpu_v3
#define ct_cpu_v4   other_cpu_v4
#include "../src/base/cpu.c"
