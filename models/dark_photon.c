/* models/dark_photon.c - a massive vector A' that mixes with the photon.
 *
 *   L = -1/4 F'^2 - (eps/2) F' F + 1/2 m^2 A'^2, that is: every photon coupling times eps
 *
 * and, if g_D is not 0, couples to a Dirac fermion chi of a dark sector with g_D, alpha_D = g_D^2/(4 pi), m_chi a
 * fixed fraction of m: the decay "invisible" (BC2). Other widths and all strengths go with eps^2. Hadrons: Gamma_X
 * = eps^2 (alpha m/3) R_X, R_X = sigma(e+e- -> X) over that of massless muons, from fits of exclusive currents up
 * to 2 GeV and, for the sum of all, perturbative QCD from 1.70 GeV on (the two join at 2.18). Channels as in
 * arXiv:1801.04847 and arXiv:2201.01788. Units: GeV. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/dark_photon_br.h"
#include "models/hadron_current.h"
#include "models/model.h"
#include "models/three_meson.h"
#include "src/core/catmull_rom.h"
#include "src/core/csv.h"
#include "src/core/data.h"
#include "src/core/pdg.h"

#define FITS_END_GEV 2.0       /* of the named hadronic modes; above, all is in "other" */
#define PERTURBATIVE_GEV 1.70  /* from here on the sum of all hadrons is R_PERTURBATIVE */
#define R_PERTURBATIVE 2.18    /* u, d, s: 2 [1 + a + 1.640 a^2 - 10.28 a^3 - 106.9 a^4], a = alpha_s/pi */
#define OMEGA_PI0_GAMMA 0.0828 /* omega -> pi0 gamma of the fit of arXiv:1610.00235 */

enum { EPS, G_D };
static const char *const coupling_names[] = {[EPS] = "eps", [G_D] = "g_D", NULL};

enum { WIDTH_2PI, R_NORM, CHI_MASS };
enum { GS4, TOWER };
enum { MASSLESS, MUMU };
static const char *const width_2pi_names[] = {"GS4", "TOWER", NULL};
static const char *const r_norm_names[] = {"MASSLESS", "MUMU", NULL};

static const struct bd_setting settings[] = {
    [WIDTH_2PI] = {"width_2pi", "choice", GS4, 0, 0, width_2pi_names,
                   "pi+pi-: fit of BaBar (GS4), or the tower of arXiv:1002.0279 as in DeLiVeR, up to 10% lower"},
    [R_NORM] = {"r_norm", "choice", MASSLESS, 0, 0, r_norm_names,
                "R times the width to massless muons, or to massive ones (MUMU: to compare with tables that are "
                "normalised so)"},
    [CHI_MASS] = {"chi_mass", "1", 1.0 / 3.0, 0.0, 10.0, NULL,
                  "mass of the fermion of the dark sector over that of the A'"},
    {.name = NULL},
};

static int choice(const struct bd_model_point *at, int setting)
{
    return (int)at->setting[setting];
}

/* ---- tables --------------------------------------------------------------------------------------------------
 */

/* R at equal steps, as ln R. */
struct nodes {
    size_t n;
    double first_gev, step_gev;
    double *ln_r;
};

enum { NODES_2PI2PI, NODES_PIPI2PI0, NODES_OTHER, N_NODES };

struct tables {
    struct nodes nodes[N_NODES];
    struct bd_three_meson *three_meson;
};

static enum bd_status read_nodes(const struct bd_csv *csv, struct nodes *nodes, struct bd_error *err)
{
    if (csv->n_row < 2)
        return bd_fail(err, BD_BAD_INPUT, "%s: needs at least two rows", csv->path);
    nodes->n = csv->n_row;
    nodes->ln_r = calloc(nodes->n, sizeof *nodes->ln_r);
    if (nodes->ln_r == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", csv->path);
    for (size_t i = 0; i < nodes->n; i++) {
        double mass, r;
        BD_TRY(bd_csv_number(csv, i, 0, 0.0, 10.0, &mass, err));
        BD_TRY(bd_csv_number(csv, i, 1, 1e-12, 100.0, &r, err));
        if (i == 0)
            nodes->first_gev = mass;
        if (i == 1)
            nodes->step_gev = mass - nodes->first_gev;
        const double expected = nodes->first_gev + (double)i * nodes->step_gev;
        if (nodes->step_gev < 0.0 || fabs(mass - expected) > 1e-9)
            return bd_csv_fail(csv, i, err, "mass_gev: expected equal steps, %g GeV, found %g GeV", expected,
                               mass);
        nodes->ln_r[i] = log(r);
    }
    return BD_OK;
}

static enum bd_status load_nodes(const char *relative, struct nodes *nodes, struct bd_error *err)
{
    static const char *const columns[] = {"mass_gev", "r", NULL};
    char path[1024];
    struct bd_csv *csv = NULL;
    BD_TRY(bd_data_path(relative, path, sizeof path, err));
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    const enum bd_status status = read_nodes(csv, nodes, err);
    bd_csv_free(csv);
    return status;
}

static void unload(void *data)
{
    struct tables *tables = data;
    if (tables == NULL)
        return;
    for (int i = 0; i < N_NODES; i++)
        free(tables->nodes[i].ln_r);
    bd_three_meson_free(tables->three_meson);
    free(tables);
}

static enum bd_status load(void **data, struct bd_error *err)
{
    static const char *const files[N_NODES] = {
        [NODES_2PI2PI] = "models/data/dark_photon_R_2pi2pi.csv",
        [NODES_PIPI2PI0] = "models/data/dark_photon_R_pipi2pi0.csv",
        [NODES_OTHER] = "models/data/dark_photon_R_other.csv",
    };
    struct tables *tables = calloc(1, sizeof *tables);
    enum bd_status status = BD_OK;
    if (tables == NULL)
        return bd_fail(err, BD_NO_MEMORY, "dark photon: out of memory");
    for (int i = 0; i < N_NODES && status == BD_OK; i++)
        status = load_nodes(files[i], &tables->nodes[i], err);
    if (status == BD_OK)
        status = bd_three_meson_create(&tables->three_meson, err);
    if (status == BD_OK)
        *data = tables;
    else
        unload(tables);
    return status;
}

static double nodes_ratio(const struct bd_model_point *at, int which)
{
    const struct nodes *nodes = &((const struct tables *)at->data)->nodes[which];
    if (at->mass_gev < nodes->first_gev)
        return 0.0;
    return exp(bd_catmull_rom_at(nodes->ln_r, nodes->n, nodes->first_gev, nodes->step_gev, at->mass_gev));
}

/* ---- R of every hadronic mode --------------------------------------------------------------------------------
 */

enum mode {
    EE,
    MU_MU,
    TAU_TAU,
    TWO_PI,
    THREE_PI,
    KK_CHARGED,
    KK_NEUTRAL,
    FOUR_PI_CHARGED,
    FOUR_PI_MIXED,
    KK_PI_CHARGED,
    KK_PI_NEUTRAL,
    KK_PI_MIXED,
    PI_GAMMA,
    ETA_GAMMA,
    PI_PI_GAMMA,
    OTHER,
    INVISIBLE,
    N_MODE,
};

static double three_meson(const struct bd_model_point *at, enum bd_three_meson_state state)
{
    return bd_three_meson_ratio(((const struct tables *)at->data)->three_meson, state, at->mass_gev);
}

static double named_ratio(const struct bd_model_point *at, enum mode mode)
{
    const double m = at->mass_gev;
    switch (mode) {
    case TWO_PI:
        return choice(at, WIDTH_2PI) == TOWER ? bd_hadron_current_two_pi_tower(m) : bd_hadron_current_two_pi(m);
    case THREE_PI:
        return three_meson(at, BD_THREE_MESON_3PI);
    case KK_CHARGED:
        return bd_hadron_current_kk_charged(m);
    case KK_NEUTRAL:
        return bd_hadron_current_kk_neutral(m);
    case FOUR_PI_CHARGED:
        return nodes_ratio(at, NODES_2PI2PI);
    case FOUR_PI_MIXED:
        return nodes_ratio(at, NODES_PIPI2PI0);
    case KK_PI_CHARGED:
        return three_meson(at, BD_THREE_MESON_KPKMPI0);
    case KK_PI_NEUTRAL:
        return three_meson(at, BD_THREE_MESON_KSKLPI0);
    case KK_PI_MIXED:
        return three_meson(at, BD_THREE_MESON_K0KPI);
    case PI_GAMMA:
        return bd_hadron_current_pi0_gamma(m);
    case ETA_GAMMA:
        return bd_hadron_current_eta_gamma(m);
    case PI_PI_GAMMA: /* omega -> 3 pi is in the four-pion modes */
        return OMEGA_PI0_GAMMA * bd_hadron_current_omega_pi0(m);
    default:
        return 0.0;
    }
}

static const struct bd_decay_mode modes[N_MODE + 1];

/* What is not named: measured modes up to 1.70 GeV, then the rest of the perturbative sum. */
static double other_ratio(const struct bd_model_point *at)
{
    if (at->mass_gev <= PERTURBATIVE_GEV)
        return nodes_ratio(at, NODES_OTHER);
    double named = 0.0;
    for (int mode = TWO_PI; mode < OTHER; mode++)
        if (at->mass_gev > modes[mode].threshold_gev && at->mass_gev < modes[mode].end_gev)
            named += named_ratio(at, (enum mode)mode);
    return fmax(R_PERTURBATIVE - named, 0.0);
}

/* ---- widths --------------------------------------------------------------------------------------------------
 */

static double eps_squared(const struct bd_model_point *at)
{
    return at->coupling[EPS] * at->coupling[EPS];
}

/* Width to a pair of leptons over that to massless ones. */
static double lepton_factor(double mass_gev, double lepton_mass_gev)
{
    const double x = lepton_mass_gev * lepton_mass_gev / (mass_gev * mass_gev);
    return x < 0.25 ? (1.0 + 2.0 * x) * sqrt(1.0 - 4.0 * x) : 0.0;
}

static enum bd_status lepton_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                   struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    width->value = eps_squared(at) * BD_ALPHA_EM * at->mass_gev / 3.0 *
                   lepton_factor(at->mass_gev, 0.5 * mode->threshold_gev);
    return BD_OK;
}

static enum bd_status hadron_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                   struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    const enum mode index = (enum mode)(mode - modes);
    const double r = index == OTHER ? other_ratio(at) : named_ratio(at, index);
    /* Below the muon threshold (pi0 gamma alone) there is no massive normalisation. */
    const double norm = choice(at, R_NORM) == MUMU && at->mass_gev > 2.0 * BD_MASS_MUON
                            ? lepton_factor(at->mass_gev, BD_MASS_MUON)
                            : 1.0;
    width->value = eps_squared(at) * BD_ALPHA_EM * at->mass_gev / 3.0 * r * norm;
    return BD_OK;
}

/* A' -> chi chibar: as to a lepton of unit charge, with alpha_D for alpha eps^2. */
static enum bd_status invisible_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                      struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    const double alpha_d = at->coupling[G_D] * at->coupling[G_D] / (4.0 * BD_PI);
    width->value =
        alpha_d * at->mass_gev / 3.0 * lepton_factor(at->mass_gev, at->setting[CHI_MASS] * at->mass_gev);
    return BD_OK;
}

/* Start of a mode above its threshold: the first node of its table, or where its current begins; R is below 1e-3
 * (2pi0), 1e-6 (other four pions) and 2e-7 (three mesons) there. */
static const struct bd_decay_mode modes[N_MODE + 1] = {
    [EE] = {"e+e-", 2 * BD_MASS_ELECTRON, 0, 0, "arXiv:0906.5614", lepton_width},
    [MU_MU] = {"mu+mu-", 2 * BD_MASS_MUON, 0, 0, "arXiv:0906.5614", lepton_width},
    [TAU_TAU] = {"tau+tau-", 2 * BD_MASS_TAU, 0, 0, "arXiv:0906.5614", lepton_width},
    [TWO_PI] = {"pi+pi-", 2 * BD_MASS_PI_CHARGED, 0, FITS_END_GEV, "arXiv:1205.2228", hadron_width},
    [THREE_PI] = {"pi+pi-pi0", 2 * BD_MASS_PI_CHARGED + BD_MASS_PI0, BD_THREE_MESON_3PI_START_GEV, FITS_END_GEV,
                  "hep-ph/0512180; arXiv:1911.11147", hadron_width},
    [KK_CHARGED] = {"K+K-", 2 * BD_MASS_K_CHARGED, 0, FITS_END_GEV, "arXiv:1002.0279; arXiv:1911.11147",
                    hadron_width},
    [KK_NEUTRAL] = {"K0K0bar", 2 * BD_MASS_K0, 0, FITS_END_GEV, "arXiv:1002.0279; arXiv:1911.11147", hadron_width},
    [FOUR_PI_CHARGED] = {"2pi+2pi-", 4 * BD_MASS_PI_CHARGED, 0.65, FITS_END_GEV,
                         "arXiv:0804.0359; arXiv:1911.11147", hadron_width},
    [FOUR_PI_MIXED] = {"pi+pi-pi0pi0", 2 * BD_MASS_PI_CHARGED + 2 * BD_MASS_PI0, 0.875, FITS_END_GEV,
                       "arXiv:0804.0359; arXiv:1911.11147", hadron_width},
    [KK_PI_CHARGED] = {"K+K-pi0", 2 * BD_MASS_K_CHARGED + BD_MASS_PI0, BD_THREE_MESON_KKPI_START_GEV, FITS_END_GEV,
                       "arXiv:1911.11147", hadron_width},
    [KK_PI_NEUTRAL] = {"K0K0barpi0", 2 * BD_MASS_K0 + BD_MASS_PI0, BD_THREE_MESON_KKPI_START_GEV, FITS_END_GEV,
                       "arXiv:1911.11147", hadron_width},
    [KK_PI_MIXED] = {"K+-K0pi-+", BD_MASS_K_CHARGED + BD_MASS_K0 + BD_MASS_PI_CHARGED,
                     BD_THREE_MESON_KKPI_START_GEV, FITS_END_GEV, "arXiv:1911.11147", hadron_width},
    [PI_GAMMA] = {"pi0gamma", BD_MASS_PI0, 0, FITS_END_GEV, "arXiv:1601.08061", hadron_width},
    [ETA_GAMMA] = {"etagamma", BD_MASS_ETA, 0, FITS_END_GEV, "hep-ex/0605109", hadron_width},
    [PI_PI_GAMMA] = {"pi0pi0gamma", 2 * BD_MASS_PI0, BD_MASS_OMEGA + BD_MASS_PI0, FITS_END_GEV, "arXiv:1610.00235",
                     hadron_width},
    [OTHER] = {"other", BD_MASS_ETA + 2 * BD_MASS_PI_CHARGED, 1.10, 0, "arXiv:2201.01788; QCD", hadron_width},
    [INVISIBLE] = {"invisible", 0.0, 0, 0, "arXiv:1901.09966", invisible_width}, /* m_chi goes with m */
    {.name = NULL},
};

/* ---- production ----------------------------------------------------------------------------------------------
 */

static enum bd_status kappa_eps(const struct bd_model_point *at, struct bd_model_value *kappa,
                                struct bd_error *err)
{
    (void)err;
    kappa->value = eps_squared(at);
    return BD_OK;
}

static void set_kappa(const struct bd_model_point *at, double rate, struct bd_model_value *kappa)
{
    kappa->value = eps_squared(at) * rate;
    kappa->flag = rate > 0.0 ? BD_FLAG_OK : BD_FLAG_CLOSED;
}

/* |theta_V|^2/eps^2 = (4 pi alpha/g_V^2) M^4/[(m^2 - M^2)^2 + M^2 G^2], arXiv:1810.01879. */
static double mixing_squared(double mass_gev, double meson_mass_gev, double width_gev, double g)
{
    const double big_m2 = meson_mass_gev * meson_mass_gev, offset = mass_gev * mass_gev - big_m2;
    return 4.0 * BD_PI * BD_ALPHA_EM / (g * g) * big_m2 * big_m2 /
           (offset * offset + big_m2 * width_gev * width_gev);
}

static enum bd_status kappa_rho(const struct bd_model_point *at, struct bd_model_value *kappa,
                                struct bd_error *err)
{
    (void)err;
    set_kappa(at, mixing_squared(at->mass_gev, 0.77526, 0.1491, 5.0), kappa);
    return BD_OK;
}

static enum bd_status kappa_omega(const struct bd_model_point *at, struct bd_model_value *kappa,
                                  struct bd_error *err)
{
    (void)err;
    set_kappa(at, mixing_squared(at->mass_gev, BD_MASS_OMEGA, BD_WIDTH_OMEGA, 17.0), kappa);
    return BD_OK;
}

static enum bd_status kappa_phi(const struct bd_model_point *at, struct bd_model_value *kappa,
                                struct bd_error *err)
{
    (void)err;
    set_kappa(at, mixing_squared(at->mass_gev, BD_MASS_PHI, BD_WIDTH_PHI, 12.88), kappa);
    return BD_OK;
}

static enum bd_status kappa_kaon(const struct bd_model_point *at, struct bd_model_value *kappa,
                                 struct bd_error *err)
{
    (void)err;
    set_kappa(at, bd_dark_photon_br_k_charged(at->mass_gev), kappa);
    return BD_OK;
}

static enum bd_status kappa_kl_gamma(const struct bd_model_point *at, struct bd_model_value *kappa,
                                     struct bd_error *err)
{
    (void)err;
    set_kappa(at, bd_dark_photon_br_kl(at->mass_gev), kappa);
    return BD_OK;
}

/* A state of meson_decay stands for BR = 1: its strength is the branching ratio, F = 1. */
static enum bd_status set_state(const struct bd_model_point *at, const char *parent, struct bd_model_value *kappa)
{
    double sum = 0.0;
    for (size_t i = 0; bd_dark_photon_br_at(i) != NULL; i++)
        if (strcmp(bd_dark_photon_br_at(i)->parent, parent) == 0)
            sum += bd_dark_photon_br(bd_dark_photon_br_at(i), at->mass_gev, 0);
    set_kappa(at, sum, kappa);
    return BD_OK;
}

#define STATE_STRENGTH(function, parent)                                                                          \
    static enum bd_status function(const struct bd_model_point *at, struct bd_model_value *kappa,                 \
                                   struct bd_error *err)                                                          \
    {                                                                                                             \
        (void)err;                                                                                                \
        return set_state(at, parent, kappa);                                                                      \
    }
STATE_STRENGTH(kappa_state_pi0, "pi0")
STATE_STRENGTH(kappa_state_eta, "eta")
STATE_STRENGTH(kappa_state_etap, "etap")
STATE_STRENGTH(kappa_state_rho0, "rho0")
STATE_STRENGTH(kappa_state_rho_charged, "rho+-")
STATE_STRENGTH(kappa_state_omega, "omega")
STATE_STRENGTH(kappa_state_phi, "phi")

static const struct bd_strength strengths[] = {
    {"meson_decay", "eps = 1", "arXiv:0906.5614", kappa_eps},
    {"meson_decay:pi0", "BR(pi0 -> gamma A') = 1", "arXiv:0906.5614", kappa_state_pi0},
    {"meson_decay:eta", "BR(eta -> gamma A') = 1", "arXiv:0906.5614", kappa_state_eta},
    {"meson_decay:etap", "BR(eta' -> gamma A') = 1", "arXiv:0906.5614", kappa_state_etap},
    {"meson_decay:rho0", "BR(rho0 -> P A') = 1", "arXiv:0906.5614", kappa_state_rho0},
    {"meson_decay:rho+-", "BR(rho+- -> pi+- A') = 1", "arXiv:0906.5614", kappa_state_rho_charged},
    {"meson_decay:omega", "BR(omega -> P A') = 1", "arXiv:0906.5614", kappa_state_omega},
    {"meson_decay:phi", "BR(phi -> P A') = 1", "arXiv:0906.5614", kappa_state_phi},
    {"bremsstrahlung", "eps = 1", "arXiv:1311.3870; arXiv:2108.05900; arXiv:2409.09123", kappa_eps},
    {"mixing_rho", "|theta_rho|^2 = 1", "arXiv:1810.01879", kappa_rho},
    {"mixing_omega", "|theta_omega|^2 = 1", "arXiv:1810.01879", kappa_omega},
    {"mixing_phi", "|theta_phi|^2 = 1", "arXiv:1810.01879", kappa_phi},
    {"kaon_decay:K+", "BR(K+ -> pi+ A') = 1", "arXiv:2507.17286", kappa_kaon},
    {"kaon_decay:KL-gamma", "BR(KL -> gamma A') = 1", "arXiv:0906.5614", kappa_kl_gamma},
    {.production = NULL},
};

static const struct bd_resonance resonances[] = {
    {BD_MASS_OMEGA, BD_WIDTH_OMEGA},
    {BD_MASS_PHI, BD_WIDTH_PHI},
    {.mass_gev = 0.0},
};

const struct bd_model bd_dark_photon_model = {
    .name = "dark_photon",
    .title = "vector that mixes with the photon",
    .source = "P. Ilten et al., arXiv:1801.04847; P. Foldenauer et al., arXiv:1911.11147; A. L. Foguel et al., "
              "arXiv:2201.01788",
    .coupling_names = coupling_names,
    .coupling_unit = "1",
    .mass_min_gev = 1e-3,
    .mass_max_gev = 3.7, /* open charm */
    .settings = settings,
    .modes = modes,
    .strengths = strengths,
    .resonances = resonances,
    .load = load,
    .unload = unload,
};
