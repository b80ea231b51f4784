/* Images as a network wants them, and what it makes as images. */
#ifndef CT_APP_RUN_NETWORK_IMAGE_H
#define CT_APP_RUN_NETWORK_IMAGE_H

#include "app/run/network_model.h"
#include "conv/conv.h"

/* How an image becomes the network's input. */
typedef struct network_input {
    conv_shape shape;  /* with the channels that the network takes */
    int from_channels; /* the image's */
    codec_sample sample;
    float scale[4], add[4]; /* of each of the network's colours: v scale + add */
    int source[4];          /* the image's channel; -1: gray of the first three */
    bool last;              /* in its tensor the channels come last */
    bool copies;            /* more channels than colours: as they are, scaled all alike */
} network_input;

/* What the network's input and the image have in common; an error where they don't fit. `value` is
 * the model's input. */
bool network_input_make(const app_network *network, const net_value *value, const codec_info *info,
                        network_input *out, ct_error *err);

/* The same for a stage and any of its model's inputs. */
bool network_input_for(const filter_network *stage, const net_value *value, const codec_info *info,
                       network_input *out, ct_error *err);

/* Appends what was assumed of the image, as "gray is taken for red, green and blue"; nothing where
 * nothing was. False: out of memory. */
bool network_input_assumed(const filter_network *stage, const network_input *input,
                           const codec_info *image, ct_text *out);

/* A row of the image's samples -> the network's floats, channels interleaved. */
void network_input_row(const network_input *input, const void *samples, float *out);

/* The shape of the network's input of so many dimensions, and where a row's numbers go in it. */
net_shape network_input_shape(const network_input *input, int rank);
void network_input_place(const network_input *input, const float *row, int y, float *tensor);

/* All rows of an image whose reader is at the first, to their places. */
bool network_input_read(const network_input *input, codec_reader *reader, float *tensor,
                        ct_error *err);

/* How a tensor is looked at as an image: (1, C, H, W) with its channels, with `last` (1, H, W, C);
 * others as tables of their last two dimensions. False with an error where it has no numbers, or
 * more than an image may. */
bool network_output_shape(const net_tensor *tensor, bool last, conv_shape *out, ct_error *err);

/* Row y of it, channels interleaved. */
void network_output_row(const net_tensor *tensor, bool last, conv_shape shape, int y, float *out);

#endif
