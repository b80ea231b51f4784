#include "net/onnx/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fingerprint.h"

struct onnx_name {
    const char *text; /* NULL: empty */
    int place;
};

static struct onnx_name *seat(const onnx_names *names, const char *text) {
    size_t i = ct_fingerprint(CT_FINGERPRINT_START, text, strlen(text)) & (names->room - 1);
    while (names->all[i].text && strcmp(names->all[i].text, text) != 0) {
        i = (i + 1) & (names->room - 1);
    }
    return &names->all[i];
}

int onnx_names_find(const onnx_names *names, const char *text) {
    const struct onnx_name *found = names->room > 0 ? seat(names, text) : NULL;
    return found && found->text ? found->place : -1;
}

static bool grow(onnx_names *names) {
    onnx_names larger = {.room = names->room > 0 ? 2 * names->room : 64};
    larger.all = calloc(larger.room, sizeof *larger.all);
    if (!larger.all) {
        return false;
    }
    for (size_t i = 0; i < names->room; i++) {
        if (names->all[i].text) {
            *seat(&larger, names->all[i].text) = names->all[i];
        }
    }
    larger.count = names->count;
    free(names->all);
    *names = larger;
    return true;
}

bool onnx_names_add(onnx_names *names, const char *text, int place) {
    if (2 * names->count >= names->room && !grow(names)) {
        return false;
    }
    struct onnx_name *at = seat(names, text);
    names->count += !at->text;
    *at = (struct onnx_name){text, place};
    return true;
}

void onnx_names_free(onnx_names *names) {
    free(names->all);
}
