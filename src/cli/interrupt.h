/* src/cli/interrupt.h - Ctrl-C in a long run: finish and keep what is done, then stop. */
#ifndef BD_CLI_INTERRUPT_H
#define BD_CLI_INTERRUPT_H

#include <stddef.h>

#include "src/core/error.h"

/* From now on the first SIGINT or SIGTERM only sets a flag; a second one ends the program at once. */
enum bd_status bd_interrupt_install(struct bd_error *err) BD_MUST_CHECK;

/* 1 after such a signal; any thread may ask. */
int bd_interrupt_requested(void);

/* BD_INTERRUPTED with the way to go on: "interrupted after 12 of 36 kernels; what is finished is kept in na62.db:
 * repeat the command with --resume". */
enum bd_status bd_interrupt_report(const char *what, size_t done, size_t total, const char *database_path,
                                   struct bd_error *err);

#endif
