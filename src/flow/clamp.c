#include "flow/clamp.h"

/* One function per type, so that the compiler vectorises the loop over all samples. */
#define CLAMP(name, sample)                                                                        \
    static uint64_t name(sample *s, size_t pixels, size_t channels, int alpha, sample white) {     \
        uint64_t above = 0;                                                                        \
        for (size_t i = (size_t)(alpha < 0 ? 0 : alpha); alpha >= 0 && i < pixels * channels;      \
             i += channels) {                                                                      \
            s[i] = s[i] > white ? white : s[i];                                                    \
        }                                                                                          \
        for (size_t i = 0; i < pixels * channels; i++) {                                           \
            above += s[i] > white;                                                                 \
            s[i] = s[i] > white ? white : s[i];                                                    \
        }                                                                                          \
        return above;                                                                              \
    }

CLAMP(clamp_u8, uint8_t)
CLAMP(clamp_u16, uint16_t)

uint64_t flow_clamp(void *samples, size_t pixels, int channels, int alpha, conv_type type,
                    unsigned white) {
    return type == CONV_U8 ? clamp_u8(samples, pixels, (size_t)channels, alpha, (uint8_t)white)
                           : clamp_u16(samples, pixels, (size_t)channels, alpha, (uint16_t)white);
}
