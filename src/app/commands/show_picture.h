/* For show: kernels as pictures, red where they are negative and blue where they are positive. */
#ifndef CT_APP_COMMANDS_SHOW_PICTURE_H
#define CT_APP_COMMANDS_SHOW_PICTURE_H

#include <stdint.h>

#include "app/call/call.h"

/* The colour of a weight, where `most` is the largest absolute value: from white at 0. */
void show_color(double weight, double most, uint8_t rgb[3]);

/* Kernels of one size. */
typedef struct show_kernels {
    const double *weights; /* count x height x width */
    int count, width, height;
} show_kernels;

/* Writes them beside each other to the file of -o; `spec` is what was to be shown. Errors name the
 * file. */
bool show_picture(const app_call *call, const char *spec, const show_kernels *kernels,
                  ct_error *err);

#endif
