/* Where the pixels of a turned image are. */
#include <string.h>

#include "codec/codec.h"

codec_turn codec_turn_of(int orientation, int width, int height, size_t pixel) {
    /* From the image as it is to the turned one is the way back of what the orientation says; of
     * the two rotations by 90 degrees each is the other's. */
    const int back = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
    const bool swapped = back >= 5;
    const ptrdiff_t w = swapped ? height : width, h = swapped ? width : height; /* once turned */
    const ptrdiff_t across = (ptrdiff_t)pixel, along = across * w;
    /* Whether a step along x (or, swapped, along y) goes to the left in the turned image, and
     * whether the other one goes up in it. */
    const bool left = back == 2 || back == 3 || back == 7 || back == 8;
    const bool up = back == 3 || back == 4 || back == 6 || back == 7;
    const ptrdiff_t x_step = left ? -across : across, y_step = up ? -along : along;
    return (codec_turn){.pixel = pixel,
                        .right = swapped ? y_step : x_step,
                        .down = swapped ? x_step : y_step,
                        .first = (left ? across * (w - 1) : 0) + (up ? along * (h - 1) : 0)};
}

/* `count` pixels, the next `from` bytes on in `in` and `to` bytes on in `out`; `pixel` is a
 * constant where it is inlined. */
static inline void move(uint8_t *out, ptrdiff_t to, const uint8_t *in, ptrdiff_t from, int count,
                        size_t pixel) {
    for (ptrdiff_t i = 0; i < count; i++) {
        memcpy(out + i * to, in + i * from, pixel);
    }
}

static void move_pixels(uint8_t *out, ptrdiff_t to, const uint8_t *in, ptrdiff_t from, int count,
                        size_t pixel) {
    switch (pixel) {
    case 1:
        move(out, to, in, from, count, 1);
        break;
    case 2:
        move(out, to, in, from, count, 2);
        break;
    case 3:
        move(out, to, in, from, count, 3);
        break;
    case 4:
        move(out, to, in, from, count, 4);
        break;
    case 12:
        move(out, to, in, from, count, 12);
        break;
    default:
        move(out, to, in, from, count, pixel);
        break;
    }
}

/* Whichever way the turned image is written in order. */
void codec_turn_rows(const codec_turn *turn, int first, int count, int width, const void *rows,
                     size_t stride, void *image) {
    const uint8_t *in = rows;
    const ptrdiff_t across = (ptrdiff_t)turn->pixel;
    uint8_t *out = (uint8_t *)image + turn->first + turn->down * first;
    if (turn->down == across || turn->down == -across) {
        for (int x = 0; x < width; x++) {
            move_pixels(out + turn->right * x, turn->down, in + across * x, (ptrdiff_t)stride,
                        count, turn->pixel);
        }
        return;
    }
    for (int y = 0; y < count; y++) {
        move_pixels(out + turn->down * y, turn->right, in + stride * (size_t)y, across, width,
                    turn->pixel);
    }
}
