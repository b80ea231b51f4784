#include "files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static _Noreturn void give_up(const char *path) {
    perror(path);
    exit(2);
}

static void load_file(test_files *files, const char *path) {
    FILE *in = fopen(path, "rb");
    struct stat status;
    if (!in || fstat(fileno(in), &status) != 0) {
        give_up(path);
    }
    const size_t size = (size_t)status.st_size;
    files->file = realloc(files->file, ((size_t)files->count + 1) * sizeof *files->file);
    test_file *file = files->file ? &files->file[files->count++] : NULL;
    if (!file) {
        give_up(path);
    }
    *file = (test_file){strdup(path), malloc(size ? size : 1), size};
    if (!file->path || !file->bytes || fread(file->bytes, 1, size, in) != size) {
        give_up(path);
    }
    fclose(in);
}

static int visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static void load_directory(test_files *files, const char *path) {
    struct dirent **entries;
    const int count = scandir(path, &entries, visible, alphasort);
    if (count < 0) {
        give_up(path);
    }
    for (int i = 0; i < count; i++) {
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        load_file(files, name);
        free(entries[i]);
    }
    free(entries);
}

test_files test_files_load(char **paths, int count) {
    test_files files = {0};
    for (int i = 0; i < count; i++) {
        struct stat status;
        if (stat(paths[i], &status) != 0) {
            continue; /* there is no crashers/KIND while it would be empty */
        }
        if (S_ISDIR(status.st_mode)) {
            load_directory(&files, paths[i]);
        } else {
            load_file(&files, paths[i]);
        }
    }
    return files;
}

void test_files_free(test_files *files) {
    for (int i = 0; i < files->count; i++) {
        free(files->file[i].path);
        free(files->file[i].bytes);
    }
    free(files->file);
    *files = (test_files){0};
}
