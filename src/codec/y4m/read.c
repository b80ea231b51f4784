/* Reads YUV4MPEG2, frame by frame: uncompressed video, as `ffmpeg -f yuv4mpegpipe` writes it.
 *
 * A frame is three planes one behind the other, so it is read whole, and its rows are made of it:
 * RGB, or gray where that is asked for or all there is. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/y4m/color.h"

static const char magic[] = "YUV4MPEG2", frame_mark[] = "FRAME";

enum { MARK = sizeof frame_mark - 1, FRAME_LINE = 256 };

typedef struct y4m_state {
    codec_y4m_head head;
    codec_y4m_planes planes;
    codec_y4m_color color;
    uint8_t *frame; /* NULL before a row of the first is asked for */
} y4m_state;

static bool probe(const uint8_t *head, size_t size) {
    return size > sizeof magic - 1 && memcmp(head, magic, sizeof magic - 1) == 0 &&
           (head[sizeof magic - 1] == ' ' || head[sizeof magic - 1] == '\n');
}

/* "FRAME", perhaps with parameters, of which none matters here. */
static bool read_frame_line(codec_reader *reader, ct_error *err) {
    char mark[MARK];
    const size_t size = codec_input_read(&reader->input, mark, MARK);
    if (memcmp(mark, frame_mark, size) != 0) {
        return ct_fail(err, "expected the word FRAME");
    }
    for (int i = 0; i < FRAME_LINE; i++) {
        const int c = codec_input_byte(&reader->input);
        if (c == '\n') {
            return true;
        }
        if (c < 0) {
            return codec_fail_short(reader, err, "the file ends within its header");
        }
        if (i == 0 && c != ' ') {
            return ct_fail(err, "expected the word FRAME and a new line");
        }
    }
    return ct_fail(err, "a header longer than %d bytes", FRAME_LINE);
}

static bool read_frame(codec_reader *reader, ct_error *err) {
    y4m_state *state = reader->state;
    if (!read_frame_line(reader, err)) {
        return false;
    }
    const size_t bytes = state->planes.bytes;
    const size_t got = codec_input_read(&reader->input, state->frame, bytes);
    codec_y4m_reorder(state->frame, bytes, &state->planes);
    return got == bytes ||
           codec_fail_short(reader, err, "the file ends after %zu of its %zu bytes", got, bytes);
}

static bool make_frame(codec_reader *reader, y4m_state *state, ct_error *err) {
    const size_t bytes = state->planes.bytes;
    if (bytes > reader->limits.max_memory) {
        return ct_fail(err, "%ux%u pixels need %s of memory; the limit is %s (--max-memory)",
                       state->head.width, state->head.height, ct_size_of(bytes).text,
                       ct_size_of(reader->limits.max_memory).text);
    }
    state->frame = malloc(bytes);
    return state->frame || ct_fail(err, "out of memory");
}

static bool open_y4m(codec_reader *reader, ct_error *err) {
    y4m_state *state = calloc(1, sizeof *state);
    reader->state = state;
    if (!state) {
        return ct_fail(err, "out of memory");
    }
    const codec_y4m_head *head = &state->head;
    if (!codec_y4m_read_head(reader, &state->head, err) ||
        !codec_check_size(&reader->limits, head->width, head->height, err)) {
        return false;
    }
    state->planes = codec_y4m_planes_of(head);
    state->color = codec_y4m_color_of(head);
    reader->format = "y4m";
    reader->info.width = (int)head->width;
    reader->info.height = (int)head->height;
    reader->info.channels = head->video.chroma == CODEC_MONO ? 1 : 3;
    reader->info.sample = state->color.deep ? CODEC_U16 : CODEC_U8;
    reader->info.white = (double)state->color.white;
    reader->info.video = head->video;
    if (!codec_input_peek(&reader->input, 1)) {
        return codec_fail_short(reader, err, "a video without frames");
    }
    return true;
}

static bool read_first_frame(codec_reader *reader, ct_error *err) {
    return make_frame(reader, reader->state, err) &&
           (read_frame(reader, err) || ct_fail_at(err, "frame 1: "));
}

static uint64_t memory(const codec_reader *reader) {
    return ((const y4m_state *)reader->state)->planes.bytes;
}

static bool follows(codec_reader *reader, int milliseconds) {
    return codec_input_peek_soon(&reader->input, 1, milliseconds) > 0;
}

/* Gray is Y', as for JPEG. */
static bool want_gray(codec_reader *reader) {
    reader->info.channels = 1;
    return true;
}

static bool read_row(codec_reader *reader, void *row, ct_error *err) {
    const y4m_state *state = reader->state;
    if (!state->frame && !read_first_frame(reader, err)) {
        return false;
    }
    const codec_y4m_planes *planes = &state->planes;
    const size_t y = (size_t)reader->next_row, size = planes->sample_size;
    const uint8_t *luma = state->frame + y * state->head.width * size;
    if (reader->info.channels == 1) {
        codec_y4m_to_gray(&state->color, luma, reader->info.width, row);
        return true;
    }
    const codec_chroma chroma = state->head.video.chroma;
    const size_t down = (size_t)codec_y4m_down(chroma);
    const uint8_t *cb = state->frame + (planes->luma + y / down * planes->chroma_width) * size;
    const codec_y4m_row rows = {luma, cb, cb + planes->chroma * size, codec_y4m_across(chroma)};
    codec_y4m_to_rgb(&state->color, &rows, reader->info.width, row);
    return true;
}

static void close_y4m(codec_reader *reader) {
    y4m_state *state = reader->state;
    if (state) {
        free(state->frame);
        free(state);
    }
}

const codec_decoder codec_y4m_decoder = {.probe = probe,
                                         .open = open_y4m,
                                         .want_gray = want_gray,
                                         .memory = memory,
                                         .read_row = read_row,
                                         .close = close_y4m,
                                         .follows = follows,
                                         .next = read_frame,
                                         .whole = true};
