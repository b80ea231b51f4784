/* Long kernels of a few cosines: sliding sums. */
#include "conv/path/path.h"
#include "conv/path/waves.h"

static void hold(path_call *call, float *held) {
    waves_hold(call, held, false);
}

const conv_path path_cosines = {
    .name = "cosines",
    .op = CONV_CORRELATE,
    .batch = 4,
    .takes = waves_take,
    .cost = waves_cost,
    .tell = waves_tell,
    .make = waves_make,
    .free = waves_free,
    .hold = hold,
    .run = waves_run,
};
