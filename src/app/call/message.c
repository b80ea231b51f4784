#include "app/call/message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/call/call.h"

size_t app_utf8(const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    if (s[0] < 0x80) {
        return s[0] ? 1 : 0;
    }
    size_t size = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool beyond = (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf4 && s[1] > 0x8f);
    return overlong || beyond ? 0 : size;
}

bool app_escape(ct_text *out, const char *text) {
    bool ok = true;
    while (ok && *text) {
        unsigned char byte = (unsigned char)*text;
        size_t size = app_utf8(text);
        bool c1 = byte == 0xc2 && (unsigned char)text[1] < 0xa0; /* C1 controls in UTF-8 */
        if (byte == '\n' || byte == '\t' || byte == '\r') {
            ok = ct_text_print(out, "\\%c", byte == '\n' ? 'n' : byte == '\t' ? 't' : 'r');
            text++;
        } else if (byte < 0x20 || byte == 0x7f || size == 0 || c1) {
            ok = ct_text_print(out, "\\x%02x", byte);
            text++;
            if (c1 && ok && size == 2) {
                ok = ct_text_print(out, "\\x%02x", (unsigned char)*text++);
            }
        } else {
            ok = ct_text_add(out, text, size);
            text += size;
        }
    }
    return ok;
}

/* Needs no memory: control characters become question marks. */
static void put_plain(const char *text) {
    for (; *text; text++) {
        const bool control = (unsigned char)*text < ' ' || *text == 0x7f;
        fputc(control ? '?' : *text, stderr);
    }
}

static void say(const char *kind, const char *path, const char *format, va_list arguments) {
    char message[2048];
    vsnprintf(message, sizeof message, format, arguments);
    ct_text line = {0};
    bool ok = ct_text_print(&line, "convtool: %s", kind);
    if (path) {
        ok = ok && app_escape(&line, path) && ct_text_print(&line, ": ");
    }
    ok = ok && app_escape(&line, message) && ct_text_print(&line, "\n");
    /* One call, so that lines of several processes don't mix. Where standard error itself fails
     * there is nowhere left to report it; the exit status still does. */
    if (ok) {
        fputs(line.bytes, stderr);
    } else {
        fprintf(stderr, "convtool: %s", kind);
        put_plain(path ? path : "");
        fputs(path ? ": " : "", stderr);
        put_plain(message);
        fputc('\n', stderr);
    }
    fflush(stderr);
    ct_text_free(&line);
}

void app_say(const char *path, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("", path, format, arguments);
    va_end(arguments);
}

void app_warn(const char *path, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("warning: ", path, format, arguments);
    va_end(arguments);
}

void app_say_lines(const char *path, const char *lines) {
    for (const char *at = lines; at && *at;) {
        const size_t length = strcspn(at, "\n");
        app_say(path, "%.*s", (int)length, at);
        at += length + (at[length] == '\n');
    }
}

const char *app_input_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

const char *app_output_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard output" : path;
}

bool app_color(FILE *stream) {
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return !(no_color && *no_color) && term && *term && strcmp(term, "dumb") != 0 &&
           isatty(fileno(stream));
}

/* `convtool list | head -n 1`: the reader has had enough. */
static bool reader_has_left(void) {
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* Why the first write to standard output failed, as far as we saw it fail. */
static int stdout_code;

void app_flush_stdout(void) {
    errno = 0;
    if (fflush(stdout) != 0 && stdout_code == 0) {
        stdout_code = errno;
    }
}

int app_finish_stdout(int status) {
    bool failed = ferror(stdout) != 0;
    app_flush_stdout();
    if (stdout_code != 0 || failed) {
        if (reader_has_left()) {
            return status == APP_OK ? APP_FAILED : status;
        }
        app_say(NULL, "standard output: can't write: %s",
                stdout_code ? strerror(stdout_code) : "an earlier write failed");
        return status == APP_OK ? APP_FAILED : status;
    }
    return status;
}
