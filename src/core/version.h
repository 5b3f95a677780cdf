/* src/core/version.h - what the program was built from and with: provenance of every run. */
#ifndef BD_CORE_VERSION_H
#define BD_CORE_VERSION_H

#include <stddef.h>

const char *bd_version_program(void);  /* "0.1.0" */
const char *bd_version_commit(void);   /* "077e998abcde", "unknown" without git */
const char *bd_version_compiler(void); /* "gcc 12.2.0, Release" */

/* "GSL 2.7.1, SQLite 3.40.1, libyaml 0.2.5, jansson 2.14": the libraries it runs with. Returns text. */
const char *bd_version_libraries(char *text, size_t size);

#endif
