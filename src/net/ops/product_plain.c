/* Whole numbers are computed as unsigned ones, which wrap; the bits are those of signed ones. */
#include "net/ops/product_plain.h"

#include <string.h>

#include "base/minmax.h"

enum { COLUMNS = 256 /* of a stripe of b, so that it stays in the cache */ };

/* A row of out += the rows of b times a's elements. `wide`: products of small types would be ints,
 * which may overflow. */
#define PLAIN(name, type, wide)                                                                    \
    static void name(const net_product *p, const void *from_a, const void *from_b, void *to) {     \
        const type *a = from_a, *b = from_b;                                                       \
        type *out = to;                                                                            \
        for (size_t j = 0; j < p->columns; j += COLUMNS) {                                         \
            const size_t columns = ct_min_size(COLUMNS, p->columns - j);                           \
            for (size_t i = 0; i < p->rows; i++) {                                                 \
                type *restrict sum = out + i * p->columns + j;                                     \
                memset(sum, 0, columns * sizeof *sum);                                             \
                for (size_t k = 0; k < p->depth; k++) {                                            \
                    const type factor = a[i * p->a_row + k * p->a_column];                         \
                    const type *restrict row = b + k * p->b_row + j * p->b_column;                 \
                    if (p->b_column == 1) {                                                        \
                        for (size_t x = 0; x < columns; x++) {                                     \
                            sum[x] = (type)(sum[x] + (wide)factor * (wide)row[x]);                 \
                        }                                                                          \
                    } else {                                                                       \
                        for (size_t x = 0; x < columns; x++) {                                     \
                            sum[x] = (type)(sum[x] + (wide)factor * (wide)row[x * p->b_column]);   \
                        }                                                                          \
                    }                                                                              \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
PLAIN(of_doubles, double, double)
PLAIN(of_bytes, uint8_t, unsigned)
PLAIN(of_shorts, uint16_t, unsigned)
PLAIN(of_words, uint32_t, uint32_t)
PLAIN(of_longs, uint64_t, uint64_t)
#undef PLAIN

void net_product_plain(const net_product *p, const void *a, const void *b, void *out) {
    switch (net_type_size(p->type)) {
    case 1:
        of_bytes(p, a, b, out);
        break;
    case 2:
        of_shorts(p, a, b, out);
        break;
    case 4:
        of_words(p, a, b, out);
        break;
    default:
        (p->type == NET_DOUBLE ? of_doubles : of_longs)(p, a, b, out);
        break;
    }
}
