#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool ct_fail(ct_error *err, const char *format, ...) {
    if (err) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
    }
    return false;
}

bool ct_fail_at(ct_error *err, const char *format, ...) {
    if (err) {
        char old[sizeof err->text];
        memcpy(old, err->text, sizeof old);
        va_list args;
        va_start(args, format);
        int length = vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
        if (length >= 0 && (size_t)length < sizeof err->text) {
            snprintf(err->text + length, sizeof err->text - (size_t)length, "%s", old);
        }
    }
    return false;
}
