#include "app/run/map_files.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/existing.h"
#include "app/run/output.h"

struct app_map_file {
    app_map_files *all;
    const app_map *map;
    bool open;   /* else it's kept as it is, and nothing is written */
    bool placed; /* it has its name */
    app_output output;
};

/* Files that one image needs beside its maps'. */
enum { OTHER_FILES = 64 };

/* As many open files as the system allows us; what doesn't suffice fails when a file is opened. */
static void allow_files(int count) {
    struct rlimit limit;
    const rlim_t wanted = (rlim_t)count + OTHER_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static bool put_nowhere(void *context, const void *bytes, size_t size, ct_error *err) {
    (void)context, (void)bytes, (void)size, (void)err;
    return true;
}

/* While rows come, whichever file fails is the one that the error is about. */
static bool put(void *context, const void *bytes, size_t size, ct_error *err) {
    app_map_file *file = context;
    if (!app_output_put(&file->output, bytes, size, err)) {
        file->all->where = file->map->output;
        return false;
    }
    return true;
}

static bool open_file(app_map_files *files, int i, const app_map_files_of *of, ct_error *err) {
    app_map_file *file = &files->list[i];
    const app_call *call = of->call;
    codec_options options = *of->options;
    codec_sink sink = {.put = put_nowhere};
    file->all = files;
    file->map = &of->job->maps[i];
    files->where = file->map->output;
    if (!call->no_clobber || !app_no_clobber_keeps(file->map->output)) {
        const app_destination to =
            app_destination_of(call, of->job, file->map->output, &file->map->before);
        file->open = true;
        if (!app_output_open(&file->output, &to, err)) {
            return false;
        }
        options.record = file->output.direct ? NULL : options.record;
        sink = (codec_sink){.put = put, .context = file};
    }
    files->writers[i] = codec_create(of->format, of->info, &options, sink, err);
    return files->writers[i] != NULL;
}

bool app_map_files_open(app_map_files *files, const app_map_files_of *of, ct_error *err) {
    const int count = of->job->map_count;
    *files = (app_map_files){.where = of->job->output};
    files->list = calloc((size_t)count, sizeof *files->list);
    files->writers = calloc((size_t)count, sizeof *files->writers);
    if (!files->list || !files->writers) {
        return ct_fail(err, "out of memory");
    }
    allow_files(count);
    for (int i = 0; i < count; i++) {
        files->count = i + 1;
        if (!open_file(files, i, of, err)) {
            return false;
        }
    }
    files->where = of->job->output;
    return true;
}

/* The files before the i-th have their names: takes those away that nothing had. */
static void take_back(app_map_files *files, int i) {
    while (i-- > 0) {
        const app_map_file *file = &files->list[i];
        if (file->placed && !file->output.replaces && !file->output.direct) {
            unlink(file->output.path);
        }
    }
}

bool app_map_files_commit(app_map_files *files, const app_call *call, ct_error *err) {
    for (int i = 0; i < files->count; i++) {
        app_map_file *file = &files->list[i];
        files->where = file->map->output;
        if (file->open && !app_output_complete(&file->output, err)) {
            return false;
        }
    }
    for (int i = 0; i < files->count; i++) {
        app_map_file *file = &files->list[i];
        files->where = file->map->output;
        if (!file->open) {
            continue;
        }
        if (app_output_place(&file->output, call->force ? NULL : &file->map->before, err)) {
            file->placed = true;
            files->bytes += file->output.bytes;
        } else if (!call->no_clobber || !file->output.taken) {
            take_back(files, i);
            return false;
        }
    }
    return true;
}

void app_map_files_close(app_map_files *files) {
    for (int i = 0; i < files->count; i++) {
        codec_writer_free(files->writers[i]);
        if (files->list[i].open) {
            app_output_close(&files->list[i].output);
        }
    }
    free(files->list);
    free(files->writers);
    *files = (app_map_files){0};
}
