#include "src/scan/exclusion_union.h"

#include <math.h>
#include <string.h>

#include "src/scan/exclusion_parts.h"

/* Excluded is what the nearest member excludes. */
static enum bd_status value_of_column(void *object, double ln_y, double *value, struct bd_error *err)
{
    const struct bd_exclusion_parts_column *column = object;
    *value = INFINITY;
    for (size_t i = 0; i < column->parts->n; i++) {
        double here;
        BD_TRY(column->parts->outline[i].field.value(column->part[i], ln_y, &here, err));
        *value = fmin(*value, here);
    }
    return BD_OK;
}

enum bd_status bd_exclusion_union_contour(const struct bd_exclusion_outline *outlines, size_t n, int threads,
                                          struct bd_contour *contour, struct bd_error *err)
{
    const struct bd_exclusion_parts members = {outlines, n};
    const int joint = strcmp(outlines[0].experiment, BD_EXCLUSION_LIKELIHOOD_NAME) == 0;
    struct bd_exclusion_outline all;
    BD_TRY(bd_exclusion_parts_outline(&members, &all, err));
    all.experiment = joint ? BD_EXCLUSION_LIKELIHOOD_NAME : BD_EXCLUSION_UNION_NAME;
    bd_exclusion_parts_name_method(&members,
                                   !joint  ? "union"
                                   : n > 1 ? "likelihood+union"
                                           : "likelihood",
                                   all.method);
    all.field.value = value_of_column;
    const enum bd_status status = bd_exclusion_trace(&all, threads, contour, err);
    bd_exclusion_outline_free(&all);
    return status;
}
