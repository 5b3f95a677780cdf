/* src/cli/command.h - a subcommand of the program.
 *
 * A new one is a file src/cli/command_NAME.c, which defines `const struct bd_command command_NAME`, a line in
 * commands.def and one in CMakeLists.txt. */
#ifndef BD_CLI_COMMAND_H
#define BD_CLI_COMMAND_H

#include "src/cli/options.h"
#include "src/core/error.h"

struct bd_command {
    const char *name;
    const char *summary;             /* one line, no full stop */
    const char *description;         /* further lines of --help, or NULL */
    const struct bd_option *options; /* ends with name NULL */
    const char *const *examples;     /* as typed, from "beamdump" on; NULL ends the list */
    /* Results to stdout or a file (src/cli/output.h), messages to stderr. BD_USAGE ends with exit code 2, any
     * other failure with 1. */
    enum bd_status (*run)(const struct bd_options *options, struct bd_error *err);
};

#define BD_COMMAND(name) extern const struct bd_command command_##name;
#include "src/cli/commands.def"
#undef BD_COMMAND

#endif
