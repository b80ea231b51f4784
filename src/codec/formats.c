/* The table of formats. */
#include <string.h>
#include <strings.h>

#include "codec/format.h"
#include "codec/stb.h"

static const char *const own = "convtool";

#if defined(CT_HAVE_ISAL)
#define PNG_SUMMARY "gray or RGB of 8 or 16 bits, with or without alpha"
#define PNG_LIBRARY codec_isal_library
#define PNG_DECODER codec_isal_png_decoder
#define PNG_ENCODER codec_isal_png_encoder
#else
#define PNG_SUMMARY "gray or RGB, with or without alpha; reads 16 bits, writes 8"
#define PNG_LIBRARY codec_stb_library
#define PNG_DECODER codec_stb_png_decoder
#define PNG_ENCODER codec_stb_png_encoder
#endif

#ifdef CT_HAVE_JPEG
#define JPEG_LIBRARY codec_turbo_library
#define JPEG_DECODER codec_turbo_jpeg_decoder
#define JPEG_ENCODER codec_turbo_jpeg_encoder
#else
#define JPEG_LIBRARY codec_stb_library
#define JPEG_DECODER codec_stb_jpeg_decoder
#define JPEG_ENCODER codec_stb_jpeg_encoder
#endif

/* To add one: write FORMAT.c with a codec_decoder or a codec_encoder or both, declare them in
 * format.h, and add a line here. Nothing else knows the formats. */
static const codec_format formats[] = {
    {
        .name = "png",
        .title = "PNG",
        .summary = PNG_SUMMARY,
        .extensions = "png",
        .library = &PNG_LIBRARY,
        .decoder = &PNG_DECODER,
        .encoder = &PNG_ENCODER,
        .find_record = codec_png_find_record,
    },
    {
        .name = "jpeg",
        .title = "JPEG",
        .summary = "gray or RGB of 8 bits, lossy",
        .extensions = "jpg jpeg jpe",
        .library = &JPEG_LIBRARY,
        .decoder = &JPEG_DECODER,
        .encoder = &JPEG_ENCODER,
        .find_record = codec_jpeg_find_record,
    },
    {
        .name = "pgm",
        .title = "PGM",
        .summary = "gray of 8 or 16 bits",
        .extensions = "pgm",
        .library = &own,
        .encoder = &codec_pgm_encoder,
        .find_record = codec_pnm_find_record,
    },
    {
        .name = "ppm",
        .title = "PPM",
        .summary = "RGB of 8 or 16 bits",
        .extensions = "ppm",
        .library = &own,
        .encoder = &codec_ppm_encoder,
        .find_record = codec_pnm_find_record,
    },
    {
        .name = "pnm",
        .title = "PNM",
        .summary = "PGM or PPM, as the image needs; reads PBM too",
        .extensions = "pnm",
        .library = &own,
        .decoder = &codec_pnm_decoder,
        .encoder = &codec_pnm_encoder,
        .find_record = codec_pnm_find_record,
    },
    {
        .name = "pam",
        .title = "PAM",
        .summary = "gray or RGB of 8 or 16 bits, with or without alpha",
        .extensions = "pam",
        .library = &own,
        .encoder = &codec_pam_encoder,
        .find_record = codec_pnm_find_record,
    },
    {
        .name = "pfm",
        .title = "PFM",
        .summary = "gray or RGB as numbers (float); 1 is white",
        .extensions = "pfm",
        .library = &own,
        .decoder = &codec_pfm_decoder,
        .encoder = &codec_pfm_encoder,
    },
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

const codec_format *codec_format_at(size_t i) {
    return i < FORMATS ? &formats[i] : NULL;
}

/* Whether `word` is one of the words of `list`, in any case. */
static bool listed(const char *list, const char *word) {
    const size_t length = strlen(word);
    while (length && *list) {
        const size_t item = strcspn(list, " ");
        if (item == length && strncasecmp(list, word, length) == 0) {
            return true;
        }
        list += item + (list[item] == ' ');
    }
    return false;
}

const codec_format *codec_format_by_name(const char *name) {
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcasecmp(formats[i].name, name) == 0 || listed(formats[i].extensions, name)) {
            return &formats[i];
        }
    }
    return NULL;
}

const codec_format *codec_format_by_path(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    for (size_t i = 0; dot && dot > base && i < FORMATS; i++) {
        if (listed(formats[i].extensions, dot + 1)) {
            return &formats[i];
        }
    }
    return NULL;
}

const char *codec_format_name(const codec_format *format) {
    return format->name;
}

const char *codec_format_summary(const codec_format *format) {
    return format->summary;
}

const char *codec_format_library(const codec_format *format) {
    return *format->library;
}

const char *codec_format_extensions(const codec_format *format) {
    return format->extensions;
}

codec_sample codec_format_sample(const codec_format *format, codec_sample wanted) {
    return format->encoder->sample(wanted);
}

bool codec_format_keeps_record(const codec_format *format) {
    return format->find_record != NULL;
}

bool codec_format_check(const codec_format *format, const codec_info *info, ct_error *err) {
    if (info->width < 1 || info->height < 1) {
        return ct_fail(err, "%dx%d pixels: an image needs at least one", info->width, info->height);
    }
    if (info->channels < 1 || info->channels > 4) {
        return ct_fail(err, "%d channels: a file holds 1 to 4", info->channels);
    }
    return format->encoder->check(format, info, err);
}
