/* For explain: one image, its chain, and the output pixel that is explained. */
#ifndef CT_APP_COMMANDS_EXPLAIN_SESSION_H
#define CT_APP_COMMANDS_EXPLAIN_SESSION_H

#include "app/call/call.h"
#include "app/commands/explain_style.h"
#include "app/commands/explain_values.h"

typedef struct explain_point {
    int x, y;
} explain_point;

typedef struct explain_session {
    const app_call *call;
    const filter_chain *chain;
    const char *path;
    explain_image image;
    int channels;      /* the file's */
    double white;      /* of the output */
    explain_point *at; /* at[i]: the pixel that stage i mainly reads; at[count]: the output's, which
                        * explain_session_point sets */
    bool agrees;       /* what was shown, with the engine */
    bool unseen;       /* a window was too large to be shown and checked */
} explain_session;

/* Reads the image, which conversions would read in the same way, and makes the stages. Call
 * explain_session_close even after a failure. */
bool explain_session_open(explain_session *s, const app_call *call, const filter_chain *chain,
                          ct_error *err);
void explain_session_close(explain_session *s);

/* Chooses the output pixel x, y; false with an error where there is none. */
bool explain_session_point(explain_session *s, int x, int y, ct_error *err);

/* Stages that are shown as one, [first, *end): those that a stage of the chain was made into, or
 * one that an option inserted. */
int explain_session_part_end(const explain_session *s, int first);

/* Appends the chain's text of the part that stage `index` belongs to, or the option that inserted
 * it. False: out of memory. */
bool explain_session_part_name(const explain_session *s, int index, ct_text *out);

/* The samples that are written, shape.width x channels of them, for the output's row y; the caller
 * frees them. NULL with an error. */
void *explain_session_row(explain_session *s, int y, ct_error *err);

/* A sample of such a row, as written: a file's white may be below the type's maximum. */
double explain_session_sample(const explain_session *s, const void *row, int i);

#endif
