/* For worksheet: what exercises are made of. */
#ifndef CT_APP_COMMANDS_WORKSHEET_LESSON_H
#define CT_APP_COMMANDS_WORKSHEET_LESSON_H

#include "app/call/call.h"
#include "app/commands/worksheet_engine.h"
#include "app/commands/worksheet_sheet.h"

typedef struct sheet_lesson {
    const app_call *call;
    const filter_chain *chain;
    const filter_program *program; /* for gray images of width x height */
    int width, height;
    sheet_random *random;
    int turn;               /* how many exercises of the kind come before */
    const uint8_t *digits;  /* width x height numbers of 0..9 from the image; NULL: random ones */
    const uint8_t *picture; /* a gray picture of the image; NULL: one is drawn */
    int picture_width, picture_height;
    sheet *sheet;
    ct_error *err;
} sheet_lesson;

/* The image's numbers, of 0..9; the caller frees them. NULL with an error. */
float *sheet_lesson_numbers(const sheet_lesson *lesson, ct_error *err);

/* The first stage whose kernel can be worked out: -1 where there is none. */
int sheet_lesson_kernel(const sheet_lesson *lesson);

#endif
