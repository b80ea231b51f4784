/* RNN, GRU and LSTM. */
#include "net/ops/ops.h"
#include "net/ops/recurrent_cells.h"
#include "net/ops/recurrent_run.h"

static const recurrent_cell rnn = {
    .step = {rnn_floats, rnn_doubles},
    .gates = 1,
    .functions = 1,
    .defaults = {"Tanh"},
};

static const recurrent_cell gru = {
    .step = {gru_gates_floats, gru_gates_doubles},
    .late = {gru_state_floats, gru_state_doubles},
    .gates = 3,
    .functions = 2,
    .defaults = {"Sigmoid", "Tanh"},
};

static const recurrent_cell lstm = {
    .step = {lstm_floats, lstm_doubles},
    .gates = 4,
    .functions = 3,
    .has_memory = true,
    .defaults = {"Sigmoid", "Tanh", "Tanh"},
};

/* An operator's functions. To add one: its cell above, its steps in recurrent_cells.inc, a row
 * below. */
#define RECURRENT(cell)                                                                            \
    static bool cell##_shape(const net_call *call, ct_error *err) {                                \
        return recurrent_shape(call, &cell, err);                                                  \
    }                                                                                              \
    static bool cell##_make(const net_call *call, void **own, ct_error *err) {                     \
        return recurrent_make(call, &cell, own, err);                                              \
    }                                                                                              \
    static bool cell##_run(const net_call *call, ct_error *err) {                                  \
        return recurrent_run(call, &cell, err);                                                    \
    }
RECURRENT(rnn)
RECURRENT(gru)
RECURRENT(lstm)
#undef RECURRENT

const net_op net_ops_rnn[] = {
    {.name = "RNN",
     .since = 7,
     .least = 3,
     .most = 6,
     .outputs = 2,
     .weights = NET_INPUT(1) | NET_INPUT(2) | NET_INPUT(3),
     .shape = rnn_shape,
     .run = rnn_run,
     .make = rnn_make,
     .free = recurrent_free},
    {.name = "GRU",
     .since = 7,
     .least = 3,
     .most = 6,
     .outputs = 2,
     .weights = NET_INPUT(1) | NET_INPUT(2) | NET_INPUT(3),
     .shape = gru_shape,
     .run = gru_run,
     .make = gru_make,
     .free = recurrent_free},
    {.name = "LSTM",
     .since = 7,
     .least = 3,
     .most = 8,
     .outputs = 3,
     .weights = NET_INPUT(1) | NET_INPUT(2) | NET_INPUT(3) | NET_INPUT(7),
     .shape = lstm_shape,
     .run = lstm_run,
     .make = lstm_make,
     .free = recurrent_free},
    {0},
};
