/* What an option is. */
#ifndef CT_APP_CALL_OPTION_H
#define CT_APP_CALL_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "app/call/setters.h"

/* Where an option applies: bits. */
enum {
    APP_FOR_FILTER = 1,
    APP_FOR_EXPLAIN = 2,
    APP_FOR_LIST = 4,
    APP_FOR_SHOW = 8,
    APP_FOR_SHAPE = 16,
    APP_FOR_COMPARE = 32,
    APP_FOR_NET = 64,
    APP_FOR_LESSON = 128,
    APP_FOR_WORKSHEET = 256,
    APP_FOR_VIEW = 512,
    APP_FOR_ALL = 1023,
    APP_FOR_PIXELS = APP_FOR_FILTER | APP_FOR_EXPLAIN | APP_FOR_VIEW,
    APP_FOR_CHAIN = APP_FOR_PIXELS | APP_FOR_COMPARE,
    APP_FOR_FILES = APP_FOR_FILTER | APP_FOR_COMPARE,
    APP_FOR_STAGES =
        APP_FOR_CHAIN | APP_FOR_SHAPE | APP_FOR_WORKSHEET, /* what makes a chain's stages */
};

typedef enum app_option_kind {
    APP_FLAG, /* sets a bool */
    APP_TEXT, /* keeps the text */
    APP_INT,  /* an integer within low..high */
    APP_SET,  /* calls `set` */
} app_option_kind;

typedef struct app_option {
    char letter;          /* 0: none */
    const char *name;     /* without the dashes */
    const char *argument; /* NULL: takes none */
    bool optional;        /* the argument: it comes behind a '=', or not at all */
    const char *group;    /* a heading of --help and the man page */
    int where;
    const char *values; /* completions: words separated by blanks, ending in ':' or '=' where more
                         * must follow; or CHAIN, COLORMAP, FILE, FORMAT, IMAGE, KERNEL, LIBRARY,
                         * SHOWN (kernel or chain), PADDING, TOPIC (what help knows); NULL: none */
    const char *help;   /* one line */
    const char *manual; /* sentences, one per line; the printer adds mdoc's escapes */
    app_option_kind kind;
    size_t offset; /* of the field in app_call; not for APP_SET */
    int low, high; /* APP_INT */
    app_option_set *set;
} app_option;

#endif
