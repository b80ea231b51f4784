/* stb_image_write: writes PNG and JPEG to memory, never to files: its functions for that report
 * success on a full disk. Called only from src/codec/stb.c. */
#include "codec/budget.h"

#define STBI_WRITE_NO_STDIO

/* Counted and limited. */
#define STBIW_MALLOC(size)          codec_budget_malloc(size)
#define STBIW_REALLOC(memory, size) codec_budget_realloc(memory, size)
#define STBIW_FREE(memory)          codec_budget_free(memory)

/* It only asserts that growing a buffer succeeded, and goes on regardless. */
#define STBIW_ASSERT(condition) ((condition) ? (void)0 : codec_budget_give_up())

#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

/* Both versions, as the Makefile found them in the first line of each header. */
extern const char *const codec_stb_library;
const char *const codec_stb_library =
    "stb_image " STB_IMAGE_VERSION ", stb_image_write " STB_IMAGE_WRITE_VERSION;
