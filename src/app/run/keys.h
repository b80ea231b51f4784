/* Keys as they are pressed, on a screen of the program's own. */
#ifndef CT_APP_RUN_KEYS_H
#define CT_APP_RUN_KEYS_H

#include <stdbool.h>

#include "base/error.h"

typedef enum app_key {
    APP_KEY_NONE,  /* one that means nothing */
    APP_KEY_ENTER, /* or the space bar */
    APP_KEY_LEFT,
    APP_KEY_RIGHT,
    APP_KEY_UP,
    APP_KEY_DOWN,
    APP_KEY_HOME,
    APP_KEY_END,
    APP_KEY_PAGE_UP,
    APP_KEY_PAGE_DOWN,
    APP_KEY_RESIZED, /* the window has another size, or the program was stopped meanwhile */
    APP_KEY_QUIT,    /* q, Escape, or no more input */
} app_key;

/* Lets standard input give keys at once and unseen, and switches standard output to the alternate
 * screen, where the terminal has one. Until app_keys_end, any signal that ends or stops the program
 * puts the terminal back first. */
bool app_keys_begin(ct_error *err);
void app_keys_end(void);

/* Waits for a key. */
app_key app_key_read(void);

#endif
