/* Floats as whole numbers of 8 bits, and back (ONNX: QuantizeLinear, DequantizeLinear,
 * DynamicQuantizeLinear). */
#include <math.h>
#include <string.h>

#include "base/minmax.h"
#include "net/ops/kernels.h"
#include "net/ops/ops.h"
#include "net/ops/scales.h"

/* ---- scales along an axis ---- */

/* Of a tensor whose shape is known: as if it had three axes, the middle one with the scales. */
typedef struct layout {
    size_t outer, many, inner;
} layout;

/* The axis of a tensor for which there is a scale for each index; -1: one for all. */
static bool axis_of(const net_call *call, int *axis, ct_error *err) {
    const net_shape *scale = &call->in[1]->shape, *in = &call->in[0]->shape;
    size_t count;
    *axis = -1;
    if (scale->rank > 1) {
        return ct_fail(err, "its scale should be one number, or a list of them");
    }
    if (scale->rank < 1 || in->rank < 0 || !net_shape_count(scale, &count) || count == 1) {
        return true;
    }
    return net_axis(net_int(call->node, "axis", 1), in->rank, axis, err) &&
           net_want_numbers(call, 1, in->size[*axis], err);
}

static bool layout_of(const net_call *call, layout *l, ct_error *err) {
    const net_shape *in = &call->in[0]->shape;
    int axis;
    if (!axis_of(call, &axis, err)) {
        return false;
    }
    *l = axis < 0 ? (layout){1, 1, net_count(call->in[0])}
                  : (layout){net_shape_product(in, 0, axis), (size_t)in->size[axis],
                             net_shape_product(in, axis + 1, in->rank)};
    return true;
}

static bool points_fit(const net_call *call, ct_error *err) {
    const net_tensor *scale = call->in[1], *points = net_in(call, 2);
    size_t count;
    if (points && net_shape_count(&scale->shape, &count)) {
        return net_want_numbers(call, 2, (int64_t)count, err);
    }
    return true;
}

/* ---- QuantizeLinear ---- */

static bool quantize_shape(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0], *points = net_in(call, 2);
    int axis;
    if (in->type != NET_NONE && in->type != NET_FLOAT && in->type != NET_I32) {
        return ct_fail(err, "input 1 is %s, where float or int32 is expected",
                       net_type_name(in->type));
    }
    if (!net_want_type(call, 1, NET_FLOAT, err) || !net_want_byte(call, 2, err) ||
        !axis_of(call, &axis, err) || !points_fit(call, err)) {
        return false;
    }
    net_give(call, 0, points ? points->type : NET_U8, &in->shape);
    return true;
}

#define QUANTIZE(function, from, to, low, high)                                                    \
    static void function(to *out, const from *in, float scale, float point, size_t n) {            \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = (to)net_quantised((float)in[i] / scale, point, low, high);                    \
        }                                                                                          \
    }
QUANTIZE(u8_of_floats, float, uint8_t, 0, 255)
QUANTIZE(i8_of_floats, float, int8_t, -128, 127)
QUANTIZE(u8_of_whole, int32_t, uint8_t, 0, 255)
QUANTIZE(i8_of_whole, int32_t, int8_t, -128, 127)

static void quantize_some(const net_tensor *out, const net_tensor *in, size_t at, size_t n,
                          float scale, float point) {
    if (in->type == NET_FLOAT && out->type == NET_U8) {
        u8_of_floats((uint8_t *)out->data + at, (const float *)in->data + at, scale, point, n);
    } else if (in->type == NET_FLOAT) {
        i8_of_floats((int8_t *)out->data + at, (const float *)in->data + at, scale, point, n);
    } else if (out->type == NET_U8) {
        u8_of_whole((uint8_t *)out->data + at, (const int32_t *)in->data + at, scale, point, n);
    } else {
        i8_of_whole((int8_t *)out->data + at, (const int32_t *)in->data + at, scale, point, n);
    }
}

static bool quantize_run(const net_call *call, ct_error *err) {
    layout l;
    if (!layout_of(call, &l, err)) {
        return false;
    }
    for (size_t i = 0; i < l.outer * l.many; i++) {
        quantize_some(call->out[0], call->in[0], i * l.inner, l.inner,
                      net_scale_at(call->in[1], i % l.many),
                      (float)net_point_at(net_in(call, 2), i % l.many));
    }
    return true;
}

/* ---- DequantizeLinear ---- */

static bool dequantize_shape(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    int axis;
    if (in->type != NET_NONE && in->type != NET_I32 && !net_want_byte(call, 0, err)) {
        return false;
    }
    if (!net_want_type(call, 1, NET_FLOAT, err) || !net_want_type(call, 2, in->type, err) ||
        !axis_of(call, &axis, err) || !points_fit(call, err)) {
        return false;
    }
    net_give(call, 0, NET_FLOAT, &in->shape);
    return true;
}

#define DEQUANTIZE(function, from)                                                                 \
    static void function(float *out, const from *in, float scale, int32_t point, size_t n) {       \
        for (size_t i = 0; i < n; i++) {                                                           \
            out[i] = (float)(int32_t)((uint32_t)in[i] - (uint32_t)point) * scale;                  \
        }                                                                                          \
    }
DEQUANTIZE(floats_of_u8, uint8_t)
DEQUANTIZE(floats_of_i8, int8_t)
DEQUANTIZE(floats_of_i32, int32_t)

static bool dequantize_run(const net_call *call, ct_error *err) {
    const net_tensor *in = call->in[0];
    float *out = call->out[0]->data;
    layout l;
    if (!layout_of(call, &l, err)) {
        return false;
    }
    for (size_t i = 0; i < l.outer * l.many; i++) {
        const float scale = net_scale_at(call->in[1], i % l.many);
        const int32_t point = net_point_at(net_in(call, 2), i % l.many);
        const size_t at = i * l.inner;
        if (in->type == NET_U8) {
            floats_of_u8(out + at, (const uint8_t *)in->data + at, scale, point, l.inner);
        } else if (in->type == NET_I8) {
            floats_of_i8(out + at, (const int8_t *)in->data + at, scale, point, l.inner);
        } else {
            floats_of_i32(out + at, (const int32_t *)in->data + at, scale, point, l.inner);
        }
    }
    return true;
}

/* ---- DynamicQuantizeLinear: the scale and zero point that the numbers' range, with 0, fits ----
 */

static bool dynamic_shape(const net_call *call, ct_error *err) {
    if (!net_want_type(call, 0, NET_FLOAT, err)) {
        return false;
    }
    net_give(call, 0, NET_U8, &call->in[0]->shape);
    net_give(call, 1, NET_FLOAT, &(net_shape){0});
    net_give(call, 2, NET_U8, &(net_shape){0});
    return true;
}

static bool dynamic_run(const net_call *call, ct_error *err) {
    (void)err;
    const size_t count = net_count(call->in[0]);
    const float *in = call->in[0]->data;
    float least = 0, most = 0;
    for (size_t i = 0; i < count; i++) {
        least = in[i] < least ? in[i] : least;
        most = in[i] > most ? in[i] : most;
    }
    const float scale = least == most ? 1.0F : (most - least) / 255.0F;
    const float point = net_quantised(-least / scale, 0, 0, 255);
    if (call->out[0]) {
        u8_of_floats(call->out[0]->data, in, scale, point, count);
    }
    if (call->node->output_count > 1 && call->out[1]) {
        *(float *)call->out[1]->data = scale;
    }
    if (call->node->output_count > 2 && call->out[2]) {
        *(uint8_t *)call->out[2]->data = (uint8_t)point;
    }
    return true;
}

const net_op net_ops_quantize[] = {
    {.name = "QuantizeLinear",
     .since = 10,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .weights = NET_INPUT(0),
     .shape = quantize_shape,
     .run = quantize_run},
    {.name = "DequantizeLinear",
     .since = 10,
     .least = 2,
     .most = 3,
     .outputs = 1,
     .weights = NET_INPUT(0),
     .shape = dequantize_shape,
     .run = dequantize_run},
    {.name = "DynamicQuantizeLinear",
     .since = 11,
     .least = 1,
     .most = 1,
     .outputs = 3,
     .shape = dynamic_shape,
     .run = dynamic_run},
    {0},
};
