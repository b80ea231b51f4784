/* The page's one network, and the tensors that it makes of an input. */
#ifndef CT_LESSON_NETWORK_H
#define CT_LESSON_NETWORK_H

#include <stddef.h>

#include "base/error.h"

/* Loads a model and prints its nodes, as JSON. `names`: a line each of the tensors that are wanted
 * of a run, at least one. */
bool lesson_load_network(const void *bytes, size_t size, char *names, ct_error *err);

/* Runs it on floats that fill its one input (whose unknown sizes count as 1), and prints the wanted
 * tensors, as JSON: the shape of each, and where its floats lie until the next run. */
bool lesson_run_network(const float *input, size_t count, ct_error *err);

/* Prints the constant inputs of the node that makes the tensor. */
bool lesson_print_weights(const char *name, ct_error *err);

/* Prints the gates and the memory over time of the LSTM that makes the tensor, as JSON: see lstm.h.
 * After a run. */
bool lesson_print_lstm(const char *name, ct_error *err);

#endif
