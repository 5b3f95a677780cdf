#include "src/core/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pdg.h"

#define LN_P_STEP 0.051       /* 97 nodes for 3 to 400 GeV: the transform is then right to 0.3% (measured) */
#define N_THETA 17            /* 9 are enough for B mesons, not for light ones: 2% at the edge of the window */
#define REACH_P_MIN_GEV 0.02  /* slower X reach nothing */

void bd_spectrum_grid_init(struct bd_spectrum_grid *grid, double p_min_gev, double p_max_gev, double theta_min_rad,
                           double theta_max_rad)
{
    const double range = log(p_max_gev / p_min_gev);
    grid->n_p = (size_t)ceil(range / LN_P_STEP) + 1;
    grid->ln_p_min = log(p_min_gev);
    grid->ln_p_step = range / (double)(grid->n_p - 1);
    grid->n_theta = N_THETA;
    grid->theta_min_rad = theta_min_rad;
    grid->theta_step_rad = (theta_max_rad - theta_min_rad) / (N_THETA - 1);
    grid->ln_reach_p_min = log(REACH_P_MIN_GEV);
    grid->ln_reach_p_step = log(p_max_gev / REACH_P_MIN_GEV) / (BD_REACH_NODES - 1);
}

enum bd_status bd_spectrum_create(const struct bd_spectrum_grid *grid, struct bd_spectrum **spectrum,
                                  struct bd_error *err)
{
    struct bd_spectrum *created = calloc(1, sizeof *created);
    double *density = calloc(grid->n_p * grid->n_theta, sizeof *density);
    if (created == NULL || density == NULL) {
        free(created);
        free(density);
        return bd_fail(err, BD_NO_MEMORY, "spectrum: out of memory");
    }
    created->density = density;
    *spectrum = created;
    return BD_OK;
}

void bd_spectrum_free(struct bd_spectrum *spectrum)
{
    if (spectrum != NULL)
        free(spectrum->density);
    free(spectrum);
}

void bd_spectrum_clear(const struct bd_spectrum_grid *grid, struct bd_spectrum *spectrum)
{
    spectrum->chi_per_pot = 0.0;
    spectrum->flag = BD_FLAG_OK;
    memset(spectrum->density, 0, grid->n_p * grid->n_theta * sizeof *spectrum->density);
    memset(spectrum->reach, 0, sizeof spectrum->reach);
}

void bd_spectrum_add_reach(const struct bd_spectrum_grid *grid, double p_gev, double number,
                           struct bd_spectrum *spectrum)
{
    const double x = (log(p_gev) - grid->ln_reach_p_min) / grid->ln_reach_p_step;
    if (!(x >= 0.0)) /* slower X reach nothing */
        return;
    const size_t k = x < BD_REACH_NODES - 2 ? (size_t)x : BD_REACH_NODES - 2;
    const double u = fmin(x - (double)k, 1.0);
    spectrum->reach[k] += number * (1.0 - u);
    spectrum->reach[k + 1] += number * u;
}

double bd_spectrum_reach_decay(const struct bd_spectrum_grid *grid, const double *reach, double chi_per_pot,
                               double mass_gev, double width_gev, double d1_m, double d2_m)
{
    if (chi_per_pot <= 0.0)
        return 0.0;
    const double rate = mass_gev * width_gev / BD_HBARC_GEV_M; /* 1/lambda = rate / p */
    double sum = 0.0;
    for (size_t k = 0; k < BD_REACH_NODES; k++) {
        const double x = rate * exp(-(grid->ln_reach_p_min + (double)k * grid->ln_reach_p_step));
        sum += reach[k] * exp(-d1_m * x) * -expm1(-(d2_m - d1_m) * x);
    }
    return sum / chi_per_pot;
}
