/* production/b_decay_pair.c - pairs of scalars from B mesons through a virtual Higgs boson, at lambda = 1.
 *
 * B -> X_s S S summed over nine strange states, and Bs, B0 -> S S (arXiv:1904.10447 app. B; B0 with V_td). Two S
 * per decay, each counted by itself. In B -> X S S the invariant mass q of the pair follows dBR/dq^2 and the S are
 * isotropic in the frame of the pair, so the energy of one S in the B frame is flat between its limits at each q.
 */
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

#include "models/meson_br.h"
#include "production/beauty.h"
#include "src/core/pdg.h"

#define N_Q 24      /* Gauss-Legendre nodes in q */
#define N_ENERGY 32 /* nodes in the energy of S in the B frame */

struct pair {
    struct bd_beauty beauty;
    gsl_integration_glfixed_table *q_table, *energy_table;
};

static void close_pair(void *state)
{
    struct pair *pair = state;
    if (pair == NULL)
        return;
    bd_beauty_close(&pair->beauty);
    if (pair->q_table != NULL)
        gsl_integration_glfixed_table_free(pair->q_table);
    if (pair->energy_table != NULL)
        gsl_integration_glfixed_table_free(pair->energy_table);
    free(pair);
}

static enum bd_status open_pair(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    struct pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL)
        return bd_fail(err, BD_NO_MEMORY, "b_decay_pair: out of memory");
    pair->q_table = gsl_integration_glfixed_table_alloc(N_Q);
    pair->energy_table = gsl_integration_glfixed_table_alloc(N_ENERGY);
    enum bd_status status = bd_beauty_open(request, BD_BEAUTY_HADRONS, &pair->beauty, err);
    if (status == BD_OK && (pair->q_table == NULL || pair->energy_table == NULL))
        status = bd_fail(err, BD_NO_MEMORY, "b_decay_pair: out of memory");
    if (status == BD_OK)
        *state = pair;
    else
        close_pair(pair);
    return status;
}

/* Density of decays per energy of one S in the B frame, dBR/dE: Int dq dBR/dq / (E_max(q) - E_min(q)) over the q
 * that reach this energy. The substitution q = lo + (hi - lo) sin^2 takes the roots out of the ends. */
static double energy_density(const struct pair *pair, enum bd_meson meson, double parent, size_t state,
                             double mass, double energy)
{
    const double recoil = bd_meson_br_state_mass(state, meson);
    const double q_lo = 2.0 * mass, q_hi = parent - recoil;
    double sum = 0.0;
    if (q_hi <= q_lo)
        return 0.0;
    for (size_t i = 0; i < N_Q; i++) {
        double t, weight;
        (void)gsl_integration_glfixed_point(0.0, 0.5 * BD_PI, i, &t, &weight, pair->q_table);
        const double q = q_lo + (q_hi - q_lo) * sin(t) * sin(t), dq_dt = (q_hi - q_lo) * sin(2.0 * t);
        const double pair_energy = (parent * parent + q * q - recoil * recoil) / (2.0 * parent);
        const double pair_momentum = sqrt(fmax(pair_energy * pair_energy - q * q, 0.0));
        const double half_width = pair_momentum * sqrt(fmax(0.25 - mass * mass / (q * q), 0.0));
        if (half_width > 0.0 && fabs(energy - 0.5 * pair_energy) < half_width)
            sum +=
                weight * dq_dt * 2.0 * q * bd_meson_br_b_pair_density(state, meson, mass, q) / (2.0 * half_width);
    }
    return sum;
}

/* Two S per decay, in slices of energy; the sum is normalised to the integrated branching ratio. */
static void add_three_body(const struct pair *pair, enum bd_beauty_hadron hadron, enum bd_meson meson, double mass,
                           struct bd_spectrum *spectrum)
{
    const struct bd_parent *parent = pair->beauty.parent[hadron];
    const double m = bd_parent_mass(parent), lightest = bd_meson_br_state_mass(0, meson);
    double e_star[N_ENERGY], number[N_ENERGY], total = 0.0, br = 0.0;
    if (2.0 * mass + lightest >= m)
        return;
    const double recoil = lightest + mass, e_max = (m * m + mass * mass - recoil * recoil) / (2.0 * m);
    for (size_t k = 0; k < N_ENERGY; k++) {
        double weight;
        (void)gsl_integration_glfixed_point(mass, e_max, k, &e_star[k], &weight, pair->energy_table);
        number[k] = 0.0;
        for (size_t state = 0; state < BD_MESON_BR_STRANGE_STATES; state++)
            number[k] += weight * energy_density(pair, meson, m, state, mass, e_star[k]);
        total += number[k];
    }
    for (size_t state = 0; state < BD_MESON_BR_STRANGE_STATES; state++)
        br += bd_meson_br_b_pair(state, meson, mass);
    for (size_t k = 0; k < N_ENERGY && total > 0.0; k++)
        bd_parent_add_decay(parent, mass, e_star[k], 2.0 * pair->beauty.n_per_pot[hadron] * br * number[k] / total,
                            spectrum);
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    const struct pair *pair = state;
    (void)err;
    if (pair->beauty.parent[0] == NULL) {
        spectrum->flag = BD_FLAG_CLOSED;
        return BD_OK;
    }
    add_three_body(pair, BD_BEAUTY_B_CHARGED, BD_MESON_B_CHARGED, mass_gev, spectrum);
    add_three_body(pair, BD_BEAUTY_B0, BD_MESON_B0, mass_gev, spectrum);
    static const enum bd_meson mesons[BD_BEAUTY_HADRONS] = {BD_MESON_B_CHARGED, BD_MESON_B0, BD_MESON_BS};
    for (size_t hadron = BD_BEAUTY_B0; hadron < BD_BEAUTY_HADRONS; hadron++)
        bd_parent_add_decay(
            pair->beauty.parent[hadron], mass_gev, 0.5 * bd_parent_mass(pair->beauty.parent[hadron]),
            2.0 * pair->beauty.n_per_pot[hadron] * bd_meson_br_pair(mesons[hadron], mass_gev), spectrum);
    if (spectrum->chi_per_pot <= 0.0)
        spectrum->flag = BD_FLAG_CLOSED;
    return BD_OK;
}

const struct bd_production bd_production_b_decay_pair = {
    .name = "b_decay_pair",
    .model = "dark_scalar",
    .title = "B -> X_s S S, Bs -> S S, B0 -> S S; two S per decay",
    .unit = "lambda = 1",
    .source = "arXiv:1904.10447 app. B",
    .mass_min_gev = 0.001,
    .mass_max_gev = 0.5 * BD_MASS_BS,
    .spectrum_file = BD_BEAUTY_SPECTRUM,
    .settings = bd_beauty_settings,
    .open = open_pair,
    .spectrum = spectrum_of,
    .close = close_pair,
};
