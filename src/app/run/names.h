/* Finds texts again, however many there are: a hash table. */
#ifndef CT_APP_RUN_NAMES_H
#define CT_APP_RUN_NAMES_H

#include <stddef.h>
#include <stdint.h>

typedef struct app_name {
    char *text; /* NULL: a free slot */
    uint32_t hash;
    void *about; /* the caller's; NULL at first */
} app_name;

/* Start from `{0}`. */
typedef struct app_names {
    app_name *slots;
    size_t count, capacity;
} app_names;

/* The text's entry, made where there is none yet; valid until the next call. NULL: out of memory.
 * The text is copied. */
app_name *app_names_entry(app_names *names, const char *text);

/* Frees the table; each `about` goes to `free_about`, unless that is NULL. */
void app_names_free(app_names *names, void (*free_about)(void *));

#endif
