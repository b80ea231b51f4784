/* For explain: stages that pick a sample of their window, or take its mean. */
#ifndef CT_APP_COMMANDS_EXPLAIN_PICK_H
#define CT_APP_COMMANDS_EXPLAIN_PICK_H

#include "app/commands/explain_scene.h"

/* The scene's weights have room for the samples, sorted. */
void explain_median(const explain_scene *s, int channel);

/* in: the shape of the stage's input. */
void explain_pool(const explain_scene *s, int channel, conv_shape in);

#endif
