/* What became of numbers that the output can't hold, in one image or in a batch: a line for each
 * kind of loss. */
#ifndef CT_APP_RUN_CLIPPING_H
#define CT_APP_RUN_CLIPPING_H

#include "app/run/convert.h"
#include "app/run/job.h"

typedef enum app_loss {
    APP_NAN, /* these three are of whole numbers */
    APP_NEGATIVE,
    APP_ABOVE,
    APP_DARK, /* all values are near 0: a dark picture of numbers that have another white */
    APP_FLOAT_NAN,
    APP_INFINITE,
    APP_LOSSES
} app_loss;

/* The images that lost values of one kind, and the one that lost the largest share. */
typedef struct app_clipped {
    size_t images;
    double share;
    uint64_t count, samples; /* of that one */
    const char *input;
    double white;
    double largest; /* APP_DARK: of all such images */
    filter_range range;
} app_clipped;

typedef struct app_clipping {
    app_clipped of[APP_LOSSES];
} app_clipping;

void app_clipping_add(app_clipping *clipping, const app_job *job, const app_result *result);

/* "in.png: 41% of values were negative ..." or "381 of 1500 images had negative values ...". */
void app_clipping_say(const app_call *call, const app_clipping *clipping, size_t images);

#endif
