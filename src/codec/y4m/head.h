/* The header of YUV4MPEG2: sizes, and how a frame is laid out. Internal to src/codec.
 * Format: yuv4mpeg(5) of mjpegtools; the tags that begin with X, and the colour spaces of 10 bits,
 * are those that FFmpeg writes and reads. */
#ifndef CT_CODEC_Y4M_HEAD_H
#define CT_CODEC_Y4M_HEAD_H

#include "codec/format.h"

typedef struct codec_y4m_head {
    uint32_t width, height;
    int depth; /* 8, or 10 in two bytes, the low one first */
    codec_video video;
} codec_y4m_head;

/* Reads the header, so that the first frame comes next. */
bool codec_y4m_read_head(codec_reader *reader, codec_y4m_head *head, ct_error *err);

/* The header's line, with its end; returns its length, which is below CODEC_Y4M_HEAD. */
enum { CODEC_Y4M_HEAD = 160 };
int codec_y4m_head_text(const codec_y4m_head *head, char text[CODEC_Y4M_HEAD]);

/* How many pixels share a sample of chroma; 0: there is none. */
int codec_y4m_across(codec_chroma chroma);
int codec_y4m_down(codec_chroma chroma);

/* The planes of a frame: the samples of each, and of their rows. */
typedef struct codec_y4m_planes {
    size_t luma, chroma;              /* of a plane */
    size_t chroma_width, sample_size; /* samples; bytes */
    size_t bytes;                     /* of all planes */
} codec_y4m_planes;
codec_y4m_planes codec_y4m_planes_of(const codec_y4m_head *head);

/* From the file's order of bytes to the processor's, or back. */
void codec_y4m_reorder(void *samples, size_t size, const codec_y4m_planes *planes);

#endif
