#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "base/minmax.h"

void *ct_pages(size_t size) {
    enum { PAGE = 1 << 21, LINE = 64 };
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    if (size >= 2 * (size_t)PAGE) {
        const size_t whole = ct_round_up(size, PAGE);
        void *pages = aligned_alloc(PAGE, whole);
        if (pages) {
            (void)madvise(pages, whole, MADV_HUGEPAGE); /* small pages will do as well */
        }
        return pages;
    }
#endif
    return aligned_alloc(LINE, ct_round_up(size + 1, LINE));
}
