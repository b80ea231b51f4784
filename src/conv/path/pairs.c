#include "conv/path/pairs.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static bool add_tap(pair_list *p, int row, int offset, int weight) {
    if (p->count % 2 == 0 && p->count + 2 > p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 16;
        int *rows = realloc(p->row, p->capacity * sizeof *rows);
        p->row = rows ? rows : p->row;
        int *offsets = realloc(p->offset, p->capacity * sizeof *offsets);
        p->offset = offsets ? offsets : p->offset;
        int8_t *weights = realloc(p->weight, p->capacity);
        p->weight = weights ? weights : p->weight;
        if (!rows || !offsets || !weights) {
            return false;
        }
    }
    p->row[p->count] = row;
    p->offset[p->count] = offset;
    p->weight[p->count++] = (int8_t)weight;
    return true;
}

/* Ends a group, making its number of cells even. */
static bool end_group(pair_list *p) {
    if (p->count % 2 && !add_tap(p, p->row[p->count - 1], p->offset[p->count - 1], 0)) {
        return false;
    }
    assert(p->groups < PAIRS_GROUPS);
    p->ends[p->groups++] = p->count;
    return true;
}

/* Adds a cell; a weight that the group has no room for is split between it and the next. */
static bool add_cell(pair_list *p, int row, int offset, int weight, int left[2]) {
    while (weight != 0) {
        const int sign = weight < 0;
        int part = abs(weight) < left[sign] ? abs(weight) : left[sign];
        part = part < 127 ? part : 127;
        if (part > 0 && !add_tap(p, row, offset, sign ? -part : part)) {
            return false;
        }
        weight -= sign ? -part : part;
        left[sign] -= part;
        if (weight != 0 && left[sign] == 0) {
            if (!end_group(p)) {
                return false;
            }
            left[0] = left[1] = PAIRS_GROUP;
        }
    }
    return true;
}

bool pairs_make(pair_list *pairs, const path_site *site, const double *weights, int width,
                double factor) {
    const int step = (int)path_column_step(site);
    int left[2] = {PAIRS_GROUP, PAIRS_GROUP};
    for (int y = 0; y < site->stage.window.height; y++) {
        for (int x = 0; x < width; x++) {
            const int weight = (int)rint(weights[y * width + x] / factor);
            if (!add_cell(pairs, y, x * step, weight, left)) {
                return false;
            }
        }
    }
    pairs->scale = (float)factor;
    return end_group(pairs);
}

void pairs_free(pair_list *pairs) {
    free(pairs->row);
    free(pairs->offset);
    free(pairs->weight);
}

size_t pairs_point(const path_call *call, int r, const pair_list *pairs, size_t first, size_t end) {
    const uint8_t **in = (const uint8_t **)call->pointers;
    for (size_t t = first; t < end; t++) {
        in[t - first] = path_byte_row(call, r, pairs->row[t]) + pairs->offset[t];
    }
    return (end - first) / 2;
}
