#include "src/scan/exclusion_joint.h"

#include <math.h>
#include <stdlib.h>

#include "src/scan/exclusion_parts.h"

struct bd_exclusion_joint {
    struct bd_exclusion_parts parts; /* first: what a column has is the joint exclusion, too */
    struct bd_combine combine;
    struct bd_exclusion_outline *outline; /* [parts.n], owned */
};

static enum bd_status prepare(const struct bd_exclusion *const *parts, size_t n, struct bd_exclusion_joint *joint,
                              struct bd_error *err)
{
    struct bd_combine_options options = {.cl = bd_exclusion_cl(parts[0])};
    size_t n_channel = 0;
    joint->parts.outline = joint->outline;
    for (size_t i = 0; i < n; i++) {
        options.signal_rel_unc = fmax(options.signal_rel_unc, bd_exclusion_signal_rel_unc(parts[i]));
        n_channel += bd_exclusion_n_channel(parts[i]);
        BD_TRY(bd_exclusion_outline(parts[i], BD_EXCLUSION_OBSERVED, &joint->outline[joint->parts.n++], err));
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
    for (size_t i = 0; i < joint->parts.n; i++)
        bd_exclusion_outline_free(&joint->outline[i]);
    free(joint->outline);
    free(joint);
}

static enum bd_status value_of_column(void *object, double ln_y, double *value, struct bd_error *err)
{
    const struct bd_exclusion_parts_column *column = object;
    const struct bd_exclusion_joint *joint = (const struct bd_exclusion_joint *)(const void *)column->parts;
    struct bd_combine_channel channel[BD_COMBINE_CHANNELS_MAX];
    struct bd_combine_result result;
    size_t n = 0;
    double signal = 0.0;
    for (size_t i = 0; i < joint->parts.n; i++)
        signal += bd_exclusion_column_channels(column->part[i], ln_y, channel, &n);
    *value = BD_COMBINE_LN_MU_MAX;
    if (!(signal > 0.0))
        return BD_OK;
    BD_TRY(bd_combine_limit(&joint->combine, channel, n, &result, err));
    *value = result.ln_mu_up;
    return BD_OK;
}

enum bd_status bd_exclusion_joint_outline(const struct bd_exclusion_joint *joint,
                                          struct bd_exclusion_outline *outline, struct bd_error *err)
{
    BD_TRY(bd_exclusion_parts_outline(&joint->parts, outline, err));
    outline->experiment = BD_EXCLUSION_LIKELIHOOD_NAME;
    bd_exclusion_parts_name_method(&joint->parts, "likelihood", outline->method);
    outline->field.value = value_of_column;
    return BD_OK;
}
