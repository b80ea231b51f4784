#include "base/cpu.h"

/* glibc (2.33 or newer) has read CPUID at program start. Reading it again is slow: in a virtual
 * machine each CPUID traps to the hypervisor. With another C library the baseline runs. */
#if defined(__x86_64__) && __has_include(<sys/platform/x86.h>)

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
