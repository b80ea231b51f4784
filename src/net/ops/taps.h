/* Resampling along one axis: which samples of the input, with which weights, an output sample is
 * made of (ONNX operator specification, Resize, opsets 10 to 18). */
#ifndef CT_NET_OPS_TAPS_H
#define CT_NET_OPS_TAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum net_interpolation { NET_NEAREST, NET_LINEAR, NET_CUBIC } net_interpolation;

/* Where output sample x lies in the input; `scale` is output by input. */
typedef enum net_coordinates {
    NET_HALF_PIXEL,         /* (x + 1/2) / scale - 1/2 */
    NET_PYTORCH_HALF_PIXEL, /* the same, but 0 where there is one output sample */
    NET_ASYMMETRIC,         /* x / scale */
    NET_TF_HALF_PIXEL,      /* (x + 1/2) / scale */
    NET_ALIGN_CORNERS,      /* x (in - 1) / (length - 1) */
    NET_CROP_AND_RESIZE,    /* of a share of the input: (in - 1) (begin + x (end - begin) / (out -
                             * 1)), or its middle where there is one output sample */
} net_coordinates;

typedef enum net_rounding {
    NET_ROUND_PREFER_FLOOR,
    NET_ROUND_PREFER_CEIL,
    NET_ROUND_DOWN,
    NET_ROUND_UP,
    NET_ROUND_SIMPLE, /* up where the axis gets shorter, else down: before opset 11 */
} net_rounding;

/* How an axis is resampled. */
typedef struct net_resampling {
    net_interpolation interpolation;
    net_coordinates coordinates;
    net_rounding rounding; /* NET_NEAREST */
    float cubic;           /* Keys' a */
    bool exclude_outside;  /* samples beyond the ends have no weight, instead of the end's value */
    bool antialias;        /* the filter widens where the axis gets shorter */
    float scale;
    float length; /* `out`, or in scale where scales are given: not rounded, as in ONNX's cases */
    float begin, end; /* NET_CROP_AND_RESIZE */
} net_resampling;

/* Output sample i is the sum of `count` samples: index[i count + k] with weight[i count + k]. */
typedef struct net_taps {
    int64_t in, out;
    int count;
    bool identity; /* the axis stays as it is */
    int64_t *index;
    float *weight;
    char *outside; /* whether sample i lies outside the input; NULL: none does */
} net_taps;

/* False when out of memory; free it then, too. `in` is 1 or more, where `out` is. */
bool net_taps_make(const net_resampling *how, int64_t in, int64_t out, net_taps *taps);
void net_taps_free(net_taps *taps);

#endif
