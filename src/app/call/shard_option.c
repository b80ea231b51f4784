/* --shard: K/N, or what an array of jobs says in the environment. */
#include <stdlib.h>
#include <string.h>

#include "app/call/setters.h"
#include "base/number.h"

enum { MOST_SHARDS = 1000000, MOST_ID = 1000000000 };

static const char slurm_id[] = "SLURM_ARRAY_TASK_ID", slurm_count[] = "SLURM_ARRAY_TASK_COUNT",
                  slurm_min[] = "SLURM_ARRAY_TASK_MIN", slurm_max[] = "SLURM_ARRAY_TASK_MAX",
                  slurm_step[] = "SLURM_ARRAY_TASK_STEP", parallel_seq[] = "PARALLEL_SEQ";

/* A variable's number; `otherwise` where it isn't set, unless that is negative. */
static bool read_variable(const char *name, long otherwise, long *number, ct_error *err) {
    const char *text = getenv(name);
    if (!text && otherwise >= 0) {
        *number = otherwise;
        return true;
    }
    if (!text) {
        return ct_fail(err, "auto: %s isn't set, though other variables of the array are", name);
    }
    return ct_parse_int(text, strlen(text), 0, MOST_ID, number) ||
           ct_fail(err, "auto: %s: expected a whole number from 0 to %d, got '%s'", name, MOST_ID,
                   text);
}

static bool set(app_call *call, long shard, long shards) {
    call->shard = (int)shard;
    call->shards = (int)shards;
    return true;
}

/* Tasks are numbered from any number on, in steps. Where some are left out (--array=1,3,4), their
 * shards would be done by nobody. `shards`: the number that was given; 0: none. */
static bool set_from_slurm(app_call *call, long shards, ct_error *err) {
    long id, count, min, step, max;
    if (!read_variable(slurm_id, -1, &id, err) || !read_variable(slurm_count, -1, &count, err) ||
        !read_variable(slurm_min, -1, &min, err) || !read_variable(slurm_step, 1, &step, err) ||
        !read_variable(slurm_max, min + (count - 1) * step, &max, err)) {
        return false;
    }
    if (shards && count != shards) {
        return ct_fail(err,
                       "auto/%ld: the Slurm array has %ld tasks; to run only some of the "
                       "shards give K/%ld",
                       shards, count, shards);
    }
    if (count < 1 || count > MOST_SHARDS || step < 1 || id < min || id > max ||
        (id - min) % step != 0 || max - min != (count - 1) * step) {
        return ct_fail(err,
                       "auto: the Slurm array has gaps (%ld tasks from %ld to %ld); use "
                       "--array=1-N, or give K/N",
                       count, min, max);
    }
    return set(call, (id - min) / step + 1, count);
}

static bool set_from_parallel(app_call *call, long shards, ct_error *err) {
    long seq;
    if (!shards) {
        return ct_fail(err,
                       "auto: %s is set, but GNU parallel doesn't say how many jobs there "
                       "are; expected auto/N",
                       parallel_seq);
    }
    if (!read_variable(parallel_seq, -1, &seq, err)) {
        return false;
    }
    return seq >= 1 && seq <= shards ? set(call, seq, shards)
                                     : ct_fail(err, "auto/%ld: %s is %ld; expected 1 to %ld",
                                               shards, parallel_seq, seq, shards);
}

static bool set_automatically(app_call *call, long shards, ct_error *err) {
    const bool slurm = getenv(slurm_id) != NULL, parallel = getenv(parallel_seq) != NULL;
    if (slurm && parallel) {
        return ct_fail(err, "auto: both %s and %s are set; expected K/N, as in 1/8", slurm_id,
                       parallel_seq);
    }
    if (!slurm && !parallel) {
        return ct_fail(err,
                       "auto: neither %s (of a Slurm array) nor %s (of GNU parallel) is set; "
                       "expected K/N, as in 1/8",
                       slurm_id, parallel_seq);
    }
    return slurm ? set_from_slurm(call, shards, err) : set_from_parallel(call, shards, err);
}

bool app_set_shard(app_call *call, const char *value, ct_error *err) {
    const char *slash = strchr(value, '/');
    const size_t length = slash ? (size_t)(slash - value) : strlen(value);
    const bool automatic = length == 4 && memcmp(value, "auto", 4) == 0;
    long shard = 1, shards = 0;
    const bool good =
        (slash ? ct_parse_int(slash + 1, strlen(slash + 1), 1, MOST_SHARDS, &shards) : automatic) &&
        (automatic || ct_parse_int(value, length, 1, shards, &shard));
    if (!good) {
        return ct_fail(err,
                       "expected K/N with K from 1 to N (at most %d), as in 1/8, or auto, or "
                       "auto/N, got '%s'",
                       MOST_SHARDS, value);
    }
    return automatic ? set_automatically(call, shards, err) : set(call, shard, shards);
}
