/* A kernel by name, from a file, or from the numbers themselves. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "filter/kernel.h"
#include "filter/kernels.h"
#include "filter/plain.h"
#include "filter/stages.h"

enum { MAX_FILE = 1 << 20 };

static filter_kernel *from_catalogue(const named_kernel *named, ct_error *err) {
    filter_kernel *kernel = filter_kernel_new(named->name, named->width, named->height);
    if (!kernel) {
        ct_fail(err, "out of memory");
        return NULL;
    }
    strncpy(kernel->summary, named->summary, sizeof kernel->summary - 1);
    kernel->divisor = named->divisor;
    for (int i = 0; i < named->width * named->height; i++) {
        kernel->weights[i] = named->numbers[i] / named->divisor;
    }
    return kernel;
}

/* FILTER_FOUND with *kernel NULL: the file is there, but isn't a kernel. */
static filter_found from_file(const filter_loader *loader, const char *name, filter_kernel **kernel,
                              ct_error *err) {
    char *text = NULL;
    size_t size = 0;
    const filter_found found =
        loader ? loader->read(loader->context, name, MAX_FILE + 1, &text, &size, err)
               : FILTER_MISSING;
    if (found == FILTER_UNREADABLE) {
        ct_fail_at(err, "%s: ", name);
    } else if (found == FILTER_FOUND && size > MAX_FILE) {
        ct_fail(err, "%s: larger than 1 MiB; a kernel file holds at most 255x255 numbers", name);
    } else if (found == FILTER_FOUND) {
        *kernel = filter_kernel_parse(name, text, size, err);
    }
    free(text);
    return found;
}

static const char *kernel_name_at(const void *unused, size_t i) {
    (void)unused;
    const named_kernel *named = named_kernel_at(i);
    return named ? named->name : NULL;
}

static void fail_unknown(const char *spec, const filter_loader *loader, ct_error *err) {
    const char *near = ct_nearest(spec, kernel_name_at, NULL);
    const char *file = loader ? ", and no such file" : "";
    if (stage_def_find(spec)) {
        ct_fail(err, "'%s' is a filter, not a kernel; use it instead of conv", spec);
    } else if (near) {
        ct_fail(err, "unknown kernel '%s'%s; did you mean '%s'?", spec, file, near);
    } else {
        ct_fail(err, "unknown kernel '%s'%s; see 'convtool list kernels'", spec, file);
    }
}

/* Text with other characters than numbers have is a name, unless it has several words. */
static bool looks_like_numbers(const char *text) {
    return text[strspn(text, "0123456789+-./eE,; \t\r\n#")] == '\0' || strpbrk(text, ";\n ");
}

/* Whether a file's name with blanks may have been meant, and not numbers. */
static bool looks_like_file(const char *text) {
    bool letter = false; /* after which a number's e may not come: at the start, after . or / */
    for (const char *at = text; *at; at++) {
        const bool first = at == text || at[-1] == '.' || at[-1] == '/';
        letter = letter || (first && ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')));
    }
    return letter && !strpbrk(text, ";\n");
}

/* For text that is neither in the catalogue nor a file. */
static filter_kernel *from_numbers(const char *spec, const filter_loader *loader, ct_error *err) {
    size_t length;
    char *plain = plain_text(spec, strlen(spec), &length);
    filter_kernel *kernel = NULL;
    if (!plain) {
        ct_fail(err, "out of memory");
    } else if (looks_like_numbers(plain)) {
        kernel = filter_kernel_parse("kernel", plain, length, err);
        if (!kernel && err && loader && looks_like_file(spec)) {
            const ct_error as_numbers = *err;
            ct_fail(err, "%s; and there is no file '%s'", as_numbers.text, spec);
        }
    } else {
        fail_unknown(spec, loader, err);
    }
    free(plain);
    return kernel;
}

filter_kernel *filter_kernel_load(const char *spec, const filter_loader *loader, ct_error *err) {
    const named_kernel *named = named_kernel_find(spec);
    filter_kernel *kernel = NULL;
    if (named) {
        kernel = from_catalogue(named, err);
    } else if (!spec[0] || from_file(loader, spec, &kernel, err) == FILTER_MISSING) {
        kernel = from_numbers(spec, loader, err);
    }
    if (kernel && !filter_kernel_separate(kernel, err)) {
        filter_kernel_free(kernel);
        return NULL;
    }
    return kernel;
}
