/* The quantization and Huffman tables of a JPEG file, checked. stb_image 2.27 writes past its own
 * table where a DHT segment has more than 256 codes, and treats missing tables as zeros. Internal
 * to src/codec. */
#ifndef CT_CODEC_JPEG_TABLES_H
#define CT_CODEC_JPEG_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Which tables there were so far. */
typedef struct codec_jpeg_tables {
    bool quantization[4];
    bool huffman[2][4]; /* DC and AC */
} codec_jpeg_tables;

/* Take the data of a DQT or a DHT segment (ITU-T T.81, B.2.4.1 and B.2.4.2). */
bool codec_jpeg_take_dqt(codec_jpeg_tables *tables, const uint8_t *data, size_t size,
                         ct_error *err);
bool codec_jpeg_take_dht(codec_jpeg_tables *tables, const uint8_t *data, size_t size,
                         ct_error *err);

#endif
