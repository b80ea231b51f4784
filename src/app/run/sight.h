/* An image on its way to the terminal: reduced to what can be shown of it. */
#ifndef CT_APP_RUN_SIGHT_H
#define CT_APP_RUN_SIGHT_H

#include "app/run/view.h"

typedef struct app_sight {
    int width, height; /* of the image, or of the sheet of its channels */
    codec_place place;
    codec_small small; /* the picture */
    codec_info info;   /* of the rows that it's made of */
    app_view view;     /* on where their channels are no picture: a sheet of them all */
    codec_writer *reduce, *sheet;
} app_sight;

/* Plans what is shown of rows of such an image, at most so many columns wide. `names` are the
 * channels', or NULL; they must last until app_sight_open. `plain`: the image's numbers come from a
 * file that says nothing of a white, so that they have a PNG's. Call app_sight_free even after a
 * failure. */
bool app_sight_plan(app_sight *sight, const app_call *call, const codec_info *info, bool plain,
                    const char *const *names, int columns, ct_error *err);

/* Bytes that it takes while rows come. */
uint64_t app_sight_memory(const app_sight *sight);

/* The writer for the rows, which stays the sight's; NULL with an error. Once it's finished the
 * picture is complete. */
codec_writer *app_sight_open(app_sight *sight, const app_call *call, ct_error *err);

/* Frees all but the picture. */
void app_sight_close(app_sight *sight);
void app_sight_free(app_sight *sight);

#endif
