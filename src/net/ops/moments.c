#include "net/ops/moments.h"

enum { LANES = 8 };

#define MOMENTS(T)                                                                                 \
    static double sum_##T(const T *in, size_t n, double less, bool square) {                       \
        double lanes[LANES] = {0}, sum = 0;                                                        \
        size_t i = 0;                                                                              \
        for (; square && i + LANES <= n; i += LANES) {                                             \
            for (int k = 0; k < LANES; k++) {                                                      \
                const double x = (double)in[i + (size_t)k] - less;                                 \
                lanes[k] += x * x;                                                                 \
            }                                                                                      \
        }                                                                                          \
        for (; !square && i + LANES <= n; i += LANES) {                                            \
            for (int k = 0; k < LANES; k++) {                                                      \
                lanes[k] += (double)in[i + (size_t)k];                                             \
            }                                                                                      \
        }                                                                                          \
        for (; i < n; i++) {                                                                       \
            const double x = (double)in[i] - less;                                                 \
            sum += square ? x * x : x;                                                             \
        }                                                                                          \
        for (int k = 0; k < LANES; k++) {                                                          \
            sum += lanes[k];                                                                       \
        }                                                                                          \
        return sum;                                                                                \
    }                                                                                              \
    static net_moments moments_##T(const T *in, size_t n) {                                        \
        const double mean = sum_##T(in, n, 0, false) / (double)n;                                  \
        return (net_moments){mean, sum_##T(in, n, mean, true) / (double)n};                        \
    }                                                                                              \
    static void scale_##T(T *out, const T *in, size_t n, T mean, T factor, T bias) {               \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = (in[i] - mean) * factor + bias;                                               \
        }                                                                                          \
    }                                                                                              \
    static void scale_each_##T(T *out, const T *in, size_t n, T mean, T factor, const T *factors,  \
                               const T *biases) {                                                  \
        if (biases) {                                                                              \
            for (size_t i = 0; i < n; i++) {                                                       \
                out[i] = (in[i] - mean) * factor * factors[i] + biases[i];                         \
            }                                                                                      \
        } else {                                                                                   \
            for (size_t i = 0; i < n; i++) {                                                       \
                out[i] = (in[i] - mean) * factor * factors[i];                                     \
            }                                                                                      \
        }                                                                                          \
    }
MOMENTS(float)
MOMENTS(double)

net_moments net_moments_of(net_type type, const void *in, size_t n) {
    return type == NET_DOUBLE ? moments_double(in, n) : moments_float(in, n);
}

void net_scale(net_type type, void *out, const void *in, size_t n, double mean, double factor,
               double bias) {
    if (type == NET_DOUBLE) {
        scale_double(out, in, n, mean, factor, bias);
    } else {
        scale_float(out, in, n, (float)mean, (float)factor, (float)bias);
    }
}

void net_scale_each(net_type type, void *out, const void *in, size_t n, double mean, double factor,
                    const void *factors, const void *biases) {
    if (type == NET_DOUBLE) {
        scale_each_double(out, in, n, mean, factor, factors, biases);
    } else {
        scale_each_float(out, in, n, (float)mean, (float)factor, factors, biases);
    }
}
