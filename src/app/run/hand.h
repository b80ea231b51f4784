/* What a thread keeps in hand from image to image: its share of memory, what readers, writers and
 * the flow set up, and the stages, which serve every image of the same kind. */
#ifndef CT_APP_RUN_HAND_H
#define CT_APP_RUN_HAND_H

#include "app/run/network.h"
#include "app/run/share.h"
#include "codec/codec.h"
#include "filter/filter.h"
#include "flow/flow.h"

/* For images of one call and one chain. Each keeper may be NULL: then it keeps nothing. */
typedef struct app_hand {
    codec_keeper *codec;
    flow_keeper *flow;
    filter_image image; /* what the program was made for */
    filter_program program;
    bool lowered; /* there is one */
    app_share share;
    app_network_run *network; /* NULL: none was run yet */
} app_hand;

app_hand app_hand_new(void);

/* Takes out the stages for such an image; false where there are none for one of its kind. */
bool app_hand_take(app_hand *hand, const filter_image *image, filter_program *program);

/* Gives the image's stages back; or they are freed, where what was made with them takes much
 * memory, as that of a large image does. */
void app_hand_give(app_hand *hand, const filter_image *image, filter_program *program);

void app_hand_free(app_hand *hand);

#endif
