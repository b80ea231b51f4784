#include "codec/sheet/colormap.h"

#include <string.h>

#include "base/text.h"

/* Colours at equal distances, 0xRRGGBB, between which each part changes linearly: fitted by least
 * squares to the 256 colours of the maps that the rows below name, and nowhere more than one level
 * of 255 away from them. */
static const uint32_t viridis[] = {
    0x440154, 0x470d60, 0x48186a, 0x482374, 0x472d7b, 0x453681, 0x424086, 0x3f4989, 0x3b528b,
    0x375a8d, 0x33638d, 0x2f6a8e, 0x2c728e, 0x297a8e, 0x26818e, 0x23898e, 0x21908d, 0x1f988b,
    0x1e9f88, 0x21a685, 0x27ae80, 0x31b57b, 0x3dbc74, 0x4cc26c, 0x5cc963, 0x6ece58, 0x81d44c,
    0x96d840, 0xabdc32, 0xc0df24, 0xd5e219, 0xeae519, 0xfde724,
};

static const uint32_t magma[] = {
    0x000003, 0x030311, 0x0a0822, 0x130d33, 0x1d1146, 0x28125a, 0x36106b, 0x430f76, 0x50127c,
    0x5d177f, 0x691c81, 0x762181, 0x822682, 0x8f2a81, 0x9c2e7f, 0xa9327d, 0xb6377a, 0xc33b75,
    0xd04170, 0xdb486a, 0xe65063, 0xef5c5e, 0xf5695b, 0xf9785c, 0xfc8761, 0xfd9668, 0xfea571,
    0xfeb47b, 0xfec387, 0xfed194, 0xfde0a1, 0xfceeb0, 0xfcfdbf,
};

static const uint32_t turbo[] = {
    0x30123b, 0x36215f, 0x3b2f80, 0x3f3e9d, 0x434bb6, 0x4559cb, 0x4666dd, 0x4773ec, 0x4680f7,
    0x458cfe, 0x4099ff, 0x38a6fb, 0x30b2f4, 0x27bee9, 0x1fc9dd, 0x19d4d0, 0x17ddc2, 0x1ae5b6,
    0x22ebaa, 0x2ff19b, 0x3ff68b, 0x52fa79, 0x65fd69, 0x79fe59, 0x8cff4b, 0x9cfe40, 0xa9fb39,
    0xb7f735, 0xc3f134, 0xd0ea34, 0xdbe236, 0xe5d938, 0xeecf3a, 0xf5c53a, 0xfaba39, 0xfdaf35,
    0xfea130, 0xfe932a, 0xfc8423, 0xf9751d, 0xf46616, 0xef5811, 0xe84b0c, 0xe14109, 0xd83706,
    0xce2d04, 0xc32503, 0xb71d02, 0xaa1501, 0x9b0f01, 0x8b0902, 0x7a0403,
};

static const uint32_t coolwarm[] = {
    0x3b4cc0, 0x445acc, 0x4d68d7, 0x5775e1, 0x6282ea, 0x6c8ef1, 0x779af7, 0x82a5fb, 0x8db0fe,
    0x98b9ff, 0xa3c2ff, 0xaec9fd, 0xb8d0f9, 0xc2d5f4, 0xccd9ee, 0xd5dbe6, 0xdddddd, 0xe5d8d1,
    0xecd3c5, 0xf1ccb9, 0xf5c4ad, 0xf7bba0, 0xf7b194, 0xf7a687, 0xf49a7b, 0xf18d6f, 0xec7f63,
    0xe57058, 0xde604d, 0xd55042, 0xcb3e38, 0xc0282f, 0xb40426,
};

static const uint32_t gray[] = {0x000000, 0xffffff};

struct codec_colormap {
    const char *name, *summary;
    const uint32_t *colors;
    int count;
    bool diverges;
};

#define COLORS(array) .colors = array, .count = sizeof array / sizeof *array

/* To add one: a row here, and its colours above. */
static const codec_colormap maps[] = {
    {
        .name = "gray",
        .summary = "black to white",
        COLORS(gray),
    },
    {
        /* By Stefan van der Walt and Nathaniel Smith, 2015; CC0. So is magma. */
        .name = "viridis",
        .summary = "blue, green, yellow; lightness grows evenly",
        COLORS(viridis),
    },
    {
        .name = "magma",
        .summary = "black, purple, cream; lightness grows evenly",
        COLORS(magma),
    },
    {
        /* By Anton Mikhailov, 2019. */
        .name = "turbo",
        .summary = "blue, green, yellow, red: a rainbow",
        COLORS(turbo),
    },
    {
        /* K. Moreland, Diverging Color Maps for Scientific Visualization, 2009. */
        .name = "coolwarm",
        .summary = "blue below zero, red above it",
        COLORS(coolwarm),
        .diverges = true,
    },
};

const codec_colormap *codec_colormap_at(size_t i) {
    return i < sizeof maps / sizeof *maps ? &maps[i] : NULL;
}

static const char *name_at(const void *unused, size_t i) {
    (void)unused;
    return i < sizeof maps / sizeof *maps ? maps[i].name : NULL;
}

static void fail_unknown(const char *name, ct_error *err) {
    const size_t count = sizeof maps / sizeof *maps;
    ct_text names = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        const char *between = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        ok = ct_text_print(&names, "%s%s", between, maps[i].name);
    }
    ct_fail(err, "unknown colour map '%s'; expected %s", name, ok ? names.bytes : "another");
    ct_text_free(&names);
}

const codec_colormap *codec_colormap_find(const char *name, ct_error *err) {
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (strcmp(maps[i].name, name) == 0) {
            return &maps[i];
        }
    }
    const char *near = ct_nearest(name, name_at, NULL);
    if (near) {
        ct_fail(err, "unknown colour map '%s'; did you mean '%s'?", name, near);
    } else {
        fail_unknown(name, err);
    }
    return NULL;
}

const char *codec_colormap_name(const codec_colormap *map) {
    return map->name;
}

const char *codec_colormap_summary(const codec_colormap *map) {
    return map->summary;
}

bool codec_colormap_is_gray(const codec_colormap *map) {
    return map->colors == gray;
}

bool codec_colormap_diverges(const codec_colormap *map) {
    return map->diverges;
}

void codec_colormap_fill(const codec_colormap *map, uint8_t table[CODEC_LEVELS][3]) {
    const int last = CODEC_LEVELS - 1, steps = map->count - 1;
    for (int i = 0; i < CODEC_LEVELS; i++) {
        const int at = i * steps / last, next = at < steps ? at + 1 : at;
        const uint32_t part = (uint32_t)(i * steps - at * last), rest = (uint32_t)last - part;
        for (int c = 0; c < 3; c++) {
            const int shift = 16 - 8 * c;
            const uint32_t a = map->colors[at] >> shift & 255, b = map->colors[next] >> shift & 255;
            table[i][c] = (uint8_t)((a * rest + b * part + (uint32_t)last / 2) / (uint32_t)last);
        }
    }
}
