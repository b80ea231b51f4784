/* A share of the jobs: --shard K/N. */
#ifndef CT_APP_RUN_SHARD_H
#define CT_APP_RUN_SHARD_H

#include "app/call/call.h"
#include "app/run/job.h"

/* Keeps only the jobs of the call's shard, in their order. The largest inputs are dealt first, each
 * to the shard with the least to do so far; equal sizes in the order of their paths' bytes. So each
 * job is in exactly one shard, whatever the order of the list, as long as all shards see the same
 * inputs with the same sizes. Says what is left, with -v or where that is nothing. */
bool app_shard_keep(const app_call *call, app_jobs *jobs, ct_error *err);

#endif
