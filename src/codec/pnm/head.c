#include "codec/pnm/head.h"

#include <stdio.h>
#include <string.h>

enum { PAM_LINE = 256 };

int codec_pnm_char(codec_input *input) {
    int c = codec_input_byte(input);
    if (c == '#') {
        while (c >= 0 && c != '\n' && c != '\r') {
            c = codec_input_byte(input);
        }
    }
    return c;
}

const char *codec_pnm_show(int c, char *text) {
    if (c < 0) {
        strcpy(text, "the end");
    } else if (c > ' ' && c < 127) {
        snprintf(text, 16, "'%c'", c);
    } else {
        snprintf(text, 16, "byte 0x%02x", (unsigned)c);
    }
    return text;
}

static bool bad_token(codec_reader *reader, const char *what, int c, ct_error *err) {
    char shown[16];
    if (c < 0) {
        return codec_fail_short(reader, err, "the file ends within its header");
    }
    return ct_fail(err, "expected the %s in the header, found %s", what, codec_pnm_show(c, shown));
}

static int next_char(codec_reader *reader, codec_pnm_head *head) {
    return codec_pnm_note(&head->lines, codec_pnm_char(&reader->input));
}

/* Reads a number of the header and the one blank after it. */
static bool read_number(codec_reader *reader, codec_pnm_head *head, const char *what, uint32_t *out,
                        ct_error *err) {
    int c = next_char(reader, head);
    while (codec_pnm_blank(c)) {
        c = next_char(reader, head);
    }
    if (c < '0' || c > '9') {
        return bad_token(reader, what, c, err);
    }
    uint64_t value = 0;
    while (c >= '0' && c <= '9') {
        value = value * 10 + (uint64_t)(c - '0');
        if (value > UINT32_MAX) {
            return ct_fail(err, "the %s in the header is above %u", what, UINT32_MAX);
        }
        c = next_char(reader, head);
    }
    if (!codec_pnm_blank(c)) {
        return bad_token(reader, "blank after the number", c, err);
    }
    *out = (uint32_t)value;
    return true;
}

static bool read_numbers(codec_reader *reader, codec_pnm_head *head, ct_error *err) {
    head->channels = head->kind == '3' || head->kind == '6' ? 3 : 1;
    head->maxval = 1;
    return read_number(reader, head, "width", &head->width, err) &&
           read_number(reader, head, "height", &head->height, err) &&
           (head->bits || read_number(reader, head, "maximum", &head->maxval, err));
}

/* ---- PAM: a line for each fact ---- */

typedef struct tuple_type {
    const char *name;
    int depth;
    bool alpha;
} tuple_type;

/* To add one: a line here. The names are those of pam(5). */
static const tuple_type tuple_types[] = {
    {"BLACKANDWHITE", 1, false},      {"GRAYSCALE", 1, false},      {"RGB", 3, false},
    {"BLACKANDWHITE_ALPHA", 2, true}, {"GRAYSCALE_ALPHA", 2, true}, {"RGB_ALPHA", 4, true},
};

/* One line without its end and its outer blanks; false at the file's end. */
static bool read_line(codec_reader *reader, char *line, ct_error *err) {
    size_t length = 0;
    int c;
    while ((c = codec_input_byte(&reader->input)) != '\n') {
        if (c < 0) {
            return codec_fail_short(reader, err, "the file ends within its header");
        }
        if (c == 0) {
            return ct_fail(err, "a NUL byte in the header");
        }
        if (length + 1 >= PAM_LINE) {
            return ct_fail(err, "a line of the header is longer than %d bytes", PAM_LINE - 1);
        }
        if (length || !codec_pnm_blank(c)) {
            line[length++] = (char)c;
        }
    }
    while (length && codec_pnm_blank(line[length - 1])) {
        length--;
    }
    line[length] = '\0';
    return true;
}

/* Reads `value` as the field's number; each is given once. */
static bool take_number(const char *name, const char *value, uint32_t *field, bool *given,
                        ct_error *err) {
    if (*given) {
        return ct_fail(err, "%s is given twice in the header", name);
    }
    *given = true;
    uint64_t number = 0;
    for (const char *p = value; *p; p++) {
        if (*p < '0' || *p > '9' || number > UINT32_MAX / 10) {
            return ct_fail(err, "%s in the header: expected a number, found '%.40s'", name, value);
        }
        number = number * 10 + (uint64_t)(*p - '0');
    }
    if (!*value || number > UINT32_MAX) {
        return ct_fail(err, "%s in the header: expected a number", name);
    }
    *field = (uint32_t)number;
    return true;
}

typedef struct pam_fields {
    uint32_t number[4]; /* as in pam_names */
    bool given[4];
    char type[PAM_LINE]; /* empty: none */
} pam_fields;

static const char *const pam_names[] = {"WIDTH", "HEIGHT", "DEPTH", "MAXVAL"};

/* Several TUPLTYPE lines make one value, joined by blanks, as pam(5) says. */
static bool take_type(pam_fields *fields, const char *value, ct_error *err) {
    const size_t old = strlen(fields->type), more = strlen(value);
    if (old + more + 2 > sizeof fields->type) {
        return ct_fail(err, "the tuple type in the header is too long");
    }
    snprintf(fields->type + old, sizeof fields->type - old, "%s%s", old ? " " : "", value);
    return true;
}

static bool take_line(char *line, pam_fields *fields, ct_error *err) {
    if (!line[0] || line[0] == '#') {
        return true;
    }
    char *value = line + strcspn(line, " \t");
    if (*value) {
        *value++ = '\0';
    }
    value += strspn(value, " \t");
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(line, pam_names[i]) == 0) {
            return take_number(line, value, &fields->number[i], &fields->given[i], err);
        }
    }
    if (strcmp(line, "TUPLTYPE") == 0) {
        return take_type(fields, value, err);
    }
    return ct_fail(err, "unknown line '%.40s' in the header", line);
}

/* What the channels are. A type that pam(5) doesn't name, or none, may mean anything: then 1 and 3
 * channels are taken for gray and RGB, as netpbm's programs do, and others as they are. */
static bool check_type(codec_reader *reader, const pam_fields *fields, codec_pnm_head *head,
                       ct_error *err) {
    const uint32_t depth = fields->number[2];
    head->channels = (int)depth;
    for (size_t i = 0; i < sizeof tuple_types / sizeof tuple_types[0]; i++) {
        const tuple_type *type = &tuple_types[i];
        if (strcmp(type->name, fields->type) == 0) {
            head->alpha = type->alpha;
            return depth == (uint32_t)type->depth ||
                   ct_fail(err, "TUPLTYPE %s needs DEPTH %d, found %u", type->name, type->depth,
                           depth);
        }
    }
    if (depth == 3 && fields->type[0]) {
        codec_warn(&reader->warnings, CODEC_PIXELS,
                   "unknown TUPLTYPE '%.40s'; its 3 channels are read as red, green and blue",
                   fields->type);
    }
    return (depth >= 1 && depth <= 4) || ct_fail(err, "DEPTH %u: expected 1 to 4", depth);
}

static bool read_pam(codec_reader *reader, codec_pnm_head *head, ct_error *err) {
    pam_fields fields = {0};
    char line[PAM_LINE];
    while (true) {
        if (!read_line(reader, line, err)) {
            return false;
        }
        if (strcmp(line, "ENDHDR") == 0) {
            break;
        }
        if (!take_line(line, &fields, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < 4; i++) {
        if (!fields.given[i]) {
            return ct_fail(err, "no %s in the header", pam_names[i]);
        }
    }
    head->width = fields.number[0];
    head->height = fields.number[1];
    head->maxval = fields.number[3];
    return check_type(reader, &fields, head, err);
}

bool codec_pnm_read_head(codec_reader *reader, codec_pnm_head *head, ct_error *err) {
    *head = (codec_pnm_head){0};
    codec_input_byte(&reader->input);
    head->kind = (char)codec_input_byte(&reader->input);
    head->plain = head->kind <= '3';
    head->bits = head->kind == '1' || head->kind == '4';
    if (!(head->kind == '7' ? read_pam(reader, head, err) : read_numbers(reader, head, err))) {
        return false;
    }
    if (head->maxval < 1 || head->maxval > 65535) {
        return ct_fail(err, "the maximum in the header is %u; expected 1 to 65535", head->maxval);
    }
    return true;
}
