/* The path of cosines.c on 8-bit samples. */
#include "conv/path/path.h"
#include "conv/path/waves.h"

static void hold(path_call *call, float *held) {
    waves_hold(call, held, true);
}

const conv_path path_cosines_bytes = {
    .name = "cosines-bytes",
    .op = CONV_CORRELATE,
    .batch = 4,
    .bytes = true,
    .takes = waves_take,
    .cost = waves_cost,
    .tell = waves_tell,
    .make = waves_make,
    .free = waves_free,
    .hold = hold,
    .run = waves_run,
};
