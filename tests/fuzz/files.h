/* Files for the tests, whole in memory. */
#ifndef CT_TESTS_FUZZ_FILES_H
#define CT_TESTS_FUZZ_FILES_H

#include <stddef.h>
#include <stdint.h>

typedef struct test_file {
    char *path;
    uint8_t *bytes; /* of the exact size, so that reading past the end is noticed */
    size_t size;
} test_file;

typedef struct test_files {
    test_file *file; /* by name */
    int count;
} test_files;

/* Loads files, and those in existing directories; ends the program if it can't. */
test_files test_files_load(char **paths, int count);
void test_files_free(test_files *files);

#endif
