/* Decodes the rows of a JPEG that has restart intervals in any order, by several threads at once.
 * Internal to the files turbo_*.c.
 *
 * A band is given to the library as a file of its own. Where colours have fewer rows than the
 * brightness, their rows above and below the band have a part in its pixels, so that a row of units
 * more is decoded on either side. The pixels are those of reading in order; so are the errors: as
 * soon as a band looks wrong, the whole scan is decoded once, and decides. */
#ifndef CT_CODEC_JPEG_TURBO_BANDS_H
#define CT_CODEC_JPEG_TURBO_BANDS_H

#include "codec/codec.h"
#include "codec/jpeg/turbo.h"

typedef struct turbo_bands turbo_bands;

/* For a decompressor that has read its header from the source, and nothing more; both must outlive
 * the bands. `channels`: 1 or 3, as wanted. NULL where rows only come in order (turbo_slices_find),
 * so many threads gain nothing, or there is no memory. */
turbo_bands *turbo_bands_new(const struct jpeg_decompress_struct *cinfo, const turbo_source *source,
                             int channels, int threads);
void turbo_bands_free(turbo_bands *bands);

/* For the same decompressor: what turbo_bands_step may answer at most, without looking at the
 * source; 0: there are no bands. */
int turbo_bands_most(const struct jpeg_decompress_struct *cinfo, int channels, int threads);

/* As codec_reader_step and codec_read_at. */
int turbo_bands_step(const turbo_bands *bands);
bool turbo_bands_read(turbo_bands *bands, int first, int count, void *rows, size_t stride,
                      ct_error *err);

#endif
