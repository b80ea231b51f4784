/* The steps of the cells, for floats and for doubles: see recurrent_cells.inc. */
#ifndef CT_NET_OPS_RECURRENT_CELLS_H
#define CT_NET_OPS_RECURRENT_CELLS_H

#include "net/ops/recurrent.h"

recurrent_step rnn_floats, lstm_floats, gru_gates_floats, gru_state_floats;
recurrent_step rnn_doubles, lstm_doubles, gru_gates_doubles, gru_state_doubles;

#endif
