/* The program's version, printed by --version, --help and the JSON report. */
#ifndef CT_APP_CALL_VERSION_H
#define CT_APP_CALL_VERSION_H

#define APP_VERSION "0.1.0"
#define APP_LICENCE "MIT licence; no warranty"

#endif
