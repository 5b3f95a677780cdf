/* production/photon_from_meson.c - photons of pi0 and eta decays that convert on a nucleus of the target.
 *
 * A photon in a thick target becomes an a with probability sigma_Primakoff/sigma_abs, sigma_abs the total photon
 * cross section (XCOM) of the card; arXiv:1904.02091. At g_agg = 1/GeV. The directions of photon and recoil are
 * folded on the sphere: sin(beta) = sqrt(t - t_min)/p about the photon. Mesons: the numbers per interaction of
 * production/light_meson; their nuclear dependence and the cascade are left out. */
#include <math.h>
#include <stdlib.h>

#include "production/conversion.h"
#include "production/light_meson.h"
#include "production/meson_photon.h"
#include "src/core/pdg.h"

#define N_PHI 10       /* mid-points on the half circle */
#define N_ENERGY 400   /* mid-points in ln E for the numbers at all angles */
#define PT_MAX_GEV 4.3 /* of the photons: the tables of mesons end at 4 GeV */
#define E_MIN_GEV 0.02 /* of the photons at all angles */
#define BARN_GEV2 (1e3 / BD_HBARC2_GEV2_MB)

enum { E_MIN = BD_LIGHT_MESON_SETTINGS, SCREENING };

static const char *const off_on[] = {"off", "on", NULL};

static const struct bd_setting settings[] = {
    BD_LIGHT_MESON_SETTING_ROWS,
    {"e_min_gev", "GeV", 0.0, 0.0, 1e3, NULL, "slower a are not counted"},
    {"screening", "choice", 0, 0, 0, off_on, "field of the electrons, matters below 50 MeV"},
    {.name = NULL},
};

struct channel {
    const struct bd_spectrum_grid *grid;
    struct bd_conversion conversion;
    struct bd_meson_photon *photons; /* owned */
    double sigma_abs;                /* [GeV^-2] */
    double beam, e_min;
};

static void close_channel(void *state)
{
    struct channel *channel = state;
    if (channel == NULL)
        return;
    bd_meson_photon_free(channel->photons);
    free(channel);
}

static enum bd_status add_meson(const struct bd_production_request *request, enum bd_light_meson meson, double br,
                                struct bd_meson_photon *photons, struct bd_error *err)
{
    struct bd_parent *parent = NULL;
    double number;
    BD_TRY(bd_light_meson_open(request, meson, 0, &parent, &number, err));
    const enum bd_status status = bd_meson_photon_add(photons, parent, 2.0 * br * number, err);
    bd_parent_free(parent);
    return status;
}

static enum bd_status open_channel(const struct bd_production_request *request, void **state, struct bd_error *err)
{
    const struct bd_experiment *experiment = request->experiment;
    if (!(experiment->target_sigma_gamma_abs_barn > 0.0 && experiment->target_z >= 1.0))
        return bd_fail(
            err, BD_BAD_INPUT,
            "photon_from_meson: the target of %s has Z = %g and a photon cross section of %g barn; it needs "
            "both",
            experiment->id, experiment->target_z, experiment->target_sigma_gamma_abs_barn);
    struct channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL)
        return bd_fail(err, BD_NO_MEMORY, "photon_from_meson: out of memory");
    channel->grid = request->grid;
    channel->sigma_abs = experiment->target_sigma_gamma_abs_barn * BARN_GEV2;
    channel->beam = experiment->beam_p_gev;
    channel->e_min = request->setting[E_MIN];
    bd_conversion_init(experiment->target_a, experiment->target_z, request->setting[SCREENING] != 0.0,
                       &channel->conversion);
    enum bd_status status = bd_meson_photon_create(E_MIN_GEV, channel->beam, PT_MAX_GEV, &channel->photons, err);
    if (status == BD_OK)
        status = add_meson(request, BD_LIGHT_MESON_PI0, BD_BR_PI0_GAMMAGAMMA, channel->photons, err);
    if (status == BD_OK)
        status = add_meson(request, BD_LIGHT_MESON_ETA, BD_BR_ETA_GAMMAGAMMA, channel->photons, err);
    if (status == BD_OK) {
        bd_meson_photon_finish(channel->photons);
        *state = channel;
    } else {
        close_channel(channel);
    }
    return status;
}

/* dN/(dp dOmega) of a: mean of the photons around its direction. */
static double density_at(const struct channel *channel, const struct bd_meson_photon_row *row, double p,
                         double t_min, double theta)
{
    const double range = log(channel->conversion.t_max / t_min), sin_theta = sin(theta);
    double half[N_PHI], sum = 0.0;
    for (int k = 0; k < N_PHI; k++)
        half[k] = sin(0.5 * BD_PI * (k + 0.5) / N_PHI);
    for (int i = 0; i < BD_CONVERSION_NODES; i++) {
        const double t = t_min * exp(range * channel->conversion.node[i]);
        const double sine = sqrt(t - t_min) / p;
        if (sine >= 1.0)
            continue;
        const double beta = asin(sine), difference = sin(0.5 * (theta - beta));
        double photons = 0.0;
        for (int k = 0; k < N_PHI; k++)
            photons += bd_meson_photon_density(
                row, 2.0 * asin(fmin(1.0, sqrt(difference * difference + sin_theta * sine * half[k] * half[k]))));
        sum += channel->conversion.weight[i] * bd_conversion_per_ln_t(&channel->conversion, t_min, t) * photons /
               N_PHI;
    }
    return sum * range / channel->sigma_abs * p / row->energy;
}

static enum bd_status spectrum_of(const void *state, double mass_gev, struct bd_spectrum *spectrum,
                                  struct bd_error *err)
{
    const struct channel *channel = state;
    const struct bd_spectrum_grid *grid = channel->grid;
    (void)err;
    for (size_t i = 0; i < grid->n_p; i++) {
        const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step),
                     energy = sqrt(p * p + mass_gev * mass_gev);
        const double t_min = bd_conversion_t_min(mass_gev, energy);
        if (energy < channel->e_min || energy >= channel->beam || t_min >= channel->conversion.t_max)
            continue;
        struct bd_meson_photon_row row;
        bd_meson_photon_row(channel->photons, energy, &row);
        for (size_t j = 0; j < grid->n_theta; j++)
            spectrum->density[i * grid->n_theta + j] +=
                density_at(channel, &row, p, t_min, grid->theta_min_rad + (double)j * grid->theta_step_rad);
    }
    const double lo = log(fmax(fmax(mass_gev, channel->e_min), E_MIN_GEV));
    const double step = (log(channel->beam) - lo) / N_ENERGY;
    for (int i = 0; i < N_ENERGY && step > 0.0; i++) {
        const double energy = exp(lo + (i + 0.5) * step);
        const double number = bd_meson_photon_number(channel->photons, energy) * step *
                              bd_conversion_cross_section(&channel->conversion, mass_gev, energy) /
                              channel->sigma_abs;
        spectrum->chi_per_pot += number;
        bd_spectrum_add_reach(grid, sqrt((energy - mass_gev) * (energy + mass_gev)), number, spectrum);
    }
    if (spectrum->chi_per_pot <= 0.0)
        spectrum->flag = BD_FLAG_CLOSED;
    return BD_OK;
}

const struct bd_production bd_production_photon_from_meson = {
    .name = "photon_from_meson",
    .model = "alp",
    .title = "photons of pi0 and eta on a nucleus, coherent",
    .unit = "g_agg = 1/GeV",
    .source = "arXiv:1904.02091",
    .spectrum_file = "production/spectra/pp_%gGeV_soft.csv",
    .mass_min_gev = 0.001,
    .mass_max_gev = 5.0,
    .settings = settings,
    .open = open_channel,
    .spectrum = spectrum_of,
    .close = close_channel,
};
