#include "app/commands/show_as.h"

#include <stdio.h>
#include <string.h>

#include "app/call/kernel_file.h"
#include "app/call/message.h"
#include "app/commands/show_code.h"

/* To add one: a row here, and its function in a file of its own, or in show_arrays.c. */
static const struct {
    const char *name;
    show_language *write;
} languages[] = {
    {"numpy", show_numpy}, {"scipy", show_scipy},   {"opencv", show_opencv},
    {"torch", show_torch}, {"ffmpeg", show_ffmpeg}, {"imagemagick", show_imagemagick},
    {"vips", show_vips},
};

enum { LANGUAGES = sizeof languages / sizeof languages[0], SIDE = 4096 };

static const char *language_at(const void *unused, size_t i) {
    (void)unused;
    return i < LANGUAGES ? languages[i].name : NULL;
}

/* NULL with an error where there is none of that name. */
static show_language *find_language(const char *name, ct_error *err) {
    ct_text names = {0};
    bool ok = true;
    for (size_t i = 0; i < LANGUAGES; i++) {
        if (strcmp(languages[i].name, name) == 0) {
            ct_text_free(&names);
            return languages[i].write;
        }
        ok = ok && ct_text_print(&names, "%s%s", i ? ", " : "", languages[i].name);
    }
    const char *near = ct_nearest(name, language_at, NULL);
    !ok    ? ct_fail(err, "out of memory")
    : near ? ct_fail(err, "unknown library '%s'; did you mean '%s'?", name, near)
           : ct_fail(err, "unknown library '%s'; expected one of %s", name, names.bytes);
    ct_text_free(&names);
    return NULL;
}

/* A kernel by itself is a filter too: conv with it. */
static filter_chain *parse(const char *spec, ct_error *err) {
    const filter_defaults defaults = {.kernel = spec, .loader = &app_kernel_files};
    filter_chain *chain = NULL;
    filter_kernel *kernel =
        filter_begins_chain(spec) ? NULL : filter_kernel_load(spec, &app_kernel_files, err);
    if (kernel) {
        chain = filter_parse("conv", &defaults, err);
    } else if (filter_begins_chain(spec) || strspn(spec, "-+.0123456789 ;") == 0) {
        chain = filter_parse(spec, &(filter_defaults){.loader = &app_kernel_files}, err);
    }
    filter_kernel_free(kernel);
    return chain;
}

static bool write_code(show_language *write, const filter_program *program, show_code *code) {
    return write(code, program->stages, program->count) &&
           (!code->failed || ct_fail(code->err, "out of memory"));
}

/* Adds to the error which languages have the program. */
static void tell_others(const filter_program *program, ct_error *err) {
    ct_text names = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < LANGUAGES; i++) {
        ct_error unused;
        show_code code = {.language = languages[i].name, .side = SIDE, .err = &unused};
        if (write_code(languages[i].write, program, &code)) {
            ok = ct_text_print(&names, "%s%s", names.length ? ", " : "", languages[i].name);
        }
        ct_text_free(&code.text);
    }
    char text[sizeof err->text];
    memcpy(text, err->text, sizeof text);
    ok &&names.length ? ct_fail(err, "%s, but for %s", text, names.bytes)
                      : ct_fail(err, "%s%s", text, ok ? ", nor for any other library" : "");
    ct_text_free(&names);
}

/* Code for an image of three colours serves gray ones too. */
static bool lower(const filter_chain *chain, int side, filter_program *program, ct_error *err) {
    const filter_settings settings = {0};
    const filter_image image = {side, side, 3, false, 255, 255, false};
    return filter_lower(chain, &settings, &image, program, err);
}

/* Whether an image of another size has the same code. */
static bool check_any_size(show_language *write, const filter_chain *chain, const show_code *code,
                           ct_error *err) {
    const int other = SIDE + 37;
    filter_program program = {0};
    show_code second = {.language = code->language, .side = other, .err = err};
    bool ok = lower(chain, other, &program, err) && write_code(write, &program, &second);
    if (ok && strcmp(code->text.bytes, second.text.bytes) != 0) {
        ok = ct_fail(err,
                     "--as %s: the code depends on the image's size; give crop its X and Y, and "
                     "resize a size in pixels",
                     code->language);
    }
    ct_text_free(&second.text);
    filter_program_free(&program);
    return ok;
}

int app_show_as(const app_call *call) {
    ct_error err;
    const char *spec = call->operands[1];
    show_language *language = find_language(call->as, &err);
    if (!language) {
        app_say(NULL, "--as: %s", err.text);
        return APP_USAGE;
    }
    filter_chain *chain = parse(spec, &err);
    if (!chain) {
        app_say(NULL, "show: %s", err.text);
        return APP_USAGE;
    }
    filter_network network;
    if (filter_chain_network(chain, &network)) {
        app_say(NULL,
                "show: %s: --as writes code for filters, not for networks; convtool net %s "
                "shows what is in it",
                spec, network.model);
        filter_chain_free(chain);
        return APP_USAGE;
    }
    filter_program program = {0};
    show_code code = {.language = call->as, .side = SIDE, .err = &err};
    const bool lowered = lower(chain, SIDE, &program, &err);
    const bool ok = lowered && write_code(language, &program, &code) &&
                    check_any_size(language, chain, &code, &err);
    if (code.unwritten) {
        tell_others(&program, &err);
    }
    if (ok) {
        fputs(code.text.bytes, stdout);
    } else if (!lowered) { /* the error names the stage */
        app_say(NULL, "show: %s (--as writes code for images of 3 channels)", err.text);
    } else {
        app_say(NULL, "show: %s: %s", spec, err.text);
    }
    ct_text_free(&code.text);
    filter_program_free(&program);
    filter_chain_free(chain);
    return ok ? APP_OK : APP_FAILED;
}
