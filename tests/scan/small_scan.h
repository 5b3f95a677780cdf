/* tests/scan/small_scan.h - kernels of a small plan in memory, for the tests of everything behind them. */
#ifndef BD_TESTS_SMALL_SCAN_H
#define BD_TESTS_SMALL_SCAN_H

#include <stdlib.h>

#include "expect.h"
#include "src/scan/kernel_set.h"
#include "src/scan/scan.h"

struct small_scan {
    struct bd_experiment *experiment;
    struct bd_plan plan;
    struct bd_kernel *kernel; /* [n_decay * n_mass][n_production] */
    size_t n_saved;
    size_t fail_at;    /* the sink fails at the save of this number, from 1; 0: never */
    size_t stop_after; /* stop() says yes from so many saves on; SIZE_MAX: never */
};

static inline enum bd_status small_scan_save(void *object, size_t task, const struct bd_kernel *kernels,
                                             struct bd_error *err)
{
    struct small_scan *scan = object;
    if (++scan->n_saved == scan->fail_at)
        return bd_fail(err, BD_DATABASE, "no room for task %zu", task);
    memcpy(scan->kernel + task * scan->plan.n_production, kernels, scan->plan.n_production * sizeof *kernels);
    return BD_OK;
}

static inline int small_scan_stop(void *object)
{
    const struct small_scan *scan = object;
    return scan->n_saved >= scan->stop_after;
}

/* An empty plan; the caller adds productions, decays and masses. */
static inline struct small_scan *small_scan_open(const char *card)
{
    struct bd_error err;
    struct small_scan *scan = calloc(1, sizeof *scan);
    expect_ok(bd_experiment_load(card, &scan->experiment, &err), err);
    expect_ok(bd_plan_init(scan->experiment, &scan->plan, &err), err);
    scan->plan.precision = 0.02;
    scan->plan.max_points = 4096;
    scan->stop_after = SIZE_MAX;
    return scan;
}

static inline void small_scan_add(struct small_scan *scan, const char *const *productions,
                                  const char *const *decays, size_t n_mass, const double *mass)
{
    struct bd_error err;
    for (; *productions != NULL; productions++)
        expect_ok(bd_plan_add_production(&scan->plan, *productions, "dark_scalar", NULL, &err), err);
    for (; *decays != NULL; decays++)
        expect_ok(bd_plan_add_decay(&scan->plan, *decays, &err), err);
    for (size_t i = 0; i < n_mass; i++)
        expect_ok(bd_plan_add_mass(&scan->plan, mass[i], &err), err);
}

static inline size_t small_scan_n(const struct small_scan *scan)
{
    return scan->plan.n_decay * scan->plan.n_mass * scan->plan.n_production;
}

static inline enum bd_status small_scan_run(struct small_scan *scan, const unsigned char *done,
                                            struct bd_error *err)
{
    const struct bd_scan_sink sink = {small_scan_save, small_scan_stop, scan};
    if (scan->kernel == NULL)
        scan->kernel = calloc(small_scan_n(scan), sizeof *scan->kernel);
    scan->n_saved = 0;
    return bd_scan_run(&scan->plan, done, &sink, err);
}

static inline struct bd_kernel_set *small_scan_set(const struct small_scan *scan)
{
    struct bd_error err;
    struct bd_kernel_set *set = NULL;
    expect_ok(bd_kernel_set_from_plan(&scan->plan, scan->kernel, &set, &err), err);
    return set;
}

static inline void small_scan_close(struct small_scan *scan)
{
    bd_plan_free(&scan->plan);
    bd_experiment_free(scan->experiment);
    free(scan->kernel);
    free(scan);
}

#endif
