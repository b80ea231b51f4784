#include "codec/jpeg/checks.h"

#include "base/text.h"

bool codec_jpeg_check_process(int marker, ct_error *err) {
    switch (marker) {
    case 0xC0:
    case 0xC1:
    case 0xC2:
        return true;
    case 0xC3:
        return ct_fail(err, "a lossless JPEG, which isn't supported");
    case 0xC5:
    case 0xC6:
    case 0xC7:
        return ct_fail(err, "a hierarchical JPEG, which isn't supported");
    default:
        return ct_fail(err, "an arithmetic-coded JPEG, which isn't supported");
    }
}

/* A Huffman code has at least one bit, and each block needs one in its first scan. */
bool codec_jpeg_check_blocks(const codec_info *info, uint64_t blocks, uint64_t size,
                             ct_error *err) {
    return blocks / 8 <= size || ct_fail(err, "truncated or forged: %dx%d pixels can't fit in %s",
                                         info->width, info->height, ct_count(size, "byte").text);
}

/* A scan that changes nothing in thousands of blocks takes a few bytes, yet the decoder visits
 * every block, at some 10 ns each. Encoders write 10 to 20 scans, most of one component. Allowed
 * are: as many scans with all components, a second's work whatever the size, and each visit that
 * the file has a bit for. */
bool codec_jpeg_check_visits(const codec_info *info, uint64_t blocks, uint64_t visits,
                             uint64_t size, ct_error *err) {
    enum { SCANS = 24, FREE = 1 << 26 };
    return visits <= SCANS * blocks + FREE + 8 * size ||
           ct_fail(err, "made to waste time: its scans go over %dx%d pixels %llu times in %s",
                   info->width, info->height, (unsigned long long)(visits / blocks),
                   ct_count(size, "byte").text);
}

bool codec_jpeg_check_info(const codec_info *info, int most, ct_error *err) {
    if (info->alpha) {
        return ct_fail(err, "JPEG has no alpha; write %s, or add 'flatten' to the chain",
                       info->sample == CODEC_U8 ? ".png or .pam" : ".pam");
    }
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "JPEG can't hold floating-point samples; write .pfm");
    }
    if (info->sample == CODEC_U16) {
        return ct_fail(err,
                       "JPEG holds only 8 bits; convtool --version lists the formats that hold 16");
    }
    return (info->width <= most && info->height <= most) ||
           ct_fail(err, "%dx%d pixels: JPEG has at most %d a side; write .png", info->width,
                   info->height, most);
}
