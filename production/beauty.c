#include "production/beauty.h"

#include <math.h>
#include <stdio.h>

#include "src/core/data.h"
#include "src/core/pdg.h"

static const char *const spectra[] = {"table", "s", "p", NULL};

enum { SIGMA_BB, SIGMA_PP, A_EXPONENT, N_B_CHARGED, N_B0, N_BS, B_SPECTRUM }; /* order of the settings below */

const struct bd_setting bd_beauty_settings[] = {
    {.name = "sigma_bb_nb",
     .unit = "nb",
     .initial = 2.63,
     .max = 1e6,
     .help = "b bbar cross section per nucleon; arXiv:2407.08673: 2.63 +- 0.76 nb at 400 GeV"},
    {.name = "sigma_pp_mb",
     .unit = "mb",
     .initial = 39.85,
     .min = 1.0,
     .max = 1e3,
     .help = "total p p cross section; PDG fit at 400 GeV"},
    {.name = "a_exp_bb",
     .unit = "1",
     .initial = 1.0 / 3.0,
     .max = 1.0,
     .help = "number of b bbar per proton grows as A^x: sigma_bb as A, absorption as A^(2/3)"},
    {.name = "n_b_charged", .unit = "1", .initial = 0.807, .max = 2.0, .help = "B+ and B- per b bbar; PYTHIA 8.3"},
    {.name = "n_b0", .unit = "1", .initial = 0.797, .max = 2.0, .help = "B0 and B0bar per b bbar; PYTHIA 8.3"},
    {.name = "n_bs", .unit = "1", .initial = 0.162, .max = 2.0, .help = "Bs and Bsbar per b bbar; PYTHIA 8.3"},
    {.name = "b_spectrum",
     .unit = "choice",
     .choices = spectra,
     .help = "table: generated; s: fit to the spectrum of arXiv:2305.13383 (cascade included); p: fit to the "
             "generator"},
    {.name = NULL},
};

/* Fits of the invariant density per (dy dpT^2) in x_R = E* / E*_max and x_F of the p p centre of mass at 400 GeV.
 */
struct fit {
    double n, mass;         /* (1 - x_R)^n */
    double b;               /* exp(-b pT^2), or 0: */
    double pt0, power, x_f; /* (1 + pT^2/pt0^2)^(-power) exp(-x_f x_F) */
};

static const struct fit fit_p = {.n = 5.595, .mass = BD_MASS_B_CHARGED, .b = 0.1034};
static const struct fit fit_p_bs = {.n = 5.78, .mass = BD_MASS_BS, .b = 0.099};
static const struct fit fit_s = {.n = 4.970, .mass = BD_MASS_B_CHARGED, .pt0 = 8.19, .power = 10.81, .x_f = 0.525};
static const struct fit fit_s_bs = {.n = 4.970, .mass = BD_MASS_BS, .pt0 = 8.19, .power = 10.81, .x_f = 0.525};

#define FIT_BEAM_GEV 400.0

/* Density per (dlnE dpT^2): dy = dE/p_z at fixed pT. */
static double fit_density(const struct fit *fit, double energy, double pt)
{
    const double beam_energy = hypot(FIT_BEAM_GEV, BD_MASS_PROTON);
    const double s = 2.0 * BD_MASS_PROTON * (BD_MASS_PROTON + beam_energy), root_s = sqrt(s);
    const double gamma = (beam_energy + BD_MASS_PROTON) / root_s, beta_gamma = FIT_BEAM_GEV / root_s;
    const double recoil = fit->mass + 2.0 * BD_MASS_PROTON; /* B + 2 p against the B */
    const double e_max = (s + fit->mass * fit->mass - recoil * recoil) / (2.0 * root_s);
    const double pz2 = energy * energy - fit->mass * fit->mass - pt * pt;
    if (pz2 <= 0.0)
        return 0.0;
    const double pz = sqrt(pz2);
    const double x_r = (gamma * energy - beta_gamma * pz) / e_max;
    const double x_f = 2.0 * (gamma * pz - beta_gamma * energy) / root_s;
    if (x_r >= 1.0)
        return 0.0;
    const double pt_factor = fit->b > 0.0
                                 ? exp(-fit->b * pt * pt)
                                 : pow(1.0 + pt * pt / (fit->pt0 * fit->pt0), -fit->power) * exp(-fit->x_f * x_f);
    return pow(1.0 - x_r, fit->n) * pt_factor * energy / pz;
}

static double density_s(double energy_gev, double pt_gev)
{
    return fit_density(&fit_s, energy_gev, pt_gev);
}

static double density_s_bs(double energy_gev, double pt_gev)
{
    return fit_density(&fit_s_bs, energy_gev, pt_gev);
}

static double density_p(double energy_gev, double pt_gev)
{
    return fit_density(&fit_p, energy_gev, pt_gev);
}

static double density_p_bs(double energy_gev, double pt_gev)
{
    return fit_density(&fit_p_bs, energy_gev, pt_gev);
}

static const struct {
    int pdg;
    double mass_gev;
    double (*density_s)(double energy_gev, double pt_gev);
    double (*density_p)(double energy_gev, double pt_gev);
} hadrons[BD_BEAUTY_HADRONS] = {
    {521, BD_MASS_B_CHARGED, density_s, density_p},
    {511, BD_MASS_B0, density_s, density_p},
    {531, BD_MASS_BS, density_s_bs, density_p_bs},
};

static enum bd_status open_fit(const struct bd_production_request *request, int i, int s_fit,
                               struct bd_parent **parent, struct bd_error *err)
{
    if (request->experiment->beam_p_gev != FIT_BEAM_GEV)
        return bd_fail(err, BD_BAD_INPUT, "b_spectrum=%s is a fit at %g GeV; the beam of %s has %g GeV",
                       s_fit ? "s" : "p", FIT_BEAM_GEV, request->experiment->id, request->experiment->beam_p_gev);
    return bd_parent_open_density(s_fit ? hadrons[i].density_s : hadrons[i].density_p, hadrons[i].mass_gev,
                                  1.0001 * hadrons[i].mass_gev, 0.999 * FIT_BEAM_GEV, 9.0, request->grid, parent,
                                  err);
}

static enum bd_status open_table(const struct bd_production_request *request, int i, struct bd_parent **parent,
                                 struct bd_error *err)
{
    char name[64], path[512];
    double multiplicity; /* of the table; the number per b bbar is a setting */
    (void)snprintf(name, sizeof name, BD_BEAUTY_SPECTRUM, request->experiment->beam_p_gev);
    BD_TRY(bd_add_context(err, bd_data_path(name, path, sizeof path, err), "B mesons of a %g GeV beam",
                          request->experiment->beam_p_gev));
    return bd_parent_open_table(path, hadrons[i].pdg, hadrons[i].mass_gev, request->grid, parent, &multiplicity,
                                err);
}

/* b bbar from two nucleons, the one of the target at rest: at least two B mesons and the two nucleons come out. */
static int is_possible(const struct bd_experiment *experiment)
{
    const double energy = hypot(experiment->beam_p_gev, BD_MASS_PROTON);
    return sqrt(2.0 * BD_MASS_PROTON * (BD_MASS_PROTON + energy)) > 2.0 * (BD_MASS_B_CHARGED + BD_MASS_PROTON);
}

enum bd_status bd_beauty_open(const struct bd_production_request *request, int n_hadron, struct bd_beauty *beauty,
                              struct bd_error *err)
{
    const double *set = request->setting;
    const double n_bb = set[SIGMA_BB] * 1e-6 / set[SIGMA_PP] * pow(request->experiment->target_a, set[A_EXPONENT]);
    *beauty = (struct bd_beauty){{NULL}, {0}};
    enum bd_status status = BD_OK;
    if (set[SIGMA_BB] <= 0.0 || !is_possible(request->experiment))
        n_hadron = 0;
    for (int i = 0; i < n_hadron && status == BD_OK; i++) {
        beauty->n_per_pot[i] = n_bb * set[N_B_CHARGED + i];
        status = set[B_SPECTRUM] == 0.0 ? open_table(request, i, &beauty->parent[i], err)
                                        : open_fit(request, i, set[B_SPECTRUM] == 1.0, &beauty->parent[i], err);
    }
    if (status != BD_OK)
        bd_beauty_close(beauty);
    return status;
}

void bd_beauty_close(struct bd_beauty *beauty)
{
    for (int i = 0; i < BD_BEAUTY_HADRONS; i++) {
        bd_parent_free(beauty->parent[i]);
        beauty->parent[i] = NULL;
    }
}
