/* What a network makes of images, as readers. */
#ifndef CT_APP_RUN_NETWORK_H
#define CT_APP_RUN_NETWORK_H

#include "app/run/network_model.h"
#include "app/run/network_trace.h"

/* What an image of that kind becomes; false with an error where the network doesn't take it. */
bool app_network_makes(const app_network *network, const codec_info *image, const app_call *call,
                       codec_info *made, ct_error *err);

/* What is kept from one image to the next of the same kind: the plan, threads and memory. */
typedef struct app_network_run app_network_run;
void app_network_run_free(app_network_run *run);

/* How a reader comes about. */
typedef struct app_network_reading {
    const app_network *network;
    const app_call *call;
    int threads;            /* at most */
    app_network_run **kept; /* what the image before left, and the next may have; NULL: nothing */
    ct_text *said;          /* gets lines about how it is done; NULL: nobody wants them */
    app_net_trace **trace;  /* gets what the run of this image fills; NULL: nobody wants it */
} app_network_reading;

/* Takes over the reader, before its first row (even on failure), and returns one of the image that
 * the network makes of its. `kept` must outlive it. */
codec_reader *app_network_reader(const app_network_reading *how, codec_reader *source,
                                 ct_error *err);

#endif
