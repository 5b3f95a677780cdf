/* src/cli/contour_union.h - one contour of several experiments, from kernels and from published limits. */
#ifndef BD_CLI_CONTOUR_UNION_H
#define BD_CLI_CONTOUR_UNION_H

#include "src/cli/contour_job.h"

enum bd_contour_union_method {
    BD_CONTOUR_UNION,      /* what any of them excludes */
    BD_CONTOUR_LIKELIHOOD, /* all counts in one CLs, then the union with published limits */
};

/* The observed contour (or the projection) of the job's experiment and of those in names[n]: cards with published
 * limits, or experiments with kernels in job->db (NULL: no database is open, and all have published limits). With
 * job->store it is stored as one of the experiment `combined:...`, with the runs of its members. The caller frees
 * as after bd_contour_job_run. BD_USAGE: an experiment named twice; a likelihood of less than two experiments with
 * counts. */
enum bd_status bd_contour_union_run(const struct bd_contour_job *job, const char *const *names, size_t n,
                                    enum bd_contour_union_method method, struct bd_contour **contour,
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
