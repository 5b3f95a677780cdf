/* The one file that includes the headers of all libraries: it asks each for its version and nothing else. */
#include "src/core/version.h"

#include <gsl/gsl_version.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <yaml.h>

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

const char *bd_version_program(void)
{
    return BD_VERSION;
}

const char *bd_version_commit(void)
{
    return BD_COMMIT;
}

const char *bd_version_compiler(void)
{
    return COMPILER ", " BD_BUILD_TYPE;
}

const char *bd_version_libraries(char *text, size_t size)
{
    (void)snprintf(text, size, "GSL %s, SQLite %s, libyaml %s, jansson %s", gsl_version, sqlite3_libversion(),
                   yaml_get_version_string(), jansson_version_str());
    return text;
}
