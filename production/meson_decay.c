/* production/meson_decay.c - a vector X from decays of light mesons.
 *
 * meson_decay: P -> gamma A' and V -> P A' of all light mesons at eps = 1 (models/dark_photon_br.h).
 * meson_decay:eta and the other states: one meson at BR = 1 into X, for any model; its decays share this in the
 * proportion of those to an A'. Kinematics: isotropic in the frame of the meson, exact for P and for unpolarised
 * V. */
#include <stdlib.h>
#include <string.h>

#include "models/dark_photon_br.h"
#include "production/light_meson.h"
#include "src/core/pdg.h"

enum { MESON_FF = BD_LIGHT_MESON_SETTINGS, VP_GAMMA };

static const char *const form_factors[] = {"none", "pole", NULL};
static const char *const widths[] = {"exact", "literature", NULL};

static const struct bd_setting settings[] = {
    BD_LIGHT_MESON_SETTING_ROWS,
    {"meson_ff", "choice", 0, 0, 0, form_factors,
     "form factors of the mesons: 1, or poles as measured by NA60, BESIII, KLOE-2 (eta at .5 GeV: 3.7)"},
    {"vp_gamma", "choice", 0, 0, 0, widths,
     "V -> P A': exact, or the form of ALPINIST, which overestimates omega -> pi0 A' by 1.5 at .3 GeV, 5 at .5 "
     "GeV"},
    {.name = NULL},
};

/* The names of bd_light_meson, in its order. */
static const char *const states[] = {"pi0", "eta", "etap", "rho0", "rho+-", "omega", "phi", NULL};

struct meson_decay {
    struct bd_parent
        *parent[BD_LIGHT_MESONS]; /* owned; NULL: not asked for; the rho+- may share that of the rho0 */
    double n_per_pot[BD_LIGHT_MESONS];
    int at_br_one; /* a state, not the sum */
    unsigned options;
};

static void close_channel(void *state)
{
    struct meson_decay *channel = state;
    if (channel == NULL)
        return;
    for (int i = 0; i < BD_LIGHT_MESONS; i++)
        if (i != BD_LIGHT_MESON_RHO_CHARGED || channel->parent[i] != channel->parent[BD_LIGHT_MESON_RHO0])
            bd_parent_free(channel->parent[i]);
    free(channel);
}

static enum bd_status open_channel(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    struct meson_decay *channel = calloc(1, sizeof *channel);
    if (channel == NULL)
        return bd_fail(err, BD_NO_MEMORY, "meson_decay: out of memory");
    channel->at_br_one = *request->variant != '\0';
    if (request->setting[MESON_FF] != 0.0)
        channel->options |= BD_DARK_PHOTON_BR_POLE;
    if (request->setting[VP_GAMMA] != 0.0)
        channel->options |= BD_DARK_PHOTON_BR_LITERATURE;
    enum bd_status status = BD_OK;
    for (int i = 0; i < BD_LIGHT_MESONS && status == BD_OK; i++) {
        if (channel->at_br_one && bd_light_meson_find(request->variant) != i)
            continue;
        if (i == BD_LIGHT_MESON_RHO_CHARGED && channel->parent[BD_LIGHT_MESON_RHO0] != NULL) {
            channel->parent[i] = channel->parent[BD_LIGHT_MESON_RHO0];
            channel->n_per_pot[i] = channel->n_per_pot[BD_LIGHT_MESON_RHO0] *
                                    bd_light_meson_charged_rho_ratio(request->experiment->beam_p_gev);
            continue;
        }
        status = bd_light_meson_open(request, (enum bd_light_meson)i, 1, &channel->parent[i],
                                     &channel->n_per_pot[i], err);
    }
    if (status == BD_OK)
        *state = channel;
    else
        close_channel(channel);
    return status;
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    const struct meson_decay *channel = state;
    const struct bd_dark_photon_br_decay *decay;
    double br_sum = 0.0; /* of the state */
    (void)err;
    for (size_t i = 0; (decay = bd_dark_photon_br_at(i)) != NULL; i++)
        if (channel->parent[bd_light_meson_find(decay->parent)] != NULL)
            br_sum += bd_dark_photon_br(decay, mass_gev, channel->options);
    for (size_t i = 0; (decay = bd_dark_photon_br_at(i)) != NULL; i++) {
        const int meson = bd_light_meson_find(decay->parent);
        const double br = bd_dark_photon_br(decay, mass_gev, channel->options);
        if (channel->parent[meson] == NULL || br <= 0.0)
            continue;
        const double parent = bd_parent_mass(channel->parent[meson]), recoil = decay->recoil_mass_gev;
        const double e_star = (parent * parent + mass_gev * mass_gev - recoil * recoil) / (2.0 * parent);
        bd_parent_add_decay(channel->parent[meson], mass_gev, e_star,
                            channel->n_per_pot[meson] * br / (channel->at_br_one ? br_sum : 1.0), spectrum);
    }
    if (spectrum->chi_per_pot <= 0.0)
        spectrum->flag = BD_FLAG_CLOSED;
    return BD_OK;
}

const struct bd_production bd_production_meson_decay = {
    .name = "meson_decay",
    .model = "dark_photon",
    .title = "pi0, eta, eta' -> gamma A' and rho, omega, phi -> P A'",
    .unit = "eps = 1",
    .source = "arXiv:0906.5614",
    .mass_min_gev = 0.001,
    .mass_max_gev = BD_MASS_ETAP,
    .settings = settings,
    .open = open_channel,
    .spectrum = spectrum_of,
    .close = close_channel,
};

const struct bd_production bd_production_meson_decay_state = {
    .name = "meson_decay",
    .model = NULL,
    .title = "one light meson at BR = 1 into X and gamma or a pseudoscalar",
    .unit = "BR = 1",
    .source = "two-body kinematics",
    .variants = states,
    .mass_min_gev = 0.001,
    .mass_max_gev = BD_MASS_ETAP,
    .settings = settings,
    .open = open_channel,
    .spectrum = spectrum_of,
    .close = close_channel,
};
