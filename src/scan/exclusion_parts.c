#include "src/scan/exclusion_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void close_column(void *object)
{
    struct bd_exclusion_parts_column *column = object;
    for (size_t i = 0; column != NULL && i < column->parts->n; i++)
        column->parts->outline[i].field.close(column->part[i]);
    free(column);
}

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    const struct bd_exclusion_parts *parts = object;
    struct bd_exclusion_parts_column *opened = calloc(1, sizeof *opened + parts->n * sizeof opened->part[0]);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    opened->parts = parts;
    enum bd_status status = BD_OK;
    for (size_t i = 0; i < parts->n && status == BD_OK; i++) {
        const struct bd_contour_field *field = &parts->outline[i].field;
        status = field->open(field->object, x, &opened->part[i], err);
    }
    if (status == BD_OK)
        *column = opened;
    else
        close_column(opened);
    return status;
}

enum bd_status bd_exclusion_parts_outline(const struct bd_exclusion_parts *parts,
                                          struct bd_exclusion_outline *outline, struct bd_error *err)
{
    const struct bd_exclusion_outline *first = &parts->outline[0];
    size_t n_mass = 0;
    *outline = *first;
    outline->mass_gev = NULL;
    outline->n_mass = 0;
    outline->pot = 0.0;
    outline->field = (struct bd_contour_field){(void *)parts, open_column, NULL, close_column};
    for (size_t i = 0; i < parts->n; i++) {
        const struct bd_exclusion_outline *part = &parts->outline[i];
        n_mass += part->n_mass;
        if (fabs(part->cl - first->cl) > 1e-9)
            return bd_fail(err, BD_BAD_INPUT, "%s excludes at %g, %s at %g: no common confidence level",
                           first->experiment, first->cl, part->experiment, part->cl);
        if (strcmp(part->kind, outline->kind) != 0)
            outline->kind = "projection";
    }
    outline->mass_gev = malloc((n_mass + 1) * sizeof *outline->mass_gev);
    if (outline->mass_gev == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < parts->n; i++)
        for (size_t k = 0; k < parts->outline[i].n_mass; k++)
            outline->mass_gev[outline->n_mass++] = parts->outline[i].mass_gev[k];
    return BD_OK;
}

void bd_exclusion_parts_name_method(const struct bd_exclusion_parts *parts, const char *name,
                                    char method[static BD_METHOD_SIZE])
{
    const char *rules = NULL; /* published limits have none */
    for (size_t i = 0; i < parts->n && rules == NULL; i++)
        rules = strchr(parts->outline[i].method, ',');
    (void)snprintf(method, BD_METHOD_SIZE, "%s%s", name, rules != NULL ? rules : "");
}
