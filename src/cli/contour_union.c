#include "src/cli/contour_union.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/kernel_store.h"
#include "db/result.h"
#include "src/core/data.h"
#include "src/scan/exclusion_joint.h"
#include "src/scan/exclusion_table.h"
#include "src/scan/exclusion_union.h"

struct member { /* owned; which are used depends on how it excludes */
    struct bd_experiment *card;
    const struct bd_experiment *limits; /* borrowed: card, or that of the job */
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
    if (job->exclusion->only_decay != NULL)
        return bd_fail(err, BD_USAGE, "--decay: %s has published limits, no counts", card->id);
    member->limits = card;
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
    return open_kernels(job, name, member, outline, err);
}

struct combination {
    const struct bd_contour_job *job;
    size_t n;                             /* members */
    struct member *member;                /* [n], owned */
    size_t n_outline;                     /* regions whose union is taken: of each member, or one for all counts */
    struct bd_exclusion_outline *outline; /* [n], owned */
    struct bd_exclusion_joint *joint;     /* owned; NULL: none */
};

static const char *member_id(const struct member *member)
{
    return member->limits != NULL ? member->limits->id : member->set->experiment.id;
}

static enum bd_status open_members(struct combination *all, const char *const *names, struct bd_error *err)
{
    for (size_t i = 0; i < all->n; i++) {
        BD_TRY(open_member(all->job, i > 0 ? names[i - 1] : NULL, &all->member[i], &all->outline[i], err));
        all->n_outline++;
        for (size_t k = 0; k < i; k++)
            if (strcmp(all->outline[k].experiment, all->outline[i].experiment) == 0)
                return bd_fail(err, BD_USAGE, "--with: %s is there already", all->outline[i].experiment);
    }
    return BD_OK;
}

/* All counts as the first outline, then those of published limits. */
static enum bd_status join_counts(struct combination *all, struct bd_error *err)
{
    const struct bd_exclusion **part = calloc(all->n, sizeof *part);
    size_t n = 0, kept = 1;
    if (part == NULL)
        return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    for (size_t i = 0; i < all->n; i++)
        if (all->member[i].exclusion != NULL)
            part[n++] = all->member[i].exclusion;
    enum bd_status status = n >= 2 ? bd_exclusion_joint_open(part, n, &all->joint, err)
                                   : bd_fail(err, BD_USAGE,
                                             "--combine likelihood: needs two experiments with "
                                             "counts, published limits have none");
    free(part);
    BD_TRY(status);
    for (size_t i = 0; i < all->n; i++)
        if (all->member[i].exclusion != NULL)
            bd_exclusion_outline_free(&all->outline[i]);
    struct bd_exclusion_outline *outline = calloc(all->n, sizeof *outline);
    if (outline == NULL)
        return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    for (size_t i = 0; i < all->n; i++)
        if (all->member[i].exclusion == NULL)
            outline[kept++] = all->outline[i];
    free(all->outline);
    all->outline = outline;
    all->n_outline = kept;
    return bd_exclusion_joint_outline(all->joint, &outline[0], err);
}

static enum bd_status fill_members(const struct combination *all, struct bd_run_member *rows, struct bd_error *err)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct member *member = &all->member[i];
        struct bd_run run;
        (void)snprintf(rows[i].experiment, sizeof rows[i].experiment, "%s", member_id(member));
        if (member->limits != NULL) {
            BD_TRY(bd_contour_job_store_run(all->job->db, member->limits, all->job->command_line, &run, err));
            (void)snprintf(rows[i].run, sizeof rows[i].run, "%s", run.id);
        } else {
            (void)snprintf(rows[i].run, sizeof rows[i].run, "%s", member->set->series[0].run);
        }
    }
    return BD_OK;
}

/* A combination is stored as an experiment with runs of its own: the runs of its members are what repeats it. */
static enum bd_status store(const struct combination *all, const struct bd_contour *contour,
                            struct bd_experiment *card, struct bd_run_member *rows, struct bd_error *err)
{
    char text[64];
    const struct bd_plan plan = {.experiment = card};
    struct bd_run_info info;
    struct bd_run run;
    const int n = snprintf(text, sizeof text, "id: %s\nmode: combination\n", contour->experiment);
    (void)snprintf(card->id, sizeof card->id, "%s", contour->experiment);
    (void)snprintf(card->title, sizeof card->title, "several experiments together, %s", contour->method);
    (void)snprintf(card->mode, sizeof card->mode, BD_EXPERIMENT_COMBINATION);
    (void)snprintf(card->status, sizeof card->status, BD_EXPERIMENT_COMBINATION);
    card->text = text;
    card->hash = bd_data_hash(BD_HASH_START, text, (size_t)n);
    card->limit_cl =
        all->member[0].limits != NULL ? all->member[0].limits->limit_cl : all->member[0].set->experiment.limit_cl;
    BD_TRY(fill_members(all, rows, err));
    bd_run_info_init(&info);
    info.command_line = all->job->command_line;
    info.member = rows;
    info.n_member = all->n;
    info.combination = contour->benchmark;
    BD_TRY(bd_run_begin(all->job->db, &plan, &info, 1, &run, err));
    BD_TRY(bd_run_finish(all->job->db, &run, NULL, err));
    return bd_result_save_contour(all->job->db, run.id, contour, err);
}

static enum bd_status store_combination(const struct combination *all, const struct bd_contour *contour,
                                        struct bd_error *err)
{
    struct bd_experiment *card = calloc(1, sizeof *card);
    struct bd_run_member *rows = calloc(all->n, sizeof *rows);
    const enum bd_status status = card != NULL && rows != NULL
                                      ? store(all, contour, card, rows, err)
                                      : bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    free(rows);
    free(card);
    return status;
}

/* What was done, for people. */
static void report(const struct combination *all, const struct bd_contour *contour)
{
    (void)fprintf(stderr, "beamdump contour: %s %s at %g%% CL, method %s:", contour->benchmark, contour->kind,
                  100.0 * contour->cl, contour->method);
    for (size_t i = 0; i < all->n; i++)
        (void)fprintf(stderr, "%s %s%s", i > 0 ? "," : "", member_id(&all->member[i]),
                      all->member[i].exclusion == NULL ? " (published limits)" : "");
    (void)fputc('\n', stderr);
}

static void close_combination(struct combination *all)
{
    for (size_t i = 0; i < all->n_outline; i++)
        bd_exclusion_outline_free(&all->outline[i]);
    bd_exclusion_joint_free(all->joint);
    for (size_t i = 0; all->member != NULL && i < all->n; i++)
        close_member(&all->member[i]);
    free(all->outline);
    free(all->member);
}

enum bd_status bd_contour_union_run(const struct bd_contour_job *job, const char *const *names, size_t n,
                                    enum bd_contour_union_method method, struct bd_contour **contour,
                                    struct bd_error *err)
{
    struct combination all = {.job = job,
                              .n = n + 1,
                              .member = calloc(n + 1, sizeof *all.member),
                              .outline = calloc(n + 1, sizeof *all.outline)};
    struct bd_contour *traced = calloc(1, sizeof *traced);
    enum bd_status status = all.member != NULL && all.outline != NULL && traced != NULL
                                ? BD_OK
                                : bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
    if (status == BD_OK)
        status = open_members(&all, names, err);
    if (status == BD_OK && method == BD_CONTOUR_LIKELIHOOD)
        status = join_counts(&all, err);
    if (status == BD_OK)
        status = bd_exclusion_union_contour(all.outline, all.n_outline, job->threads, traced, err);
    if (status == BD_OK && job->store)
        status = store_combination(&all, traced, err);
    if (status == BD_OK)
        report(&all, traced);
    close_combination(&all);
    if (status == BD_OK)
        *contour = traced;
    else
        bd_contour_job_free(traced, 1);
    return status;
}
