/* The check of a JPEG's markers, without a decoder after it. */
#include "codec/jpeg/walk.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const codec_limits limits = fuzz_limits(FUZZ_PLAIN);
    codec_jpeg_facts facts;
    ct_error err = {""};
    if (!codec_jpeg_probe(data, size)) {
        return 0;
    }
    if (!codec_jpeg_walk(data, size, &limits, &facts, &err)) {
        fuzz_check_error(&err);
    } else if (facts.end > size || facts.info.width < 1 || facts.info.height < 1 ||
               facts.scans < 1 || facts.scans > limits.max_scans || facts.h_most > 4 ||
               facts.v_most > 4 ||
               (facts.info.meta.icc_size > 0) != (facts.info.meta.icc != NULL) ||
               facts.info.meta.icc_size > size || facts.info.meta.exif_size > size) {
        fuzz_fail("facts that can't be");
    }
    codec_meta_free(&facts.info.meta);
    return 0;
}
