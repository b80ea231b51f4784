/* The pictures of `compare`: what each chain makes of one image, in memory. */
#ifndef CT_APP_COMMANDS_COMPARE_PICTURES_H
#define CT_APP_COMMANDS_COMPARE_PICTURES_H

#include "app/call/call.h"
#include "conv/conv.h"

/* 8 bits, gray or RGB; alpha is gone, laid on the gray of the sheet. */
typedef struct compare_picture {
    conv_shape shape;
    uint8_t *pixels; /* NULL: there is none */
} compare_picture;

/* An image that was read, to run chains on. */
typedef struct compare_image {
    codec_info info;
    uint8_t *rows;
    uint64_t used; /* bytes of it and of all pictures so far */
} compare_image;

/* Reads the whole image. */
bool compare_image_read(compare_image *image, codec_reader *reader, const app_call *call,
                        ct_error *err);
void compare_image_free(compare_image *image);

/* Makes what the chain, behind the call's network, makes of the image, in a picture of the format's
 * kind. */
bool compare_run(compare_image *image, const app_call *call, const filter_chain *chain,
                 const codec_format *format, compare_picture *picture, ct_error *err);

/* Makes the absolute difference of two pictures of one shape. */
bool compare_difference(compare_image *image, const app_call *call, const compare_picture *a,
                        const compare_picture *b, compare_picture *out, ct_error *err);

bool compare_same_shape(const compare_picture *a, const compare_picture *b);
void compare_picture_free(compare_picture *picture);

#endif
