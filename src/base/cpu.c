#include "base/cpu.h"

/* glibc (2.33 or newer) knows since the program's start. To ask the processor again is slow: a
 * virtual machine stops for each CPUID. With another C library the baseline runs. */
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)

#include <sys/platform/x86.h>

#define HAS CPU_FEATURE_ACTIVE

bool ct_cpu_avx2(void) {
    return HAS(AVX2);
}

bool ct_cpu_v3(void) {
    return HAS(SSE3) && HAS(SSSE3) && HAS(SSE4_1) && HAS(SSE4_2) && HAS(POPCNT) &&
           HAS(CMPXCHG16B) && HAS(LAHF64_SAHF64) && HAS(AVX) && HAS(AVX2) && HAS(BMI1) &&
           HAS(BMI2) && HAS(F16C) && HAS(FMA) && HAS(LZCNT) && HAS(MOVBE) && HAS(OSXSAVE);
}

bool ct_cpu_v4(void) {
    return ct_cpu_v3() && HAS(AVX512F) && HAS(AVX512BW) && HAS(AVX512CD) && HAS(AVX512DQ) &&
           HAS(AVX512VL);
}

#else

bool ct_cpu_avx2(void) {
    return false;
}

bool ct_cpu_v3(void) {
    return false;
}

bool ct_cpu_v4(void) {
    return false;
}

#endif
