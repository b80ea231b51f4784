/* The parts of a conversion (convert.h): what an input is and what a chain makes of it, and the
 * files that it goes to. Each returns false with an error, and with what it is about in the
 * result. */
#ifndef CT_APP_RUN_CONVERSION_H
#define CT_APP_RUN_CONVERSION_H

#include "app/call/call.h"
#include "app/run/hand.h"
#include "app/run/map_files.h"
#include "app/run/output.h"
#include "app/run/progress.h"
#include "app/run/result.h"
#include "app/run/source.h"
#include "app/run/view.h"
#include "app/run/watching.h"

/* Everything that a conversion holds, so that one place can free it. */
typedef struct app_conversion {
    const app_call *call;
    app_call as_sheet; /* the call, with --maps: for what only a sheet can show */
    const app_job *job;
    int threads;
    app_hand *hand;
    app_progress *progress;
    app_result *result;
    app_source source;
    app_target target;
    app_output output;
    bool output_open;
    app_seen before; /* the output's file, as it was when it was checked or read */
    char record[CODEC_RECORD_MOST + 1];
    app_view view;
    codec_writer *picture; /* of the view */
    codec_writer *seen;    /* of the view's rows: that one, or what shows them too */
    app_map_files maps;    /* of a job with maps */
    codec_writer *writer;  /* of the result; NULL: nothing is written, or --view's */
    codec_writer *top;     /* of the rows: one of these, or what shows them too */
    app_watching watching;
    double begun, ran; /* the thread's processor seconds around the rows, if `timed` */
} app_conversion;

/* ---- conversion_describe.c: before anything is written ---- */

/* What is written: the result, or the picture of it. */
const codec_info *app_conversion_written(const app_conversion *c);

/* Where the input is from a directory, and by its bytes no image, or a table, result->kind says
 * which, and nothing else is known of it. */
bool app_conversion_open_input(app_conversion *c, ct_error *err);

bool app_conversion_describe(app_conversion *c, const filter_chain *chain, ct_error *err);
bool app_conversion_check_format(app_conversion *c, const filter_chain *chain, ct_error *err);
bool app_conversion_carry_meta(app_conversion *c, ct_error *err);
bool app_conversion_name_maps(app_conversion *c, const filter_chain *chain, ct_error *err);

/* ---- conversion_output.c ---- */

bool app_conversion_open_output(app_conversion *c, const filter_chain *chain, ct_error *err);
bool app_conversion_commit(app_conversion *c, bool *kept, ct_error *err);

#endif
