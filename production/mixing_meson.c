/* production/mixing_meson.c - mixing_rho, mixing_omega, mixing_phi: a dark photon in the place of a vector meson;
 * mixing_pi0, mixing_eta, mixing_etap: an axion-like particle in the place of a pseudoscalar one.
 *
 * At |theta_V|^2 = 1: as many X as mesons. Alternative to bremsstrahlung with resonances in its form factor: the
 * two describe overlapping physics and are summed only to reproduce arXiv:2502.04241. */
#include <stdlib.h>

#include "production/light_meson.h"
#include "production/mixing.h"

enum { KEEP = BD_LIGHT_MESON_SETTINGS };
static const char *const kept[] = {"momentum", "energy", NULL}; /* in the order of enum bd_mixing_keep */

static const struct bd_setting settings[] = {
    BD_LIGHT_MESON_SETTING_ROWS,
    {"keep", "choice", BD_MIXING_MOMENTUM, 0, 0, kept,
     "what X takes over from the meson in the centre of mass; spectra differ by 20-50% far from its mass"},
    {.name = NULL},
};

struct channel {
    struct bd_parent *parent; /* owned */
    struct bd_mixing *mixing; /* owned */
};

static void close_channel(void *state)
{
    struct channel *channel = state;
    if (channel == NULL)
        return;
    bd_mixing_free(channel->mixing);
    bd_parent_free(channel->parent);
    free(channel);
}

static enum bd_status open_meson(const struct bd_production_request *request, enum bd_light_meson meson,
                                 void **state, struct bd_error *err)
{
    struct channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL)
        return bd_fail(err, BD_NO_MEMORY, "mixing: out of memory");
    double number;
    enum bd_status status = bd_light_meson_open(request, meson, 0, &channel->parent, &number, err);
    if (status == BD_OK)
        status =
            bd_mixing_create(channel->parent, number, request->experiment->beam_p_gev,
                             (enum bd_mixing_keep)request->setting[KEEP], request->grid, &channel->mixing, err);
    if (status == BD_OK)
        *state = channel;
    else
        close_channel(channel);
    return status;
}

static enum bd_status open_rho(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_meson(request, BD_LIGHT_MESON_RHO0, state, err);
}

static enum bd_status open_omega(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_meson(request, BD_LIGHT_MESON_OMEGA, state, err);
}

static enum bd_status open_phi(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_meson(request, BD_LIGHT_MESON_PHI, state, err);
}

static enum bd_status open_pi0(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_meson(request, BD_LIGHT_MESON_PI0, state, err);
}

static enum bd_status open_eta(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_meson(request, BD_LIGHT_MESON_ETA, state, err);
}

static enum bd_status open_etap(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    return open_meson(request, BD_LIGHT_MESON_ETAP, state, err);
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    (void)err;
    bd_mixing_add(((const struct channel *)state)->mixing, mass_gev, spectrum);
    return BD_OK;
}

#define MIXING(meson, owner, papers, open_function, title_text)                                                   \
    const struct bd_production bd_production_mixing_##meson = {                                                   \
        .name = "mixing_" #meson,                                                                                 \
        .model = (owner),                                                                                         \
        .title = (title_text),                                                                                    \
        .unit = "|theta|^2 = 1",                                                                                  \
        .source = (papers),                                                                                       \
        .spectrum_file = "production/spectra/pp_%gGeV_soft.csv",                                                  \
        .mass_min_gev = 0.001,                                                                                    \
        .mass_max_gev = 3.7,                                                                                      \
        .settings = settings,                                                                                     \
        .open = (open_function),                                                                                  \
        .spectrum = spectrum_of,                                                                                  \
        .close = close_channel,                                                                                   \
    };
#define VECTOR(meson, open_function, title_text)                                                                  \
    MIXING(meson, "dark_photon", "arXiv:1810.01879; arXiv:2201.05170", open_function, title_text)
#define PSEUDOSCALAR(meson, open_function, title_text)                                                            \
    MIXING(meson, "alp", "arXiv:1811.03474; arXiv:2201.05170", open_function, title_text)
VECTOR(rho, open_rho, "X in the place of a rho0, same momentum in the centre of mass")
VECTOR(omega, open_omega, "X in the place of an omega, same momentum in the centre of mass")
VECTOR(phi, open_phi, "X in the place of a phi, same momentum in the centre of mass")
PSEUDOSCALAR(pi0, open_pi0, "a in the place of a pi0, same momentum in the centre of mass")
PSEUDOSCALAR(eta, open_eta, "a in the place of an eta, same momentum in the centre of mass")
PSEUDOSCALAR(etap, open_etap, "a in the place of an eta', same momentum in the centre of mass")
