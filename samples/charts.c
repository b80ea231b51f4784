/* Draws test charts of 256x256 pixels, 8 bits, and writes them into a directory as PGM files:
 *   zone-plate.pgm    rings that get finer outwards; they show aliasing, and what a blur removes
 *   steps.pgm         16 levels of gray side by side; every edge between them is equally strong
 *   checkerboard.pgm  squares of 16x16 pixels; they have corners, and edges in both directions
 *   ramps.pgm         the upper half gets brighter to the right, the lower half downwards; within
 *                     each half the gradient is the same everywhere
 *   impulse.pgm       one white pixel; filtering it shows the kernel, rotated by 180 degrees
 *   disc.pgm          a white disc; its outline has edges of every direction
 *
 * To build and run it: cc -o /tmp/charts samples/charts.c -lm && /tmp/charts /tmp */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 256 };

typedef int chart(int x, int y);

/* The phase grows with the square of the radius; the finest rings, at the middle of each side, are
 * 2 pixels apart. */
static int zone_plate(int x, int y) {
    const double dx = x - SIZE / 2, dy = y - SIZE / 2;
    const double pi = 3.14159265358979;
    return (int)lrint(127.5 + 127.5 * cos(pi * (dx * dx + dy * dy) / SIZE));
}

static int steps(int x, int y) {
    (void)y;
    return x / (SIZE / 16) * 17;
}

static int checkerboard(int x, int y) {
    return (x / 16 + y / 16) % 2 ? 255 : 0;
}

static int ramps(int x, int y) {
    return y < SIZE / 2 ? x : (y - SIZE / 2) * 2;
}

static int impulse(int x, int y) {
    return x == SIZE / 2 && y == SIZE / 2 ? 255 : 0;
}

static int disc(int x, int y) {
    return hypot(x - SIZE / 2, y - SIZE / 2) <= SIZE / 3.0 ? 255 : 0;
}

/* To add one: a function above and a row here. */
static const struct {
    const char *name;
    chart *chart;
} charts[] = {
    {"zone-plate", zone_plate}, {"steps", steps},     {"checkerboard", checkerboard},
    {"ramps", ramps},           {"impulse", impulse}, {"disc", disc},
};

static int write_chart(const char *path, chart *value) {
    FILE *file = fopen(path, "wb");
    if (!file) {
        return -1;
    }
    fprintf(file, "P5\n%d %d\n255\n", SIZE, SIZE);
    for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
            putc(value(x, y), file);
        }
    }
    const int failed = ferror(file);
    return fclose(file) != 0 || failed ? -1 : 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: charts DIRECTORY\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof charts / sizeof charts[0]; i++) {
        char path[4096];
        const int length = snprintf(path, sizeof path, "%s/%s.pgm", argv[1], charts[i].name);
        if (length < 0 || (size_t)length >= sizeof path || write_chart(path, charts[i].chart) < 0) {
            fprintf(stderr, "charts: %s: can't write: %s\n", path, strerror(errno));
            return 1;
        }
    }
    return 0;
}
