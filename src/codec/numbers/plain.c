#include "codec/numbers/plain.h"

#include <string.h>

void codec_plain_info(codec_info *info, codec_sample sample) {
    info->plain = true;
    info->sample = sample;
    info->white = sample == CODEC_F32 ? CODEC_PLAIN_WHITE : 0;
}

bool codec_plain_check_side(const codec_reader *reader, uint64_t width, uint64_t height,
                            ct_error *err) {
    codec_limits limits = reader->limits;
    limits.max_side = limits.max_plain_side;
    return codec_check_size(&limits, width, height, err);
}

bool codec_plain_check(codec_reader *reader, uint64_t width, uint64_t height, uint64_t channels,
                       ct_error *err) {
    if (!codec_plain_check_side(reader, width, height, err)) {
        return false;
    }
    if (channels < 1 || channels > CODEC_MOST_CHANNELS) {
        return ct_fail(err, "%llu channels; expected 1 to %d", (unsigned long long)channels,
                       CODEC_MOST_CHANNELS);
    }
    reader->info.width = (int)width;
    reader->info.height = (int)height;
    reader->info.channels = (int)channels;
    return true;
}

void codec_plain_warn_loss(codec_reader *reader) {
    codec_warn(&reader->warnings, CODEC_PIXELS,
               "has whole numbers beyond 2^24 that lose their last digits: convtool computes with "
               "floats of 32 bits");
}

static void put_sample(void *to, size_t at, const void *from, size_t i, size_t bytes) {
    memcpy((uint8_t *)to + at * bytes, (const uint8_t *)from + i * bytes, bytes);
}

void codec_plain_interleave(void *row, const void *from, size_t width, size_t channels, size_t step,
                            size_t sample_bytes) {
    if (channels == 1) {
        memcpy(row, from, width * sample_bytes);
        return;
    }
    for (size_t x = 0; x < width; x++) {
        for (size_t c = 0; c < channels; c++) {
            put_sample(row, x * channels + c, from, c * step + x, sample_bytes);
        }
    }
}

void codec_plain_pick(void *to, const void *row, size_t width, size_t channels, size_t channel,
                      size_t sample_bytes) {
    for (size_t x = 0; x < width; x++) {
        put_sample(to, x, row, x * channels + channel, sample_bytes);
    }
}

codec_sample codec_plain_sample(codec_sample wanted) {
    return wanted;
}

bool codec_plain_takes(const codec_format *format, const codec_info *info, ct_error *err) {
    (void)format, (void)info, (void)err;
    return true;
}
