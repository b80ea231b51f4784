#include "app/run/samples.h"

int app_sample_bits(codec_sample sample) {
    return (int)codec_sample_size(sample) * 8;
}

codec_sample app_output_sample(int depth, const codec_format *format, const codec_info *in) {
    if (depth) {
        return depth == 16 ? CODEC_U16 : CODEC_U8;
    }
    if (format && codec_format_plain(format)) {
        return CODEC_F32;
    }
    codec_sample nearest = format ? codec_format_sample(format, in->sample) : in->sample;
    if (in->plain && in->sample == CODEC_F32 && nearest != CODEC_F32) {
        nearest = codec_format_sample(format, CODEC_U8); /* its white is that of plain floats */
    }
    const bool narrowed = in->sample == CODEC_U16 && nearest == CODEC_U8;
    return narrowed && !codec_format_lossy(format) ? in->sample : nearest;
}

double app_output_white(const app_call *call, const codec_format *format, const codec_info *in) {
    const codec_sample sample = app_output_sample(call->depth, format, in);
    return format        ? codec_format_white(format, call->depth ? NULL : in, sample)
           : call->depth ? codec_white(sample)
                         : codec_info_white(in);
}
