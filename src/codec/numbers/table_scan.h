/* Where the rows of a table are, found without reading its numbers. Internal to
 * src/codec/numbers. */
#ifndef CT_CODEC_NUMBERS_TABLE_SCAN_H
#define CT_CODEC_NUMBERS_TABLE_SCAN_H

#include "codec/format.h"

/* Where a line begins. */
typedef struct codec_table_mark {
    uint64_t at;             /* bytes from the table's beginning */
    unsigned long long line; /* counted from 1 */
} codec_table_mark;

typedef struct codec_table_layout {
    size_t rows, channels;
    size_t step;             /* rows of a group, except a channel's last */
    codec_table_mark *marks; /* of each group's first row; channel by channel */
    size_t count, capacity;
    uint64_t end;     /* of the text */
    uint64_t longest; /* bytes from a mark to the next, at most */
} codec_table_layout;

/* Looks at all of the input, whose length must be known, and takes nothing of it. Start from `{0}`;
 * the caller frees `marks`, after a failure too. Channels are of the same height, and sides and
 * memory within the reader's limits, or it's an error. */
bool codec_table_scan(const codec_reader *reader, codec_table_layout *layout, ct_error *err);

/* Row y of a channel is in this group, y - y % step is its first. */
static inline size_t codec_table_group(const codec_table_layout *layout, size_t channel, size_t y) {
    const size_t groups = (layout->rows + layout->step - 1) / layout->step;
    return channel * groups + y / layout->step;
}

/* Where the text of a group ends; behind its rows there may be others that don't count. */
static inline uint64_t codec_table_group_end(const codec_table_layout *layout, size_t group) {
    return group + 1 < layout->count ? layout->marks[group + 1].at : layout->end;
}

#endif
