/* For worksheet: the kinds of exercises. */
#ifndef CT_APP_COMMANDS_WORKSHEET_KINDS_H
#define CT_APP_COMMANDS_WORKSHEET_KINDS_H

#include "app/commands/worksheet_lesson.h"

typedef struct sheet_kind {
    const char *name;
    const char *summary;
    bool (*fits)(const sheet_lesson *lesson); /* whether the chain suggests it */
    bool (*make)(const sheet_lesson *lesson); /* false with an error */
} sheet_kind;

/* The i-th kind; NULL past the last. */
const sheet_kind *sheet_kind_at(size_t i);
const char *sheet_kind_name_at(const void *unused, size_t i);

#endif
