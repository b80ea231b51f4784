#include "app/call/json.h"

#include <math.h>

#include "app/call/message.h"

/* The stream's errors are checked once, when it's flushed. */
void app_json_string(FILE *out, const char *text) {
    if (!text) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    while (*text) {
        unsigned char byte = (unsigned char)*text;
        size_t size = app_utf8(text);
        if (size == 0) {
            fprintf(out, "\\udc%02x", byte);
            text++;
        } else if (byte == '"' || byte == '\\') {
            fprintf(out, "\\%c", byte);
            text++;
        } else if (byte < 0x20 || byte == 0x7f) {
            fprintf(out, "\\u%04x", byte);
            text++;
        } else {
            fwrite(text, 1, size, out);
            text += size;
        }
    }
    fputc('"', out);
}

void app_json_number(FILE *out, double number) {
    if (isfinite(number)) {
        fprintf(out, "%.17g", number);
    } else {
        fputs("null", out);
    }
}
