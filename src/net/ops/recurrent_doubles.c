#include <string.h>

#include "net/ops/recurrent_cells.h"

#define REAL       double
#define CELL(name) name##_doubles
#include "net/ops/recurrent_cells.inc"
