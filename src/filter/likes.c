#include "filter/likes.h"

/* The formatter would put the fields on one line. */
/* clang-format off */
#define OPENCV_PADDINGS "mirror symmetric replicate zero"
#define SCIPY_PADDINGS  "symmetric mirror replicate wrap zero constant"
#define GRADIENTS       "out=magnitude|l1|x|y"

/* Each row says what the function of that name does; tests/likes.py compares it with the library
 * as Debian 12 packages it. Where the function makes an image of bytes from one, its rounding is
 * here too (`store`); gradients and Laplacians are those of floats, as is all that SciPy does: on
 * bytes its sums wrap around.
 *
 * To add one: a row here, next to its library's; list, help and man page read the table. */
static const like_def likes[] = {
    /* ---- OpenCV: each channel by itself ---- */
    {"opencv", "sobel", GRADIENTS, "sobel:{out}:{size}{window}", OPENCV_PADDINGS, 0,
     "cv2.Sobel(image, cv2.CV_32F, ...)"},
    {"opencv", "scharr", GRADIENTS, "scharr:{out}{window}", OPENCV_PADDINGS, 0,
     "cv2.Scharr(image, cv2.CV_32F, ...)"},
    {"opencv", "laplacian", "neighbours=4", "laplacian:4{window}", OPENCV_PADDINGS, 0,
     "cv2.Laplacian(image, cv2.CV_32F)"},
    {"opencv", "gaussian", "", "gaussian:{sigma}:{reach3}:fixed{window},store:half",
     OPENCV_PADDINGS, 0, "cv2.GaussianBlur(image, (0, 0), sigma)"},
    {"opencv", "box", "", "box:{size}{window},{blur}", OPENCV_PADDINGS, LIKE_ANCHOR,
     "cv2.blur"},
    {"opencv", "median", "square", "median:{size}{window}", "replicate", 0, "cv2.medianBlur"},
    {"opencv", "conv", "", "conv{kernel}{window},store", OPENCV_PADDINGS, LIKE_ANCHOR,
     "cv2.filter2D(image, -1, kernel)"},
    {"opencv", "sharpen", "", "sharpen{window},store", OPENCV_PADDINGS, LIKE_ANCHOR,
     "cv2.filter2D"},
    {"opencv", "emboss", "", "emboss{window},store", OPENCV_PADDINGS, LIKE_ANCHOR,
     "cv2.filter2D"},
    {"opencv", "outline", "", "outline{window},store", OPENCV_PADDINGS, LIKE_ANCHOR,
     "cv2.filter2D"},

    /* ---- SciPy: each channel by itself ---- */
    {"scipy", "sobel", GRADIENTS " size=3", "sobel:{out}{window}", SCIPY_PADDINGS, 0,
     "ndimage.sobel(image.astype(float))"},
    {"scipy", "prewitt", GRADIENTS, "prewitt:{out}{window}", SCIPY_PADDINGS, 0,
     "ndimage.prewitt(image.astype(float))"},
    {"scipy", "laplacian", "neighbours=4", "laplacian:4{window}", SCIPY_PADDINGS, 0,
     "ndimage.laplace(image.astype(float))"},
    {"scipy", "gaussian", "", "gaussian:{sigma}:{reach4}{window}", SCIPY_PADDINGS, 0,
     "ndimage.gaussian_filter(image.astype(float), sigma)"},
    {"scipy", "box", "edge=1", "box:{size}{window}", SCIPY_PADDINGS, 0,
     "ndimage.uniform_filter(image.astype(float), size)"},
    {"scipy", "median", "", "median:{size}{window}", SCIPY_PADDINGS, 0, "ndimage.median_filter"},
    {"scipy", "conv", "", "conv{kernel}{window}", SCIPY_PADDINGS, LIKE_ANCHOR | LIKE_FLIP,
     "ndimage.correlate(image.astype(float), kernel), with flip ndimage.convolve"},
    {"scipy", "sharpen", "", "sharpen{window}", SCIPY_PADDINGS, LIKE_ANCHOR,
     "ndimage.correlate"},
    {"scipy", "emboss", "", "emboss{window}", SCIPY_PADDINGS, LIKE_ANCHOR | LIKE_FLIP,
     "ndimage.correlate, with flip ndimage.convolve"},
    {"scipy", "outline", "", "outline{window}", SCIPY_PADDINGS, LIKE_ANCHOR,
     "ndimage.correlate"},

    /* ---- scikit-image: kernels divided by their sum of positive weights, lengths by the root of
     * 2, and each channel by itself; 1 is white there ---- */
    {"skimage", "sobel", "out=magnitude size=3", "sobel{window},scale:0.17677669529663687",
     "symmetric mirror replicate wrap zero", 0, "filters.sobel"},
    {"skimage", "sobel", "out=x|y size=3", "sobel:{out}{window},scale:1/4",
     "symmetric", 0, "filters.sobel_v, filters.sobel_h"},
    {"skimage", "scharr", "out=magnitude", "scharr{window},scale:0.04419417382415922",
     "symmetric mirror replicate wrap zero", 0, "filters.scharr"},
    {"skimage", "scharr", "out=x|y", "scharr:{out}{window},scale:1/16", "symmetric", 0,
     "filters.scharr_v, filters.scharr_h"},
    {"skimage", "prewitt", "out=magnitude", "prewitt{window},scale:0.23570226039551584",
     "symmetric mirror replicate wrap zero", 0, "filters.prewitt"},
    {"skimage", "prewitt", "out=x|y", "prewitt:{out}{window},scale:1/3", "symmetric", 0,
     "filters.prewitt_v, filters.prewitt_h"},
    {"skimage", "roberts", "out=magnitude", "roberts{window},scale:0.7071067811865476",
     "symmetric", 0, "filters.roberts"},
    {"skimage", "roberts", "out=x|y", "roberts:{out}{window},scale:-1", "symmetric", 0,
     "filters.roberts_pos_diag, filters.roberts_neg_diag"},
    {"skimage", "laplacian", "neighbours=4", "laplacian:4{window},scale:-1", "symmetric", 0,
     "filters.laplace"},
    {"skimage", "gaussian", "size=auto", "gaussian:{sigma}:{reach4}{window}",
     "replicate mirror symmetric wrap zero constant", 0, "filters.gaussian(image, sigma)"},
    {"skimage", "median", "", "median:{size}{window}",
     "replicate mirror symmetric wrap zero constant", 0, "filters.median"},
    {"skimage", "canny", "", NULL, "mirror symmetric replicate wrap", 0,
     "feature.canny(image, sigma, low, high, mode=...)"},
    {"skimage", "unsharp", "threshold=0 size=auto", "unsharp:{sigma}:{amount}:0:{reach4}{window}",
     "symmetric", 0, "filters.unsharp_mask(image, sigma, amount)"},

    /* ---- Pillow: each channel by itself; its 3x3 and 5x5 kernels lie upside down, and leave the
     * edge as it is ---- */
    {"pillow", "sharpen", "",
     "conv:-1/8 -1/8 -1/8; -1/8 2 -1/8; -1/8 -1/8 -1/8{window},store:half", "keep", 0,
     "ImageFilter.SHARPEN"},
    {"pillow", "emboss", "", "conv:0 0 0; 0 1 0; -1 0 0:bias=128{window},store:half", "keep", 0,
     "ImageFilter.EMBOSS"},
    {"pillow", "outline", "", "outline{window},store:half", "keep", 0, "ImageFilter.FIND_EDGES"},
    {"pillow", "conv", "3|5", "conv:{upside_down}{window},store:half", "keep", 0,
     "ImageFilter.Kernel(size, kernel, scale=1)"},
    {"pillow", "box", "square odd edge=1", "box:{width}x1{window},store:half,"
     "box:1x{width}{window},store:half", "replicate", 0, "ImageFilter.BoxBlur((size - 1) / 2)"},
    {"pillow", "gaussian", "size=auto",
     "{pass_x}{window},{pass_store},{pass_x}{window},{pass_store},{pass_x}{window},{pass_store},"
     "{pass_y}{window},{pass_store},{pass_y}{window},{pass_store},{pass_y}{window},{pass_store}",
     "replicate", 0, "ImageFilter.GaussianBlur(sigma)"},
    {"pillow", "median", "square", "median:{size}{window}", "replicate", 0,
     "ImageFilter.MedianFilter(size)"},

    /* ---- FFmpeg: planes by themselves (RGB is planar, -pix_fmt gbrp); its 3x3 windows end in a
     * mirror of either kind, and lengths are cut off ---- */
    {"ffmpeg", "sobel", "out=magnitude size=3", "sobel{window},store:down", "uneven", 0, "sobel"},
    {"ffmpeg", "prewitt", "out=magnitude", "prewitt{window},store:down", "uneven", 0, "prewitt"},
    {"ffmpeg", "conv", "3 whole by_sum", "conv{kernel}{window},store:half", "uneven", 0,
     "convolution"},
    {"ffmpeg", "sharpen", "", "sharpen{window},store:half", "uneven", 0, "convolution"},
    {"ffmpeg", "emboss", "", "emboss{window},store:half", "uneven", 0, "convolution"},
    {"ffmpeg", "outline", "", "outline{window},store:half", "uneven", 0, "convolution"},
    {"ffmpeg", "box", "odd edge=1", "box:{size}{window},store:down", "replicate", 0, "avgblur"},
    {"ffmpeg", "median", "square", "median:{size}{window}", "replicate", 0, "median"},

    /* ---- ImageMagick: Q16, so that results are within a level ---- */
    {"imagemagick", "sobel", "out=x|y size=3", "sobel:{out}{window},store", "replicate", 0,
     "-morphology Convolve Sobel, Sobel:90"},
    {"imagemagick", "prewitt", "out=x|y", "prewitt:{out}{window},store", "replicate", 0,
     "-morphology Convolve Prewitt, Prewitt:90"},
    {"imagemagick", "laplacian", "neighbours=4", "laplacian:4{window},scale:-1,store", "replicate",
     0, "-morphology Convolve Laplacian:1"},
    {"imagemagick", "laplacian", "neighbours=8", "laplacian:8{window},scale:-1,store", "replicate",
     0, "-morphology Convolve Laplacian:0"},
    {"imagemagick", "outline", "", "outline{window},store", "replicate", 0, "-edge 1"},
    {"imagemagick", "conv", "odd", "conv{kernel}{window}:flip=yes,store", "replicate", 0,
     "-morphology Convolve"},
    {"imagemagick", "box", "edge=1 odd", "box:{size}{window},store", "replicate", 0,
     "-statistic Mean"},
    {"imagemagick", "median", "", "median:{size}{window},store", "replicate", 0,
     "-statistic Median"},

    /* ---- libvips: sums of floats, cut off where they become bytes ---- */
    {"vips", "conv", "odd", "conv{kernel}{window},store:down", "replicate",
     0, "vips conv --precision float"},
    {"vips", "sharpen", "", "sharpen{window},store:down", "replicate", 0, "vips conv"},
    {"vips", "emboss", "", "emboss{window},store:down", "replicate", 0, "vips conv"},
    {"vips", "outline", "", "outline{window},store:down", "replicate", 0, "vips conv"},
    {"vips", "median", "3", "median:3{window}", "replicate", 0, "vips rank"},

    /* ---- PyTorch: no padding unless asked for ---- */
    {"torch", "conv", "", "conv{kernel}{window}", "valid zero",
     LIKE_PAD | LIKE_STRIDE | LIKE_DILATION, "torch.nn.functional.conv2d"},
    {"torch", "bank", "", "bank{own}{window}", "valid zero",
     LIKE_PAD | LIKE_STRIDE | LIKE_DILATION, "torch.nn.functional.conv2d"},
    {"torch", "maxpool", "", NULL, "", 0, "torch.nn.functional.max_pool2d"},
    {"torch", "avgpool", "", NULL, "", 0, "torch.nn.functional.avg_pool2d"},
};
/* clang-format on */

const like_def *like_def_at(size_t i) {
    return i < sizeof likes / sizeof likes[0] ? &likes[i] : NULL;
}
