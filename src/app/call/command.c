#include "app/call/command.h"

#include <string.h>

const app_command *app_command_find(const app_commands *commands, const char *name) {
    for (size_t i = 0; i < commands->count; i++) {
        if (strcmp(commands->list[i].name, name) == 0) {
            return &commands->list[i];
        }
    }
    return NULL;
}

const char *app_word_at(const void *commands, size_t i) {
    const app_commands *all = commands;
    filter_entry entry;
    if (i < all->count) {
        return all->list[i].name;
    }
    return filter_entry_at(FILTER_STAGES, i - all->count, &entry) ? entry.name : NULL;
}
