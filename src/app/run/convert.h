/* One job: reads, filters and writes an image. */
#ifndef CT_APP_RUN_CONVERT_H
#define CT_APP_RUN_CONVERT_H

#include "app/call/call.h"
#include "app/run/job.h"
#include "flow/flow.h"

typedef enum app_status { APP_WRITTEN, APP_KEPT, APP_PLANNED, APP_ERROR } app_status;

/* What is known of an image for messages and the JSON report; width 0: nothing. */
typedef struct app_image {
    const codec_format *format;
    int width, height, channels;
    codec_sample sample;
    double white;
} app_image;

typedef struct app_result {
    app_status status;
    const char *where; /* APP_ERROR: the path that the error is about, or NULL */
    ct_error error;
    bool refused; /* APP_ERROR: the output's format can't hold the image, and nothing was done */
    app_image in, out;
    flow_report report; /* APP_WRITTEN */
    uint64_t bytes;     /* APP_WRITTEN: the output's */
    double seconds;
    int stages; /* engine stages */
    filter_range range;
    filter_threshold threshold;
    bool luma;               /* gray was read instead of colours */
    codec_warnings warnings; /* the reader's and the writer's */
} app_result;

/* Bits per sample. */
int app_sample_bits(codec_sample sample);

/* Such an image as the filters see it. */
filter_image app_filter_image(const codec_info *info, double out_white);

/* For a chain that begins by turning three colours to gray: asks the reader for just the gray,
 * which JPEG stores. True if it complies; the program was made for three channels and must be made
 * again. */
bool app_read_gray(codec_reader *reader, const filter_program *program);

/* Does the job, or with --dry-run finds out what would be done. */
void app_convert(const app_call *call, const filter_chain *chain, const app_job *job,
                 app_result *result);

/* The number that is white in the output: the input's own where the format can say so and there is
 * no --depth, else that of the sample type. */
double app_output_white(const app_call *call, const codec_format *format, const codec_info *in);

/* The sample type that the output gets: --depth, else the format's nearest to the input's. Only a
 * lossy format narrows 16 bits unasked. */
codec_sample app_output_sample(const app_call *call, const codec_format *format,
                               const codec_info *in);

#endif
