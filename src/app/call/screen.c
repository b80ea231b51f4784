#include "app/call/screen.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
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
    const locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (locale == (locale_t)0) {
        return false; /* it isn't installed */
    }
    const bool is = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return is;
}

int app_text_width(const char *text) {
    int width = 0;
    for (; *text; text++) {
        width += (*text & 0xc0) != 0x80;
    }
    return width;
}
