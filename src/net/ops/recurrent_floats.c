#include <string.h>

#include "net/ops/recurrent_cells.h"

#define REAL       float
#define CELL(name) name##_floats
#include "net/ops/recurrent_cells.inc"
