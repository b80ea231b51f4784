/* A result of numbers shown as pictures: --maps, --scaling and --colormap. */
#ifndef CT_APP_RUN_VIEW_H
#define CT_APP_RUN_VIEW_H

#include "app/call/call.h"

typedef struct app_view {
    bool on;            /* else the result is written as it is, and nothing else here counts */
    codec_view how;     /* what the call asks for, with its defaults */
    codec_sheet *sheet; /* NULL: no sheet */
    codec_info picture; /* what is written; without metadata */
    uint64_t memory;    /* bytes that the view's writer holds */
} app_view;

/* Options that don't go together, or with the others. */
bool app_view_check(const app_call *call, ct_error *err);

/* Whether the chain's numbers are wanted, not samples; see app_source.numbers. */
bool app_view_wants_numbers(const app_call *call);

/* Plans the view of such a result, if the call asks for one, or `each` channel has a file of its
 * own, which `picture` is then for. `names` are the channels', or NULL.
 * Fails where there are more channels than it can show. Call app_view_free even after a failure. */
bool app_view_plan(app_view *view, const app_call *call, const codec_info *result, bool each,
                   const char *const *names, ct_error *err);

/* Whether the format can hold such pictures. */
bool app_view_fits(const app_view *view, const app_call *call, const codec_format *format,
                   ct_error *err);
void app_view_free(app_view *view);

#endif
