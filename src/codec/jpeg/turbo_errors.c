/* What libjpeg-turbo finds wrong, in our words. */
#include "codec/jpeg/turbo.h"

#include <jerror.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "codec/format.h"
#include "codec/jpeg/checks.h"

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

#ifdef LIBJPEG_TURBO_VERSION
const char *const codec_turbo_library = "libjpeg-turbo " TEXT(LIBJPEG_TURBO_VERSION);
#else
const char *const codec_turbo_library = "libjpeg " TEXT(JPEG_LIB_VERSION);
#endif

typedef struct message {
    int code;
    const char *text; /* may have one %d, for the library's first parameter */
} message;

/* To add one: a code of jerror.h, and what it means. Codes that aren't here are shown as the
 * library words them. */
static const message messages[] = {
    {JERR_BAD_COMPONENT_ID, "damaged: a scan of component %d, which isn't in the frame"},
    {JERR_BAD_HUFF_TABLE, "damaged: an invalid Huffman table"},
    {JERR_BAD_LENGTH, "damaged: a segment of invalid length"},
    {JERR_BAD_MCU_SIZE, "damaged: sampling factors that give more than 10 blocks per unit"},
    {JERR_BAD_PROGRESSION, "damaged: a progressive scan of invalid coefficients"},
    {JERR_BAD_SAMPLING, "damaged: a sampling factor outside 1 to 4"},
    {JERR_COMPONENT_COUNT, "a JPEG with %d components; expected 1, 3 or 4"},
    {JERR_DAC_INDEX, "an arithmetic-coded JPEG, which isn't supported"},
    {JERR_DAC_VALUE, "an arithmetic-coded JPEG, which isn't supported"},
    {JERR_DHT_INDEX, "damaged: Huffman table number %d is invalid"},
    {JERR_DQT_INDEX, "damaged: quantization table number %d is invalid"},
    {JERR_EOI_EXPECTED, "damaged: a scan after the last one"},
    {JERR_FRACT_SAMPLE_NOTIMPL, "unsupported sampling factors"},
    {JERR_IMAGE_TOO_BIG, "more than %d pixels on a side, which libjpeg-turbo can't decode"},
    {JERR_NO_BACKING_STORE, "needs more memory than the limit"},
    {JERR_NO_HUFF_TABLE, "damaged: Huffman table %d is used but missing"},
    {JERR_NO_IMAGE, "damaged: no image data"},
    {JERR_NO_QUANT_TABLE, "damaged: quantization table %d is used but missing"},
    {JERR_OUT_OF_MEMORY, "out of memory"},
    {JERR_SOF_DUPLICATE, "damaged: two frames"},
    {JERR_SOF_NO_SOS, "damaged: no image data"},
    {JERR_SOI_DUPLICATE, "damaged: an image inside the image"},
    {JERR_SOS_NO_SOF, "damaged: a scan before the frame"},
    {JERR_UNKNOWN_MARKER, "damaged: an unexpected marker 0x%02x"},
    {JWRN_ADOBE_XFORM, "an unknown Adobe colour transform, %d"},
    {JWRN_BOGUS_PROGRESSION, "damaged: the scans of component %d are in an impossible order"},
    {JWRN_HIT_MARKER, "damaged: the coded data ends before the last block"},
    {JWRN_HUFF_BAD_CODE, "damaged: the coded data has an invalid code"},
    {JWRN_MUST_RESYNC, "damaged: marker 0x%02x instead of a restart marker"},
    {JWRN_NOT_SEQUENTIAL, "damaged: a progressive scan header in a JPEG that isn't progressive"},
};

/* Messages that depend on more than the code; false if it isn't one of these. */
static bool find_special_words(j_common_ptr cinfo, ct_error *error) {
    const struct jpeg_error_mgr *err = cinfo->err;
    const int *numbers = err->msg_parm.i;
    const j_decompress_ptr decompress = cinfo->is_decompressor ? (j_decompress_ptr)cinfo : NULL;
    switch (err->msg_code) {
    case JERR_SOF_UNSUPPORTED:
        codec_jpeg_check_process(numbers[0], error);
        return true;
    case JERR_BAD_PRECISION:
        ct_fail(error, "a JPEG with %s per sample; expected 8",
                ct_count((uint64_t)numbers[0], "bit").text);
        return true;
    case JWRN_EXTRANEOUS_DATA:
        ct_fail(error, "damaged: %s before the marker 0x%02x",
                ct_count((uint64_t)numbers[0], "stray byte").text, (unsigned)numbers[1]);
        return true;
    case JERR_EMPTY_IMAGE:
        ct_fail(error, decompress && !decompress->image_height
                           ? "a JPEG that gives its height after the image, which isn't supported"
                           : "damaged: an image without pixels");
        return true;
    default:
        return false;
    }
}

static void find_words(j_common_ptr cinfo, ct_error *error) {
    const struct jpeg_error_mgr *err = cinfo->err;
    if (find_special_words(cinfo, error)) {
        return;
    }
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (messages[i].code == err->msg_code) {
            ct_fail(error, messages[i].text, err->msg_parm.i[0]);
            return;
        }
    }
    char theirs[JMSG_LENGTH_MAX];
    err->format_message(cinfo, theirs);
    ct_fail(error, "damaged (libjpeg: %s)", theirs);
}

static _Noreturn void leave(j_common_ptr cinfo) {
    turbo_errors *errors = (turbo_errors *)cinfo->err;
    longjmp(errors->escape, 1);
}

static void keep(turbo_errors *errors, const ct_error *warning) {
    if (!errors->warning.text[0]) {
        errors->warning = *warning;
    }
    errors->pub.num_warnings++;
}

void turbo_fail(j_common_ptr cinfo, const char *format, ...) {
    turbo_errors *errors = (turbo_errors *)cinfo->err;
    va_list args;
    va_start(args, format);
    vsnprintf(errors->error.text, sizeof errors->error.text, format, args);
    va_end(args);
    leave(cinfo);
}

void turbo_warn(j_common_ptr cinfo, const char *format, ...) {
    turbo_errors *errors = (turbo_errors *)cinfo->err;
    ct_error warning;
    va_list args;
    va_start(args, format);
    vsnprintf(warning.text, sizeof warning.text, format, args);
    va_end(args);
    if (!errors->lenient) {
        errors->error = warning;
        leave(cinfo);
    }
    keep(errors, &warning);
}

/* ---- what the library calls ---- */

static void error_exit(j_common_ptr cinfo) {
    turbo_errors *errors = (turbo_errors *)cinfo->err;
    find_words(cinfo, &errors->error);
    leave(cinfo);
}

/* Level -1 is damage, 0 and above are traces. An unknown version of JFIF, which the library counts
 * as damage, does no harm: its density is read as usual. */
static void emit_message(j_common_ptr cinfo, int level) {
    turbo_errors *errors = (turbo_errors *)cinfo->err;
    if (level >= 0 || errors->pub.msg_code == JWRN_JFIF_MAJOR) {
        return;
    }
    ct_error warning;
    find_words(cinfo, &warning);
    if (!errors->lenient) {
        errors->error = warning;
        leave(cinfo);
    }
    keep(errors, &warning);
}

static void output_message(j_common_ptr cinfo) {
    (void)cinfo;
}

struct jpeg_error_mgr *turbo_errors_init(turbo_errors *errors, bool lenient) {
    jpeg_std_error(&errors->pub);
    errors->pub.error_exit = error_exit;
    errors->pub.emit_message = emit_message;
    errors->pub.output_message = output_message;
    errors->lenient = lenient;
    errors->error.text[0] = '\0';
    errors->warning.text[0] = '\0';
    return &errors->pub;
}
