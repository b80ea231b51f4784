/* How colours are coded, in the numbers of ITU-T H.273 (tables 2 and 3), as PNG's cICP has them. */
#include <stdio.h>

#include "codec/codec.h"

typedef struct code {
    int number;
    const char *name;
} code;

/* To add one: a line here; others are called by their number. */
static const code primaries[] = {
    {1, "BT.709"}, {5, "BT.601"}, {6, "BT.601"}, {9, "BT.2020"}, {11, "DCI-P3"}, {12, "Display P3"},
};
static const code transfers[] = {
    {1, "BT.709"},   {4, "gamma 2.2"}, {5, "gamma 2.8"},
    {6, "BT.601"},   {8, "linear"},    {CODEC_TRANSFER_SRGB, "sRGB"},
    {14, "BT.2020"}, {15, "BT.2020"},  {16, "PQ"},
    {18, "HLG"},
};

static void add_name(const code *codes, size_t count, int number, const char *what, char *text,
                     size_t size) {
    for (size_t i = 0; i < count; i++) {
        if (codes[i].number == number) {
            snprintf(text, size, "%s", codes[i].name);
            return;
        }
    }
    snprintf(text, size, "%s %d", what, number);
}

void codec_cicp_text(const codec_meta *meta, char text[CODEC_CICP_TEXT]) {
    char colours[24], curve[24];
    add_name(primaries, sizeof primaries / sizeof primaries[0], meta->cicp[0], "primaries", colours,
             sizeof colours);
    add_name(transfers, sizeof transfers / sizeof transfers[0], meta->cicp[1], "number", curve,
             sizeof curve);
    snprintf(text, CODEC_CICP_TEXT, "%s with the curve %s%s", colours, curve,
             meta->cicp[3] ? "" : ", narrow range");
}

bool codec_cicp_is_srgb(const codec_meta *meta) {
    return meta->cicp[0] == 1 && meta->cicp[1] == CODEC_TRANSFER_SRGB && meta->cicp[3] == 1;
}
