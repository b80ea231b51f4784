/* Floats to text: of 1 to 9 digits, the fewest that read back as the same float. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"
#include "codec/numbers/decimal.h"
#include "codec/numbers/decimal_float.h"

/* Numbers of at most so many digits before the point, or zeros behind it, have no exponent. */
enum { MOST_BEFORE = 16, MOST_ZEROS = 4, MOST_DIGITS = 9 };

static bool reads_back(uint64_t digits, int exponent, float value) {
    float back;
    if (!codec_decimal_fast(digits, exponent, &back)) {
        char text[48];
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
        back = strtof(text, NULL);
    }
    return back == value;
}

/* Below a power of two floats are twice as dense, so the nearest decimal may be another float's,
 * while the next one above isn't. */
static bool is_power_of_two(float value) {
    int exponent;
    return frexpf(value, &exponent) == 0.5F;
}

/* The digits, and the exponent that goes with them. */
static uint64_t shortest(float value, int *exponent) {
    const int first = (int)floor(log10((double)value)); /* or one less or more */
    const bool power = is_power_of_two(value);
    uint64_t digits = 0;
    for (int count = 1; count <= MOST_DIGITS + 1; count++) {
        const int scale = count - 1 - first;
        digits = (uint64_t)rint((double)value * pow(10, scale));
        *exponent = -scale;
        if (reads_back(digits, -scale, value)) {
            return digits;
        }
        if (power && reads_back(digits + 1, -scale, value)) {
            return digits + 1;
        }
    }
    return digits;
}

/* Returns where they end, as put does. */
static char *put_zeros(char *to, int count) {
    for (int i = 0; i < count; i++) {
        *to++ = '0';
    }
    return to;
}

static char *put(char *to, const char *from, int count) {
    memcpy(to, from, (size_t)count);
    return to + count;
}

/* The value is 0.DIGITS x 10^point. */
static char *place_point(char *to, const char *digits, int count, int point) {
    if (point >= 1 && point <= MOST_BEFORE) {
        const int before = count < point ? count : point;
        to = put_zeros(put(to, digits, before), point - before);
        if (count > point) {
            *to++ = '.';
            to = put(to, digits + point, count - point);
        }
        return to;
    }
    if (point <= 0 && point >= -MOST_ZEROS) {
        to = put_zeros(put(to, "0.", 2), -point);
        return put(to, digits, count);
    }
    *to++ = digits[0];
    if (count > 1) {
        *to++ = '.';
        to = put(to, digits + 1, count - 1);
    }
    return to + sprintf(to, "e%d", point - 1);
}

size_t codec_decimal_write_whole(unsigned value, char text[CODEC_DECIMAL_TEXT]) {
    char reversed[CODEC_DECIMAL_TEXT];
    size_t length = 0;
    do {
        reversed[length++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < length; i++) {
        text[i] = reversed[length - 1 - i];
    }
    return length;
}

size_t codec_decimal_write(float value, char text[CODEC_DECIMAL_TEXT]) {
    const float exact = 1 << 24; /* whole numbers up to here are floats */
    const float size = fabsf(value);
    char digits[CODEC_DECIMAL_TEXT], *to = text;
    if (isnan(value)) {
        return (size_t)(put(to, "nan", 3) - text);
    }
    if (signbit(value)) {
        *to++ = '-';
    }
    if (isinf(value)) {
        return (size_t)(put(to, "inf", 3) - text);
    }
    if (size < exact && size == truncf(size)) {
        return (size_t)(to - text) + codec_decimal_write_whole((unsigned)size, to);
    }
    int exponent;
    uint64_t number = shortest(size, &exponent);
    for (; number % 10 == 0; number /= 10) {
        exponent++;
    }
    const int count = (int)codec_decimal_write_whole((unsigned)number, digits);
    return (size_t)(place_point(to, digits, count, count + exponent) - text);
}

const char *codec_number_text(float value, char text[CODEC_NUMBER_TEXT]) {
    text[codec_decimal_write(value, text)] = '\0';
    return text;
}
