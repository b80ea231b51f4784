#include "app/run/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/fingerprint.h"

enum { FIRST_CAPACITY = 64 }; /* a power of two, as every capacity */

/* The text's slot, or the free one where it belongs. At least one is free. */
static app_name *find_slot(const app_names *names, const char *text, uint32_t hash) {
    for (size_t at = hash;; at++) {
        app_name *slot = &names->slots[at & (names->capacity - 1)];
        if (!slot->text || (slot->hash == hash && strcmp(slot->text, text) == 0)) {
            return slot;
        }
    }
}

/* Half of the slots stay free, so that searches are short. */
static app_names grown(const app_names *names) {
    app_names larger = {.count = names->count,
                        .capacity = names->capacity ? 2 * names->capacity : FIRST_CAPACITY};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    for (size_t i = 0; larger.slots && i < names->capacity; i++) {
        const app_name *old = &names->slots[i];
        if (old->text) {
            *find_slot(&larger, old->text, old->hash) = *old;
        }
    }
    return larger;
}

app_name *app_names_entry(app_names *names, const char *text) {
    if (2 * names->count >= names->capacity) {
        const app_names larger = grown(names);
        if (!larger.slots) {
            return NULL;
        }
        free(names->slots);
        *names = larger;
    }
    const uint32_t hash = ct_fingerprint(CT_FINGERPRINT_START, text, strlen(text));
    app_name *slot = find_slot(names, text, hash);
    if (!slot->text) {
        char *copy = strdup(text);
        if (!copy) {
            return NULL;
        }
        *slot = (app_name){.text = copy, .hash = hash};
        names->count++;
    }
    return slot;
}

void app_names_free(app_names *names, void (*free_about)(void *)) {
    for (size_t i = 0; i < names->capacity; i++) {
        free(names->slots[i].text);
        if (free_about && names->slots[i].about) {
            free_about(names->slots[i].about);
        }
    }
    free(names->slots);
    *names = (app_names){0};
}
