/* The files of one image's maps, which are written side by side and appear together. */
#ifndef CT_APP_RUN_MAP_FILES_H
#define CT_APP_RUN_MAP_FILES_H

#include "app/call/call.h"
#include "app/run/job.h"

typedef struct app_map_file app_map_file;

/* Start from `{0}`. */
typedef struct app_map_files {
    app_map_file *list;
    codec_writer **writers; /* of each, for codec_create_view */
    int count;
    const char *where; /* after a failure: the path that the error is about */
    uint64_t bytes;    /* of all files, once they are there */
} app_map_files;

typedef struct app_map_files_of {
    const app_call *call;
    const app_job *job; /* whose maps are named */
    const codec_format *format;
    const codec_info *info;       /* of each file */
    const codec_options *options; /* its record is left out where a file is written directly */
} app_map_files_of;

/* Opens all files, with a writer for each. What --no-clobber keeps is written nowhere. Call
 * app_map_files_close even after a failure. */
bool app_map_files_open(app_map_files *files, const app_map_files_of *of, ct_error *err);

/* All files are completed, then get their names. Where one can't get its own, those that are new
 * are removed again; those that replaced a file stay. */
bool app_map_files_commit(app_map_files *files, const app_call *call, ct_error *err);
void app_map_files_close(app_map_files *files);

#endif
