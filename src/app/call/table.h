/* Tables for people: lines of at most 100 columns, whatever is in them. */
#ifndef CT_APP_CALL_TABLE_H
#define CT_APP_CALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { APP_TABLE_COLUMNS = 12, APP_TABLE_LINE = 100 };

/* Fill in the first fields; the others start as zeros. */
typedef struct app_table {
    const char *heads[APP_TABLE_COLUMNS];
    bool right[APP_TABLE_COLUMNS]; /* numbers */
    int least[APP_TABLE_COLUMNS];  /* where the line is too long, the column may shrink to that; 0:
                                    * it may not */
    int columns;

    ct_text cells; /* row by row, each with a NUL behind it */
    size_t count;
} app_table;

/* Appends the next cell of the row, with control characters escaped. False: out of memory. */
bool app_table_add(app_table *table, const char *text);
bool app_table_print_cell(app_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends the heads and all rows. A column whose cells are all empty is left out. The columns that
 * may shrink do so, the widest first, until a line fits. False: out of memory. */
bool app_table_lines(const app_table *table, ct_text *out);
void app_table_free(app_table *table);

/* Appends a text; where it is wider, its middle becomes "...". False: out of memory. */
bool app_text_short(ct_text *out, const char *text, int width);

/* "12345678" as "12.3M": three digits and a unit, a count below 10000 as it is. */
typedef struct app_count {
    char text[24];
} app_count;
app_count app_count_of(uint64_t count);

#endif
