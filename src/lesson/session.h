/* The page's one image and chain, and what the engine makes of it. */
#ifndef CT_LESSON_SESSION_H
#define CT_LESSON_SESSION_H

#include "codec/codec.h"
#include "filter/filter.h"
#include "flow/flow.h"

typedef struct lesson_session {
    codec_info info; /* of the image; width 0: there is none */
    void *pixels;    /* rows without gaps */
    size_t room;     /* bytes there */

    filter_chain *chain; /* NULL: there is none */
    filter_settings settings;
    filter_program program; /* stages NULL: not lowered */
    conv_shape *shapes;     /* shapes[i]: the input of stage i; shapes[count]: the output */

    void *result; /* of the last run; samples as the image's */
    flow_report report;
    float **values; /* values[i]: the whole image after i stages; NULL: not made */
} lesson_session;

/* Room for an image's samples; the image before is gone. NULL: out of memory. */
void *lesson_room(lesson_session *s, size_t bytes);

/* The samples in the room are rows of such an image. */
bool lesson_take_image(lesson_session *s, const codec_info *info, ct_error *err);

/* Makes the stages for the image. `text`: the chain, then a line NAME=VALUE for each option:
 * padding, stride, dilation, anchor, kernel, flip, color, map, linear. */
bool lesson_take_chain(lesson_session *s, char *text, ct_error *err);

/* Runs the chain; with `keep`, the image after every stage is kept as floats. */
bool lesson_run_chain(lesson_session *s, bool keep, ct_error *err);

#endif
