#include "net/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "net/interleave.h"

bool net_image_shape(const net_shape *shape, conv_shape *out) {
    const int rank = shape->rank;
    if ((rank != 4 && rank != 3) || !net_shape_is_known(shape) || shape->size[0] != 1) {
        return false;
    }
    const int64_t channels = shape->size[1], width = shape->size[rank - 1];
    const int64_t height = rank == 4 ? shape->size[2] : 1;
    if (channels < 1 || channels > CONV_MAX_CHANNELS || width < 1 || width > CONV_MAX_SIDE ||
        height < 1 || height > CONV_MAX_SIDE || width * channels > CONV_MAX_ROW) {
        return false;
    }
    *out = (conv_shape){(int)width, (int)height, (int)channels};
    return true;
}

void *net_rows_memory(size_t bytes) {
    const size_t room = bytes <= SIZE_MAX / 2 ? ct_round_up(bytes + 1, 64) : 0;
    void *memory = room ? aligned_alloc(64, room) : NULL;
    return memory ? memset(memory, 0, room) : NULL;
}

void *net_enter_memory(const net_rows *rows, void *memory) {
    (void)rows;
    return memory;
}

void net_leave_memory(void *worker) {
    (void)worker;
}

void net_same_rows(const net_rows *rows, int source, int first, int end, int *from, int *to) {
    (void)rows;
    (void)source;
    *from = first;
    *to = end;
}

const void *net_image_row(void *image, int y) {
    const net_image *of = image;
    return of->rows + (size_t)y * of->stride;
}

void net_planes_to_rows(const float *planes, conv_shape shape, float *rows) {
    const size_t n = (size_t)shape.width * (size_t)shape.height, c = (size_t)shape.channels;
    net_transpose(rows, c, planes, n, c, n);
}

void net_rows_to_planes(const float *rows, conv_shape shape, float *planes) {
    const size_t n = (size_t)shape.width * (size_t)shape.height, c = (size_t)shape.channels;
    net_transpose(planes, n, rows, c, n, c);
}

double net_rows_work(const net_rows *rows) {
    const double floats =
        (double)rows->out.width * (double)rows->out.height * (double)rows->out.channels;
    return floats * (rows->work > 0 ? rows->work : 1);
}
