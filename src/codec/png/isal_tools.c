#include "codec/png/isal_tools.h"

#include <stdlib.h>
#if defined(CT_HAVE_DEFLATE)
#include <libdeflate.h>
#endif

#include "codec/bytes.h"

enum { ADLER = 4 };

#if defined(CT_HAVE_DEFLATE)

static void free_whole(codec_png_tools *tools) {
    if (tools->whole) {
        libdeflate_free_decompressor(tools->whole);
    }
}

bool codec_png_inflate_whole(codec_png_tools *tools, const uint8_t *stream, size_t size,
                             uint8_t *to, size_t most) {
    size_t used, got;
    if (!tools->whole) {
        tools->whole = libdeflate_alloc_decompressor();
    }
    return tools->whole &&
           libdeflate_deflate_decompress_ex(tools->whole, stream, size, to, most + PNG_INFLATE_ROOM,
                                            &used, &got) == LIBDEFLATE_SUCCESS &&
           got == most && used + ADLER == size &&
           libdeflate_adler32(1, to, most) == codec_get32(stream + used);
}

#else

static void free_whole(codec_png_tools *tools) {
    (void)tools;
}

bool codec_png_inflate_whole(codec_png_tools *tools, const uint8_t *stream, size_t size,
                             uint8_t *to, size_t most) {
    (void)tools, (void)stream, (void)size, (void)to, (void)most;
    return false;
}

#endif

static void free_tools(void *memory) {
    codec_png_tools *tools = memory;
    free_whole(tools);
    free(tools);
}

codec_png_tools *codec_png_tools_take(codec_keeper *keeper) {
    codec_png_tools *tools = codec_keeper_take(keeper, CODEC_KEPT_INFLATE);
    if (!tools) {
        tools = malloc(sizeof *tools);
        if (!tools) {
            return NULL;
        }
        tools->whole = NULL;
    }
    isal_inflate_init(&tools->inflate);
    tools->inflate.crc_flag = ISAL_ZLIB_NO_HDR_VER;
    return tools;
}

void codec_png_tools_give(codec_keeper *keeper, codec_png_tools *tools) {
    if (tools) {
        codec_keeper_give(keeper, CODEC_KEPT_INFLATE, tools, free_tools);
    }
}
