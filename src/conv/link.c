/* Hysteresis: weak marks that are linked to strong ones become strong. */
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/conv.h"

enum { WEAK = 1, STRONG = 2, LEAST_STACK = 4096, PIXELS_PER_PLACE = 64 };

/* A sample of row y: number i of it. */
typedef struct place {
    int y, i;
} place;

/* Strong marks whose neighbours haven't been looked at. It may be too small for all of them: those
 * that don't fit are found again by going through the rows once more. */
typedef struct stack {
    place *places;
    size_t count, capacity;
    bool full; /* some didn't fit */
} stack;

static size_t places_for(conv_shape shape) {
    const size_t samples = (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
    return LEAST_STACK + samples / PIXELS_PER_PLACE;
}

size_t conv_link_memory(conv_shape shape) {
    return places_for(shape) * sizeof(place);
}

static void push(stack *s, place at) {
    if (s->count < s->capacity) {
        s->places[s->count++] = at;
    } else {
        s->full = true;
    }
}

static uint8_t *row_of(const conv_image *marks, int y) {
    return (uint8_t *)marks->rows + marks->stride * (size_t)y;
}

/* Makes the weak neighbours of one sample strong, and puts them on the stack. */
static void spread(const conv_image *marks, place from, stack *s) {
    const int step = marks->shape.channels, last = marks->shape.width * step - 1;
    const int left = from.i >= step ? from.i - step : from.i;
    const int right = from.i + step <= last ? from.i + step : from.i;
    const int bottom = ct_min(from.y + 1, marks->shape.height - 1);
    for (int y = ct_max(from.y - 1, 0); y <= bottom; y++) {
        uint8_t *row = row_of(marks, y);
        for (int i = left; i <= right; i += step) {
            if (row[i] == WEAK) {
                row[i] = STRONG;
                push(s, (place){y, i});
            }
        }
    }
}

/* All that one strong mark leads to. */
static void follow(const conv_image *marks, place from, stack *s) {
    spread(marks, from, s);
    while (s->count > 0) {
        spread(marks, s->places[--s->count], s);
    }
}

/* ---- eight samples at once: the low bit of a byte is set where it is weak, the next one where
 * strong ---- */

enum { WORD = 8 };
static const uint64_t low_bits = 0x0101010101010101U;

static uint64_t word_at(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

static uint64_t beside(const uint8_t *row, size_t i, size_t step) {
    return word_at(row + i - step) | word_at(row + i) | word_at(row + i + step);
}

/* Follows the strong marks of row y that have weak neighbours: whole words of the row are left out
 * that have none. Marks that become strong meanwhile have been followed. */
static void link_row(const conv_image *marks, int y, stack *s) {
    const size_t step = (size_t)marks->shape.channels, n = (size_t)marks->shape.width * step;
    const uint8_t *here = row_of(marks, y);
    const uint8_t *above = y > 0 ? row_of(marks, y - 1) : here;
    const uint8_t *below = y < marks->shape.height - 1 ? row_of(marks, y + 1) : here;
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        if (i >= step && i + step + WORD <= n) {
            const uint64_t strong = word_at(here + i) >> 1 & low_bits;
            end = i + WORD;
            if (!strong || !(strong & (beside(above, i, step) | beside(here, i, step) |
                                       beside(below, i, step)))) {
                continue;
            }
        }
        for (; i < end; i++) {
            if (here[i] == STRONG) {
                follow(marks, (place){y, (int)i}, s);
            }
        }
    }
}

bool conv_link(const conv_image *marks) {
    stack s = {.capacity = places_for(marks->shape)};
    s.places = malloc(s.capacity * sizeof *s.places);
    if (!s.places) {
        return false;
    }
    do {
        s.full = false;
        for (int y = 0; y < marks->shape.height; y++) {
            link_row(marks, y, &s);
        }
    } while (s.full);
    free(s.places);
    return true;
}
