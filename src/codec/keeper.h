/* What one image's reader and writer leave for the next: codec.h has what everybody may do.
 * Internal to src/codec. */
#ifndef CT_CODEC_KEEPER_H
#define CT_CODEC_KEEPER_H

#include "codec/codec.h"

/* To add one: a name here. What is kept must be of bounded size, whatever the image. */
typedef enum codec_kept {
    CODEC_KEPT_INPUT,   /* a codec_input's buffer */
    CODEC_KEPT_INFLATE, /* what a PNG's reader inflates with */
    CODEC_KEPT_DEFLATE, /* what a PNG's writer works in */
    CODEC_KEPTS,
} codec_kept;

/* Takes out what was given; NULL where nothing was. `keeper` may be NULL. */
void *codec_keeper_take(codec_keeper *keeper, codec_kept kind);

/* Gives it to the keeper, or frees it where that is NULL or has one. */
void codec_keeper_give(codec_keeper *keeper, codec_kept kind, void *thing, void (*free)(void *));

#endif
