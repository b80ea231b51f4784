/* The text of a kernel: its numbers must be finite, and its factors must multiply to it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "fuzz.h"

static void check_factors(const filter_kernel *kernel, double most) {
    for (int y = 0; y < kernel->height; y++) {
        for (int x = 0; x < kernel->width; x++) {
            const double product = kernel->column[y] * kernel->row[x];
            if (!(fabs(product - kernel->weights[y * kernel->width + x]) <= 1e-9 * most)) {
                fuzz_fail("the factors don't give the kernel");
            }
        }
    }
}

typedef struct bank_text {
    const uint8_t *data;
    size_t size;
} bank_text;

static filter_found read_bank(void *context, const char *name, size_t most, char **bytes,
                              size_t *size, ct_error *err) {
    (void)name, (void)most, (void)err;
    const bank_text *text = context;
    *size = text->size;
    *bytes = malloc(text->size + 1);
    memcpy(*bytes, text->data, text->size);
    return FILTER_FOUND;
}

/* The same text as a bank of several kernels. */
static void parse_bank(const uint8_t *data, size_t size) {
    bank_text text = {data, size};
    const filter_loader loader = {.read = read_bank, .context = &text};
    const filter_defaults defaults = {.loader = &loader};
    ct_error err = {""};
    filter_chain *chain = filter_parse("bank:file", &defaults, &err);
    if (!chain) {
        fuzz_check_error(&err);
    }
    filter_chain_free(chain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ct_error err = {""};
    parse_bank(data, size);
    filter_kernel *kernel = filter_kernel_parse("kernel", (const char *)data, size, &err);
    if (!kernel) {
        fuzz_check_error(&err);
        return 0;
    }
    if (kernel->width < 1 || kernel->width > 255 || kernel->height < 1 || kernel->height > 255 ||
        kernel->anchor_x >= kernel->width || kernel->anchor_y >= kernel->height) {
        fuzz_fail("a kernel of %dx%d", kernel->width, kernel->height);
    }
    double most = 0;
    for (int i = 0; i < kernel->width * kernel->height; i++) {
        if (!isfinite((float)kernel->weights[i])) {
            fuzz_fail("a weight that isn't a number");
        }
        most = fmax(most, fabs(kernel->weights[i]));
    }
    if (!filter_kernel_separate(kernel, &err)) {
        fuzz_check_error(&err);
    } else if (kernel->row) {
        check_factors(kernel, most);
    }
    filter_kernel_free(kernel);
    return 0;
}
