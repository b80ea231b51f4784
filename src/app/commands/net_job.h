/* A call of net without pictures. Internal to the command. */
#ifndef CT_APP_COMMANDS_NET_JOB_H
#define CT_APP_COMMANDS_NET_JOB_H

#include "app/call/call.h"
#include "app/commands/net_classes.h"
#include "net/net.h"

/* A run, as the command line asks for it. */
typedef struct app_net_job {
    const app_call *call;
    const char *path;     /* of the model */
    filter_network stage; /* what was said of it */
    const net_model *model;
    net_pool pool; /* of the inputs */
    net_given *given;
    int given_count;
    bool with_data;     /* the inputs are there, not only their shapes */
    bool own_path;      /* the error names a file, not the model's */
    bool misused;       /* what is wrong is the call, not a file */
    const char **names; /* of the outputs */
    const char **files; /* where they go */
    int output_count;
    app_net_labels labels;
} app_net_job;

/* Runs the plan on the inputs, then prints or writes what is wanted. False with an error. */
bool app_net_run(app_net_job *j, const net_plan *plan, ct_error *err);

#endif
