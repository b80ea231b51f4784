/* The best classes of what a network makes: --labels and --top. */
#ifndef CT_APP_COMMANDS_NET_CLASSES_H
#define CT_APP_COMMANDS_NET_CLASSES_H

#include "app/call/call.h"
#include "net/net.h"

/* Whether the call wants them. */
bool app_net_wants_classes(const app_call *call);

/* Names of classes; without --labels there are none. */
typedef struct app_net_labels {
    char *bytes;
    const char **names;
    size_t count;
} app_net_labels;

/* Reads those of the call. False with an error that names the file. Call app_net_labels_free even
 * after a failure. */
bool app_net_labels_read(app_net_labels *labels, const app_call *call, ct_error *err);
void app_net_labels_free(app_net_labels *labels);

/* Prints the best classes of a tensor whose last dimension (of more than one number) is theirs: a
 * line each with a bar, or with --json a line for all. What comes before that dimension are several
 * answers, one after the other. `name` is the value's, `input` the picture's or NULL. False with an
 * error where there are other names than classes. */
bool app_net_classes(const app_call *call, const app_net_labels *labels, const char *input,
                     const char *name, const net_tensor *tensor, ct_error *err);

#endif
