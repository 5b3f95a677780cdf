#include "src/scan/exclusion_union.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct members {
    const struct bd_exclusion_outline *outline; /* [n] */
    size_t n;
};

struct column {
    const struct members *members;
    void *part[]; /* [n], of each member */
};

static void close_column(void *object)
{
    struct column *column = object;
    for (size_t i = 0; column != NULL && i < column->members->n; i++)
        column->members->outline[i].field.close(column->part[i]);
    free(column);
}

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    const struct members *members = object;
    struct column *opened = calloc(1, sizeof *opened + members->n * sizeof opened->part[0]);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    opened->members = members;
    enum bd_status status = BD_OK;
    for (size_t i = 0; i < members->n && status == BD_OK; i++) {
        const struct bd_contour_field *field = &members->outline[i].field;
        status = field->open(field->object, x, &opened->part[i], err);
    }
    if (status == BD_OK)
        *column = opened;
    else
        close_column(opened);
    return status;
}

/* Excluded is what the nearest member excludes. */
static enum bd_status value_of_column(void *object, double ln_y, double *value, struct bd_error *err)
{
    struct column *column = object;
    *value = INFINITY;
    for (size_t i = 0; i < column->members->n; i++) {
        double here;
        BD_TRY(column->members->outline[i].field.value(column->part[i], ln_y, &here, err));
        *value = fmin(*value, here);
    }
    return BD_OK;
}

enum bd_status bd_exclusion_union_contour(const struct bd_exclusion_outline *outlines, size_t n, int threads,
                                          struct bd_contour *contour, struct bd_error *err)
{
    const struct members members = {outlines, n};
    size_t n_mass = 0;
    struct bd_exclusion_outline all = outlines[0];
    const int joint = strcmp(all.experiment, BD_EXCLUSION_LIKELIHOOD_NAME) == 0;
    all.experiment = joint ? BD_EXCLUSION_LIKELIHOOD_NAME : BD_EXCLUSION_UNION_NAME;
    all.method = !joint ? "union" : n > 1 ? "likelihood+union" : "likelihood";
    all.pot = 0.0;
    all.field = (struct bd_contour_field){(void *)&members, open_column, value_of_column, close_column};
    for (size_t i = 0; i < n; i++) {
        n_mass += outlines[i].n_mass;
        if (fabs(outlines[i].cl - all.cl) > 1e-9)
            return bd_fail(err, BD_BAD_INPUT, "%s excludes at %g, %s at %g: no common confidence level",
                           outlines[0].experiment, all.cl, outlines[i].experiment, outlines[i].cl);
        if (strcmp(outlines[i].kind, all.kind) != 0)
            all.kind = "projection";
    }
    all.n_mass = 0;
    all.mass_gev = malloc((n_mass + 1) * sizeof *all.mass_gev);
    if (all.mass_gev == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < outlines[i].n_mass; k++)
            all.mass_gev[all.n_mass++] = outlines[i].mass_gev[k];
    const enum bd_status status = bd_exclusion_trace(&all, threads, contour, err);
    bd_exclusion_outline_free(&all);
    return status;
}
