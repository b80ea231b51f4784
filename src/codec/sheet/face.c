#include "codec/sheet/face.h"

#include <stdbool.h>

/* Our own drawing. A character is a text of nine digits, a row each from the top; a digit of base
 * 32 (0..9, a..v) is the five dots of a row. From the space to the tilde. */
static const char glyphs[][FACE_HEIGHT + 1] = {
    "000000000", "444440400", "aaa000000", "aavavaa00", "4fke5u400", "pp248jj00", "ciicjid00",
    "444000000", "248884200", "842224800", "04lel4000", "044v44000", "00000c480", "000v00000",
    "00000cc00", "11248gg00", "ehjlphe00", "4c4444e00", "eh168gv00", "eh161he00", "26aiv2200",
    "vgu11he00", "68guhhe00", "v12244400", "ehhehhe00", "ehhf12c00", "00cc0cc00", "00cc0c480",
    "248g84200", "00v0v0000", "842124800", "eh1240400", "ehnlnge00", "ehhvhhh00", "uhhuhhu00",
    "ehggghe00", "uhhhhhu00", "vgguggv00", "vgguggg00", "ehgnhhf00", "hhhvhhh00", "e44444e00",
    "72222ic00", "hikokih00", "ggggggv00", "hrllhhh00", "hppljjh00", "ehhhhhe00", "uhhuggg00",
    "ehhhlid00", "uhhukih00", "fgge11u00", "v44444400", "hhhhhhe00", "hhhaa4400", "hhhllrh00",
    "hha4ahh00", "hha444400", "v1248gv00", "e88888e00", "gg8421100", "e22222e00", "4ah000000",
    "0000000v0", "842000000", "00e1fhf00", "gguhhhu00", "00fgggf00", "11fhhhf00", "00ehvgf00",
    "68u888800", "00fhhhf1e", "gguhhhh00", "40c444e00", "20622222c", "ggikoki00", "c44444600",
    "00qllll00", "00uhhhh00", "00ehhhe00", "00uhhhugg", "00fhhhf11", "00mpggg00", "00fge1u00",
    "88u888600", "00hhhhf00", "00hhaa400", "00hllla00", "00ha4ah00", "00hhhhf1e", "00v248v00",
    "344844300", "444444400", "o44244o00", "008l20000",
};

static const char box[] = "vhhhhhv00"; /* what the face has no drawing of */

static unsigned value_of(char digit) {
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

unsigned codec_face_row(uint32_t character, int y) {
    const bool known = character >= ' ' && character <= '~';
    return value_of((known ? glyphs[character - ' '] : box)[y]);
}

uint32_t codec_face_next(const char *text, size_t size, size_t *bytes) {
    const unsigned char *at = (const unsigned char *)text;
    const size_t length = at[0] < 0xC0 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    uint32_t character = at[0];
    *bytes = 1;
    if (length > size) {
        return character;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return at[0];
        }
        character = character << 6 | (at[i] & 0x3F); /* that it isn't ASCII is all that counts */
    }
    *bytes = length;
    return character;
}
