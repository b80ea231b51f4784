#include "codec/y4m/head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1024 }; /* bytes of a header, at most */

typedef struct layout {
    const char *name;
    codec_chroma chroma;
    const char *siting;
    int depth;
} layout;

/* To add one: a line here. Where chroma samples lie is kept, but makes no difference: each is taken
 * for all pixels of its block. */
static const layout layouts[] = {
    {"420jpeg", CODEC_420, "jpeg", 8},   {"420mpeg2", CODEC_420, "mpeg2", 8},
    {"420paldv", CODEC_420, "paldv", 8}, {"420", CODEC_420, "", 8},
    {"422", CODEC_422, "", 8},           {"444", CODEC_444, "", 8},
    {"mono", CODEC_MONO, "", 8},         {"420p10", CODEC_420, "", 10},
    {"422p10", CODEC_422, "", 10},       {"444p10", CODEC_444, "", 10},
    {"mono10", CODEC_MONO, "", 10},
};
enum { LAYOUTS = sizeof layouts / sizeof layouts[0] };

static const layout *find_layout(const char *name) {
    for (size_t i = 0; i < LAYOUTS; i++) {
        if (strcmp(layouts[i].name, name) == 0) {
            return &layouts[i];
        }
    }
    return NULL;
}

/* The header's line without its end. */
static bool read_line(codec_reader *reader, char line[LINE], ct_error *err) {
    size_t length = 0;
    int c;
    while ((c = codec_input_byte(&reader->input)) != '\n') {
        if (c < 0) {
            return codec_fail_short(reader, err, "the file ends within its header");
        }
        if (length + 1 >= LINE) {
            return ct_fail(err, "the header is longer than %d bytes", LINE - 1);
        }
        line[length++] = (char)(c ? c : ' ');
    }
    line[length] = '\0';
    return true;
}

static bool read_side(const char *text, const char *what, uint32_t *out, ct_error *err) {
    char *end;
    const unsigned long long value = strtoull(text, &end, 10);
    *out = value <= UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    return (*text >= '0' && *text <= '9' && !*end) ||
           ct_fail(err, "expected the %s in the header, found '%.40s'", what, text);
}

/* "30000:1001"; what isn't one is left unknown. */
static void read_ratio(const char *text, uint32_t ratio[2]) {
    unsigned above, below;
    char rest;
    if (sscanf(text, "%9u:%9u%c", &above, &below, &rest) == 2 && above && below) {
        ratio[0] = above;
        ratio[1] = below;
    }
}

static bool read_layout(const char *name, codec_y4m_head *head, ct_error *err) {
    const layout *found = find_layout(name);
    if (!found) {
        return ct_fail(err,
                       "colour space '%.40s'; expected 420, 422, 444 or mono with 8 or 10 bits, "
                       "as ffmpeg -i IN -pix_fmt yuv420p OUT.y4m makes them",
                       name);
    }
    head->video.chroma = found->chroma;
    head->depth = found->depth;
    strcpy(head->video.siting, found->siting);
    return true;
}

static bool take_tag(const char *tag, codec_y4m_head *head, ct_error *err) {
    switch (tag[0]) {
    case 'W':
        return read_side(tag + 1, "width", &head->width, err);
    case 'H':
        return read_side(tag + 1, "height", &head->height, err);
    case 'F':
        read_ratio(tag + 1, head->video.rate);
        return true;
    case 'A':
        read_ratio(tag + 1, head->video.aspect);
        return true;
    case 'C':
        return read_layout(tag + 1, head, err);
    case 'I':
        return tag[1] == 'p' || tag[1] == '?' ||
               ct_fail(err,
                       "interlaced (%.40s); expected whole frames, as ffmpeg -i IN -vf yadif "
                       "OUT.y4m makes them",
                       tag);
    default: /* X: anything */
        return true;
    }
}

bool codec_y4m_read_head(codec_reader *reader, codec_y4m_head *head, ct_error *err) {
    char line[LINE], *rest = NULL, range = '\0';
    *head = (codec_y4m_head){.depth = 8, .video = {.known = true, .chroma = CODEC_420}};
    strcpy(head->video.siting, "jpeg");
    if (!read_line(reader, line, err)) {
        return false;
    }
    strtok_r(line, " ", &rest); /* the magic */
    for (const char *tag; (tag = strtok_r(NULL, " ", &rest));) {
        if (!take_tag(tag, head, err)) {
            return false;
        }
        if (strncmp(tag, "XCOLORRANGE=", 12) == 0) {
            range = tag[12];
        }
    }
    /* FFmpeg takes gray for full range, and all else for limited. */
    head->video.full = range ? range == 'F' : head->video.chroma == CODEC_MONO;
    return true;
}

static const char *layout_name(const codec_y4m_head *head) {
    const layout *second = NULL;
    for (size_t i = 0; i < LAYOUTS; i++) {
        const layout *l = &layouts[i];
        if (l->chroma == head->video.chroma && l->depth == head->depth) {
            if (strcmp(l->siting, head->video.siting) == 0) {
                return l->name;
            }
            second = second ? second : l;
        }
    }
    return second->name;
}

int codec_y4m_head_text(const codec_y4m_head *head, char text[CODEC_Y4M_HEAD]) {
    const codec_video *video = &head->video;
    const bool rate = video->rate[0] != 0;
    return snprintf(text, CODEC_Y4M_HEAD, "YUV4MPEG2 W%u H%u F%u:%u Ip A%u:%u C%s XCOLORRANGE=%s\n",
                    head->width, head->height, rate ? video->rate[0] : 25,
                    rate ? video->rate[1] : 1, video->aspect[0], video->aspect[1],
                    layout_name(head), video->full ? "FULL" : "LIMITED");
}

int codec_y4m_across(codec_chroma chroma) {
    return chroma == CODEC_MONO ? 0 : chroma == CODEC_444 ? 1 : 2;
}

int codec_y4m_down(codec_chroma chroma) {
    return chroma == CODEC_MONO ? 0 : chroma == CODEC_420 ? 2 : 1;
}

codec_y4m_planes codec_y4m_planes_of(const codec_y4m_head *head) {
    const size_t width = head->width, height = head->height;
    const size_t across = (size_t)codec_y4m_across(head->video.chroma),
                 down = (size_t)codec_y4m_down(head->video.chroma);
    codec_y4m_planes planes = {.luma = width * height, .sample_size = head->depth > 8 ? 2 : 1};
    if (across) {
        planes.chroma_width = (width + across - 1) / across;
        planes.chroma = planes.chroma_width * ((height + down - 1) / down);
    }
    planes.bytes = (planes.luma + 2 * planes.chroma) * planes.sample_size;
    return planes;
}

void codec_y4m_reorder(void *samples, size_t size, const codec_y4m_planes *planes) {
    uint8_t *bytes = samples;
    for (size_t i = 0;
         planes->sample_size == 2 && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ && i + 1 < size;
         i += 2) {
        const uint8_t first = bytes[i];
        bytes[i] = bytes[i + 1];
        bytes[i + 1] = first;
    }
}
