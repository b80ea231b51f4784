#include "app/call/screen.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/number.h"

enum { USUAL = 80, LEAST = 60, MOST = 160 };

app_screen app_screen_of(FILE *stream) {
    struct winsize size;
    const int fd = fileno(stream);
    if (fd < 0 || !isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0) {
        return (app_screen){0};
    }
    return (app_screen){size.ws_col, size.ws_row, size.ws_xpixel, size.ws_ypixel};
}

int app_text_columns(FILE *stream) {
    const char *variable = getenv("COLUMNS");
    long columns = app_screen_of(stream).columns;
    if (columns == 0 &&
        !(variable && ct_parse_int(variable, strlen(variable), 1, 9999, &columns))) {
        columns = USUAL;
    }
    return columns < LEAST ? LEAST : columns > MOST ? MOST : (int)columns;
}

bool app_locale_is_utf8(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *name = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !(name && *name); i++) {
        name = getenv(names[i]);
    }
    /* "de_DE.UTF-8@euro"; loading the locale would take memory, and time. */
    const char *set = name ? strchr(name, '.') : NULL;
    const size_t length = set ? strcspn(++set, "@") : 0;
    return (length == 5 && strncasecmp(set, "UTF-8", 5) == 0) ||
           (length == 4 && strncasecmp(set, "utf8", 4) == 0);
}

int app_text_width(const char *text) {
    int width = 0;
    for (; *text; text++) {
        width += (*text & 0xc0) != 0x80;
    }
    return width;
}
