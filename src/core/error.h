/* src/core/error.h - how a function says that it failed.
 *
 * One error, owned by the caller, so that threads do not share it. Library code never prints or exits. */
#ifndef BD_CORE_ERROR_H
#define BD_CORE_ERROR_H

#include <stdarg.h>

enum bd_status {
    BD_OK = 0,
    BD_BAD_INPUT, /* a value, file or option of the user is wrong */
    BD_USAGE,     /* the command line itself is wrong: exit code 2 */
    BD_NUMERIC,   /* a computation has no value here */
    BD_IO,        /* a file cannot be read or written */
    BD_DATABASE,  /* SQLite said no */
    BD_NO_MEMORY,
    BD_INTERRUPTED, /* SIGINT or SIGTERM: what was finished is kept */
};

struct bd_error {
    enum bd_status status;
    char message[1024];
};

#define BD_MUST_CHECK __attribute__((warn_unused_result))
#define BD_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))

/* Return from a function that owns nothing as soon as a call fails. */
#define BD_TRY(call)                                                                                              \
    do {                                                                                                          \
        const enum bd_status bd_try_status = (call);                                                              \
        if (bd_try_status != BD_OK)                                                                               \
            return bd_try_status;                                                                                 \
    } while (0)

/* Fill err (may be NULL) and return status: `return bd_fail(err, BD_BAD_INPUT, "mass %g GeV ...", m);` */
enum bd_status bd_fail(struct bd_error *err, enum bd_status status, const char *format, ...) BD_PRINTF(3, 4);

/* Put "context: " before the message of a failed call and return its status; does nothing for BD_OK. */
enum bd_status bd_add_context(struct bd_error *err, enum bd_status status, const char *format, ...)
    BD_PRINTF(3, 4);

/* A status of GSL as ours: BD_OK for GSL_SUCCESS, else BD_NUMERIC (or BD_NO_MEMORY) with GSL's own words. */
enum bd_status bd_check_gsl(struct bd_error *err, int gsl_status, const char *what);

#endif
