/* main() of a fuzz target without libFuzzer: runs it on files, and on those of directories.
 *   fuzz_NAME FILE|DIRECTORY...     ends with "N passed, N failed" */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "fuzz.h"
#include "watched.h"

enum { SECONDS = 60 };

static void try_file(void *context, int i) {
    const test_files *files = context;
    LLVMFuzzerTestOneInput(files->file[i].bytes, files->file[i].size);
}

static void name_file(void *context, int i) {
    fputs(((const test_files *)context)->file[i].path, stdout);
}

int main(int argc, char **argv) {
    test_files files = test_files_load(argv + 1, argc - 1);
    const int failed = watched(files.count, SECONDS, try_file, name_file, &files);
    const int passed = files.count - failed;
    printf("%d passed, %d failed\n", passed, failed);
    test_files_free(&files);
    return failed || !passed;
}
