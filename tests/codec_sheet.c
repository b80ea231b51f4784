/* Sheets: captions, the places of cells, and what is refused. */
#include <stdlib.h>
#include <string.h>

#include "codec/sheet/caption.h"
#include "codec/sheet/face.h"
#include "codec/sheet/sheet.h"
#include "codec_tests.h"

/* ---- captions ---- */

START_TEST(test_lines) {
    static const struct {
        const char *label;
        int most, lines;
    } cases[] = {
        {"", 5, 1},
        {"12345", 5, 1},
        {"123456", 5, 2},
        {"gray,sobel", 6, 2}, /* behind the comma */
        {"a,bcdefgh", 6, 2},  /* too early for a break */
        {"gauss:2,sobel:x,abs", 8, 3},
        {"\xC3\xA4\xC3\xB6\xC3\xBC", 3, 1}, /* three characters of two bytes */
        {"\xC3\xA4\xC3\xB6\xC3\xBC", 2, 2},
        {"\xFF\xC3", 2, 1}, /* no UTF-8: a character each */
        {"123", 1, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(codec_caption_lines(cases[i].label, cases[i].most) == cases[i].lines, "%s",
                      cases[i].label);
    }
}
END_TEST

/* A caption's line as a text of dots, a row after the other. */
static void draw(const char *label, int most, int lines, int line, char *dots) {
    const codec_caption caption = {
        .label = label, .most = most, .lines = lines, .dot = 1, .ink = 9, .channels = 1};
    const int width = most * FACE_ADVANCE;
    for (int y = 0; y < FACE_HEIGHT; y++) {
        uint8_t row[64] = {0};
        codec_caption_row(&caption, line, y, row);
        for (int x = 0; x < width; x++) {
            *dots++ = row[x] == 9 ? '#' : '.';
        }
    }
    *dots = '\0';
}

START_TEST(test_drawing) {
    char dots[1024], other[1024];
    draw("x-", 2, 1, 0, dots);
    ck_assert_str_eq(dots, "............"
                           "............"
                           "#...#......."
                           ".#.#..#####."
                           "..#........."
                           ".#.#........"
                           "#...#......."
                           "............"
                           "............");
    draw("a\xC3\xA4", 2, 1, 0, dots);
    draw("a\x01", 2, 1, 0, other);
    ck_assert_str_eq(dots, other); /* boxes */
    draw("123456", 4, 1, 0, dots);
    draw("1...", 4, 1, 0, other);
    ck_assert_str_eq(dots, other);
    draw("123456", 4, 2, 1, dots);
    draw("56", 4, 1, 0, other);
    ck_assert_str_eq(dots, other);
    draw("123456", 4, 3, 2, dots);
    draw("", 4, 1, 0, other);
    ck_assert_str_eq(dots, other); /* there is no third line */
}
END_TEST

/* Every character of ASCII has a drawing of its own. */
START_TEST(test_face) {
    for (uint32_t a = ' '; a <= 127; a++) {
        for (uint32_t b = ' '; b < a; b++) {
            bool same = true;
            for (int y = 0; y < FACE_HEIGHT; y++) {
                same = same && codec_face_row(a, y) == codec_face_row(b, y);
            }
            ck_assert_msg(!same, "%c and %c", (int)a, (int)b);
        }
    }
}
END_TEST

/* ---- sheets ---- */

static codec_grid grid_of(int width, int height, int count, codec_grid asked) {
    codec_cell *cells = calloc((size_t)count, sizeof *cells);
    ck_assert_ptr_nonnull(cells);
    for (int i = 0; i < count; i++) {
        cells[i] = (codec_cell){width, height, "m"};
    }
    codec_sheet *sheet = codec_sheet_new(cells, count, asked, NULL);
    const codec_grid grid = sheet ? codec_sheet_grid(sheet) : (codec_grid){0, 0};
    codec_sheet_free(sheet);
    free(cells);
    return grid;
}

static void expect_grid(codec_grid got, int columns, int rows) {
    ck_assert_int_eq(got.columns, columns);
    ck_assert_int_eq(got.rows, rows);
}

START_TEST(test_grids) {
    const codec_grid any = {0, 0};
    expect_grid(grid_of(28, 28, 64, any), 8, 8);
    expect_grid(grid_of(224, 224, 8, any), 4, 2);
    expect_grid(grid_of(200, 200, 1, any), 1, 1);
    expect_grid(grid_of(451, 300, 2, any), 2, 1);
    expect_grid(grid_of(1000, 4, 6, any), 1, 6); /* signals stand above each other */
    expect_grid(grid_of(9, 9, 7, (codec_grid){3, 0}), 3, 3);
    expect_grid(grid_of(9, 9, 7, (codec_grid){4, 3}), 4, 3);
    expect_grid(grid_of(9, 9, 7, (codec_grid){3, 2}), 0, 0);
    expect_grid(grid_of(1 << 20, 1, 64, (codec_grid){64, 1}), 0, 0); /* too wide */
}
END_TEST

/* Row y of cell c is 100 c + y. */
static void numbered_row(void *context, int cell, int y, uint8_t *row) {
    const codec_cell *cells = context;
    memset(row, 100 * cell + y, (size_t)(3 * cells[cell].width));
}

/* Pictures of different sizes begin at the same height, at the left of their places. */
START_TEST(test_places) {
    const codec_cell cells[] = {{150, 5, "a"}, {140, 9, "b"}};
    codec_sheet *sheet = codec_sheet_new(cells, 2, (codec_grid){2, 1}, NULL);
    int width, height;
    ck_assert_ptr_nonnull(sheet);
    codec_sheet_size(sheet, &width, &height);
    ck_assert_int_eq(width, 10 + 150 + 10 + 150 + 10);
    ck_assert_int_eq(height, 10 + 12 + 9 + 10);
    const codec_info info = {.width = width, .height = height, .channels = 3, .sample = CODEC_U8};
    const size_t stride = (size_t)width * 3;
    uint8_t *rows = malloc(stride * (size_t)height);
    ck_assert_ptr_nonnull(rows);
    codec_writer *writer = codec_create_image(&info, rows, stride, NULL);
    ck_assert(writer &&
              codec_sheet_write(sheet, 3, numbered_row, (void *)(uintptr_t)cells, writer, NULL) &&
              codec_finish(writer, NULL));
    bool good = true;
    for (int y = 22; y < height; y++) {
        for (int x = 0; x < width; x++) {
            const bool first = x >= 10 && x < 160 && y < 27, second = x >= 170 && x < 310 && y < 31;
            const int wanted = first ? y - 22 : second ? 100 + y - 22 : 38;
            const uint8_t *pixel = rows + stride * (size_t)y + 3 * (size_t)x;
            good = good && pixel[0] == wanted && pixel[1] == wanted && pixel[2] == wanted;
        }
    }
    ck_assert(good);
    codec_writer_free(writer);
    codec_sheet_free(sheet);
    free(rows);
}
END_TEST

Suite *codec_sheet_suite(void) {
    Suite *suite = suite_create("sheets");
    TCase *tests = tcase_create("sheets");
    tcase_add_test(tests, test_lines);
    tcase_add_test(tests, test_drawing);
    tcase_add_test(tests, test_face);
    tcase_add_test(tests, test_grids);
    tcase_add_test(tests, test_places);
    suite_add_tcase(suite, tests);
    return suite;
}
