#include "src/core/qmc.h"

#include <gsl/gsl_qrng.h>
#include <stdlib.h>

struct bd_qmc {
    unsigned n_dimension;
    size_t n_point;
    uint32_t *point; /* [n_dimension][n_point] */
};

enum bd_status bd_qmc_create(unsigned n_dimension, size_t n_point, struct bd_qmc **qmc, struct bd_error *err)
{
    struct bd_qmc *created = malloc(sizeof *created);
    uint32_t *point = calloc(n_dimension * n_point, sizeof *point); /* point 0 is the origin; GSL starts at 1 */
    gsl_qrng *sobol = n_dimension <= BD_QMC_DIMENSIONS_MAX ? gsl_qrng_alloc(gsl_qrng_sobol, n_dimension) : NULL;
    if (created == NULL || point == NULL || sobol == NULL) {
        free(created);
        free(point);
        if (sobol != NULL)
            gsl_qrng_free(sobol);
        return bd_fail(err, BD_NO_MEMORY, "Sobol points: no memory for %zu points in %u dimensions", n_point,
                       n_dimension);
    }
    double x[BD_QMC_DIMENSIONS_MAX];
    for (size_t i = 1; i < n_point; i++) {
        (void)gsl_qrng_get(sobol, x); /* cannot fail before 2^30 points */
        for (unsigned d = 0; d < n_dimension; d++)
            point[d * n_point + i] = (uint32_t)(x[d] * 0x1p32); /* exact: multiples of 2^-30 */
    }
    gsl_qrng_free(sobol);
    *created = (struct bd_qmc){n_dimension, n_point, point};
    *qmc = created;
    return BD_OK;
}

void bd_qmc_free(struct bd_qmc *qmc)
{
    if (qmc != NULL)
        free(qmc->point);
    free(qmc);
}

void bd_qmc_shift(uint64_t key, unsigned shift, unsigned n_dimension, uint32_t *word)
{
    for (unsigned d = 0; d < n_dimension; d++) { /* splitmix64: a good mixer of a counter */
        uint64_t z = key + 0x9e3779b97f4a7c15ULL * ((uint64_t)shift * BD_QMC_DIMENSIONS_MAX + d + 1);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        word[d] = (uint32_t)((z ^ (z >> 31)) >> 32);
    }
}

void bd_qmc_coordinates(const struct bd_qmc *qmc, unsigned dimension, size_t first, size_t n, uint32_t word,
                        double *u)
{
    const uint32_t *point = qmc->point + dimension * qmc->n_point + first;
    for (size_t i = 0; i < n; i++)
        u[i] = ((double)(point[i] ^ word) + 0.5) * 0x1p-32;
}
