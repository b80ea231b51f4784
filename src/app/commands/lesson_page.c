#include "app/commands/lesson_page.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/json.h"
#include "app/call/message.h"
#include "app/call/model_file.h"
#include "codec/codec.h"

/* Where a page has room for a teacher's own. */
static const char PLACE[] = "<!-- lesson: a teacher's own chain and pictures come here -->";

/* ---- the page ---- */

/* Relative to the folder of the program. */
static const char *const places[] = {"../share/convtool/lesson/index.html", "lesson/index.html"};

/* The program's folder; "" where the system doesn't say. */
static void own_folder(char folder[PATH_MAX]) {
    const ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    folder[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash) {
        *slash = '\0';
    }
}

bool lesson_page_read(char **bytes, size_t *size, ct_error *err) {
    char folder[PATH_MAX], path[PATH_MAX + 64];
    own_folder(folder);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, places[i]);
        if (access(path, R_OK) == 0) {
            return app_read_whole(path, SIZE_MAX, bytes, size, err) ||
                   ct_fail_at(err, "%s: ", path);
        }
    }
    return ct_fail(err,
                   "the page isn't there: neither %s/%s nor %s/%s; `make lesson` builds it, "
                   "and `make install` then installs it",
                   folder, places[0], folder, places[1]);
}

/* ---- JSON within HTML ---- */

/* Appends it as JSON; no "<" may end the element that it stands in. */
static bool add_string(ct_text *out, const char *text) {
    char *json = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&json, &size);
    if (!stream) {
        return false;
    }
    app_json_string(stream, text);
    bool ok = fclose(stream) == 0;
    for (size_t i = 0; ok && i < size; i++) {
        ok = json[i] == '<' ? ct_text_print(out, "\\u003c") : ct_text_add(out, &json[i], 1);
    }
    free(json);
    return ok;
}

static bool add_base64(ct_text *out, const unsigned char *bytes, size_t size) {
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool ok = true;
    for (size_t i = 0; ok && i < size; i += 3) {
        const size_t left = size - i;
        const unsigned first = bytes[i], second = left > 1 ? bytes[i + 1] : 0,
                       third = left > 2 ? bytes[i + 2] : 0;
        const unsigned three = first << 16 | second << 8 | third;
        const char four[] = {letters[three >> 18], letters[three >> 12 & 63],
                             left > 1 ? letters[three >> 6 & 63] : '=',
                             left > 2 ? letters[three & 63] : '='};
        ok = ct_text_add(out, four, sizeof four);
    }
    return ok;
}

/* ---- pictures ---- */

/* "png" or "jpeg"; NULL with an error for what browsers don't read. */
static const char *kind_of(const app_call *call, const char *bytes, size_t size, ct_error *err) {
    codec_reader *reader = codec_open_memory(bytes, size, &call->limits, err);
    if (!reader) {
        return NULL;
    }
    const char *name = codec_format_name(codec_reader_format(reader));
    codec_close(reader);
    if (strcmp(name, "png") == 0 || strcmp(name, "jpeg") == 0) {
        return name;
    }
    ct_fail(err,
            "a page shows PNG and JPEG, not %s; `convtool identity IMAGE picture.png` makes "
            "one",
            name);
    return NULL;
}

/* The name without folders and extension; with it where only digits would be left: JavaScript puts
 * such keys before all others, and the picture named first is the one that the page begins with. */
static bool add_name(ct_text *out, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *extension = ct_extension(path);
    const size_t bare =
        extension && extension > name ? (size_t)(extension - name) - 1 : strlen(name);
    char *copy = strndup(name, strspn(name, "0123456789") < bare ? bare : strlen(name));
    const bool ok = copy && add_string(out, copy);
    free(copy);
    return ok;
}

static bool add_picture(const app_call *call, const char *path, ct_text *out, ct_error *err) {
    char *bytes = NULL;
    size_t size = 0;
    if (!app_read_whole(path, call->limits.max_memory, &bytes, &size, err)) {
        return false;
    }
    const char *kind = kind_of(call, bytes, size, err);
    const bool ok =
        kind &&
        ((add_name(out, path) && ct_text_print(out, ":\"data:image/%s;base64,", kind) &&
          add_base64(out, (const unsigned char *)bytes, size) && ct_text_print(out, "\"")) ||
         ct_fail(err, "out of memory"));
    free(bytes);
    return ok;
}

static bool add_own(const app_call *call, const char *chain, char *const *paths, int count,
                    ct_text *out, ct_error *err) {
    if (!ct_text_print(out, "<script type=\"application/json\" id=\"lesson\">{\"chain\":") ||
        !add_string(out, chain) || !ct_text_print(out, ",\"pictures\":{")) {
        return ct_fail(err, "out of memory");
    }
    for (int i = 0; i < count; i++) {
        if (!ct_text_print(out, i ? "," : "")) {
            return ct_fail(err, "out of memory");
        }
        if (!add_picture(call, paths[i], out, err)) {
            return ct_fail_at(err, "%s: ", app_input_name(paths[i]));
        }
    }
    return ct_text_print(out, "}}</script>\n") || ct_fail(err, "out of memory");
}

bool lesson_page_fill(const app_call *call, const char *chain, char *const *paths, int count,
                      ct_text *out, ct_error *err) {
    char *page = NULL;
    size_t size = 0;
    if (!lesson_page_read(&page, &size, err)) {
        return false;
    }
    const char *place = memmem(page, size, PLACE, strlen(PLACE));
    const size_t before = place ? (size_t)(place - page) : 0;
    const bool ok =
        place
            ? (ct_text_add(out, page, before) || ct_fail(err, "out of memory")) &&
                  add_own(call, chain, paths, count, out, err) &&
                  (ct_text_add(out, page + before, size - before) || ct_fail(err, "out of memory"))
            : ct_fail(err, "the page that was installed is another version's; `make lesson "
                           "install` installs it again");
    free(page);
    return ok;
}
