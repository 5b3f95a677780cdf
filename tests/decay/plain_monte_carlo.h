/* tests/decay/plain_monte_carlo.h - events with the lifetime in them, one by one with pseudo-random numbers: X
 * drawn from its spectrum and its probability to decay in the volume by rejection, an exponential path inside the
 * volume, decays by GENBOD (F. James, CERN 68-15), tracks of plain_tracking.h. No code of decay/ is used. */
#ifndef BD_TESTS_PLAIN_MONTE_CARLO_H
#define BD_TESTS_PLAIN_MONTE_CARLO_H

#include <gsl/gsl_rng.h>
#include <stdlib.h>

#include "decay/decay.h"
#include "decay/plain_tracking.h"
#include "src/core/spectrum.h"

struct plain_run {
    const struct bd_experiment *experiment;
    const struct bd_final_state *state;
    const struct bd_decay *decay;
    const struct bd_spectrum_grid *grid;
    const struct bd_spectrum *spectrum;
    double mass_gev, width_gev;
    double power; /* X are drawn with p^power more, and weighted with p^-power: heavy ones are seen when they are
                     fast */
};

/* dN/(dp dOmega) between the nodes: linear in theta and, in ln f, against ln p. */
static inline double plain_density(const struct plain_run *run, double ln_p, double theta)
{
    const struct bd_spectrum_grid *grid = run->grid;
    const double x = (ln_p - grid->ln_p_min) / grid->ln_p_step,
                 y = (theta - grid->theta_min_rad) / grid->theta_step_rad;
    const size_t i = (size_t)fmin(fmax(x, 0.0), (double)grid->n_p - 2.0);
    const size_t j = (size_t)fmin(fmax(y, 0.0), (double)grid->n_theta - 2.0);
    const double u = x - (double)i, v = y - (double)j;
    const double *lo = run->spectrum->density + i * grid->n_theta + j, *hi = lo + grid->n_theta;
    const double f_lo = (1.0 - v) * lo[0] + v * lo[1], f_hi = (1.0 - v) * hi[0] + v * hi[1];
    return f_lo > 0.0 && f_hi > 0.0 ? f_lo * pow(f_hi / f_lo, u) : 0.0;
}

static inline void plain_volume(const struct plain_run *run, double *z_min, double *z_max)
{
    const struct bd_z_range *volume =
        run->state->neutral_volume ? &run->experiment->neutral_volume : &run->experiment->charged_volume;
    *z_min = volume->z_min_m;
    *z_max = volume->z_max_m;
}

/* X per d ln p d(theta^2) that decay in the volume, times p^power. */
static inline double plain_intensity(const struct plain_run *run, double ln_p, double theta)
{
    double z_min, z_max;
    plain_volume(run, &z_min, &z_max);
    const double p = exp(ln_p), z0 = run->experiment->impact_m[2];
    const double rate = run->mass_gev * run->width_gev / (p * BD_HBARC_GEV_M * cos(theta)); /* per m of z */
    return pow(p, run->power) * plain_density(run, ln_p, theta) * p * BD_PI *
           (theta > 0.0 ? sin(theta) / theta : 1.0) * exp(-rate * (z_min - z0)) * -expm1(-rate * (z_max - z_min));
}

static inline double plain_momentum(double m, double a, double b)
{
    const double e = (m * m + a * a - b * b) / (2.0 * m);
    return sqrt(fmax(e * e - a * a, 0.0));
}

static inline int plain_compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Flat phase space by rejection: ordered random masses of 1 2, 1 2 3, ..., as GENBOD. */
static inline void plain_decay(gsl_rng *rng, double mass, size_t n, const double *m, const double *p_x, double e_x,
                               struct plain_particle *out)
{
    double sum = 0.0, largest = 1.0, low = 0.0, chain[4], r[4] = {0.0, 0.0, 0.0, 1.0};
    for (size_t i = 0; i < n; i++)
        sum += m[i];
    double high = mass - sum + m[0];
    for (size_t i = 1; i < n; i++) {
        low += m[i - 1];
        high += m[i];
        largest *= plain_momentum(high, low, m[i]);
    }
    for (;;) {
        double weight = 1.0, part = m[0];
        for (size_t i = 0; i + 2 < n; i++)
            r[i] = gsl_rng_uniform(rng);
        qsort(r, n - 2, sizeof r[0], plain_compare);
        chain[0] = m[0];
        for (size_t i = 1; i < n; i++) {
            part += m[i];
            chain[i] = i + 1 < n ? part + r[i - 1] * (mass - sum) : mass;
            weight *= plain_momentum(chain[i], chain[i - 1], m[i]);
        }
        if (n == 2 || gsl_rng_uniform(rng) * largest < weight)
            break;
    }
    double p[3] = {p_x[0], p_x[1], p_x[2]}, e = e_x;
    for (size_t i = n - 1; i > 0; i--) { /* split the last one off */
        struct plain_particle rest;
        plain_two_body(p, e, chain[i], m[i], chain[i - 1], 2.0 * gsl_rng_uniform(rng) - 1.0,
                       2.0 * BD_PI * gsl_rng_uniform(rng), &out[i], &rest);
        for (int k = 0; k < 3; k++)
            p[k] = rest.p[k];
        e = rest.e;
    }
    for (int k = 0; k < 3; k++)
        out[0].p[k] = p[k];
    out[0].e = e;
}

/* 1 if an X of this momentum decaying at this vertex is selected. */
static inline int plain_event(const struct plain_run *run, gsl_rng *rng, const double *p, double e,
                              const double *vertex)
{
    double m[BD_DAUGHTERS_MAX] = {0};
    struct plain_particle daughter[BD_DAUGHTERS_MAX], final[2 * BD_DAUGHTERS_MAX];
    const size_t n = bd_decay_n_daughter(run->decay);
    size_t n_final = 0;
    for (size_t i = 0; i < n; i++)
        m[i] = bd_particle_find(run->decay->daughter[i])->mass_gev;
    plain_decay(rng, run->mass_gev, n, m, p, e, daughter);
    for (size_t i = 0; i < n; i++) {
        const struct bd_particle *kind = bd_particle_find(run->decay->daughter[i]);
        if (kind->charge != 0 || m[i] <= 0.0) {
            final[n_final] = daughter[i];
            final[n_final++].charge = kind->charge;
            continue;
        }
        plain_two_body(daughter[i].p, daughter[i].e, m[i], 0.0, 0.0, 2.0 * gsl_rng_uniform(rng) - 1.0,
                       2.0 * BD_PI * gsl_rng_uniform(rng), &final[n_final], &final[n_final + 1]);
        final[n_final].charge = final[n_final + 1].charge = 0;
        n_final += 2;
    }
    return plain_accepts(run->experiment, run->state, n_final, final, vertex);
}

/* Selected events per proton at unit strength and BR = 1, until n_wanted are found; *error is its standard error.
 * -1: the intensity exceeded its maximum, or max_trials were not enough. */
static inline double plain_yield(const struct plain_run *run, gsl_rng *rng, size_t n_wanted, size_t max_trials,
                                 double *error)
{
    const struct bd_spectrum_grid *grid = run->grid;
    const double ln_p_range = grid->ln_p_step * (double)(grid->n_p - 1);
    const double theta_max = grid->theta_min_rad + grid->theta_step_rad * (double)(grid->n_theta - 1);
    const double *impact = run->experiment->impact_m;
    double z_min, z_max, largest = 0.0, sum = 0.0, square = 0.0;
    size_t n = 0, trials = 0;
    plain_volume(run, &z_min, &z_max);
    for (size_t i = 0; i <= 4 * (grid->n_p - 1); i++)
        for (size_t j = 0; j <= 4 * (grid->n_theta - 1); j++)
            largest = fmax(largest, plain_intensity(run, grid->ln_p_min + 0.25 * grid->ln_p_step * (double)i,
                                                    0.25 * grid->theta_step_rad * (double)j));
    largest *= 1.02;
    for (; n < n_wanted; trials++) {
        const double ln_p = grid->ln_p_min + ln_p_range * gsl_rng_uniform(rng);
        const double theta = theta_max * sqrt(gsl_rng_uniform(rng));
        const double here = plain_intensity(run, ln_p, theta);
        if (here > largest || trials == max_trials)
            return -1.0;
        if (gsl_rng_uniform(rng) * largest >= here)
            continue;
        const double p = exp(ln_p), phi = 2.0 * BD_PI * gsl_rng_uniform(rng), e = hypot(p, run->mass_gev);
        const double rate = run->mass_gev * run->width_gev / (p * BD_HBARC_GEV_M * cos(theta));
        const double dz = -log1p(gsl_rng_uniform(rng) * expm1(-rate * (z_max - z_min))) / rate;
        const double momentum[3] = {p * sin(theta) * cos(phi), p * sin(theta) * sin(phi), p * cos(theta)};
        const double path = (z_min + dz - impact[2]) / cos(theta);
        const double vertex[3] = {impact[0] + path * momentum[0] / p, impact[1] + path * momentum[1] / p,
                                  z_min + dz};
        if (!plain_event(run, rng, momentum, e, vertex))
            continue;
        n++;
        sum += pow(p, -run->power);
        square += pow(p, -2.0 * run->power);
    }
    double branching = 1.0;
    for (size_t i = 0; i < bd_decay_n_daughter(run->decay); i++) {
        const double br = bd_particle_find(run->decay->daughter[i])->br_gammagamma;
        branching *= br > 0.0 && !run->experiment->daughter_br_forced ? br : 1.0;
    }
    const double volume = ln_p_range * theta_max * theta_max * largest * branching;
    *error = volume * sqrt(square - sum * sum / (double)trials) / (double)trials;
    return volume * sum / (double)trials;
}

#endif
