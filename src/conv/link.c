/* Hysteresis: weak marks that are linked to strong ones become strong. */
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "conv/conv.h"

enum { WEAK = 1, STRONG = 2, LEAST_STACK = 4096, PIXELS_PER_PLACE = 64 };

/* Strong marks whose neighbours haven't been looked at. It may be too small for all of them: those
 * that don't fit are found again by going through the rows once more. */
typedef struct stack {
    size_t *places; /* indices of samples */
    size_t count, capacity;
    bool full; /* some didn't fit */
} stack;

static size_t places_for(conv_shape shape) {
    const size_t samples = (size_t)shape.width * (size_t)shape.height * (size_t)shape.channels;
    return LEAST_STACK + samples / PIXELS_PER_PLACE;
}

size_t conv_link_memory(conv_shape shape) {
    return places_for(shape) * sizeof(size_t);
}

static void push(stack *s, size_t place) {
    if (s->count < s->capacity) {
        s->places[s->count++] = place;
    } else {
        s->full = true;
    }
}

static uint8_t *row_of(const conv_image *marks, int y) {
    return (uint8_t *)marks->rows + marks->stride * (size_t)y;
}

/* Makes the weak neighbours of one sample strong, and puts them on the stack. */
static void spread(const conv_image *marks, int x, int y, int channel, stack *s) {
    const conv_shape shape = marks->shape;
    const int left = ct_max(x - 1, 0), right = ct_min(x + 1, shape.width - 1);
    const int top = ct_max(y - 1, 0), bottom = ct_min(y + 1, shape.height - 1);
    const size_t row = (size_t)shape.width * (size_t)shape.channels;
    for (int ny = top; ny <= bottom; ny++) {
        uint8_t *at = row_of(marks, ny);
        for (int nx = left; nx <= right; nx++) {
            const size_t i = (size_t)nx * (size_t)shape.channels + (size_t)channel;
            if (at[i] == WEAK) {
                at[i] = STRONG;
                push(s, (size_t)ny * row + i);
            }
        }
    }
}

static void spread_from(const conv_image *marks, size_t place, stack *s) {
    const size_t channels = (size_t)marks->shape.channels;
    const size_t row = (size_t)marks->shape.width * channels;
    const size_t in_row = place % row;
    spread(marks, (int)(in_row / channels), (int)(place / row), (int)(in_row % channels), s);
}

/* All that the strong marks of row y lead to. */
static void link_row(const conv_image *marks, int y, stack *s) {
    const size_t channels = (size_t)marks->shape.channels;
    const size_t n = (size_t)marks->shape.width * channels;
    uint8_t *row = row_of(marks, y);
    for (const uint8_t *at = row; (at = memchr(at, STRONG, n - (size_t)(at - row))); at++) {
        const size_t i = (size_t)(at - row);
        spread(marks, (int)(i / channels), y, (int)(i % channels), s);
        while (s->count > 0) {
            spread_from(marks, s->places[--s->count], s);
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
