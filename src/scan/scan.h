/* src/scan/scan.h - compute the kernels of a plan. */
#ifndef BD_SCAN_SCAN_H
#define BD_SCAN_SCAN_H

#include "decay/kernel.h"
#include "src/scan/plan.h"

/* What the caller does with a finished task: called by one thread at a time, in no fixed order. */
struct bd_scan_sink {
    enum bd_status (*save)(void *object, size_t task,
                           const struct bd_kernel *kernels /* [n_region][n_production] */, struct bd_error *err);
    int (*stop)(void *object); /* asked between tasks; not 0: finish what runs and return BD_INTERRUPTED */
    void *object;
};

/* done[n_decay * n_mass]: tasks not to be computed again, or NULL. The first failing task, by number, is reported
 * after all running ones have ended. */
enum bd_status bd_scan_run(const struct bd_plan *plan, const unsigned char *done, const struct bd_scan_sink *sink,
                           struct bd_error *err) BD_MUST_CHECK;

/* Can all productions of the plan be opened? An error says which one cannot, and why: a table is missing. */
enum bd_status bd_scan_check(const struct bd_plan *plan, struct bd_error *err) BD_MUST_CHECK;

/* One spectrum, as the scan makes it. The caller frees it with bd_spectrum_free. */
enum bd_status bd_scan_spectrum(const struct bd_plan *plan, size_t production, double mass_gev,
                                struct bd_spectrum **spectrum, struct bd_error *err) BD_MUST_CHECK;

#endif
