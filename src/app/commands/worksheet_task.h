/* For worksheet: one window of a small image, and what a stage makes of it. */
#ifndef CT_APP_COMMANDS_WORKSHEET_TASK_H
#define CT_APP_COMMANDS_WORKSHEET_TASK_H

#include "app/commands/worksheet_lesson.h"

enum { SHEET_MOST_CELLS = 7 /* of a window's side, on paper */ };

typedef struct sheet_task {
    const sheet_lesson *lesson;
    conv_stage stage;
    int columns[SHEET_MOST_CELLS], rows[SHEET_MOST_CELLS]; /* of the image, under the window; -1:
                                                              the constant */
    float *image;                                          /* the caller frees it */
    int x, y;
    double made; /* the engine's result there */
} sheet_task;

/* Fills in all but the lesson and the stage; false with an error. */
bool sheet_task_solve(sheet_task *t);

/* Where the stage is a gradient: what else the engine makes of it there; false with an error. */
bool sheet_task_gradient(const sheet_task *t, conv_gradient made_of, double *made);

/* The number in cell i of the window. */
double sheet_task_value(const sheet_task *t, int i);

/* Begins an exercise: what is asked, up to "Copy the window" and `then`, and the image. */
void sheet_task_ask(const sheet_task *t, const char *title, const char *who, const char *then);

/* The window, to be copied. */
void sheet_task_draw_window(const sheet_task *t);

#endif
