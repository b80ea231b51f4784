/* Rows that are read or written together, where any of them can be. Internal to src/codec. */
#ifndef CT_CODEC_PNM_PIECE_H
#define CT_CODEC_PNM_PIECE_H

#include <stddef.h>

enum { CODEC_PNM_PIECE = 1 << 17 }; /* bytes, unless a row has more: few calls of the kernel */

/* How many of `left` rows, of so many bytes, the next piece has. */
static inline int codec_pnm_piece(size_t row_bytes, int left) {
    const size_t most = row_bytes < CODEC_PNM_PIECE ? CODEC_PNM_PIECE / row_bytes : 1;
    return (size_t)left < most ? left : (int)most;
}

#endif
