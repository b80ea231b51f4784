#include "codec/png/isal_deflate_best.h"

#if defined(CT_HAVE_DEFLATE)

#include <libdeflate.h>
#include <stdlib.h>

#include "codec/png/isal_deflate_reopen.h"

struct deflate_best {
    struct libdeflate_compressor *compressor;
    int level;
};

void codec_deflate_best_free(deflate_best *best) {
    if (best) {
        libdeflate_free_compressor(best->compressor);
        free(best);
    }
}

bool codec_deflate_has_best(void) {
    return true;
}

static bool prepare(deflate_best **best, int level) {
    if (*best && (*best)->level == level) {
        return true;
    }
    codec_deflate_best_free(*best);
    *best = calloc(1, sizeof **best);
    if (*best) {
        (*best)->level = level;
        (*best)->compressor = libdeflate_alloc_compressor(level);
    }
    if (*best && !(*best)->compressor) {
        free(*best);
        *best = NULL;
    }
    return *best != NULL;
}

size_t codec_deflate_best(deflate_best **best, const uint8_t *in, size_t size, uint8_t *out,
                          size_t most, int level) {
    enum { FLUSH = 5 }; /* what codec_deflate_reopen adds, at most */
    if (most <= FLUSH || !prepare(best, level)) {
        return 0;
    }
    const size_t got =
        libdeflate_deflate_compress((*best)->compressor, in, size, out, most - FLUSH);
    return got ? codec_deflate_reopen(out, got) : 0;
}

size_t codec_deflate_best_whole(deflate_best **best, const uint8_t *in, size_t size, uint8_t *out,
                                size_t most, int level) {
    return prepare(best, level)
               ? libdeflate_deflate_compress((*best)->compressor, in, size, out, most)
               : 0;
}

#else

void codec_deflate_best_free(deflate_best *best) {
    (void)best;
}

bool codec_deflate_has_best(void) {
    return false;
}

size_t codec_deflate_best(deflate_best **best, const uint8_t *in, size_t size, uint8_t *out,
                          size_t most, int level) {
    (void)best, (void)in, (void)size, (void)out, (void)most, (void)level;
    return 0;
}

size_t codec_deflate_best_whole(deflate_best **best, const uint8_t *in, size_t size, uint8_t *out,
                                size_t most, int level) {
    return codec_deflate_best(best, in, size, out, most, level);
}

#endif
