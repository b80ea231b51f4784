/* The versions that the build found. */
#include <isa-l.h>

#include "codec/format.h"
#if defined(CT_HAVE_DEFLATE)
#include <libdeflate.h>
#define LIBDEFLATE ", libdeflate " LIBDEFLATE_VERSION_STRING
#else
#define LIBDEFLATE
#endif

#define TEXT_OF(number) #number
#define TEXT(number)    TEXT_OF(number)

const char *const codec_isal_library =
    "ISA-L " TEXT(ISAL_MAJOR_VERSION) "." TEXT(ISAL_MINOR_VERSION) "." TEXT(ISAL_PATCH_VERSION)
        LIBDEFLATE;
