#include "app/run/leftovers.h"

#include <dirent.h>
#include <stdlib.h>
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
    app_names known = {0};
    for (size_t i = 0; !call->dry_run && jobs->count > 1 && i < jobs->count; i++) {
        const app_job *job = &jobs->list[i];
        if (job->done || job->shown || job->output_fd >= 0) {
            continue;
        }
        char *path = app_directory_of(job->output);
        app_name *entry = path ? app_names_entry(&known, path) : NULL;
        if (entry && !entry->about) {
            entry->about = entry; /* looked at */
            sweep(call, path);
        }
        free(path);
    }
    app_names_free(&known, NULL);
}
