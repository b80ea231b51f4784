#include "app/run/maps.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/run/conflicts.h"
#include "app/run/descriptor.h"
#include "app/run/existing.h"
#include "app/run/source.h"

static void free_maps(app_job *job) {
    for (int i = 0; i < job->map_count; i++) {
        free(job->maps[i].output);
    }
    free(job->maps);
    job->maps = NULL;
    job->map_count = 0;
}

bool app_maps_name(app_job *job, int count, ct_error *err) {
    free_maps(job);
    job->maps = calloc((size_t)count, sizeof *job->maps);
    if (!job->maps) {
        return ct_fail(err, "out of memory");
    }
    for (; job->map_count < count; job->map_count++) {
        app_map *map = &job->maps[job->map_count];
        const app_named named = app_job_named(job, job->map_count);
        map->output = app_template(job->template, &named, err);
        if (!map->output) {
            return ct_fail_at(err, "--output: ");
        }
        app_look(map->output, STDOUT_FILENO, &map->before);
    }
    return true;
}

/* How many channels the chain makes of the job's input; 0 where that can't be told. */
static int count_of(const app_call *call, const filter_chain *chain, const app_job *job) {
    const app_source_of of = {.path = job->input, .fd = -1};
    app_source source = {.fd = -1};
    int count = 0;
    if (S_ISREG(job->from->file.mode) && job->input_fd < 0) {
        if (app_source_open(&source, &of, call, NULL) &&
            app_source_lower(&source, call, chain, job->format, NULL)) {
            count = source.program.out.channels;
        }
        app_source_close(&source);
    }
    return count;
}

bool app_maps_find(const app_call *call, const filter_chain *chain, app_jobs *jobs, ct_error *err) {
    for (size_t i = 0; i < jobs->count; i++) {
        app_job *job = &jobs->list[i];
        const int count = job->template ? count_of(call, chain, job) : 0;
        if (count > 0 && !app_maps_name(job, count, err)) {
            return false;
        }
    }
    return true;
}

/* ---- as if each map were a job ---- */

static bool has_maps(const app_jobs *jobs) {
    for (size_t i = 0; i < jobs->count; i++) {
        if (jobs->list[i].map_count > 0) {
            return true;
        }
    }
    return false;
}

/* What the new jobs point to stays the old ones'. */
static bool widen(const app_jobs *jobs, app_jobs *wide, ct_error *err) {
    size_t count = 0;
    for (size_t i = 0; i < jobs->count; i++) {
        count += jobs->list[i].map_count > 0 ? (size_t)jobs->list[i].map_count : 1;
    }
    *wide = *jobs;
    wide->count = 0;
    wide->list = calloc(count + 1, sizeof *wide->list);
    if (!wide->list) {
        return ct_fail(err, "out of memory");
    }
    for (size_t i = 0; i < jobs->count; i++) {
        const app_job *job = &jobs->list[i];
        if (job->map_count == 0) {
            wide->list[wide->count++] = *job;
        }
        for (int k = 0; k < job->map_count; k++) {
            app_job *one = &wide->list[wide->count++];
            *one = *job;
            one->output = job->maps[k].output;
            one->before = job->maps[k].before;
            one->template = NULL;
            one->maps = NULL;
            one->map_count = 0;
        }
    }
    return true;
}

/* Takes over what was found out about the new jobs. A job is done if all its maps are. */
static void take_back(app_jobs *jobs, const app_jobs *wide) {
    const app_job *one = wide->list;
    for (size_t i = 0; i < jobs->count; i++) {
        app_job *job = &jobs->list[i];
        bool done = true;
        const app_job *first = one;
        if (job->map_count == 0) {
            done = one->done;
            job->before = one++->before;
        }
        for (int k = 0; k < job->map_count; k++, one++) {
            job->maps[k].before = one->before;
            job->maps[k].done = one->done;
            done = done && one->done;
        }
        job->done = done;
        if (wide->timed >= first && wide->timed < one) {
            jobs->timed = job;
        }
    }
}

bool app_maps_check(const app_call *call, app_jobs *jobs, ct_error *err) {
    app_jobs wide;
    if (!has_maps(jobs)) {
        return app_jobs_check(call, jobs, err);
    }
    if (!widen(jobs, &wide, err)) {
        return false;
    }
    const bool ok = app_jobs_check(call, &wide, err);
    free(wide.list);
    return ok;
}

bool app_maps_existing_check(const app_call *call, const filter_chain *chain, app_jobs *jobs,
                             ct_error *err) {
    app_jobs wide;
    if (!has_maps(jobs)) {
        return app_existing_check(call, chain, jobs, err);
    }
    if (!widen(jobs, &wide, err)) {
        return false;
    }
    const bool ok = app_existing_check(call, chain, &wide, err);
    if (ok) {
        take_back(jobs, &wide);
    }
    free(wide.list);
    return ok;
}
