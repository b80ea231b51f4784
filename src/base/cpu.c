#include "base/cpu.h"

/* There are three ways, of which tests/cpu_*.c compile the later ones too. CT_CPU_WAY says which is
 * taken.
 *
 * 1: glibc (2.33 or newer) has read CPUID at program start. Reading it again is slow: in a virtual
 *    machine each CPUID traps to the hypervisor.
 * 2: with another C library the compiler's own functions tell, and CPUID where they don't.
 * 3: on other processors there is nothing to ask. */
#ifndef CT_CPU_WAY
#if !defined(__x86_64__)
#define CT_CPU_WAY 3
#elif __has_include(<sys/platform/x86.h>)
#define CT_CPU_WAY 1
#else
#define CT_CPU_WAY 2
#endif
#endif

#if CT_CPU_WAY == 1

#include <sys/platform/x86.h>

/* glibc's CPU_FEATURE_ACTIVE, but without shifting 1 into the sign bit of an int. */
static bool active(unsigned feature) {
    enum { BITS = 32, LEAF = 4 * BITS }; /* a leaf of CPUID fills four registers */
    const struct cpuid_feature *leaf = __x86_get_cpuid_feature_leaf(feature / LEAF);
    return leaf->active_array[feature % LEAF / BITS] >> feature % BITS & 1;
}

#define HAS(name) active(x86_cpu_##name)

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

#elif CT_CPU_WAY == 2

#include <cpuid.h>

/* These also see whether the system saves the registers. */
#define HAS(name) (__builtin_cpu_supports(name) != 0)

bool ct_cpu_avx2(void) {
    __builtin_cpu_init();
    return HAS("avx2");
}

/* What not every compiler has a name for (clang 14 hasn't). Both leaves exist on any x86-64. */
static bool has_the_rest(void) {
    const unsigned basic = bit_CMPXCHG16B | bit_F16C | bit_MOVBE | bit_OSXSAVE;
    const unsigned extended = bit_LAHF_LM | bit_LZCNT;
    unsigned a, b, c, d;
    __cpuid(1, a, b, c, d);
    if ((c & basic) != basic) {
        return false;
    }
    __cpuid(0x80000001, a, b, c, d);
    return (c & extended) == extended;
}

bool ct_cpu_v3(void) {
    __builtin_cpu_init();
    return HAS("sse3") && HAS("ssse3") && HAS("sse4.1") && HAS("sse4.2") && HAS("popcnt") &&
           HAS("avx") && HAS("avx2") && HAS("bmi") && HAS("bmi2") && HAS("fma") && has_the_rest();
}

bool ct_cpu_v4(void) {
    return ct_cpu_v3() && HAS("avx512f") && HAS("avx512bw") && HAS("avx512cd") && HAS("avx512dq") &&
           HAS("avx512vl");
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
