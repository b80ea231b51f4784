#include "filter/like_number.h"

#include <stdio.h>
#include <stdlib.h>

const char *like_number(double number, char text[LIKE_VALUE]) {
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, LIKE_VALUE, "%.*g", digits, number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    return text;
}
