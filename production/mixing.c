#include "production/mixing.h"

#include <math.h>
#include <stdlib.h>

#include "src/core/pdg.h"

/* Mid-points in ln E and pT that stand for all mesons in the momentum spectrum over all angles. */
#define N_LN_E ((size_t)400)
#define N_PT ((size_t)40)

struct meson {
    double pz_star, pt; /* in the centre of mass */
    double number;
};

struct bd_mixing {
    const struct bd_parent *parent;
    const struct bd_spectrum_grid *grid;
    enum bd_mixing_keep keep;
    double number, gamma, beta; /* of the centre of mass */
    struct meson meson[N_LN_E * N_PT];
};

enum bd_status bd_mixing_create(const struct bd_parent *parent, double number, double beam_p_gev,
                                enum bd_mixing_keep keep, const struct bd_spectrum_grid *grid,
                                struct bd_mixing **mixing, struct bd_error *err)
{
    struct bd_mixing *created = malloc(sizeof *created);
    if (created == NULL)
        return bd_fail(err, BD_NO_MEMORY, "mixing: out of memory");
    const double beam_e = hypot(beam_p_gev, BD_MASS_PROTON), m = bd_parent_mass(parent);
    created->parent = parent;
    created->grid = grid;
    created->number = number;
    created->keep = keep;
    created->gamma = sqrt((beam_e + BD_MASS_PROTON) / (2.0 * BD_MASS_PROTON));
    created->beta = beam_p_gev / (beam_e + BD_MASS_PROTON);
    double e_min, e_max, pt_max, sum = 0.0;
    bd_parent_limits(parent, &e_min, &e_max, &pt_max);
    e_min = fmax(e_min, m);
    for (size_t i = 0; i < N_LN_E; i++)
        for (size_t j = 0; j < N_PT; j++) {
            const double energy = e_min * pow(e_max / e_min, ((double)i + 0.5) / (double)N_LN_E);
            const double pt = pt_max * ((double)j + 0.5) / (double)N_PT, pz2 = energy * energy - m * m - pt * pt;
            struct meson *meson = &created->meson[i * N_PT + j];
            meson->pt = pt;
            meson->pz_star = created->gamma * (sqrt(fmax(pz2, 0.0)) - created->beta * energy);
            meson->number = pz2 > 0.0 ? pt * bd_parent_density(parent, energy, pt) : 0.0;
            sum += meson->number;
        }
    if (!(sum > 0.0)) {
        free(created);
        return bd_fail(err, BD_BAD_INPUT, "mixing: no meson above its mass, %g GeV", m);
    }
    for (size_t k = 0; k < N_LN_E * N_PT; k++)
        created->meson[k].number *= number / sum;
    *mixing = created;
    return BD_OK;
}

void bd_mixing_free(struct bd_mixing *mixing)
{
    free(mixing);
}

/* Momentum in the centre of mass that a particle of mass `to` has in the place of one of mass `from`, over the
 * latter's; 0 if it has too little energy. */
static double rescale(enum bd_mixing_keep keep, double p_star2, double from, double to)
{
    if (keep == BD_MIXING_MOMENTUM)
        return 1.0;
    const double q2 = p_star2 + from * from - to * to;
    return q2 > 0.0 && p_star2 > 0.0 ? sqrt(q2 / p_star2) : 0.0;
}

/* dN/(dp dOmega) of X. */
static double density_at(const struct bd_mixing *mixing, double mass, double p, double theta)
{
    const double m = bd_parent_mass(mixing->parent), gamma = mixing->gamma, beta = mixing->beta;
    const double energy = sqrt(p * p + mass * mass), pz = p * cos(theta), pt_x = p * sin(theta);
    const double pz_star_x = gamma * (pz - beta * energy), p_star2 = pz_star_x * pz_star_x + pt_x * pt_x;
    const double scale = rescale(mixing->keep, p_star2, mass, m);
    if (scale <= 0.0)
        return 0.0;
    const double pz_star = scale * pz_star_x, pt = scale * pt_x;
    /* energies, or momenta, in the centre of mass */
    const double e_star = sqrt(p_star2 + mass * mass), e_star_p = sqrt(pz_star * pz_star + pt * pt + m * m);
    const double jacobian = mixing->keep == BD_MIXING_MOMENTUM ? e_star / e_star_p : scale;
    const double pz_p = gamma * (pz_star + beta * e_star_p), energy_p = sqrt(pz_p * pz_p + pt * pt + m * m);
    if (pz_p <= 0.0) /* the tables have none */
        return 0.0;
    /* f_P/P^2 = rho cos(theta_P) P/(pi E_P^2), rho per dlnE dpT^2 */
    return p * p * (energy_p / energy) * jacobian * bd_parent_density(mixing->parent, energy_p, pt) * pz_p /
           (BD_PI * energy_p * energy_p);
}

void bd_mixing_add(const struct bd_mixing *mixing, double mass_gev, struct bd_spectrum *spectrum)
{
    const struct bd_spectrum_grid *grid = mixing->grid;
    for (size_t i = 0; i < grid->n_p; i++) {
        const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step);
        for (size_t j = 0; j < grid->n_theta; j++)
            spectrum->density[i * grid->n_theta + j] +=
                mixing->number *
                density_at(mixing, mass_gev, p, grid->theta_min_rad + (double)j * grid->theta_step_rad);
    }
    for (size_t k = 0; k < N_LN_E * N_PT; k++) {
        const struct meson *meson = &mixing->meson[k];
        if (meson->number <= 0.0)
            continue;
        const double p2_star = meson->pz_star * meson->pz_star + meson->pt * meson->pt;
        const double scale = rescale(mixing->keep, p2_star, bd_parent_mass(mixing->parent), mass_gev);
        if (scale <= 0.0)
            continue;
        const double e_star = sqrt(scale * scale * p2_star + mass_gev * mass_gev), pt = scale * meson->pt;
        const double pz = mixing->gamma * (scale * meson->pz_star + mixing->beta * e_star);
        bd_spectrum_add_reach(grid, sqrt(pz * pz + pt * pt), meson->number, spectrum);
        spectrum->chi_per_pot += meson->number;
    }
}
