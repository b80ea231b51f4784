#include "app/run/network_image.h"

#include <stdlib.h>
#include <string.h>

/* ---- in ---- */

typedef struct network_size {
    int64_t width, height; /* below 0: any */
} network_size;

static bool is_colours(int64_t size) {
    return size == 1 || size == 3 || size == 4;
}

/* Whether the channels come last: as given, or as the sizes look. */
static bool channels_last(const filter_network *stage, const net_value *value) {
    const net_shape *s = &value->shape;
    if (s->rank != 3 && s->rank != 4) {
        return false;
    }
    return stage->laid ? stage->last
                       : is_colours(s->size[s->rank - 1]) && !is_colours(s->size[s->rank - 3]);
}

static network_size wanted_size(const net_value *value, bool last) {
    const int x = value->shape.rank - (last ? 2 : 1);
    return value->shape.rank < 2 ? (network_size){NET_ANY_SIZE, NET_ANY_SIZE}
                                 : (network_size){value->shape.size[x], value->shape.size[x - 1]};
}

/* The channels of the model's input; 0: any. */
static int64_t wanted_channels(const net_value *value, bool last) {
    const int rank = value->shape.rank;
    const int64_t size = rank == 4 || rank == 3 ? value->shape.size[last ? rank - 1 : rank - 3] : 1;
    return rank < 0 || size < 0 ? 0 : size;
}

static bool check_sizes(const network_size *wants, const codec_info *info, ct_error *err) {
    const int width = wants->width >= 0 ? (int)wants->width : info->width;
    const int height = wants->height >= 0 ? (int)wants->height : info->height;
    return (width == info->width && height == info->height) ||
           ct_fail(err,
                   "the model wants %dx%d pixels, and the image has %dx%d; resize it first: "
                   "convtool resize:%dx%d IMAGE - | convtool net:... - OUTPUT",
                   width, height, info->width, info->height, width, height);
}

bool network_input_for(const filter_network *stage, const net_value *value, const codec_info *info,
                       network_input *out, ct_error *err) {
    const bool last = channels_last(stage, value);
    const network_size size = wanted_size(value, last);
    if (!check_sizes(&size, info, err)) {
        return false;
    }
    const int colours = info->channels - (info->alpha ? 1 : 0);
    int64_t wanted = wanted_channels(value, last);
    wanted = wanted > 0 ? wanted : colours;
    *out = (network_input){.shape = {info->width, info->height, (int)wanted},
                           .from_channels = info->channels,
                           .sample = info->sample,
                           .last = last};
    const bool gray = colours == 3 && wanted == 1, spread = colours == 1 && wanted == 3;
    if (wanted > CONV_MAX_CHANNELS || (wanted != colours && !gray && !spread)) {
        return ct_fail(err, "the model wants %s, and the image has %d%s%s",
                       ct_count((uint64_t)wanted, "channel").text, colours,
                       info->alpha ? " beside alpha" : "",
                       wanted < colours ? "; choose some with --channels" : "");
    }
    out->copies = wanted > 3;
    const double factor = (stage->high - stage->low) / codec_info_white(info);
    for (int c = 0; c < (wanted > 3 ? 1 : (int)wanted); c++) {
        const int colour = stage->bgr && wanted == 3 ? 2 - c : c;
        out->scale[c] = (float)(factor / stage->std[colour]);
        out->add[c] = (float)((stage->low - stage->mean[colour]) / stage->std[colour]);
        out->source[c] = gray ? -1 : spread ? 0 : colour;
    }
    return true;
}

bool network_input_make(const app_network *network, const net_value *value, const codec_info *info,
                        network_input *out, ct_error *err) {
    return network_input_for(&network->stage, value, info, out, err);
}

static bool assume(ct_text *out, bool assumed, const char *what) {
    return !assumed || ct_text_print(out, "%s%s", out->length ? ", " : "", what);
}

bool network_input_assumed(const filter_network *stage, const network_input *input,
                           const codec_info *image, ct_text *out) {
    const int colours = image->channels - (image->alpha ? 1 : 0), wanted = input->shape.channels;
    return assume(out, !stage->ranged, "black is 0 and white 1 (range=)") &&
           assume(out, !stage->laid && input->last, "channels come last (layout=)") &&
           assume(out, wanted == 3 && !stage->ordered, "red comes first (order=)") &&
           assume(out, colours == 3 && wanted == 1, "gray is made of the colours") &&
           assume(out, colours == 1 && wanted == 3, "gray is taken for red, green and blue") &&
           assume(out, image->alpha, "alpha is left out");
}

static float sample_at(const network_input *input, const void *samples, size_t i) {
    return input->sample == CODEC_U8    ? (float)((const uint8_t *)samples)[i]
           : input->sample == CODEC_U16 ? (float)((const uint16_t *)samples)[i]
                                        : ((const float *)samples)[i];
}

/* ITU-R BT.601, as everywhere in convtool. */
static float gray_at(const network_input *input, const void *samples, size_t i) {
    return 0.299F * sample_at(input, samples, i) + 0.587F * sample_at(input, samples, i + 1) +
           0.114F * sample_at(input, samples, i + 2);
}

void network_input_row(const network_input *input, const void *samples, float *out) {
    const int channels = input->shape.channels;
    for (int x = 0; x < input->shape.width; x++) {
        const size_t at = (size_t)x * (size_t)input->from_channels;
        for (int c = 0; c < channels; c++) {
            const int k = input->copies ? 0 : c;
            const float v = input->copies ? sample_at(input, samples, at + (size_t)c)
                            : input->source[k] < 0
                                ? gray_at(input, samples, at)
                                : sample_at(input, samples, at + (size_t)input->source[k]);
            *out++ = v * input->scale[k] + input->add[k];
        }
    }
}

net_shape network_input_shape(const network_input *input, int rank) {
    const int64_t width = input->shape.width, height = input->shape.height;
    const int64_t channels = input->shape.channels;
    const int64_t first[] = {1, channels, height, width}, behind[] = {1, height, width, channels};
    net_shape shape = {.rank = rank};
    for (int i = 0; i < rank; i++) {
        shape.size[i] = (input->last ? behind : first)[4 - rank + i];
    }
    return shape;
}

void network_input_place(const network_input *input, const float *row, int y, float *tensor) {
    const size_t w = (size_t)input->shape.width, h = (size_t)input->shape.height;
    const size_t c = (size_t)input->shape.channels;
    if (input->last) {
        memcpy(tensor + (size_t)y * w * c, row, w * c * sizeof *row);
        return;
    }
    for (size_t i = 0; i < w * c; i++) {
        tensor[(i % c * h + (size_t)y) * w + i / c] = row[i];
    }
}

bool network_input_read(const network_input *input, codec_reader *reader, float *tensor,
                        ct_error *err) {
    const conv_shape *s = &input->shape;
    void *samples = malloc(codec_row_bytes(codec_reader_info(reader)));
    float *row = malloc((size_t)s->width * (size_t)s->channels * sizeof *row);
    bool ok = (samples && row) || ct_fail(err, "out of memory");
    for (int y = 0; ok && y < s->height; y++) {
        ok = codec_read_row(reader, samples, err);
        if (ok) {
            network_input_row(input, samples, row);
            network_input_place(input, row, y, tensor);
        }
    }
    free(samples);
    free(row);
    return ok;
}

/* ---- out ---- */

bool network_output_shape(const net_tensor *tensor, bool last, conv_shape *out, ct_error *err) {
    net_shape shape = tensor->shape;
    const net_shape *s = &shape;
    const int rank = s->rank;
    if (last && rank > 2) { /* as if they came first */
        memmove(shape.size + rank - 2, shape.size + rank - 3, 2 * sizeof *shape.size);
        shape.size[rank - 3] = tensor->shape.size[rank - 1];
    }
    const int64_t width = rank > 0 ? s->size[rank - 1] : 1;
    const int64_t height = rank > 1 ? s->size[rank - 2] : 1;
    int64_t channels = 1;
    bool fits = true;
    for (int i = 0; i < rank - 2; i++) {
        fits = fits && s->size[i] <= CONV_MAX_CHANNELS;
        channels *= fits ? s->size[i] : 0;
        fits = fits && channels <= CONV_MAX_CHANNELS;
    }
    if (!fits || channels < 1 || width < 1 || height < 1 || width > CONV_MAX_SIDE ||
        height > CONV_MAX_SIDE || width * channels > CONV_MAX_ROW) {
        return ct_fail(err, "what it makes isn't an image: it has no numbers, or too many");
    }
    *out = (conv_shape){(int)width, (int)height, (int)channels};
    return true;
}

void network_output_row(const net_tensor *tensor, bool last, conv_shape shape, int y, float *out) {
    const size_t w = (size_t)shape.width, h = (size_t)shape.height, c = (size_t)shape.channels;
    for (size_t i = 0; last && i < w * c; i++) {
        out[i] = (float)net_real_at(tensor, (size_t)y * w * c + i);
    }
    if (last) {
        return;
    }
    for (size_t k = 0; k < c; k++) {
        const size_t from = (k * h + (size_t)y) * w;
        if (tensor->type == NET_FLOAT) {
            const float *row = (const float *)tensor->data + from;
            for (size_t x = 0; x < w; x++) {
                out[x * c + k] = row[x];
            }
        } else {
            for (size_t x = 0; x < w; x++) {
                out[x * c + k] = (float)net_real_at(tensor, from + x);
            }
        }
    }
}
