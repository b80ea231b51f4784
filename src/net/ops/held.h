/* Tensors with memory of their own, that grows as needed: what If, Loop and Scan carry from one run
 * of a body to the next, as a body's outputs last only until then. */
#ifndef CT_NET_OPS_HELD_H
#define CT_NET_OPS_HELD_H

#include "net/op.h"

typedef struct net_held {
    net_tensor tensor;
    size_t room; /* bytes at tensor.data */
} net_held;

/* Makes room for so many bytes of the call's budget, keeping those that are there. False with an
 * error. */
bool net_hold_room(const net_call *call, net_held *held, size_t bytes, ct_error *err);

/* A copy of the tensor. */
bool net_hold(const net_call *call, net_held *held, const net_tensor *tensor, ct_error *err);
void net_held_free(net_held *held, int count); /* of an array, and the array */

/* Hands the tensors over as results (see op.h), and frees the array. NULL: out of memory. */
net_tensor *net_held_results(net_held *held, int count);

/* For `run`: copies results to the outputs, whose shapes must be theirs. False with an error. */
bool net_put_results(const net_call *call, const net_tensor *results, ct_error *err);

/* For `shape` at run time: the outputs get the results' types and shapes. */
void net_give_results(const net_call *call, const net_tensor *results);

#endif
