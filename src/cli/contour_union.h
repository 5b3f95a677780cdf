/* src/cli/contour_union.h - one contour of several experiments, from kernels and from published limits. */
#ifndef BD_CLI_CONTOUR_UNION_H
#define BD_CLI_CONTOUR_UNION_H

#include "src/cli/contour_job.h"

/* The observed contour (or the projection) of the job's experiment and of those in names[n]: cards with published
 * limits, or experiments with kernels in job->db (NULL: no database is open). Nothing is stored. The caller frees
 * as after bd_contour_job_run. */
enum bd_status bd_contour_union_run(const struct bd_contour_job *job, const char *const *names, size_t n,
                                    struct bd_contour **contour, struct bd_error *err) BD_MUST_CHECK;

#endif
