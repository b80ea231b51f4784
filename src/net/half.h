/* Floats of 16 bits: IEEE 754 binary16, and bfloat16, the upper half of a float. */
#ifndef CT_NET_HALF_H
#define CT_NET_HALF_H

#include <stdint.h>

float net_half_to_float(uint16_t half);
uint16_t net_float_to_half(float value); /* to nearest, halves to even */
float net_bfloat_to_float(uint16_t bits);
uint16_t net_float_to_bfloat(float value); /* likewise */

#endif
