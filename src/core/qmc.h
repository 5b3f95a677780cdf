/* src/core/qmc.h - randomised quasi-Monte Carlo: Sobol points under digital shifts.
 *
 * A shared table of Sobol points (GSL's generator, point 0 included) as 32-bit integers. A shifted point is the
 * table XOR a random word per dimension, plus 1/2, times 2^-32: every shift keeps the structure of the net, and
 * the spread of several shifts is an honest error. Any block of points can be read at any time, so a computation
 * can be continued or restarted at an index, and the numbers depend neither on threads nor on order. */
#ifndef BD_CORE_QMC_H
#define BD_CORE_QMC_H

#include <stddef.h>
#include <stdint.h>

#include "src/core/error.h"

#define BD_QMC_DIMENSIONS_MAX 40

struct bd_qmc; /* read-only after creation: threads share it */

enum bd_status bd_qmc_create(unsigned n_dimension, size_t n_point, struct bd_qmc **qmc,
                             struct bd_error *err) BD_MUST_CHECK;
void bd_qmc_free(struct bd_qmc *qmc); /* accepts NULL */

/* Random words of one shift, from a key (a hash of what is computed) and the number of the shift alone. */
void bd_qmc_shift(uint64_t key, unsigned shift, unsigned n_dimension, uint32_t *word /* [n_dimension] */);

/* Coordinates `dimension` of the points first .. first + n - 1 under a shift word: u[n], in (0, 1). */
void bd_qmc_coordinates(const struct bd_qmc *qmc, unsigned dimension, size_t first, size_t n, uint32_t word,
                        double *u);

#endif
