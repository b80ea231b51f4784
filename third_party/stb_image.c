/* stb_image: reads PNG and JPEG from memory. Called only from src/codec/stb.c. */
#include "codec/budget.h"

#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_MAX_DIMENSIONS (1 << 24)

/* Counted, limited, zeroed, and freed even if stb forgets. */
#define STBI_MALLOC(size)          codec_budget_malloc(size)
#define STBI_REALLOC(memory, size) codec_budget_realloc(memory, size)
#define STBI_FREE(memory)          codec_budget_free(memory)

/* A file must not be able to end the program. */
#define STBI_ASSERT(condition) ((condition) ? (void)0 : codec_budget_give_up())

#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>
