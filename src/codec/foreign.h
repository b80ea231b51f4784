/* Names the kinds of files that aren't read. Internal to src/codec. */
#ifndef CT_CODEC_FOREIGN_H
#define CT_CODEC_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CODEC_FOREIGN_BYTES = 1024 }; /* how many of a file's first bytes are examined */

/* The error for a file that begins with these bytes and that no decoder takes: what it is and what
 * to do, if known. Returns false. */
bool codec_fail_foreign(const uint8_t *head, size_t size, ct_error *err);

#endif
