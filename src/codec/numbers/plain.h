/* What arrays and tables of plain numbers share. Internal to src/codec. */
#ifndef CT_CODEC_NUMBERS_PLAIN_H
#define CT_CODEC_NUMBERS_PLAIN_H

#include "codec/format.h"

/* For filters that speak of white: 255 among floats, else the samples' own. */
enum { CODEC_PLAIN_WHITE = 255 };

/* Says that the image's samples are plain numbers. */
void codec_plain_info(codec_info *info, codec_sample sample);

/* Checks an image's sides and channels against the limits and sets them. */
bool codec_plain_check(codec_reader *reader, uint64_t width, uint64_t height, uint64_t channels,
                       ct_error *err);

/* The same for the sides alone. */
bool codec_plain_check_side(const codec_reader *reader, uint64_t width, uint64_t height,
                            ct_error *err);

/* Warns that whole numbers became other floats. */
void codec_plain_warn_loss(codec_reader *reader);

/* A row of pixels from one of each channel, which are `step` samples apart; and back, one channel
 * of a row of pixels. */
void codec_plain_interleave(void *row, const void *from, size_t width, size_t channels, size_t step,
                            size_t sample_bytes);
void codec_plain_pick(void *to, const void *row, size_t width, size_t channels, size_t channel,
                      size_t sample_bytes);

/* A codec_encoder's `sample` and `check`: any samples, any channels. */
codec_sample codec_plain_sample(codec_sample wanted);
bool codec_plain_takes(const codec_format *format, const codec_info *info, ct_error *err);

#endif
