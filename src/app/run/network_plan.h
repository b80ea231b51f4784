/* A network planned for images of one kind. */
#ifndef CT_APP_RUN_NETWORK_PLAN_H
#define CT_APP_RUN_NETWORK_PLAN_H

#include "app/run/network_image.h"

typedef struct network_plan {
    codec_info of; /* the image, without metadata */
    network_input input;
    net_plan *plan;
    bool by_rows;
    ct_error why;    /* not by rows: the first node that isn't local */
    conv_shape out;  /* what the network makes */
    bool last;       /* in its tensor the channels come last */
    float black;     /* what is taken off, so that black is 0 */
    codec_info made; /* the same as an image, or as plain numbers; without metadata */
} network_plan;

/* `image` is what will be read; its metadata isn't looked at. False with an error where the network
 * doesn't take such an image. Call network_plan_free even after a failure. */
bool network_plan_make(network_plan *plan, const app_network *network, const codec_info *image,
                       const app_call *call, ct_error *err);
void network_plan_free(network_plan *plan);

/* Whether it was made for such images. */
bool network_plan_serves(const network_plan *plan, const codec_info *image);

/* Appends what was assumed of the image, as "gray is repeated for red, green and blue"; nothing
 * where nothing was. False: out of memory. */
bool network_plan_assumed(const network_plan *plan, const app_network *network, ct_text *out);

#endif
