#include "src/core/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/pdg.h"

#define LN_P_STEP 0.051 /* 97 nodes for 3 to 400 GeV: the transform is then right to 0.3% (measured) */
#define N_THETA 17      /* 9 are enough for B mesons, not for light ones: 2% at the edge of the window */
#define N_THETA_MAX 33
#define PT_STEP_GEV 0.16     /* wide windows have more nodes: this far apart in pT at the largest momentum */
#define REACH_P_MIN_GEV 0.02 /* slower X reach nothing */

void bd_spectrum_grid_init(struct bd_spectrum_grid *grid, double p_min_gev, double p_max_gev, double theta_min_rad,
                           double theta_max_rad)
{
    const double range = log(p_max_gev / p_min_gev);
    grid->n_p = (size_t)ceil(range / LN_P_STEP) + 1;
    grid->ln_p_min = log(p_min_gev);
    grid->ln_p_step = range / (double)(grid->n_p - 1);
    const double n_theta = ceil((theta_max_rad - theta_min_rad) * p_max_gev / PT_STEP_GEV) + 1.0;
    grid->n_theta = (size_t)fmin(fmax(n_theta, N_THETA), N_THETA_MAX);
    grid->theta_min_rad = theta_min_rad;
    grid->theta_step_rad = (theta_max_rad - theta_min_rad) / (double)(grid->n_theta - 1);
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

/* Integral over p from p0 to p1 of a density that is a power of p in between; linear if it starts or ends at 0. */
static double integrate_power(double f0, double f1, double p0, double p1)
{
    if (f0 <= 0.0 || f1 <= 0.0)
        return 0.5 * (f0 + f1) * (p1 - p0);
    const double ln_p = log(p1 / p0), y = log(f1 / f0) + ln_p; /* integral of exp(y x) f0 p0 ln_p, x from 0 to 1 */
    return f0 * p0 * ln_p * (fabs(y) > 1e-8 ? expm1(y) / y : 1.0);
}

double bd_spectrum_in_grid(const struct bd_spectrum_grid *grid, const struct bd_spectrum *spectrum)
{
    double sum = 0.0;
    for (size_t j = 0; j + 1 < grid->n_theta; j++) {
        const double theta0 = grid->theta_min_rad + (double)j * grid->theta_step_rad;
        double edge[2] = {0.0, 0.0}; /* dN/dOmega at both edges of the interval in theta */
        for (size_t i = 0; i + 1 < grid->n_p; i++) {
            const double p0 = exp(grid->ln_p_min + (double)i * grid->ln_p_step), p1 = p0 * exp(grid->ln_p_step);
            const double *here = &spectrum->density[i * grid->n_theta + j], *next = here + grid->n_theta;
            edge[0] += integrate_power(here[0], next[0], p0, p1);
            edge[1] += integrate_power(here[1], next[1], p0, p1);
        }
        /* Simpson: a line times sin(theta) */
        const double h = grid->theta_step_rad;
        sum += 2.0 * BD_PI * h / 6.0 *
               (edge[0] * sin(theta0) + 2.0 * (edge[0] + edge[1]) * sin(theta0 + 0.5 * h) +
                edge[1] * sin(theta0 + h));
    }
    return sum;
}

double bd_spectrum_mean_p(const struct bd_spectrum_grid *grid, const struct bd_spectrum *spectrum)
{
    double sum = 0.0, weighted = 0.0;
    for (size_t k = 0; k < BD_REACH_NODES; k++) {
        sum += spectrum->reach[k];
        weighted += spectrum->reach[k] * exp(grid->ln_reach_p_min + (double)k * grid->ln_reach_p_step);
    }
    return sum > 0.0 ? weighted / sum : 0.0;
}
