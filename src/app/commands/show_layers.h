/* Stages over channels, and those of geometry, as lines of Python. Internal to show. */
#ifndef CT_APP_COMMANDS_SHOW_LAYERS_H
#define CT_APP_COMMANDS_SHOW_LAYERS_H

#include "app/commands/show_python.h"

/* Makes y the layer's sums over p, which has so many channels. */
bool show_layer(show_code *code, const python *py, const conv_stage *stage, int channels);

/* Makes x the softmax, argmax or norm of x. */
bool show_over_channels(show_code *code, const python *py, const conv_stage *stage);

/* Makes x a part of x, which has the shape `in`. */
void show_crop(show_code *code, const python *py, const conv_stage *stage, conv_shape in);

/* Makes x the resized x, along the stage's axis. */
bool show_resize(show_code *code, const python *py, const conv_stage *stage);

/* Makes x the turned x. */
void show_turn(show_code *code, const python *py, const conv_stage *stage);

#endif
