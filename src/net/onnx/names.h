/* Names of values, found fast. Internal to src/net/onnx. */
#ifndef CT_NET_ONNX_NAMES_H
#define CT_NET_ONNX_NAMES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct onnx_names {
    struct onnx_name *all; /* a hash table; the texts belong to the caller */
    size_t room, count;
} onnx_names;

int onnx_names_find(const onnx_names *names, const char *text); /* -1: there is none */

/* Adds the name with its place, 0 or more. False when out of memory. */
bool onnx_names_add(onnx_names *names, const char *text, int place);
void onnx_names_free(onnx_names *names);

#endif
