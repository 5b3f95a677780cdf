#include "src/core/error.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <string.h>

enum bd_status bd_fail(struct bd_error *err, enum bd_status status, const char *format, ...)
{
    if (err == NULL)
        return status;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    err->status = status;
    return status;
}

enum bd_status bd_add_context(struct bd_error *err, enum bd_status status, const char *format, ...)
{
    if (status == BD_OK || err == NULL)
        return status;
    char context[sizeof err->message];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(context, sizeof context, format, args);
    va_end(args);
    char message[sizeof err->message];
    memcpy(message, err->message, sizeof message);
    return bd_fail(err, status, "%.500s: %.500s", context, message);
}

enum bd_status bd_check_gsl(struct bd_error *err, int gsl_status, const char *what)
{
    if (gsl_status == GSL_SUCCESS)
        return BD_OK;
    return bd_fail(err, gsl_status == GSL_ENOMEM ? BD_NO_MEMORY : BD_NUMERIC, "%s: %s", what,
                   gsl_strerror(gsl_status));
}
