/* What looks at an image's rows on their way: --trace, and the outputs of --tap. */
#ifndef CT_APP_RUN_WATCHING_H
#define CT_APP_RUN_WATCHING_H

#include "app/run/output.h"
#include "app/run/source.h"
#include "app/run/trace.h"
#include "flow/tap.h"

/* One file. */
typedef struct app_tapped {
    const app_job *job; /* the tap's */
    filter_program program;
    codec_info info;
    flow_tap *tap;
    char record[CODEC_RECORD_MOST + 1];
    app_output output;
    bool open;
    codec_writer *writer;
    bool refused; /* its format can't hold what is tapped */
} app_tapped;

typedef struct app_watching {
    app_trace *trace;   /* NULL: none */
    app_tapped *tapped; /* those that aren't kept as they are */
    int tapped_count;
    flow_watch *watches; /* for flow_options */
    int count;
    bool refused;      /* a tap's format can't hold what it's for */
    const char *where; /* after a failure: the path that it's about; NULL: the input */
} app_watching;

/* Finds out what will be looked at, of an image whose stages are made. Nothing is opened. Call
 * app_watching_close even after a failure. */
bool app_watching_plan(app_watching *watching, const app_call *call, const filter_chain *chain,
                       const app_job *job, app_source *source, ct_error *err);

/* Opens the files of the taps. */
bool app_watching_open(app_watching *watching, const app_call *call, ct_error *err);

/* After a failure while rows were made: whether a tap's file is what failed; sets `where`. */
bool app_watching_failed(app_watching *watching);

/* After the last row: --trace's tables, as they will be printed. */
bool app_watching_say(app_watching *watching, const app_job *job, ct_error *err);

/* Finishes the files and gives them their names. */
bool app_watching_commit(app_watching *watching, const app_call *call, ct_error *err);

/* Frees everything but the trace, and removes unfinished files. */
void app_watching_close(app_watching *watching);

#endif
