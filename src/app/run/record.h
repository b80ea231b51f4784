/* What an output says about how it was made. */
#ifndef CT_APP_RUN_RECORD_H
#define CT_APP_RUN_RECORD_H

#include "app/call/call.h"

/* What the record depends on besides the call. */
typedef struct app_record_facts {
    const codec_format *format;
    bool depth;  /* --depth changed the samples */
    bool edited; /* the output is somebody else's image, changed in place */
    bool tap;    /* it's a tap's: --maps and what else makes pictures doesn't apply */
} app_record_facts;

/* The chain as filter_chain_text has it, then the options that change the output, as in
 * "gray,sobel:padding=zero --map signed"; defaults add nothing, so that equal calls have equal
 * records. A long one is cut, with a fingerprint of the whole at its end. */
bool app_record(const app_call *call, const filter_chain *chain, const app_record_facts *facts,
                char record[CODEC_RECORD_MOST + 1], ct_error *err);

/* The same for any other command's text, as "compare box sobel", to which the options are added. */
bool app_record_text(const app_call *call, const char *text, const app_record_facts *facts,
                     char record[CODEC_RECORD_MOST + 1], ct_error *err);

/* Whether the record is of somebody else's image that was changed in place. */
bool app_record_is_edit(const char *record);

#endif
