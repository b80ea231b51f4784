/* Writes YUV4MPEG2. Frame rate, aspect, range and the layout of chroma are those of the video that
 * the image comes from; gray gets neutral chroma, since most players know no video without it.
 * Other images become 444, or mono where they are gray. */
#include <stdlib.h>
#include <string.h>

#include "codec/y4m/color.h"

typedef struct y4m_out {
    codec_y4m_head head;
    codec_y4m_planes planes;
    codec_y4m_color color;
    uint8_t *row;    /* of luma */
    uint8_t *chroma; /* both planes */
    int *sums;       /* 3 for each block of a row */
} y4m_out;

static codec_sample nearest_sample(codec_sample wanted) {
    return wanted == CODEC_U8 ? CODEC_U8 : CODEC_U16;
}

static bool check_y4m(const codec_format *format, const codec_info *info, ct_error *err) {
    if (info->sample == CODEC_F32) {
        return ct_fail(err, "%s can't hold floating-point samples; write .pfm", format->title);
    }
    return !info->alpha || ct_fail(err, "%s has no alpha; write .pam%s", format->title,
                                   info->sample == CODEC_U8 ? " or .png" : "");
}

static bool put(const codec_writer *writer, const void *bytes, size_t size, ct_error *err) {
    return writer->sink.put(writer->sink.context, bytes, size, err);
}

static bool begin_frame(const codec_writer *writer, ct_error *err) {
    return put(writer, "FRAME\n", 6, err);
}

static void describe(const codec_info *info, codec_y4m_head *head) {
    *head = (codec_y4m_head){.width = (uint32_t)info->width,
                             .height = (uint32_t)info->height,
                             .depth = info->sample == CODEC_U8 ? 8 : 10,
                             .video = info->video};
    if (!head->video.known) {
        head->video.full = info->channels == 1; /* as FFmpeg takes it */
        head->video.chroma = info->channels == 1 ? CODEC_MONO : CODEC_444;
        head->video.aspect[0] = head->video.aspect[1] = 1;
    } else if (info->channels == 3 && head->video.chroma == CODEC_MONO) {
        head->video.chroma = CODEC_444;
    }
}

static void fill_neutral(y4m_out *out) {
    const uint16_t neutral = (uint16_t)out->color.chroma0;
    for (size_t i = 0; i < 2 * out->planes.chroma; i++) {
        if (out->color.deep) {
            ((uint16_t *)(void *)out->chroma)[i] = neutral;
        } else {
            out->chroma[i] = (uint8_t)neutral;
        }
    }
}

static bool create_y4m(codec_writer *writer, ct_error *err) {
    y4m_out *out = calloc(1, sizeof *out);
    writer->state = out;
    if (!out) {
        return ct_fail(err, "out of memory");
    }
    describe(&writer->info, &out->head);
    out->planes = codec_y4m_planes_of(&out->head);
    out->color = codec_y4m_color_of(&out->head);
    const size_t size = out->planes.sample_size;
    out->row = malloc(out->head.width * size);
    out->chroma = malloc(2 * out->planes.chroma * size + 1);
    out->sums = calloc(3 * (out->planes.chroma_width + 1), sizeof *out->sums);
    if (!out->row || !out->chroma || !out->sums) {
        return ct_fail(err, "out of memory");
    }
    fill_neutral(out);
    char head[CODEC_Y4M_HEAD];
    const int length = codec_y4m_head_text(&out->head, head);
    return put(writer, head, (size_t)length, err) && begin_frame(writer, err);
}

static bool next_y4m(codec_writer *writer, bool same, ct_error *err) {
    const codec_info *info = &writer->info;
    return same ? begin_frame(writer, err)
                : ct_fail(err,
                          "%dx%d pixels of %d channel%s: all frames of %s must be like the "
                          "first",
                          info->width, info->height, info->channels, info->channels == 1 ? "" : "s",
                          writer->format->title);
}

/* Luma goes out at once; chroma waits for the last row. */
static void take_color(const codec_writer *writer, y4m_out *out, int y, const void *row) {
    const codec_y4m_planes *planes = &out->planes;
    const codec_chroma chroma = out->head.video.chroma;
    const int across = codec_y4m_across(chroma), down = codec_y4m_down(chroma);
    codec_y4m_add_sums(&out->color, row, writer->info.width, across, out->sums);
    if (y % down == down - 1 || y == writer->info.height - 1) {
        const codec_y4m_blocks blocks = {writer->info.width, across, y % down + 1};
        uint8_t *cb = out->chroma + (size_t)(y / down) * planes->chroma_width * planes->sample_size;
        codec_y4m_end_sums(&out->color, &blocks, out->sums, cb,
                           cb + planes->chroma * planes->sample_size);
    }
    codec_y4m_from_rgb(&out->color, row, writer->info.width, out->row);
}

static bool write_rows(codec_writer *writer, int count, const void *rows, size_t stride,
                       const codec_packed *packed, ct_error *err) {
    (void)packed;
    y4m_out *out = writer->state;
    const size_t size = out->head.width * out->planes.sample_size;
    for (int y = 0; y < count; y++) {
        const void *row = (const char *)rows + stride * (size_t)y;
        if (writer->info.channels == 1) {
            codec_y4m_from_gray(&out->color, row, writer->info.width, out->row);
        } else {
            take_color(writer, out, writer->next_row + y, row);
        }
        codec_y4m_reorder(out->row, size, &out->planes);
        if (!put(writer, out->row, size, err)) {
            return false;
        }
    }
    return true;
}

static bool finish_y4m(codec_writer *writer, ct_error *err) {
    y4m_out *out = writer->state;
    const size_t size = 2 * out->planes.chroma * out->planes.sample_size;
    codec_y4m_reorder(out->chroma, size, &out->planes);
    const bool ok = put(writer, out->chroma, size, err);
    codec_y4m_reorder(out->chroma, size, &out->planes);
    return ok;
}

static void free_y4m(codec_writer *writer) {
    y4m_out *out = writer->state;
    if (out) {
        free(out->row);
        free(out->chroma);
        free(out->sums);
        free(out);
    }
}

const codec_encoder codec_y4m_encoder = {.sample = nearest_sample,
                                         .deep_white = 1023,
                                         .check = check_y4m,
                                         .create = create_y4m,
                                         .write = write_rows,
                                         .finish = finish_y4m,
                                         .next = next_y4m,
                                         .free = free_y4m};
