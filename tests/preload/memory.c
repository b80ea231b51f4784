/* Makes one allocation of a program fail, for tests/cli/memory.py: with this in LD_PRELOAD and
 * MEMORY_FAILS_AT=N, the N-th call of malloc, calloc, realloc and their like, in any thread,
 * returns NULL. MEMORY_COUNT=FILE: writes the number of calls there at the end. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own, under names that aren't replaced here. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong calls;
static unsigned long fails_at; /* 0: none */

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("MEMORY_FAILS_AT");
    fails_at = text ? strtoul(text, NULL, 10) : 0;
    atomic_store(&calls, 0); /* calls before main are the loader's */
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("MEMORY_COUNT");
    const int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
    if (fd >= 0) {
        dprintf(fd, "%lu\n", atomic_load(&calls));
        close(fd);
    }
}

static int refused(void) {
    const int refuse = atomic_fetch_add(&calls, 1) + 1 == fails_at;
    errno = refuse ? ENOMEM : errno;
    return refuse;
}

void *malloc(size_t size) {
    return refused() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return refused() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    return refused() ? NULL : __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
    return refused() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
