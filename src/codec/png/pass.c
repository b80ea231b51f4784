/* PNG's layout of pixels before compression: Adam7's passes (PNG specification, 8.1), and the sizes
 * that follow. */
#include "base/text.h"
#include "codec/png/chunks.h"

/* x, y, dx, dy */
static const int adam7[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

static int channels_in_file(int color) {
    return color == 2 ? 3 : color == 4 ? 2 : color == 6 ? 4 : 1;
}

int codec_png_bits(const codec_png_facts *facts) {
    return facts->depth * channels_in_file(facts->color);
}

codec_png_pass codec_png_pass_at(const codec_png_facts *facts, int pass) {
    static const int whole[4] = {0, 0, 1, 1};
    const int *p = facts->interlaced ? adam7[pass] : whole;
    codec_png_pass made = {.x = p[0], .y = p[1], .dx = p[2], .dy = p[3]};
    made.width = (facts->info.width - made.x + made.dx - 1) / made.dx;
    made.height = (facts->info.height - made.y + made.dy - 1) / made.dy;
    made.row_bytes = ((size_t)made.width * (size_t)codec_png_bits(facts) + 7) / 8;
    return made;
}

/* Can't overflow: the sides are below 2^31, a pixel has at most 64 bits. */
uint64_t codec_png_raw_bytes(const codec_png_facts *facts) {
    uint64_t sum = 0;
    for (int i = 0; i < (facts->interlaced ? 7 : 1); i++) {
        const codec_png_pass pass = codec_png_pass_at(facts, i);
        sum += pass.width ? (uint64_t)pass.height * (1 + pass.row_bytes) : 0;
    }
    return sum;
}

/* Deflate makes at most 258 bytes from 2 bits, so 1032 from a byte. */
bool codec_png_plausible(const codec_png_facts *facts, uint64_t compressed, ct_error *err) {
    const uint64_t raw = codec_png_raw_bytes(facts);
    return raw / 1032 <= compressed ||
           ct_fail(err, "truncated or forged: %dx%d pixels can't fit in %s of image data",
                   facts->info.width, facts->info.height, ct_count(compressed, "byte").text);
}

size_t codec_png_first_row_bytes(const codec_png_facts *facts) {
    return 1 + codec_png_pass_at(facts, 0).row_bytes;
}
