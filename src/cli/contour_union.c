#include "src/cli/contour_union.h"

#include <stdlib.h>

#include "db/kernel_store.h"
#include "src/scan/exclusion_table.h"
#include "src/scan/exclusion_union.h"

struct member { /* all owned; which are used depends on how it excludes */
    struct bd_experiment *card;
    struct bd_exclusion_table *table;
    struct bd_kernel_set *set;
    struct bd_yield *yield;
    struct bd_exclusion *exclusion;
};

static void close_member(struct member *member)
{
    bd_exclusion_table_free(member->table);
    bd_experiment_free(member->card);
    bd_exclusion_free(member->exclusion);
    bd_yield_free(member->yield);
    bd_kernel_set_free(member->set);
}

static enum bd_status open_limits(const struct bd_contour_job *job, const struct bd_experiment *card,
                                  struct member *member, struct bd_exclusion_outline *outline,
                                  struct bd_error *err)
{
    BD_TRY(bd_exclusion_table_open(card, job->benchmark, &member->table, err));
    return bd_exclusion_table_outline(member->table, outline, err);
}

static enum bd_status open_kernels(const struct bd_contour_job *job, const char *name, struct member *member,
                                   struct bd_exclusion_outline *outline, struct bd_error *err)
{
    const struct bd_kernel_filter filter = {.model = job->benchmark->model->name};
    BD_TRY(bd_kernel_store_load(job->db, name, &filter, &member->set, err));
    BD_TRY(bd_yield_open(member->set, job->benchmark, &member->yield, err));
    BD_TRY(bd_exclusion_open(member->yield, job->exclusion, &member->exclusion, err));
    return bd_exclusion_outline(member->exclusion, BD_EXCLUSION_OBSERVED, outline, err);
}

/* Member 0 is the experiment of the job, the others are named. */
static enum bd_status open_member(const struct bd_contour_job *job, const char *name, struct member *member,
                                  struct bd_exclusion_outline *outline, struct bd_error *err)
{
    if (name == NULL)
        return job->card != NULL ? open_limits(job, job->card, member, outline, err)
                                 : open_kernels(job, job->experiment, member, outline, err);
    BD_TRY(bd_contour_job_find_limits(name, &member->card, err));
    if (member->card != NULL)
        return open_limits(job, member->card, member, outline, err);
    if (job->db == NULL)
        return bd_fail(err, BD_BAD_INPUT, "there is no card '%s' with published limits", name);
    return open_kernels(job, name, member, outline, err);
}

enum bd_status bd_contour_union_run(const struct bd_contour_job *job, const char *const *names, size_t n,
                                    struct bd_contour **contour, struct bd_error *err)
{
    struct member *member = calloc(n + 1, sizeof *member);
    struct bd_exclusion_outline *outline = calloc(n + 1, sizeof *outline);
    struct bd_contour *traced = calloc(1, sizeof *traced);
    enum bd_status status = member != NULL && outline != NULL && traced != NULL
                                ? BD_OK
                                : bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    for (size_t i = 0; i <= n && status == BD_OK; i++)
        status = open_member(job, i > 0 ? names[i - 1] : NULL, &member[i], &outline[i], err);
    if (status == BD_OK)
        status = bd_exclusion_union_contour(outline, n + 1, job->threads, traced, err);
    for (size_t i = 0; i <= n && member != NULL && outline != NULL; i++) {
        bd_exclusion_outline_free(&outline[i]);
        close_member(&member[i]);
    }
    free(member);
    free(outline);
    if (status == BD_OK)
        *contour = traced;
    else
        bd_contour_job_free(traced, 1);
    return status;
}
