/* Banks and biases from files. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "filter/bank.h"

/* A file: an array or text. */
typedef struct bank_file {
    filter_array array; /* numbers NULL: it's text */
    char *text;
    size_t size;
} bank_file;

static void close_file(bank_file *file) {
    free(file->array.numbers);
    free(file->text);
}

static bool read_array(const char *name, const filter_loader *loader, bank_file *file,
                       ct_error *err) {
    const filter_found found = loader->array
                                   ? loader->array(loader->context, file->text, file->size,
                                                   BANK_NUMBERS, &file->array, err)
                                   : FILTER_MISSING;
    return found != FILTER_UNREADABLE || ct_fail_at(err, "%s: ", name);
}

/* FILTER_MISSING without an error. */
static filter_found open_file(const char *name, const filter_loader *loader, bank_file *file,
                              ct_error *err) {
    const size_t most = BANK_NUMBERS * sizeof(double) + (1 << 16);
    *file = (bank_file){0};
    const filter_found found =
        loader ? loader->read(loader->context, name, most + 1, &file->text, &file->size, err)
               : FILTER_MISSING;
    if (found == FILTER_UNREADABLE) {
        ct_fail_at(err, "%s: ", name);
    } else if (found == FILTER_FOUND && file->size > most) {
        ct_fail(err, "%s: more than %d numbers", name, BANK_NUMBERS);
    } else if (found == FILTER_MISSING || read_array(name, loader, file, err)) {
        return found;
    }
    close_file(file);
    return FILTER_UNREADABLE;
}

/* (filters, channels, height, width), or without the channels. */
static filter_bank *from_array(const char *name, const filter_array *array, ct_error *err) {
    const int n = array->dimensions;
    if (n < 3) {
        ct_fail(err,
                "%s: an array of %d dimension%s; expected weights of shape (filters, channels, "
                "height, width), or (filters, height, width) for the image's gray",
                name, n, n == 1 ? "" : "s");
        return NULL;
    }
    const size_t filters = array->side[0], channels = n == 4 ? array->side[1] : 1;
    const size_t height = array->side[n - 2], width = array->side[n - 1];
    if (filters > CONV_MAX_CHANNELS || channels > CONV_MAX_CHANNELS || height > CONV_MAX_KERNEL ||
        width > CONV_MAX_KERNEL) {
        ct_fail(err,
                "%s: %zu filters of %zu channels and %zux%zu cells; expected at most %d filters, "
                "%d channels, and %d cells a side",
                name, filters, channels, width, height, CONV_MAX_CHANNELS, CONV_MAX_CHANNELS,
                CONV_MAX_KERNEL);
        return NULL;
    }
    filter_bank *bank = bank_new((int)filters, (int)channels, (int)width, (int)height, false);
    if (!bank) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    memcpy(bank->weights, array->numbers,
           filters * channels * height * width * sizeof *bank->weights);
    bank->gray = n == 3;
    return bank;
}

filter_found bank_load(const char *name, const filter_loader *loader, filter_bank **out,
                       ct_error *err) {
    bank_file file;
    const filter_found found = open_file(name, loader, &file, err);
    if (found != FILTER_FOUND) {
        return found;
    }
    *out = file.array.numbers ? from_array(name, &file.array, err)
                              : bank_parse(name, file.text, file.size, err);
    close_file(&file);
    return *out ? FILTER_FOUND : FILTER_UNREADABLE;
}

/* The file's numbers, in their order; they become the caller's. */
static double *take_numbers(const char *name, bank_file *file, int *count, ct_error *err) {
    size_t found = 1;
    double *numbers = NULL;
    if (file->array.numbers) {
        for (int i = 0; i < file->array.dimensions; i++) {
            found *= file->array.side[i];
        }
        numbers = file->array.numbers;
        file->array.numbers = NULL;
    } else {
        filter_kernel *kernel = filter_kernel_parse(name, file->text, file->size, err);
        if (kernel) {
            found = (size_t)kernel->width * (size_t)kernel->height;
            numbers = kernel->weights;
            kernel->weights = NULL;
        }
        filter_kernel_free(kernel);
    }
    *count = (int)found;
    return numbers;
}

double *bank_load_bias(const char *text, const filter_loader *loader, int *count, ct_error *err) {
    double number;
    bank_file file;
    if (ct_parse_number(text, strlen(text), &number)) {
        double *one = malloc(sizeof *one);
        *count = 1;
        if (one) {
            *one = number;
        } else {
            ct_fail(err, "out of memory");
        }
        return one;
    }
    const filter_found found = open_file(text, loader, &file, err);
    if (found != FILTER_FOUND) {
        if (found == FILTER_MISSING) {
            ct_fail(err,
                    "expected a number, or a file with one for each filter; there is no file "
                    "'%s'",
                    text);
        }
        return NULL;
    }
    double *numbers = take_numbers(text, &file, count, err);
    close_file(&file);
    return numbers;
}
