/* JPEG files by libjpeg-turbo's own programs (Debian's libjpeg-turbo-progs): what cjpeg writes, and
 * what djpeg reads. */
#ifndef CT_TESTS_JPEG_TOOLS_H
#define CT_TESTS_JPEG_TOOLS_H

#include "codec_tests.h"

/* A picture with edges, ramps and some noise, of 8 bits, for lossy codecs. */
codec_image jpeg_picture(int width, int height, int channels);

/* What `cjpeg OPTIONS` writes of the image. */
ct_text jpeg_make(const char *options, const codec_image *image);

/* What `djpeg OPTIONS` reads of the file. */
codec_image jpeg_read(const char *options, const ct_text *file);

/* Loads a whole file from disk; false if there is none. */
bool jpeg_load(const char *path, ct_text *file);

/* The mean of the samples' differences; the images have the same shape. */
double jpeg_distance(const codec_image *a, const codec_image *b);

/* Checks that the file is read as djpeg reads it: the same samples where the build has the library,
 * else nearly the same, as stb rounds and upsamples chroma differently. */
void jpeg_check(const ct_text *file, const char *what);

/* Where the n-th marker of this kind (from 0) is after SOI; the file's length if nowhere. */
size_t jpeg_find(const ct_text *file, int marker, int n);

#ifdef CT_HAVE_JPEG
/* An image of any number of components by the library itself: `space` is a J_COLOR_SPACE of the
 * samples, `stored` that of the file. */
ct_text jpeg_make_space(const codec_image *image, int space, int stored, bool adobe);
#endif

#endif
