/* production/b_decay.c - X from decays of B mesons.
 *
 * b_decay: B -> X_s S at theta = 1 or B -> X_s a at g_bs = 1/GeV, the sum over nine strange states
 * (arXiv:1904.10447 app. B, F); each is a two-body decay of the parent spectrum. b_decay:K and the other states:
 * one of them at BR = 1 for B+ and B0 alike, for any X. The branching ratios exceed 1 at unit coupling: everything
 * is exactly quadratic. Kinematics: isotropic in the B frame. */
#include <stdlib.h>
#include <string.h>

#include "models/meson_br.h"
#include "production/beauty.h"
#include "src/core/pdg.h"

struct b_decay {
    struct bd_beauty beauty;
    int state; /* index into bd_meson_br, or -1: the sum at unit coupling */
    double (*br)(size_t state, enum bd_meson parent, double mass_gev); /* at unit coupling */
};

static enum bd_status open_with(const struct bd_production_request *request,
                                double (*br)(size_t state, enum bd_meson parent, double mass_gev), void **state,
                                struct bd_error *err)
{
    struct b_decay *channel = calloc(1, sizeof *channel);
    if (channel == NULL)
        return bd_fail(err, BD_NO_MEMORY, "b_decay: out of memory");
    channel->br = br;
    channel->state = *request->variant != '\0' ? bd_meson_br_state_find(request->variant) : -1;
    const enum bd_status status = bd_beauty_open(request, 2, &channel->beauty, err);
    if (status != BD_OK)
        free(channel);
    else
        *state = channel;
    return status;
}

static enum bd_status open_scalar(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_with(request, bd_meson_br_b_scalar, state, err);
}

static enum bd_status open_pseudoscalar(const struct bd_production_request *request, void **state,
                                        struct bd_error *err)
{
    return open_with(request, bd_meson_br_b_pseudoscalar, state, err);
}

static enum bd_status open_state(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_with(request, NULL, state, err);
}

static void close_channel(void *state)
{
    struct b_decay *channel = state;
    if (channel != NULL)
        bd_beauty_close(&channel->beauty);
    free(channel);
}

/* Energy of X against a recoil in the frame of the parent; 0 if forbidden. */
static double energy_against(double parent, double mass, double recoil)
{
    return mass + recoil < parent ? (parent * parent + mass * mass - recoil * recoil) / (2.0 * parent) : 0.0;
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    static const enum bd_meson mesons[] = {BD_MESON_B_CHARGED, BD_MESON_B0};
    const struct b_decay *channel = state;
    (void)err;
    for (size_t hadron = 0; hadron < 2; hadron++) {
        const struct bd_parent *parent = channel->beauty.parent[hadron];
        for (size_t i = 0; i < bd_meson_br_n_state() && parent != NULL; i++) {
            if (channel->state >= 0 ? (int)i != channel->state : i >= BD_MESON_BR_STRANGE_STATES)
                continue;
            const double e_star =
                energy_against(bd_parent_mass(parent), mass_gev, bd_meson_br_state_mass(i, mesons[hadron]));
            const double br = channel->state >= 0 ? 1.0 : channel->br(i, mesons[hadron], mass_gev);
            if (e_star > 0.0 && br > 0.0)
                bd_parent_add_decay(parent, mass_gev, e_star, channel->beauty.n_per_pot[hadron] * br, spectrum);
        }
    }
    if (spectrum->chi_per_pot <= 0.0)
        spectrum->flag = BD_FLAG_CLOSED;
    return BD_OK;
}

const struct bd_production bd_production_b_decay = {
    .name = "b_decay",
    .model = "dark_scalar",
    .title = "B -> X_s S, sum over nine strange states",
    .unit = "theta = 1",
    .source = "arXiv:1904.10447 app. B, F",
    .mass_min_gev = 0.001,
    .mass_max_gev = BD_MASS_B0 - BD_MASS_K_CHARGED,
    .spectrum_file = BD_BEAUTY_SPECTRUM,
    .settings = bd_beauty_settings,
    .open = open_scalar,
    .spectrum = spectrum_of,
    .close = close_channel,
};

const struct bd_production bd_production_b_decay_alp = {
    .name = "b_decay",
    .model = "alp",
    .title = "B -> X_s a, sum over nine strange states",
    .unit = "g_bs = 1/GeV",
    .source = "arXiv:2201.05170; form factors: arXiv:1904.10447 app. F",
    .mass_min_gev = 0.001,
    .mass_max_gev = BD_MASS_B0 - BD_MASS_K_CHARGED,
    .spectrum_file = BD_BEAUTY_SPECTRUM,
    .settings = bd_beauty_settings,
    .open = open_pseudoscalar,
    .spectrum = spectrum_of,
    .close = close_channel,
};

/* The names of bd_meson_br, in its order (a test compares them). */
static const char *const states[] = {"K",       "K0*700",  "K0*1430", "K*892", "K*1410", "K*1680",
                                     "K1_1270", "K1_1400", "K2*1430", "pi",    NULL};

const struct bd_production bd_production_b_decay_state = {
    .name = "b_decay",
    .model = NULL,
    .title = "B -> K X or another state at BR = 1, B+ and B0 alike",
    .unit = "BR = 1",
    .source = "two-body kinematics",
    .variants = states,
    .mass_min_gev = 0.001,
    .mass_max_gev = BD_MASS_B0 - BD_MASS_PI0,
    .spectrum_file = BD_BEAUTY_SPECTRUM,
    .settings = bd_beauty_settings,
    .open = open_state,
    .spectrum = spectrum_of,
    .close = close_channel,
};
