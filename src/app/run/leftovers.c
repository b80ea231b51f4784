#include "app/run/leftovers.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/directory.h"
#include "app/run/names.h"
#include "app/run/owner.h"

/* What can't be read or removed is left as it is: it's in nobody's way. */
static void sweep(const app_call *call, const char *path) {
    DIR *directory = opendir(path);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.' && app_owner_is_gone(entry->d_name) &&
            unlinkat(dirfd(directory), entry->d_name, 0) == 0 && call->talk == APP_VERBOSE) {
            app_say(path, "removed %s, left by a convtool that was killed", entry->d_name);
        }
    }
    if (directory) {
        closedir(directory);
    }
}

void app_leftovers_remove(const app_call *call, const app_jobs *jobs) {
    char path[PATH_MAX];
    app_names known = {0};
    for (size_t i = 0; !call->dry_run && jobs->count > 1 && i < jobs->count; i++) {
        const app_job *job = &jobs->list[i];
        const size_t length = app_directory_length(job->output);
        if (job->done || job->output_fd >= 0 || length >= sizeof path) {
            continue;
        }
        memcpy(path, length ? job->output : ".", length ? length : 1);
        path[length ? length : 1] = '\0';
        app_name *entry = app_names_entry(&known, path);
        if (entry && !entry->about) {
            entry->about = entry; /* looked at */
            sweep(call, path);
        }
    }
    app_names_free(&known, NULL);
}
