#include "app/run/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/message.h"
#include "app/run/spread.h"
#include "base/text.h"

/* A walk keeps the directories that are still to be read in a list, not on the stack: a tree may be
 * as deep as it likes. */
typedef struct walk {
    const app_tree *tree;
    app_inputs *inputs;
    size_t root;        /* of the inputs */
    app_inputs pending; /* only their paths */
    ct_text path;       /* of the entry that is looked at */
} walk;

/* Fills the input from a file that counts as an image by its name until it's opened: reading all
 * files before the first image is made would take long where they are many, or far away. One that
 * is gone by now is none. */
static app_kind look(app_input *input) {
    struct stat info;
    if (stat(input->path, &info) != 0) {
        return errno == ENOENT ? APP_NO_IMAGE : APP_IMAGE;
    }
    input->file = app_file_of(&info);
    input->unread = S_ISREG(info.st_mode);
    return APP_IMAGE;
}

static app_kind judge(app_input *input) {
    struct stat info;
    app_kind kind;
    if (app_has_name_of_image(input->path)) {
        return look(input);
    }
    if (!app_kind_at(input->path, &info, &kind)) {
        return errno == ENOENT || errno == ENXIO ? APP_NO_IMAGE : APP_IMAGE;
    }
    input->file = app_file_of(&info);
    return kind;
}

static void skip(walk *w, const char *path, app_kind kind) {
    app_skipped_add(&w->inputs->skipped, path, kind, w->tree->names_skipped);
}

static bool add_file(walk *w) {
    app_input *input = app_inputs_add(w->inputs, w->path.bytes);
    if (!input) {
        return false;
    }
    input->root = w->root;
    input->line = w->tree->line;
    return true;
}

/* The kind of the entry at the path, as dirent's d_type has it; a link's is that of what it leads
 * to, except that links to directories stay links. */
static unsigned char kind_of(const char *path, unsigned char kind) {
    struct stat info;
    if (kind == DT_UNKNOWN) {
        kind = lstat(path, &info) == 0 ? (unsigned char)IFTODT(info.st_mode) : DT_UNKNOWN;
    }
    if (kind == DT_LNK && stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        kind = DT_REG;
    }
    return kind;
}

static bool add_entry(walk *w, const struct dirent *entry) {
    switch (kind_of(w->path.bytes, entry->d_type)) {
    case DT_DIR:
        return app_inputs_add(&w->pending, w->path.bytes) != NULL;
    case DT_REG:
        return add_file(w);
    default: /* devices, pipes, links that lead nowhere or to directories */
        skip(w, w->path.bytes, APP_NO_FILE);
        return true;
    }
}

static bool read_entries(walk *w, DIR *directory, const char *path) {
    const size_t length = strlen(path);
    const char *slash = path[length - 1] == '/' ? "" : "/";
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(directory)); errno = 0) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        w->path.length = 0;
        if (!ct_text_add(&w->path, path, length) || !ct_text_add(&w->path, slash, strlen(slash)) ||
            !ct_text_add(&w->path, entry->d_name, strlen(entry->d_name)) || !add_entry(w, entry)) {
            return false;
        }
    }
    if (errno != 0) {
        app_say(path, "can't read the directory: %s", strerror(errno));
        w->inputs->failed++;
    }
    return true;
}

/* It may appear while the tree is read: other shards make it, too. */
static bool is_avoided(const walk *w, const struct stat *directory) {
    struct stat info;
    return *w->tree->avoid && stat(w->tree->avoid, &info) == 0 &&
           info.st_dev == directory->st_dev && info.st_ino == directory->st_ino;
}

/* Below the directory that was named, nothing that became a link meanwhile is followed. */
static bool read_directory(walk *w, const char *path, bool named) {
    struct stat info;
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (named ? 0 : O_NOFOLLOW);
    const int fd = open(path, flags);
    DIR *directory = fd >= 0 && fstat(fd, &info) == 0 ? fdopendir(fd) : NULL;
    if (!directory) {
        app_say(path, "can't read the directory: %s", strerror(errno));
        w->inputs->failed++;
        if (fd >= 0) {
            close(fd);
        }
        return true;
    }
    const bool ok = (!named && is_avoided(w, &info)) || read_entries(w, directory, path);
    closedir(directory);
    return ok;
}

typedef struct kinds {
    app_input *inputs;
    app_kind *of;
} kinds;

static void judge_one(void *context, size_t i) {
    const kinds *all = context;
    all->of[i] = judge(&all->inputs[i]);
}

/* Leaves of the files that were found from `first` on those that are images. Most of a walk's time
 * is spent looking at them, so that is shared out. */
static bool keep_images(walk *w, size_t first) {
    app_inputs *inputs = w->inputs;
    const size_t count = inputs->count - first;
    kinds all = {.inputs = inputs->list + first, .of = calloc(count + 1, sizeof *all.of)};
    if (!all.of) {
        return false;
    }
    app_spread(w->tree->threads, count, judge_one, &all);
    inputs->count = first;
    for (size_t i = 0; i < count; i++) {
        if (all.of[i] == APP_IMAGE) {
            inputs->list[inputs->count++] = all.inputs[i];
        } else {
            skip(w, all.inputs[i].path, all.of[i]);
            free(all.inputs[i].path);
        }
    }
    free(all.of);
    return true;
}

static int by_path(const void *a, const void *b) {
    const app_input *left = a, *right = b;
    return strcmp(left->path, right->path);
}

bool app_tree_walk(const app_tree *tree, app_inputs *inputs) {
    const size_t first = inputs->count, length = strlen(tree->directory);
    walk w = {
        .tree = tree, .inputs = inputs, .root = length + (tree->directory[length - 1] != '/')};
    bool ok = read_directory(&w, tree->directory, true);
    while (ok && w.pending.count > 0) {
        char *path = w.pending.list[--w.pending.count].path;
        ok = read_directory(&w, path, false);
        free(path);
    }
    if (ok && inputs->count > first) {
        qsort(inputs->list + first, inputs->count - first, sizeof *inputs->list, by_path);
        ok = keep_images(&w, first);
    }
    app_inputs_free(&w.pending);
    ct_text_free(&w.path);
    return ok;
}
