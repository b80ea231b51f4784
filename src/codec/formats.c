/* The table of formats. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "codec/format.h"
#include "codec/stb.h"

static const char *const own = "convtool";

#if defined(CT_HAVE_ISAL)
#define PNG_SUMMARY "gray or RGB, 8 or 16 bits, with or without alpha"
#define PNG_LIBRARY codec_isal_library
#define PNG_DECODER codec_isal_png_decoder
#define PNG_ENCODER codec_isal_png_encoder
#else
#define PNG_SUMMARY "gray or RGB, with or without alpha; reads 16 bits, writes only 8"
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

/* To add one: write FORMAT.c with a codec_encoder, and a codec_decoder unless another row's reads
 * it, declare them in format.h, which says what they and the row have to provide, and add a row
 * here. Nothing else knows the formats. */
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
        .takes_compression = true,
    },
    {
        .name = "jpeg",
        .title = "JPEG",
        .summary = "gray or RGB, 8 bits, lossy",
        .extensions = "jpg jpeg jpe",
        .library = &JPEG_LIBRARY,
        .decoder = &JPEG_DECODER,
        .encoder = &JPEG_ENCODER,
        .find_record = codec_jpeg_find_record,
        .lossy = true,
        .takes_quality = true,
    },
    {
        .name = "pgm",
        .title = "PGM",
        .summary = "gray, 8 or 16 bits",
        .extensions = "pgm",
        .library = &own,
        .encoder = &codec_pgm_encoder,
        .find_record = codec_pnm_find_record,
        .gray = "pgm",
        .color = "ppm",
    },
    {
        .name = "ppm",
        .title = "PPM",
        .summary = "RGB, 8 or 16 bits",
        .extensions = "ppm",
        .library = &own,
        .encoder = &codec_ppm_encoder,
        .find_record = codec_pnm_find_record,
        .gray = "pgm",
        .color = "ppm",
    },
    {
        .name = "pnm",
        .title = "PNM",
        .summary = "PGM or PPM, as needed; also reads PBM",
        .extensions = "pnm",
        .library = &own,
        .decoder = &codec_pnm_decoder,
        .encoder = &codec_pnm_encoder,
        .find_record = codec_pnm_find_record,
    },
    {
        .name = "pam",
        .title = "PAM",
        .summary = "gray or RGB, 8 or 16 bits, with or without alpha",
        .extensions = "pam",
        .library = &own,
        .encoder = &codec_pam_encoder,
        .find_record = codec_pnm_find_record,
    },
    {
        .name = "pfm",
        .title = "PFM",
        .summary = "gray or RGB, float; the scale is white",
        .extensions = "pfm",
        .library = &own,
        .decoder = &codec_pfm_decoder,
        .encoder = &codec_pfm_encoder,
    },
    {
        .name = "y4m",
        .title = "YUV4MPEG2",
        .summary = "video: gray or YCbCr, 8 or 10 bits",
        .extensions = "y4m",
        .library = &own,
        .decoder = &codec_y4m_decoder,
        .encoder = &codec_y4m_encoder,
    },
    {
        .name = "txt",
        .title = "a text table",
        .summary = "numbers, a line for each row, separated by blanks",
        .extensions = "txt",
        .library = &own,
        .decoder = &codec_table_decoder,
        .encoder = &codec_txt_encoder,
        .find_record = codec_txt_find_record,
        .text = true,
    },
    {
        .name = "csv",
        .title = "CSV",
        .summary = "numbers, separated by commas",
        .extensions = "csv",
        .library = &own,
        .encoder = &codec_csv_encoder,
        .text = true,
    },
    {
        .name = "tsv",
        .title = "TSV",
        .summary = "numbers, separated by tabs",
        .extensions = "tsv",
        .library = &own,
        .encoder = &codec_tsv_encoder,
        .text = true,
    },
    {
        .name = "npy",
        .title = ".npy",
        .summary = "NumPy's arrays: 1 to 4096 channels; writes float, or 8 or 16 bits",
        .extensions = "npy",
        .library = &own,
        .decoder = &codec_npy_decoder,
        .encoder = &codec_npy_encoder,
        .find_record = codec_npy_find_record,
    },
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

const codec_format *codec_format_at(size_t i) {
    return i < FORMATS ? &formats[i] : NULL;
}

bool codec_fail_formats(ct_error *err) {
    ct_fail(err, "%s", formats[FORMATS - 1].name);
    for (size_t i = FORMATS - 1; i-- > 0;) {
        ct_fail_at(err, "%s, ", formats[i].name);
    }
    return false;
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
    const char *extension = ct_extension(path);
    for (size_t i = 0; extension && i < FORMATS; i++) {
        if (listed(formats[i].extensions, extension)) {
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

bool codec_format_lossy(const codec_format *format) {
    return format->lossy;
}

bool codec_format_plain(const codec_format *format) {
    return format->encoder->plain;
}

bool codec_format_text(const codec_format *format) {
    return format->text;
}

bool codec_format_takes_quality(const codec_format *format) {
    return format->takes_quality;
}

bool codec_format_takes_compression(const codec_format *format) {
    return format->takes_compression;
}

const codec_format *codec_format_for(const codec_format *format, int channels) {
    return format->gray ? codec_format_by_name(channels == 1 ? format->gray : format->color)
                        : format;
}

codec_sample codec_format_sample(const codec_format *format, codec_sample wanted) {
    return format->encoder->sample(wanted);
}

double codec_format_white(const codec_format *format, const codec_info *in, codec_sample sample) {
    const codec_encoder *encoder = format->encoder;
    if (encoder->plain) {
        return in && sample == CODEC_F32 ? codec_info_white(in) : codec_white(sample);
    }
    /* What numbers have for white is only a convention, which isn't passed on to others. */
    const bool floats = sample == CODEC_F32;
    const bool kept = in && encoder->any_white && sample == in->sample && !(in->plain && floats);
    const bool deep = sample == CODEC_U16 && encoder->deep_white > 0;
    return kept ? codec_info_white(in) : deep ? encoder->deep_white : codec_white(sample);
}

/* With 16 bits, white must be above 255: PNM tells the sample sizes apart by it. */
static bool check_white(const codec_format *format, const codec_info *info, ct_error *err) {
    const double white = codec_info_white(info);
    const double most = codec_format_white(format, NULL, info->sample);
    if (white == most) {
        return true;
    }
    if (!format->encoder->any_white) {
        return ct_fail(err, "white is %g; in %s it must be %g", white, format->title, most);
    }
    if (info->sample == CODEC_F32) {
        return isfinite(white) || ct_fail(err, "white is %g; expected a number", white);
    }
    const double least = info->sample == CODEC_U16 ? 256 : 1;
    return (white >= least && white <= most && white == floor(white)) ||
           ct_fail(err, "white is %g; expected a whole number from %.0f to %.0f", white, least,
                   most);
}

static bool check_channels(const codec_format *format, const codec_info *info, ct_error *err) {
    const int colors = info->channels - (info->alpha ? 1 : 0);
    if (format->encoder->plain) {
        return (info->channels >= 1 && info->channels <= CODEC_MOST_CHANNELS) ||
               ct_fail(err, "%d channels; expected 1 to %d", info->channels, CODEC_MOST_CHANNELS);
    }
    if (info->channels < 1 || info->channels > 4) {
        return ct_fail(err, "%d channels; %s can hold 1 to 4; write .npy or .txt", info->channels,
                       format->title);
    }
    if (colors == 1 || colors == 3) {
        return true;
    }
    if (info->alpha) {
        return ct_fail(err, "%d channels and alpha; expected gray or RGB", colors);
    }
    return format->encoder->any_channels ||
           ct_fail(err,
                   "%d channels without alpha are neither gray nor RGB, which is all that "
                   "%s can hold; write .pam",
                   colors, format->title);
}

bool codec_format_streams(const codec_format *format) {
    return format->encoder->next != NULL;
}

bool codec_format_keeps_record(const codec_format *format) {
    return format->find_record != NULL;
}

bool codec_format_alike(const codec_format *a, const codec_format *b) {
    return a->find_record == b->find_record;
}

bool codec_format_check(const codec_format *format, const codec_info *info, ct_error *err) {
    if (info->width < 1 || info->height < 1) {
        return ct_fail(err, "%dx%d pixels: an image needs at least one", info->width, info->height);
    }
    return check_channels(format, info, err) && format->encoder->check(format, info, err) &&
           check_white(format, info, err);
}
