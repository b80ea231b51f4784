/* The gates and the memory of an LSTM over time, of which the operator itself gives only the last
 * state. */
#ifndef CT_LESSON_LSTM_H
#define CT_LESSON_LSTM_H

#include "net/graph.h"

enum { LESSON_LSTM_INPUTS = 8 };

/* Runs the operator on one row of the sequence after another: it begins with the states that it
 * left after the row before. `in`: the node's inputs, NULL where one is left out. `out` gets
 * floats (5, steps, units), which the caller frees: the gates i, o, f, g in ONNX's order, then the
 * memory c = f * c before + i * g. False with an error: also for what isn't a plain LSTM (one
 * direction, ONNX's usual functions) on one sequence (steps, 1, numbers) of floats. */
bool lesson_lstm_steps(const net_node *node, const net_tensor *const *in, net_tensor *out,
                       ct_error *err);

#endif
