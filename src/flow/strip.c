#include "flow/strip.h"

#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/minmax.h"

/* Half as much again: else rows would be moved down each time. */
int flow_strip_capacity(int rows) {
    return rows + rows / 2;
}

bool flow_strip_room(flow_strip *w, int count, ct_error *err) {
    const int kept = ct_max(w->first, ct_min(w->keep, w->next));
    if (w->next - w->first + count > w->capacity && kept > w->first) {
        memmove(w->rows, w->rows + (size_t)(kept - w->first) * w->row_bytes,
                (size_t)(w->next - kept) * w->row_bytes);
        w->first = kept;
    }
    const int rows = w->next - w->first + count;
    if (rows <= w->capacity) {
        return true;
    }
    const int capacity = flow_strip_capacity(rows);
    size_t bytes;
    char *more = ct_mul((size_t)capacity, w->row_bytes, &bytes) ? realloc(w->rows, bytes) : NULL;
    if (!more) {
        return ct_fail(err, "out of memory");
    }
    w->rows = more;
    w->capacity = capacity;
    return true;
}

void flow_strip_free(flow_strip *strip) {
    free(strip->rows);
    strip->rows = NULL;
}
