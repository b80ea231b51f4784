/* Many numbers to floats. Where they end is found first, 64 characters at a time: to find it number
 * by number, each would wait for the one before. */
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "codec/numbers/decimal.h"
#include "codec/numbers/decimal_float.h"

enum { LANES = 16, LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ };

typedef uint8_t bytes16 __attribute__((vector_size(LANES)));
typedef uint16_t pairs8 __attribute__((vector_size(LANES)));
typedef uint32_t fours4 __attribute__((vector_size(LANES)));

static inline bytes16 load(const void *at) {
    bytes16 bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

/* A bit for each byte, which is 0 or 255. */
static inline uint64_t bits_of(bytes16 bytes) {
#if defined(__SSE2__)
    return (uint64_t)_mm_movemask_epi8((__m128i)bytes);
#else
    const bytes16 bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint64_t half[2];
    bytes &= bit;
    memcpy(half, &bytes, sizeof half);
    return half[0] * UINT64_C(0x0101010101010101) >> 56 |
           half[1] * UINT64_C(0x0101010101010101) >> 56 << 8;
#endif
}

/* ---- where they end ---- */

enum { BLOCK = 64, ENOUGH = CODEC_DECIMAL_ENDS - BLOCK };

/* Commas, semicolons, and all up to the blank: tabs, line ends and zeros. */
static inline uint64_t ends_of(const char *text) {
    uint64_t ends = 0;
    for (int i = 0; i < BLOCK / LANES; i++) {
        const bytes16 bytes = load(text + LANES * i);
        ends |= bits_of((bytes16)((bytes <= ' ') | (bytes == ',') | (bytes == ';'))) << LANES * i;
    }
    return ends;
}

/* How many bits are set: without an instruction for it compilers call a slow function. */
static inline unsigned count_bits(uint64_t bits) {
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* Adds the places that the bits of a block stand for: four and more at a time, perhaps beyond the
 * last, as the processor can guess the number of fours better. */
static inline void add_ends(codec_decimal_ends *ends, const char *text, uint64_t bits) {
    const uint64_t one = UINT64_C(1) << (BLOCK - 1); /* there is no place of no bit */
    const unsigned count = count_bits(bits);
    const char **to = ends->at + ends->count;
    for (unsigned i = 0; i < count; i += 4) {
        for (unsigned k = 0; k < 4; k++, bits &= bits - 1) {
            to[i + k] = text + __builtin_ctzll(bits | one);
        }
    }
    ends->count += count;
}

void codec_decimal_find(codec_decimal_ends *ends, const char *text, const char *end) {
    ends->seen = text;
    ends->end = end;
    ends->next = ends->count = 0;
}

/* Finds the next ends; the text's own is one. False behind it. */
static bool find_more(codec_decimal_ends *ends) {
    ends->next = ends->count = 0;
    for (; ends->count < ENOUGH && ends->seen <= ends->end; ends->seen += BLOCK) {
        add_ends(ends, ends->seen, ends_of(ends->seen));
    }
    return ends->count > 0;
}

/* The end of the number at `text`; NULL behind the text's end. */
static inline const char *end_of(codec_decimal_ends *ends, const char *text) {
    while (ends->next < ends->count || find_more(ends)) {
        if (ends->at[ends->next] >= text) {
            return ends->at[ends->next];
        }
        ends->next++;
    }
    return NULL;
}

/* ---- the numbers ---- */

/* The last n of 16 bytes. */
static inline bytes16 last(size_t n) {
    static const uint8_t slide[2 * LANES] = {0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                                             0,   0,   0,   0,   0,   255, 255, 255, 255, 255, 255,
                                             255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    return load(slide + n);
}

/* Each byte moves to the right by one. */
static inline bytes16 shifted(bytes16 bytes) {
#if defined(__SSE2__)
    return (bytes16)_mm_slli_si128((__m128i)bytes, 1);
#else
    typedef uint64_t eights2 __attribute__((vector_size(LANES)));
    const eights2 eights = (eights2)bytes, carry = {0, eights[0] >> 56};
    return (bytes16)(eights << 8 | carry);
#endif
}

static inline bool are_digits(bytes16 bytes) {
    return bits_of((bytes16)(bytes > 9)) == 0;
}

/* The number that sixteen digits make: neighbours join, to pairs, fours, eights. */
static inline uint64_t sixteen_digits(bytes16 digits) {
    const pairs8 hundreds = {100, 1, 100, 1, 100, 1, 100, 1};
    pairs8 pairs = (pairs8)digits;
    pairs = ((pairs & 255) * 10 + (pairs >> 8)) * hundreds;
    const fours4 fours = ((fours4)pairs & 0xFFFF) + ((fours4)pairs >> 16);
    uint64_t two[2];
    memcpy(two, &fours, sizeof two);
    const uint64_t first = (two[0] & UINT32_MAX) * 10000 + (two[0] >> 32);
    return first * 100000000 + (two[1] & UINT32_MAX) * 10000 + (two[1] >> 32);
}

/* "e+05" and the like, before `end`. */
static inline bool short_exponent(const char *end, int *exponent) {
    const unsigned tens = (unsigned)(end[-2] - '0'), ones = (unsigned)(end[-1] - '0');
    const int value = (int)(10 * tens + ones);
    *exponent = end[-3] == '-' ? -value : value;
    return tens < 10 && ones < 10 && (end[-3] == '-' || end[-3] == '+');
}

/* The usual number: of up to 32 characters, perhaps with a point among the first 16, perhaps with
 * an exponent of two digits. Of the characters the first 16 count, the others are only looked at.
 * False if it's another, or none. */
static inline bool quick(const char *at, const char *end, float *out, bool *loses) {
    /* By arithmetic: where a comparison's result goes to a part of a register, the processor waits
     * for what was there, which is the end of the number before. '+' and '-' differ by 2. */
    const uint32_t first = (uint8_t)*at, sign = (((first - '+') & ~UINT32_C(2)) - 1) >> 31;
    const uint32_t negative = sign & first >> 2;
    const char *const whole_end = end;
    int exponent = 0;
    at += sign;
    if ((end[-4] | 0x20) == 'e' && end - at > 4) {
        if (!short_exponent(end, &exponent)) {
            return false;
        }
        end -= 4;
    }
    const size_t length = (size_t)(end - at), n = length < LANES ? length : LANES;
    if (length - 1 >= 2 * LANES) {
        return false;
    }
    /* The digits, with zeros before them: those in front of the point move to the right. */
    bytes16 digits = (load(at + n - LANES) - '0') & last(n);
    const uint64_t points = bits_of((bytes16)(digits == (uint8_t)('.' - '0'))) << 1 | 1;
    /* Counted from 0, the digit behind the point; 0: there is no point. */
    const unsigned behind = 63 - (unsigned)__builtin_clzll(points);
    if (behind) {
        const bytes16 right = last(LANES - behind);
        digits = (digits & right) | (shifted(digits) & ~right);
        exponent -= (int)(LANES - behind);
    }
    const uint64_t number = sixteen_digits(digits);
    if (!are_digits(digits) || n <= (behind > 0)) {
        return false;
    }
    if (length > LANES && !(behind && number >= CODEC_ENOUGH &&
                            are_digits((load(end - LANES) - '0') & last(length - LANES)))) {
        return false;
    }
    float value = (float)(int64_t)number;
    if (!behind && end == whole_end) {
        *loses |= codec_decimal_loses(number);
    } else if (!codec_decimal_fast(number, exponent, &value)) {
        return false;
    } else if (value >= 0x1p24F && codec_decimal_power_loses(number, exponent)) {
        if (length > LANES) {
            return false; /* the others may make it no whole number */
        }
        *loses = true;
    }
    uint32_t bits; /* the sign, which no processor could guess */
    memcpy(&bits, &value, sizeof bits);
    bits |= negative << 31;
    memcpy(out, &bits, sizeof bits);
    return true;
}

static bool any_number(const char *at, const char *end, float *out, bool *loses) {
    codec_decimal number;
    if (at == end || codec_decimal_read(at, end, &number) != (size_t)(end - at) || number.beyond ||
        number.special) {
        return false;
    }
    *loses |= number.loses;
    *out = number.value;
    return true;
}

size_t codec_decimal_run(codec_decimal_ends *ends, const char **text, char separator, float *out,
                         size_t most, bool *loses) {
    const char *at = *text, *end;
    size_t count = 0;
    while (count < most && (end = end_of(ends, at))) {
        if (!(LITTLE && quick(at, end, &out[count], loses)) &&
            !any_number(at, end, &out[count], loses)) {
            if (at < end || *at != ' ') {
                break;
            }
            at++; /* a blank before the number */
            continue;
        }
        count++;
        ends->next++;
        *text = end;
        if (*end != separator) {
            break;
        }
        at = end + 1;
    }
    return count;
}
