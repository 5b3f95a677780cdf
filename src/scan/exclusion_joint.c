#include "src/scan/exclusion_joint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct bd_exclusion_joint {
    struct bd_combine combine;
    double cl;
    struct bd_exclusion_outline *outline; /* [n], of each part */
    size_t n;
};

static enum bd_status prepare(const struct bd_exclusion *const *parts, size_t n, struct bd_exclusion_joint *joint,
                              struct bd_error *err)
{
    struct bd_combine_options options = {.cl = bd_exclusion_cl(parts[0])};
    size_t n_channel = 0;
    joint->cl = options.cl;
    for (size_t i = 0; i < n; i++) {
        options.signal_rel_unc = fmax(options.signal_rel_unc, bd_exclusion_signal_rel_unc(parts[i]));
        n_channel += bd_exclusion_n_channel(parts[i]);
        BD_TRY(bd_exclusion_outline(parts[i], BD_EXCLUSION_OBSERVED, &joint->outline[joint->n++], err));
        if (fabs(bd_exclusion_cl(parts[i]) - options.cl) > 1e-9)
            return bd_fail(err, BD_BAD_INPUT, "%s excludes at %g, %s at %g: no common confidence level",
                           joint->outline[0].experiment, options.cl, joint->outline[i].experiment,
                           bd_exclusion_cl(parts[i]));
    }
    if (n_channel > BD_COMBINE_CHANNELS_MAX)
        return bd_fail(err, BD_BAD_INPUT, "%zu channels; at most %d can be combined", n_channel,
                       BD_COMBINE_CHANNELS_MAX);
    return bd_combine_init(&options, &joint->combine, err);
}

enum bd_status bd_exclusion_joint_open(const struct bd_exclusion *const *parts, size_t n,
                                       struct bd_exclusion_joint **joint, struct bd_error *err)
{
    struct bd_exclusion_joint *opened = calloc(1, sizeof *opened);
    if (opened != NULL)
        opened->outline = calloc(n, sizeof *opened->outline);
    const enum bd_status status = opened != NULL && opened->outline != NULL
                                      ? prepare(parts, n, opened, err)
                                      : bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    if (status == BD_OK)
        *joint = opened;
    else
        bd_exclusion_joint_free(opened);
    return status;
}

void bd_exclusion_joint_free(struct bd_exclusion_joint *joint)
{
    if (joint == NULL)
        return;
    for (size_t i = 0; i < joint->n; i++)
        bd_exclusion_outline_free(&joint->outline[i]);
    free(joint->outline);
    free(joint);
}

/* ---- one column ---- */

struct column {
    const struct bd_exclusion_joint *joint;
    void *part[]; /* [n] */
};

static void close_column(void *object)
{
    struct column *column = object;
    for (size_t i = 0; column != NULL && i < column->joint->n; i++)
        bd_exclusion_column_close(column->part[i]);
    free(column);
}

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    const struct bd_exclusion_joint *joint = object;
    struct column *opened = calloc(1, sizeof *opened + joint->n * sizeof opened->part[0]);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    opened->joint = joint;
    enum bd_status status = BD_OK;
    for (size_t i = 0; i < joint->n && status == BD_OK; i++) {
        const struct bd_contour_field *field = &joint->outline[i].field;
        status = field->open(field->object, x, &opened->part[i], err);
    }
    if (status == BD_OK)
        *column = opened;
    else
        close_column(opened);
    return status;
}

static enum bd_status value_of_column(void *object, double ln_y, double *value, struct bd_error *err)
{
    struct column *column = object;
    struct bd_combine_channel channel[BD_COMBINE_CHANNELS_MAX];
    struct bd_combine_result result;
    size_t n = 0;
    double signal = 0.0;
    for (size_t i = 0; i < column->joint->n; i++)
        signal += bd_exclusion_column_channels(column->part[i], ln_y, channel, &n);
    *value = BD_COMBINE_LN_MU_MAX;
    if (!(signal > 0.0))
        return BD_OK;
    BD_TRY(bd_combine_limit(&column->joint->combine, channel, n, &result, err));
    *value = result.ln_mu_up;
    return BD_OK;
}

enum bd_status bd_exclusion_joint_outline(const struct bd_exclusion_joint *joint,
                                          struct bd_exclusion_outline *outline, struct bd_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < joint->n; i++)
        n += joint->outline[i].n_mass;
    *outline = joint->outline[0];
    outline->experiment = BD_EXCLUSION_LIKELIHOOD_NAME;
    outline->method = "likelihood";
    outline->pot = 0.0;
    outline->field = (struct bd_contour_field){(void *)joint, open_column, value_of_column, close_column};
    outline->n_mass = 0;
    outline->mass_gev = malloc((n + 1) * sizeof *outline->mass_gev);
    if (outline->mass_gev == NULL)
        return bd_fail(err, BD_NO_MEMORY, "exclusion: out of memory");
    for (size_t i = 0; i < joint->n; i++) {
        const struct bd_exclusion_outline *part = &joint->outline[i];
        if (strcmp(part->kind, outline->kind) != 0)
            outline->kind = "projection";
        for (size_t k = 0; k < part->n_mass; k++)
            outline->mass_gev[outline->n_mass++] = part->mass_gev[k];
    }
    return BD_OK;
}
