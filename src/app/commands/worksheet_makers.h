/* For worksheet: the functions that make exercises, of which worksheet_kinds.c has a table. Each
 * adds one to the lesson's sheet; false with an error. */
#ifndef CT_APP_COMMANDS_WORKSHEET_MAKERS_H
#define CT_APP_COMMANDS_WORKSHEET_MAKERS_H

#include "app/commands/worksheet_lesson.h"

enum { SHEET_WHICH_CELLS = 25 /* of a kernel, at most, for sheet_make_which */ };

bool sheet_make_convolution(const sheet_lesson *lesson);
bool sheet_make_median(const sheet_lesson *lesson);
bool sheet_make_padding(const sheet_lesson *lesson);
bool sheet_make_pooling(const sheet_lesson *lesson);
bool sheet_make_sizes(const sheet_lesson *lesson);
bool sheet_make_receptive(const sheet_lesson *lesson);
bool sheet_make_which(const sheet_lesson *lesson);
bool sheet_make_dense(const sheet_lesson *lesson);
bool sheet_make_lstm(const sheet_lesson *lesson);

/* What a window's padding is called, with its pattern; not for padding=keep, which has none. */
void sheet_padding_text(const conv_window *window, char text[64]);

#endif
