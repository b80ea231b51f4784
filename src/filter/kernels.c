/* The kernels that have names. */
#include "filter/kernels.h"

#include <string.h>

#define NUMBERS(...) ((const double[]){__VA_ARGS__})
#define K3(...)      3, 3, 1, NUMBERS(__VA_ARGS__)

/* x kernels give positive numbers where the image gets brighter to the right, y kernels where it
 * gets brighter downwards, as in OpenCV. Compass kernels are named after the direction in which it
 * gets brighter: n is up.
 *
 * To add one: a row here. `list`, `show`, `conv` and the tests read the table. */
/* The formatter would pull the numbers apart. */
/* clang-format off */
static const named_kernel kernels[] = {
    {"identity", K3(0, 0, 0,  0, 1, 0,  0, 0, 0), "the image unchanged"},
    {"box3", 3, 3, 9, NUMBERS(1, 1, 1,  1, 1, 1,  1, 1, 1), "the mean of 3x3 samples"},
    {"gaussian3", 3, 3, 16, NUMBERS(1, 2, 1,  2, 4, 2,  1, 2, 1),
     "blur with binomial weights 1 2 1"},
    {"gaussian5", 5, 5, 256, NUMBERS(1, 4, 6, 4, 1,  4, 16, 24, 16, 4,  6, 24, 36, 24, 6,
                                4, 16, 24, 16, 4,  1, 4, 6, 4, 1),
     "blur with binomial weights 1 4 6 4 1"},
    {"motion5", 5, 1, 5, NUMBERS(1, 1, 1, 1, 1), "motion blur: the mean of 5 samples in a row"},
    {"sharpen", K3(0, -1, 0,  -1, 5, -1,  0, -1, 0),
     "the image plus its difference from 4 neighbours"},
    {"sharpen8", K3(-1, -1, -1,  -1, 9, -1,  -1, -1, -1),
     "the image plus its difference from 8 neighbours"},
    {"outline", K3(-1, -1, -1,  -1, 8, -1,  -1, -1, -1), "the difference from 8 neighbours"},
    {"emboss", K3(-2, -1, 0,  -1, 1, 1,  0, 1, 2), "relief, lit from the top left"},
    {"laplacian4", K3(0, 1, 0,  1, -4, 1,  0, 1, 0), "the Laplacian from 4 neighbours"},
    {"laplacian8", K3(1, 1, 1,  1, -8, 1,  1, 1, 1), "the Laplacian from 8 neighbours"},

    /* Sobel & Feldman 1968: smoothing 1 2 1. */
    {"sobel-x", K3(-1, 0, 1,  -2, 0, 2,  -1, 0, 1), "Sobel gradient along x"},
    {"sobel-y", K3(-1, -2, -1,  0, 0, 0,  1, 2, 1), "Sobel gradient along y"},
    /* Scharr 2000, Optimale Operatoren in der digitalen Bildverarbeitung: smoothing 3 10 3. */
    {"scharr-x", K3(-3, 0, 3,  -10, 0, 10,  -3, 0, 3), "Scharr gradient along x"},
    {"scharr-y", K3(-3, -10, -3,  0, 0, 0,  3, 10, 3), "Scharr gradient along y"},
    /* Prewitt 1970, Object enhancement and extraction: smoothing 1 1 1. */
    {"prewitt-x", K3(-1, 0, 1,  -1, 0, 1,  -1, 0, 1), "Prewitt gradient along x"},
    {"prewitt-y", K3(-1, -1, -1,  0, 0, 0,  1, 1, 1), "Prewitt gradient along y"},
    /* Roberts 1963, Machine perception of three-dimensional solids: the cross. */
    {"roberts-x", 2, 2, 1, NUMBERS(1, 0,  0, -1), "Roberts difference along one diagonal"},
    {"roberts-y", 2, 2, 1, NUMBERS(0, 1,  -1, 0), "Roberts difference along the other diagonal"},

    /* Kirsch 1971, Computer determination of the constituent structure of biological images. */
    {"kirsch-n", K3(5, 5, 5,  -3, 0, -3,  -3, -3, -3), "Kirsch kernel, brighter to the north"},
    {"kirsch-ne", K3(-3, 5, 5,  -3, 0, 5,  -3, -3, -3),
     "Kirsch kernel, brighter to the north-east"},
    {"kirsch-e", K3(-3, -3, 5,  -3, 0, 5,  -3, -3, 5), "Kirsch kernel, brighter to the east"},
    {"kirsch-se", K3(-3, -3, -3,  -3, 0, 5,  -3, 5, 5),
     "Kirsch kernel, brighter to the south-east"},
    {"kirsch-s", K3(-3, -3, -3,  -3, 0, -3,  5, 5, 5), "Kirsch kernel, brighter to the south"},
    {"kirsch-sw", K3(-3, -3, -3,  5, 0, -3,  5, 5, -3),
     "Kirsch kernel, brighter to the south-west"},
    {"kirsch-w", K3(5, -3, -3,  5, 0, -3,  5, -3, -3), "Kirsch kernel, brighter to the west"},
    {"kirsch-nw", K3(5, 5, -3,  5, 0, -3,  -3, -3, -3),
     "Kirsch kernel, brighter to the north-west"},

    /* Robinson 1977, Edge detection by compass gradient masks. */
    {"robinson-n", K3(1, 2, 1,  0, 0, 0,  -1, -2, -1), "Robinson kernel, brighter to the north"},
    {"robinson-ne", K3(0, 1, 2,  -1, 0, 1,  -2, -1, 0),
     "Robinson kernel, brighter to the north-east"},
    {"robinson-e", K3(-1, 0, 1,  -2, 0, 2,  -1, 0, 1), "Robinson kernel, brighter to the east"},
    {"robinson-se", K3(-2, -1, 0,  -1, 0, 1,  0, 1, 2),
     "Robinson kernel, brighter to the south-east"},
    {"robinson-s", K3(-1, -2, -1,  0, 0, 0,  1, 2, 1), "Robinson kernel, brighter to the south"},
    {"robinson-sw", K3(0, -1, -2,  1, 0, -1,  2, 1, 0),
     "Robinson kernel, brighter to the south-west"},
    {"robinson-w", K3(1, 0, -1,  2, 0, -2,  1, 0, -1), "Robinson kernel, brighter to the west"},
    {"robinson-nw", K3(2, 1, 0,  1, 0, -1,  0, -1, -2),
     "Robinson kernel, brighter to the north-west"},

    {"line-h", K3(-1, -1, -1,  2, 2, 2,  -1, -1, -1), "bright horizontal lines, one sample wide"},
    {"line-v", K3(-1, 2, -1,  -1, 2, -1,  -1, 2, -1), "bright vertical lines, one sample wide"},
    {"diff-x", 3, 1, 2, NUMBERS(-1, 0, 1), "the central difference along x"},
    {"diff-y", 1, 3, 2, NUMBERS(-1, 0, 1), "the central difference along y"},
};
/* clang-format on */

const named_kernel *named_kernel_at(size_t i) {
    return i < sizeof kernels / sizeof kernels[0] ? &kernels[i] : NULL;
}

const named_kernel *named_kernel_find(const char *name) {
    for (size_t i = 0; named_kernel_at(i); i++) {
        if (strcmp(kernels[i].name, name) == 0) {
            return &kernels[i];
        }
    }
    return NULL;
}
