/* An input, opened as every command opens one: upright, only its gray where that is all the chain
 * looks at, with the engine's stages for it. */
#ifndef CT_APP_RUN_SOURCE_H
#define CT_APP_RUN_SOURCE_H

#include <sys/stat.h>

#include "app/call/call.h"
#include "app/run/hand.h"

typedef struct app_source {
    int fd;           /* to read from; -1: not open */
    bool owned;       /* app_source_close closes it */
    struct stat file; /* as it was when it was opened; zeros where the descriptor was given */
    codec_reader *reader;
    app_hand *hand;  /* NULL: nothing is kept for the next image */
    bool numbers;    /* wanted: floats in the input's units, which a view makes pixels of */
    int channels;    /* the reader's: it has fewer once only gray is read */
    codec_info read; /* the file's image, without metadata: the reader may have what a network made
                      * of it */
    bool networked;  /* it has */
    app_net_trace *net_trace; /* with --trace: of the network's nodes */
    ct_text said;             /* lines about how the network runs, if wanted */

    /* From app_source_lower. */
    filter_program program;
    filter_image image;      /* what the program was made for */
    codec_sample out_sample; /* of an output in the format */
    double out_white;
    bool scaled; /* from the input's white to the output's */
    bool luma;   /* only gray is read */
} app_source;

typedef struct app_source_of {
    const char *path;
    int fd;         /* where the path is our own descriptor, which stays open; else -1 */
    app_hand *hand; /* what the image before left, and the next may have; NULL: nothing */
    bool only;      /* the command takes one image: a directory's images can't all be named */
    int threads;    /* for a network; 0: those of the call */
    bool tells;     /* app_source.said is wanted */

    /* Takes over the reader of an input that can be read only once (even on failure), before a
     * network has it, and returns the one to use; NULL: none is wanted. */
    codec_reader *(*watch)(void *context, codec_reader *reader, ct_error *err);
    void *watcher; /* its context */
} app_source_of;

/* Opens the image, or those of its channels that the call asks for. Errors don't name the path.
 * Call app_source_close even after a failure. */
bool app_source_open(app_source *source, const app_source_of *of, const app_call *call,
                     ct_error *err);

/* Puts the call's network, if there is one, between the source's reader and the stages; it is done
 * by app_source_open. */
bool app_source_run_network(app_source *source, const app_source_of *of, const app_call *call,
                            ct_error *err);

/* What decides the samples of an output in the format (NULL: any): the reader's image; where a
 * network made a picture, which is floats, as deep as the one that it was made of. */
codec_info app_source_depth(const app_source *source, const codec_format *format);

/* Makes the stages for an output in the format (NULL: one that holds any samples), once for each
 * image, before its first row is read. */
bool app_source_lower(app_source *source, const app_call *call, const filter_chain *chain,
                      const codec_format *format, ct_error *err);

/* What becomes of the image. */
typedef struct app_target {
    const codec_format *format;
    codec_info info;
} app_target;

/* Makes the stages, as app_source_lower does, and describes what they make of the image.
 * target->format is `asked`, or where that is NULL the input's, which may become one that fits;
 * target->info.meta stays. */
bool app_source_describe(app_source *source, const app_call *call, const filter_chain *chain,
                         const codec_format *asked, app_target *target, ct_error *err);

/* What a program makes of the image, as such samples; without metadata. */
codec_info app_source_result(const app_source *source, const filter_program *program,
                             codec_sample sample, double white);

/* Copies what comes with the pixels to info->meta, for what the program makes, unless the call
 * strips it; the caller frees it. */
bool app_source_carry_meta(const app_source *source, const app_call *call,
                           const filter_program *program, codec_info *info, ct_error *err);
void app_source_close(app_source *source);

#endif
