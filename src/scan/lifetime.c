#include "src/scan/lifetime.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#define ANGLES 64 /* Gauss-Legendre nodes: 1e-6 of ln P for all lifetimes that matter */

/* Mean of exp(-(z_escape - z) rate) over z, divided by exp(-(z_escape - z_last) rate). */
static double mean_over_z(double length_m, double rate)
{
    const double x = length_m * rate;
    return x > 0.0 ? -expm1(-x) / x : 1.0;
}

/* Cosines of the recoil in the rest frame of the parent, for which its momentum is selected. */
static void select_angles(const struct bd_escape *escape, double gamma, double beta, double e_recoil, double p,
                          double *lo, double *hi)
{
    const double m = escape->recoil_mass_gev;
    *lo = -1.0;
    *hi = 1.0;
    if (escape->recoil_p_gev[1] <= 0.0 || beta <= 0.0)
        return;
    for (int i = 0; i < 2; i++) { /* E = gamma (E* + beta p* cos) */
        const double cosine = (hypot(escape->recoil_p_gev[i], m) / gamma - e_recoil) / (beta * p);
        *(i == 0 ? lo : hi) = fmin(fmax(cosine, -1.0), 1.0);
    }
}

enum bd_status bd_lifetime_ln_escape(const struct bd_escape *escape, double escape_z_m, double mass_gev,
                                     double ctau_m, double *ln_probability, struct bd_error *err)
{
    const double big = escape->parent_mass_gev, small = escape->recoil_mass_gev;
    if (mass_gev + small >= big)
        return bd_fail(err, BD_BAD_INPUT, "lifetime: no decay into %g GeV: the threshold is %g GeV", mass_gev,
                       big - small);
    const double e_recoil = (big * big + small * small - mass_gev * mass_gev) / (2.0 * big);
    const double p = sqrt(e_recoil * e_recoil - small * small), e_x = big - e_recoil;
    const double gamma = hypot(escape->p_gev, big) / big, beta = escape->p_gev / hypot(escape->p_gev, big);
    const double path_m = escape_z_m - escape->decay_z_m[1],
                 length_m = escape->decay_z_m[1] - escape->decay_z_m[0];
    double lo, hi, rate[ANGLES], weight[ANGLES], slowest = INFINITY, sum = 0.0, sum_weight = 0.0;
    select_angles(escape, gamma, beta, e_recoil, p, &lo, &hi);
    if (!(lo < hi))
        return bd_fail(err, BD_BAD_INPUT, "lifetime: with X of %g GeV no recoil has %g to %g GeV", mass_gev,
                       escape->recoil_p_gev[0], escape->recoil_p_gev[1]);
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(ANGLES);
    if (table == NULL)
        return bd_fail(err, BD_NO_MEMORY, "lifetime: out of memory");
    for (size_t i = 0; i < ANGLES; i++) {
        double cosine;
        (void)gsl_integration_glfixed_point(lo, hi, i, &cosine, &weight[i], table);
        const double p_z = beta > 0.0 ? gamma * (beta * e_x - p * cosine) : p;
        rate[i] = p_z > 0.0 ? mass_gev / (p_z * ctau_m) : INFINITY; /* backwards: it stops in the apparatus */
        slowest = fmin(slowest, rate[i]);
    }
    gsl_integration_glfixed_table_free(table);
    /* The largest term is taken out, so that ln P is right where P underflows. */
    for (size_t i = 0; i < ANGLES; i++) {
        sum_weight += weight[i];
        if (rate[i] < INFINITY)
            sum += weight[i] * exp(-(rate[i] - slowest) * path_m) * mean_over_z(length_m, rate[i]);
    }
    if (!(sum > 0.0))
        return bd_fail(err, BD_BAD_INPUT, "lifetime: X of %g GeV never flies forwards", mass_gev);
    *ln_probability = log(sum / sum_weight) - slowest * path_m;
    return BD_OK;
}
