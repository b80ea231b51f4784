/* Numbers as one would type them in a chain. Internal to src/filter. */
#ifndef CT_FILTER_LIKE_NUMBER_H
#define CT_FILTER_LIKE_NUMBER_H

enum { LIKE_VALUE = 64 }; /* bytes enough for the value of an argument that isn't a kernel */

/* The fewest digits that read back as the same number; returns `text`. */
const char *like_number(double number, char text[LIKE_VALUE]);

#endif
