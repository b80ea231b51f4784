/* A network's file on the disk. */
#ifndef CT_APP_CALL_MODEL_FILE_H
#define CT_APP_CALL_MODEL_FILE_H

#include "app/call/call.h"
#include "net/net.h"

/* Loads it; data that lies beside it is read from its folder. NULL with an error that doesn't name
 * the file. */
net_model *app_net_load(const char *path, const app_call *call, ct_error *err);

/* Reads a whole file of at most `most` bytes, "-" from standard input; the caller frees *bytes. */
bool app_read_whole(const char *path, uint64_t most, char **bytes, size_t *size, ct_error *err);

#endif
