/* The text of a bank: kernels as kernel files have them, one below the other.
 *
 *   bank   = kernel { blank line, kernel }            one kernel for each filter
 *          | { NAME: kernel { blank line, kernel } }  one for each channel that the filter sees
 *
 * NAME: stands alone in its line. Lines with nothing but a comment separate nothing. */
#include <stdlib.h>
#include <string.h>

#include "filter/bank.h"
#include "filter/kernel.h"

/* One kernel's lines. */
typedef struct bank_piece {
    const char *text;
    size_t size;
    int line;   /* of the file, from 1 */
    int filter; /* whose it is */
} bank_piece;

typedef struct bank_text {
    const char *origin;
    bank_piece *pieces;
    size_t count, capacity;
    bool open; /* the last piece goes on */
    char (*names)[BANK_NAME];
    int filters; /* begun so far */
    bool named;
    ct_error *err;
} bank_text;

typedef enum line_kind { LINE_BLANK, LINE_COMMENT, LINE_NAME, LINE_NUMBERS } line_kind;

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == ',';
}

/* Without the blanks around it, and without a comment. */
static void trim(const char **text, size_t *length) {
    const char *hash = memchr(*text, '#', *length);
    *length = hash ? (size_t)(hash - *text) : *length;
    while (*length > 0 && is_blank(**text)) {
        ++*text;
        --*length;
    }
    while (*length > 0 && is_blank((*text)[*length - 1])) {
        --*length;
    }
}

static line_kind kind_of(const char *line, size_t length) {
    const bool comment = memchr(line, '#', length) != NULL;
    trim(&line, &length);
    return length == 0               ? comment ? LINE_COMMENT : LINE_BLANK
           : line[length - 1] == ':' ? LINE_NAME
                                     : LINE_NUMBERS;
}

static bool begin_filter(bank_text *t, const char *name, size_t length, int line) {
    if (t->filters == CONV_MAX_CHANNELS) {
        return ct_fail(t->err, "%s:%d: more than %d filters", t->origin, line, CONV_MAX_CHANNELS);
    }
    if (length >= BANK_NAME) {
        return ct_fail(t->err, "%s:%d: a name of %zu bytes; expected at most %d", t->origin, line,
                       length, BANK_NAME - 1);
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)name[i] < ' ' || name[i] == 127) {
            return ct_fail(t->err, "%s:%d: a control character in a name", t->origin, line);
        }
    }
    memcpy(t->names[t->filters], name, length);
    t->names[t->filters++][length] = '\0';
    return true;
}

static bool begin_piece(bank_text *t, const char *text, int line) {
    if (t->count == t->capacity) {
        const size_t capacity = t->capacity ? 2 * t->capacity : 16;
        bank_piece *pieces = realloc(t->pieces, capacity * sizeof *pieces);
        if (!pieces) {
            return ct_fail(t->err, "out of memory");
        }
        t->pieces = pieces;
        t->capacity = capacity;
    }
    t->pieces[t->count++] = (bank_piece){.text = text, .line = line, .filter = t->filters - 1};
    t->open = true;
    return true;
}

static bool take_name(bank_text *t, const char *text, size_t length, int line) {
    trim(&text, &length);
    length--; /* the colon */
    while (length > 0 && is_blank(text[length - 1])) {
        length--;
    }
    if (!t->named && t->filters > 0) {
        return ct_fail(t->err,
                       "%s:%d: a name behind filters without one; expected names for all of them",
                       t->origin, line);
    }
    if (length == 0) {
        return ct_fail(t->err, "%s:%d: an empty name before the colon", t->origin, line);
    }
    t->named = true;
    t->open = false;
    return begin_filter(t, text, length, line);
}

static bool take_numbers(bank_text *t, const char *line, size_t length, int number) {
    if (!t->open &&
        ((!t->named && !begin_filter(t, "", 0, number)) || !begin_piece(t, line, number))) {
        return false;
    }
    bank_piece *piece = &t->pieces[t->count - 1];
    piece->size = (size_t)(line + length - piece->text);
    return true;
}

static bool split(bank_text *t, const char *text, size_t size) {
    const char *end = text + size;
    for (int line = 1; text < end; line++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const size_t length = (size_t)((newline ? newline : end) - text);
        switch (kind_of(text, length)) {
        case LINE_BLANK:
            t->open = false;
            break;
        case LINE_COMMENT:
            break;
        case LINE_NAME:
            if (!take_name(t, text, length, line)) {
                return false;
            }
            break;
        case LINE_NUMBERS:
            if (!take_numbers(t, text, length, line)) {
                return false;
            }
            break;
        }
        text = newline ? newline + 1 : end;
    }
    return t->filters > 0 || ct_fail(t->err,
                                     "%s: no numbers; expected kernels, with a blank line "
                                     "or a line 'NAME:' before each",
                                     t->origin);
}

/* How many kernels each filter has; 0 with an error where they differ. */
static int channels_of(const bank_text *t) {
    const int channels = (int)(t->count / (size_t)t->filters);
    for (int f = 0; f < t->filters; f++) {
        int own = 0;
        for (size_t i = 0; i < t->count; i++) {
            own += t->pieces[i].filter == f;
        }
        if (own == 0) {
            ct_fail(t->err, "%s: filter '%s' has no numbers", t->origin, t->names[f]);
            return 0;
        }
        if (own != channels) {
            ct_fail(t->err,
                    "%s: filter '%s' has %d kernel%s; expected as many for each filter, one for "
                    "each channel that it sees, with blank lines between",
                    t->origin, t->names[f], own, own == 1 ? "" : "s");
            return 0;
        }
    }
    return channels;
}

/* Puts piece i into the bank, which the first makes. */
static bool add_piece(const bank_text *t, size_t i, int channels, filter_bank **bank) {
    const bank_piece *piece = &t->pieces[i];
    filter_kernel *kernel =
        kernel_parse_part(t->origin, piece->line, piece->text, piece->size, t->err);
    bool ok = kernel != NULL;
    if (ok && !*bank) {
        *bank = bank_new(t->filters, channels, kernel->width, kernel->height, t->named);
        ok = *bank || ct_fail(t->err, "out of memory");
        if (ok) {
            (*bank)->anchor_x = kernel->anchor_x;
            (*bank)->anchor_y = kernel->anchor_y;
        }
    }
    filter_bank *b = *bank;
    if (ok && (kernel->width != b->width || kernel->height != b->height)) {
        ok = ct_fail(t->err, "%s:%d: a kernel of %dx%d; expected %dx%d, as the first one is",
                     t->origin, piece->line, kernel->width, kernel->height, b->width, b->height);
    }
    if (ok && (kernel->anchor_x != b->anchor_x || kernel->anchor_y != b->anchor_y)) {
        ok = ct_fail(t->err, "%s:%d: another anchor than the first kernel's; all have the same",
                     t->origin, piece->line);
    }
    if (ok) {
        const size_t cells = (size_t)b->width * (size_t)b->height;
        memcpy(b->weights + i * cells, kernel->weights, cells * sizeof *b->weights);
    }
    filter_kernel_free(kernel);
    return ok;
}

static filter_bank *build(const bank_text *t) {
    filter_bank *bank = NULL;
    const int channels = channels_of(t);
    if (channels == 0) {
        return NULL;
    }
    for (size_t i = 0; i < t->count; i++) {
        if (!add_piece(t, i, channels, &bank)) {
            bank_free(bank);
            return NULL;
        }
    }
    bank->gray = channels == 1;
    if (t->named) {
        memcpy(bank->names, t->names, (size_t)t->filters * sizeof *bank->names);
    }
    return bank;
}

filter_bank *bank_parse(const char *origin, const char *text, size_t size, ct_error *err) {
    ct_error local;
    static const char mark[] = "\xEF\xBB\xBF"; /* UTF-8's byte-order mark */
    const size_t skip = size >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    bank_text t = {.origin = origin, .err = err ? err : &local};
    t.names = calloc(CONV_MAX_CHANNELS, sizeof *t.names);
    filter_bank *bank = NULL;
    if (!t.names) {
        ct_fail(t.err, "out of memory");
    } else if (split(&t, text + skip, size - skip)) {
        bank = build(&t);
    }
    free(t.pieces);
    free(t.names);
    return bank;
}
