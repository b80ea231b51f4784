#include "filter/plain.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A character in UTF-8, and what it means in a kernel. To add one: a row here. */
static const struct {
    char bytes[4];
    char plain;
} characters[] = {
    {"\xE2\x88\x92", '-'}, /* U+2212 minus sign */
    {"\xE2\x80\x90", '-'}, /* U+2010 hyphen */
    {"\xE2\x80\x91", '-'}, /* U+2011 non-breaking hyphen */
    {"\xE2\x80\x92", '-'}, /* U+2012 figure dash */
    {"\xE2\x80\x93", '-'}, /* U+2013 en dash */
    {"\xC2\xA0", ' '},     /* U+00A0 no-break space */
    {"\xE2\x80\xAF", ' '}, /* U+202F narrow no-break space */
    {"\xE2\x80\x87", ' '}, /* U+2007 figure space */
    {"\xE2\x80\x89", ' '}, /* U+2009 thin space */
    {"'", '"'},
    {"\"", '"'},
    {"\xE2\x80\x98", '"'}, /* U+2018 left single quotation mark */
    {"\xE2\x80\x99", '"'}, /* U+2019 right single quotation mark */
    {"\xE2\x80\x9A", '"'}, /* U+201A low single quotation mark */
    {"\xE2\x80\x9C", '"'}, /* U+201C left double quotation mark */
    {"\xE2\x80\x9D", '"'}, /* U+201D right double quotation mark */
    {"\xE2\x80\x9E", '"'}, /* U+201E low double quotation mark */
    {"\xC2\xAB", '"'},     /* U+00AB left guillemet */
    {"\xC2\xBB", '"'},     /* U+00BB right guillemet */
};

/* The plain form of the character at `at`, and its bytes; '\0' if it isn't in the table. */
static char find(const char *at, const char *end, size_t *bytes) {
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        *bytes = strlen(characters[i].bytes);
        if ((size_t)(end - at) >= *bytes && memcmp(at, characters[i].bytes, *bytes) == 0) {
            return characters[i].plain;
        }
    }
    *bytes = 1;
    return '\0';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char *plain_text(const char *text, size_t size, size_t *length) {
    char *copy = malloc(size + 1), *to = copy;
    const char *end = text + size, *first = text, *last = end;
    if (!copy) {
        return NULL;
    }
    while (first < end && is_blank(*first)) {
        first++;
    }
    while (last > first && is_blank(last[-1])) {
        last--;
    }
    for (size_t bytes; text < end; text += bytes) {
        const char plain = find(text, end, &bytes);
        const bool quote = plain == '"', outer = text == first || text + bytes == last;
        if (plain && (!quote || outer)) {
            *to++ = quote ? ' ' : plain;
        } else { /* a quotation mark within the text is a mistake, which the parser reports */
            memcpy(to, text, bytes);
            to += bytes;
        }
    }
    *to = '\0';
    *length = (size_t)(to - copy);
    return copy;
}
