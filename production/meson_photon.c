#include "production/meson_photon.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

#include "src/core/pdg.h"

#define N_E 96 /* nodes in ln E; between them ln f is linear */
#define N_W BD_MESON_PHOTON_W
#define N_PARENT 40    /* Gauss-Legendre in ln P of the meson */
#define N_PSI 12       /* mid-points on the half circle */
#define N_MARGINAL 400 /* of the energy spectrum of the meson */
#define N_PT 600

struct bd_meson_photon {
    double ln_e_min, ln_e_step, w_max;
    double density[N_E][N_W]; /* dN/(dE dOmega); its logarithm after finish */
    double number[N_E];       /* dN/dlnE */
};

enum bd_status bd_meson_photon_create(double e_min, double e_max, double w_max, struct bd_meson_photon **photons,
                                      struct bd_error *err)
{
    struct bd_meson_photon *created = calloc(1, sizeof *created);
    if (created == NULL)
        return bd_fail(err, BD_NO_MEMORY, "photons from mesons: out of memory");
    created->ln_e_min = log(e_min);
    created->ln_e_step = log(e_max / e_min) / (N_E - 1);
    created->w_max = w_max;
    *photons = created;
    return BD_OK;
}

void bd_meson_photon_free(struct bd_meson_photon *photons)
{
    free(photons);
}

static double node_w(const struct bd_meson_photon *photons, size_t j)
{
    const double u = (double)j / (N_W - 1);
    return photons->w_max * u * u;
}

/* <dN_M/(dlnP dOmega)>/P around a photon, times P: see the header. */
static double around(const struct bd_parent *parent, double p_parent, double e_parent, double alpha, double theta)
{
    const double ca = cos(alpha), sa = sin(alpha), ct = cos(theta), st = sin(theta);
    double sum = 0.0;
    for (size_t k = 0; k < N_PSI; k++) {
        const double psi = BD_PI * ((double)k + 0.5) / N_PSI, cp = cos(psi);
        const double cos_parent = ct * ca + st * sa * cp;
        if (cos_parent <= 0.0)
            continue;
        const double x = st * ca - ct * sa * cp, y = sa * sin(psi);
        sum += bd_parent_density(parent, e_parent, p_parent * sqrt(x * x + y * y)) * cos_parent;
    }
    return sum / N_PSI * p_parent * p_parent * p_parent / (BD_PI * e_parent * e_parent);
}

static double density_of(const struct bd_parent *parent, double energy, double theta, double e_max,
                         gsl_integration_glfixed_table *table)
{
    const double m = bd_parent_mass(parent), e_lo = energy + m * m / (4.0 * energy);
    const double p_lo = sqrt(fmax((e_lo - m) * (e_lo + m), 1e-12)), p_hi = sqrt((e_max - m) * (e_max + m));
    double sum = 0.0;
    if (p_lo >= p_hi)
        return 0.0;
    for (size_t i = 0; i < N_PARENT; i++) {
        double ln_p, weight;
        (void)gsl_integration_glfixed_point(log(p_lo), log(p_hi), i, &ln_p, &weight, table);
        const double p = exp(ln_p), e = sqrt(p * p + m * m);
        const double one_minus_cos = (0.5 * m * m - energy * m * m / (e + p)) / (p * energy);
        const double alpha = 2.0 * asin(sqrt(fmin(fmax(0.5 * one_minus_cos, 0.0), 1.0)));
        sum += weight * around(parent, p, e, alpha, theta);
    }
    return sum;
}

/* Energy spectrum: flat between (E_M - P)/2 and (E_M + P)/2. */
static void add_numbers(struct bd_meson_photon *photons, const struct bd_parent *parent, double number,
                        double e_min, double e_max, double pt_max)
{
    const double m = bd_parent_mass(parent);
    double marginal[N_MARGINAL], total = 0.0;
    const double lo = log(fmax(e_min, m)), step = (log(e_max) - lo) / N_MARGINAL;
    for (size_t i = 0; i < N_MARGINAL; i++) {
        const double e = exp(lo + ((double)i + 0.5) * step);
        marginal[i] = 0.0;
        for (size_t j = 0; j < N_PT; j++) {
            const double pt = pt_max * ((double)j + 0.5) / N_PT;
            marginal[i] += pt * bd_parent_density(parent, e, pt);
        }
        total += marginal[i];
    }
    for (size_t i = 0; i < N_MARGINAL && total > 0.0; i++) {
        const double e = exp(lo + ((double)i + 0.5) * step), p = sqrt((e - m) * (e + m));
        /* Averaged over the energies of the step, so that the threshold of a node is not a stair. */
        const double e_lo = exp(lo + (double)i * step), e_hi = exp(lo + (double)(i + 1) * step);
        for (size_t k = 0; k < N_E; k++) {
            const double photon = exp(photons->ln_e_min + (double)k * photons->ln_e_step);
            const double needed = photon + m * m / (4.0 * photon);
            const double part = needed <= e_lo ? 1.0 : needed >= e_hi ? 0.0 : log(e_hi / needed) / step;
            photons->number[k] += number * marginal[i] / total * part / p * photon;
        }
    }
}

enum bd_status bd_meson_photon_add(struct bd_meson_photon *photons, const struct bd_parent *parent, double number,
                                   struct bd_error *err)
{
    double e_min, e_max, pt_max;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_PARENT);
    if (table == NULL)
        return bd_fail(err, BD_NO_MEMORY, "photons from mesons: out of memory");
    bd_parent_limits(parent, &e_min, &e_max, &pt_max);
#pragma omp parallel for schedule(dynamic, 4) /* every row is its own: the numbers do not depend on the threads   \
                                               */
    for (size_t i = 0; i < N_E; i++) {
        const double energy = exp(photons->ln_e_min + (double)i * photons->ln_e_step);
        for (size_t j = 0; j < N_W; j++) {
            const double theta = node_w(photons, j) / energy;
            if (theta < 0.5 * BD_PI)
                photons->density[i][j] += number * density_of(parent, energy, theta, e_max, table);
        }
    }
    gsl_integration_glfixed_table_free(table);
    add_numbers(photons, parent, number, e_min, e_max, pt_max);
    return BD_OK;
}

void bd_meson_photon_finish(struct bd_meson_photon *photons)
{
    for (size_t i = 0; i < N_E; i++)
        for (size_t j = 0; j < N_W; j++)
            photons->density[i][j] = log(fmax(photons->density[i][j], 1e-300));
}

static int locate_energy(const struct bd_meson_photon *photons, double energy, size_t *i, double *u)
{
    const double x = (log(energy) - photons->ln_e_min) / photons->ln_e_step;
    if (!(x >= -1e-9 && x <= N_E - 1 + 1e-9))
        return 0;
    *i = x < N_E - 2 ? (size_t)fmax(x, 0.0) : N_E - 2;
    *u = x - (double)*i;
    return 1;
}

void bd_meson_photon_row(const struct bd_meson_photon *photons, double energy, struct bd_meson_photon_row *row)
{
    size_t i;
    double u;
    row->energy = energy;
    row->w_max = locate_energy(photons, energy, &i, &u) ? photons->w_max : 0.0;
    for (size_t j = 0; j < BD_MESON_PHOTON_W && row->w_max > 0.0; j++)
        row->ln_density[j] = (1.0 - u) * photons->density[i][j] + u * photons->density[i + 1][j];
}

double bd_meson_photon_density(const struct bd_meson_photon_row *row, double theta)
{
    const double w = row->energy * theta;
    if (w >= row->w_max)
        return 0.0;
    const double x = sqrt(w / row->w_max) * (N_W - 1);
    const size_t j = x < N_W - 2 ? (size_t)x : N_W - 2;
    /* nodes at w_max (j / (N_W - 1))^2 */
    const double v = (x - (double)j) * (x + (double)j) / (double)(2 * j + 1);
    return exp((1.0 - v) * row->ln_density[j] + v * row->ln_density[j + 1]);
}

double bd_meson_photon_number(const struct bd_meson_photon *photons, double energy)
{
    size_t i;
    double u;
    if (!locate_energy(photons, energy, &i, &u))
        return 0.0;
    return (1.0 - u) * photons->number[i] + u * photons->number[i + 1];
}
