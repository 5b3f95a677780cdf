/* models/dark_scalar.c - a scalar S that mixes with the Higgs boson.
 *
 *   L = -theta S [ sum_f (m_f/v) fbar f - 2 (m_W^2/v) W+ W- - (m_Z^2/v) Z Z ] - lambda S^2 H^dag H
 *
 * Widths go with theta^2. Below 2 GeV the hadronic states are exclusive: pi pi and K K from dispersive form
 * factors (M. W. Winkler, arXiv:1809.01876), four pions with everything else that is not two mesons from a
 * phase-space ansatz matched at 2 GeV. From 2 GeV on, gluons and quarks. Nobody predicts exclusive states there:
 * pi+pi- and the others have no value (BD_FLAG_OUTSIDE) and are inside gg and ss. Units: GeV. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "models/meson_br.h"
#include "models/model.h"
#include "src/core/csv.h"
#include "src/core/data.h"
#include "src/core/interpolate.h"
#include "src/core/pdg.h"

#define SWITCH_GEV 2.0 /* exclusive states below, quarks and gluons from here on */

enum { THETA, LAMBDA };
enum { FORM_FACTORS, PERTURBATIVE, ISOSPIN_SUM, K_PIPI, K_KK, FOUR_PI_SPLIT };
enum { SET_B, SET_A, N_SET };
enum { ALP = 1, NLO = 3 };
enum { PI, K, N_MESON };

static const char *const coupling_names[] = {"theta", "lambda", NULL};
static const char *const form_factor_names[] = {"B", "A", NULL};
static const char *const perturbative_names[] = {"MIX", "ALP", "LO", "NLO", NULL};
static const char *const off_on[] = {"off", "on", NULL};
static const char *const split_names[] = {"rhorho", "sigmasigma", NULL};

static const struct bd_setting settings[] = {
    [FORM_FACTORS] = {"form_factors", "choice", SET_B, 0, 0, form_factor_names,
                      "pi pi and K K below 2 GeV: widths as published (B), or the form factors of ALPINIST (A)"},
    [PERTURBATIVE] = {"perturbative", "choice", 0, 0, 0, perturbative_names,
                      "gg, ss, cc from 2 GeV on: LO gluons with QCD-corrected quarks (MIX), ALPINIST, LO or NLO"},
    [ISOSPIN_SUM] = {"isospin_sum", "choice", 0, 0, 0, off_on,
                     "on: pi+pi- and K+K- carry pi0pi0 and K0K0bar too, as in the public code of ALPINIST"},
    [K_PIPI] = {"k_pipi", "1", 1.0, 0.01, 100.0, NULL,
                "factor on the pi pi width; 1.7: arXiv:2407.13587 at .4 GeV"},
    [K_KK] = {"k_kk", "1", 1.0, 0.01, 100.0, NULL, "factor on the K K width; .5 to 2: arXiv:2407.13587"},
    [FOUR_PI_SPLIT] = {"four_pi_split", "choice", 0, 0, 0, split_names,
                       "pi+pi-2pi0, 2pi+2pi-, 4pi0: 2/3, 1/3, 0 (rhorho) or 4/9, 4/9, 1/9 (sigmasigma)"},
    {.name = NULL},
};

static int choice(const struct bd_model_point *at, int setting)
{
    return (int)at->setting[setting];
}

/* How gluons and quarks are treated from 2 GeV on. */
static const struct perturbative {
    int corrected_quarks; /* running masses and QCD corrections */
    double gg_factor;     /* on the leading-order width; NLO: 1 + (95/4 - 7/2) alpha_s/pi */
    double c_4pi;         /* of the multi-meson width [GeV^-2], keeps the hadronic width continuous at 2 GeV */
} perturbative[] = {
    {1, 1.0, 7.9e-9},               /* MIX */
    {0, 1.0 / (1.6 * 1.6), 5.1e-9}, /* ALP: alpha_s divided by 1.6, a step of the public code at 2 GeV */
    {0, 1.0, 5.1e-9},               /* LO */
    {1, 1.0, 2.1e-8},               /* NLO, arXiv:1904.10447 */
};

/* --- form factors ---------------------------------------------------------------------------------------------
 */

struct tables {
    struct bd_interpolate *ln_g[N_SET][N_MESON]; /* ln |G| [GeV^2] against the mass */
};

static enum bd_status load_curve(const char *relative, struct bd_interpolate **curve, struct bd_error *err)
{
    static const char *const columns[] = {"mass_gev", "abs_g_gev2", NULL};
    char path[1024];
    struct bd_csv *csv = NULL;
    BD_TRY(bd_data_path(relative, path, sizeof path, err));
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    double *mass = calloc(2 * csv->n_row, sizeof *mass);
    if (mass == NULL) {
        bd_csv_free(csv);
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    }
    double *ln_g = mass + csv->n_row;
    enum bd_status status = BD_OK;
    for (size_t i = 0; i < csv->n_row && status == BD_OK; i++) {
        double g = 1.0;
        status = bd_csv_number(csv, i, 0, 0.0, 10.0, &mass[i], err);
        if (status == BD_OK)
            status = bd_csv_number(csv, i, 1, 1e-6, 100.0, &g, err);
        ln_g[i] = log(g);
    }
    if (status == BD_OK)
        status = bd_add_context(err, bd_interpolate_create(mass, ln_g, csv->n_row, curve, err), "%s", path);
    free(mass);
    bd_csv_free(csv);
    return status;
}

static void unload(void *data)
{
    struct tables *tables = data;
    for (int set = 0; tables != NULL && set < N_SET; set++)
        for (int meson = 0; meson < N_MESON; meson++)
            bd_interpolate_free(tables->ln_g[set][meson]);
    free(tables);
}

static enum bd_status load(void **data, struct bd_error *err)
{
    static const char *const files[N_SET][N_MESON] = {
        [SET_A] = {"models/data/dark_scalar_G_pi_A.csv", "models/data/dark_scalar_G_K_A.csv"},
        [SET_B] = {"models/data/dark_scalar_G_pi_B.csv", "models/data/dark_scalar_G_K_B.csv"},
    };
    struct tables *tables = calloc(1, sizeof *tables);
    if (tables == NULL)
        return bd_fail(err, BD_NO_MEMORY, "form factors: out of memory");
    for (int set = 0; set < N_SET; set++)
        for (int meson = 0; meson < N_MESON; meson++) {
            const enum bd_status status = load_curve(files[set][meson], &tables->ln_g[set][meson], err);
            if (status != BD_OK) {
                unload(tables);
                return status;
            }
        }
    *data = tables;
    return BD_OK;
}

static double form_factor_squared(const struct bd_model_point *at, int meson)
{
    const struct tables *tables = at->data;
    int set = choice(at, FORM_FACTORS);
    if (meson == PI && at->mass_gev < 0.30) /* set B starts here */
        set = SET_A;
    return exp(2.0 * bd_interpolate_at(tables->ln_g[set][meson], at->mass_gev));
}

/* --- quarks, gluons, photons ----------------------------------------------------------------------------------
 */

#define V2 (BD_HIGGS_VEV * BD_HIGGS_VEV)

static double beta(double daughter_mass_gev, double mass_gev)
{
    const double r = 2.0 * daughter_mass_gev / mass_gev;
    return r < 1.0 ? sqrt(1.0 - r * r) : 0.0;
}

/* Loop functions of t = m_S^2/(4 M^2): series below 1e-3, where the closed forms cancel. A. Djouadi,
 * hep-ph/0503172, decay to photons, in the normalisation fermion -> 4/3, W -> -7. */
static double complex loop_f(double t)
{
    if (t <= 1.0) {
        const double angle = asin(sqrt(t));
        return angle * angle;
    }
    const double root = 1.0 + sqrt(1.0 - 1.0 / t);
    const double complex log_ratio = log(root * root * t) - I * BD_PI; /* (1 + r)/(1 - r) = (1 + r)^2 t */
    return -0.25 * log_ratio * log_ratio;
}

static double complex loop_fermion(double mass_gev, double fermion_mass_gev)
{
    const double t = mass_gev * mass_gev / (4.0 * fermion_mass_gev * fermion_mass_gev);
    if (t < 1e-3)
        return 4.0 / 3.0 + 14.0 * t / 45.0;
    return 2.0 * (t + (t - 1.0) * loop_f(t)) / (t * t);
}

static double complex loop_w(double mass_gev)
{
    const double t = mass_gev * mass_gev / (4.0 * BD_MASS_W * BD_MASS_W);
    if (t < 1e-3)
        return -7.0 - 22.0 * t / 15.0;
    return -(2.0 * t * t + 3.0 * t + 3.0 * (2.0 * t - 1.0) * loop_f(t)) / (t * t);
}

/* Quarks in loops, lightest first; masses not evolved to m_S. */
static const struct quark {
    double mass_gev, charge;
} quarks[] = {{0.00216, 2.0 / 3}, {0.0047, -1.0 / 3}, {0.0935, -1.0 / 3},
              {1.273, 2.0 / 3},   {4.183, -1.0 / 3},  {172.57, 2.0 / 3}};
enum { CHARM = 3, N_QUARK = 6 };
#define MT_LOOP 172.57

/* Two loops, four flavours. */
static double alpha_s(double mu_gev)
{
    const double b0 = 25.0 / 3.0, b1 = 154.0 / 3.0, scale_gev = 0.32072;
    const double l = 2.0 * log(mu_gev / scale_gev);
    return 4.0 * BD_PI / (b0 * l) * (1.0 - b1 * log(l) / (b0 * b0 * l));
}

static double mass_evolution(double mu_gev)
{
    const double a = alpha_s(mu_gev) / BD_PI;
    return pow(25.0 * a / 6.0, 12.0 / 25.0) * (1.0 + 1.014 * a + 1.389 * a * a);
}

/* hep-ph/9504378, four flavours. */
static double quark_correction(double mass_gev, double quark_mass_gev)
{
    const double n = 4.0, a = alpha_s(mass_gev) / BD_PI;
    const double top = 2.0 * log(mass_gev / MT_LOOP), quark = 2.0 * log(quark_mass_gev / mass_gev);
    return 5.67 * a + (35.94 - 1.36 * n) * a * a + (164.14 - 25.77 * n + 0.259 * n * n) * a * a * a +
           a * a * (1.57 - 2.0 / 3.0 * top + quark * quark / 9.0);
}

/* --- partial widths -------------------------------------------------------------------------------------------
 */

static double theta_squared(const struct bd_model_point *at)
{
    return at->coupling[THETA] * at->coupling[THETA];
}

static double daughter_mass(const struct bd_decay_mode *mode) /* of a decay to two equal particles */
{
    return 0.5 * mode->threshold_gev;
}

static enum bd_status lepton_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                   struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    const double ml = daughter_mass(mode);
    width->value =
        theta_squared(at) * at->mass_gev * ml * ml * pow(beta(ml, at->mass_gev), 3) / (8.0 * BD_PI * V2);
    return BD_OK;
}

/* u, d and s only where the width is perturbative: below, pion and kaon loops carry their effect (neglected). */
static enum bd_status photon_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                   struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    const double m = at->mass_gev;
    double complex sum = loop_w(m) + loop_fermion(m, BD_MASS_ELECTRON) + loop_fermion(m, BD_MASS_MUON) +
                         loop_fermion(m, BD_MASS_TAU);
    for (int q = m < SWITCH_GEV ? CHARM : 0; q < N_QUARK; q++)
        sum += 3.0 * quarks[q].charge * quarks[q].charge * loop_fermion(m, quarks[q].mass_gev);
    const double modulus = cabs(sum);
    width->value = theta_squared(at) * BD_ALPHA_EM * BD_ALPHA_EM * m * m * m * modulus * modulus /
                   (256.0 * pow(BD_PI, 3) * V2);
    return BD_OK;
}

/* weight: 2 for pi+ pi-, K+ K- and K0 K0bar, 1 for the identical pi0 pi0. */
static double meson_pair(const struct bd_model_point *at, int meson, double mass_gev, double weight)
{
    const double k = at->setting[meson == PI ? K_PIPI : K_KK];
    return theta_squared(at) * k * weight * form_factor_squared(at, meson) * beta(mass_gev, at->mass_gev) /
           (32.0 * BD_PI * V2 * at->mass_gev);
}

static enum bd_status pi_charged_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                       struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    width->value = meson_pair(at, PI, daughter_mass(mode), 2.0);
    if (choice(at, ISOSPIN_SUM))
        width->value += meson_pair(at, PI, BD_MASS_PI0, 1.0);
    return BD_OK;
}

static enum bd_status pi_neutral_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                       struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    if (!choice(at, ISOSPIN_SUM) || at->mass_gev <= 2.0 * BD_MASS_PI_CHARGED)
        width->value = meson_pair(at, PI, daughter_mass(mode), 1.0);
    return BD_OK;
}

static enum bd_status k_charged_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                      struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    width->value = meson_pair(at, K, daughter_mass(mode), 2.0);
    if (choice(at, ISOSPIN_SUM))
        width->value += meson_pair(at, K, BD_MASS_K0, 2.0);
    return BD_OK;
}

static enum bd_status k_neutral_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                      struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    if (!choice(at, ISOSPIN_SUM))
        width->value = meson_pair(at, K, daughter_mass(mode), 2.0);
    return BD_OK;
}

/* Four pions and all else that is not two mesons (eta eta, rho rho, ...), which opens with four charged pions. */
static double four_pi(const struct bd_model_point *at, double rhorho, double sigmasigma)
{
    const double m = at->mass_gev, fraction = choice(at, FOUR_PI_SPLIT) ? sigmasigma : rhorho;
    return theta_squared(at) * perturbative[choice(at, PERTURBATIVE)].c_4pi * m * m * m *
           beta(2.0 * BD_MASS_PI_CHARGED, m) * fraction;
}

static enum bd_status four_pi_mixed_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                          struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    width->value = four_pi(at, 2.0 / 3.0, 4.0 / 9.0);
    return BD_OK;
}

static enum bd_status four_pi_charged_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                            struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    width->value = four_pi(at, 1.0 / 3.0, 4.0 / 9.0);
    return BD_OK;
}

static enum bd_status four_pi_neutral_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                            struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    width->value = four_pi(at, 0.0, 1.0 / 9.0);
    return BD_OK;
}

static enum bd_status gluon_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                  struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    const double m = at->mass_gev, as = alpha_s(m);
    double complex sum = 0.0;
    double factor = perturbative[choice(at, PERTURBATIVE)].gg_factor;
    if (choice(at, PERTURBATIVE) == NLO) {
        sum = loop_fermion(m, 1.67) + loop_fermion(m, 4.78) + loop_fermion(m, MT_LOOP); /* pole masses */
        factor = 1.0 + (95.0 / 4.0 - 7.0 / 2.0) * as / BD_PI;
    } else {
        for (int q = 0; q < N_QUARK; q++)
            sum += loop_fermion(m, quarks[q].mass_gev);
    }
    const double modulus = 0.5 * cabs(sum);
    width->value =
        theta_squared(at) * as * as * m * m * m * modulus * modulus * factor / (32.0 * pow(BD_PI, 3) * V2);
    return BD_OK;
}

/* Phase space with the lightest meson of the flavour. Masses: fixed_gev, or reference_gev at the scale mu_gev. */
static double quark_width(const struct bd_decay_mode *mode, const struct bd_model_point *at, double fixed_gev,
                          double reference_gev, double mu_gev)
{
    const double m = at->mass_gev;
    double mq = fixed_gev, correction = 1.0;
    if (perturbative[choice(at, PERTURBATIVE)].corrected_quarks) {
        mq = reference_gev * mass_evolution(m) / mass_evolution(mu_gev);
        correction += quark_correction(m, mq);
    }
    return theta_squared(at) * 3.0 * m * mq * mq * pow(beta(daughter_mass(mode), m), 3) * correction /
           (8.0 * BD_PI * V2);
}

static enum bd_status strange_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                    struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    width->value = quark_width(mode, at, 0.095, 0.0935, 2.0);
    return BD_OK;
}

static enum bd_status charm_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                  struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    width->value = quark_width(mode, at, 1.3, 1.273, 1.273);
    return BD_OK;
}

/* "other" is 4 pi0, which no card selects. */
#define FOUR_PI_THRESHOLD (4.0 * BD_MASS_PI_CHARGED)
static const struct bd_decay_mode modes[] = {
    {"gammagamma", 0.0, 0.0, 0.0, "hep-ph/0503172", photon_width},
    {"e+e-", 2 * BD_MASS_ELECTRON, 0.0, 0.0, "arXiv:1809.01876", lepton_width},
    {"mu+mu-", 2 * BD_MASS_MUON, 0.0, 0.0, "arXiv:1809.01876", lepton_width},
    {"tau+tau-", 2 * BD_MASS_TAU, 0.0, 0.0, "arXiv:1809.01876", lepton_width},
    {"pi+pi-", 2 * BD_MASS_PI_CHARGED, 0.0, SWITCH_GEV, "arXiv:1809.01876", pi_charged_width},
    {"pi0pi0", 2 * BD_MASS_PI0, 0.0, SWITCH_GEV, "arXiv:1809.01876", pi_neutral_width},
    {"K+K-", 2 * BD_MASS_K_CHARGED, 0.0, SWITCH_GEV, "arXiv:1809.01876", k_charged_width},
    {"K0K0bar", 2 * BD_MASS_K0, 0.0, SWITCH_GEV, "arXiv:1809.01876", k_neutral_width},
    {"pi+pi-pi0pi0", FOUR_PI_THRESHOLD, 0.0, SWITCH_GEV, "arXiv:1809.01876", four_pi_mixed_width},
    {"2pi+2pi-", FOUR_PI_THRESHOLD, 0.0, SWITCH_GEV, "arXiv:1809.01876", four_pi_charged_width},
    {"other", FOUR_PI_THRESHOLD, 0.0, SWITCH_GEV, "arXiv:1809.01876", four_pi_neutral_width},
    {"gg", 0.0, SWITCH_GEV, 0.0, "arXiv:1809.01876; NLO: hep-ph/9504378", gluon_width},
    {"ss", 2 * BD_MASS_K_CHARGED, SWITCH_GEV, 0.0, "arXiv:1809.01876; hep-ph/9504378", strange_width},
    {"cc", 2 * BD_MASS_D_CHARGED, 0.0, 0.0, "arXiv:1809.01876; hep-ph/9504378", charm_width},
    {.name = NULL},
};

/* --- production -----------------------------------------------------------------------------------------------
 */

static enum bd_status kappa_theta(const struct bd_model_point *at, struct bd_model_value *kappa,
                                  struct bd_error *err)
{
    (void)err;
    kappa->value = theta_squared(at);
    return BD_OK;
}

static enum bd_status kappa_lambda(const struct bd_model_point *at, struct bd_model_value *kappa,
                                   struct bd_error *err)
{
    (void)err;
    kappa->value = at->coupling[LAMBDA] * at->coupling[LAMBDA];
    return BD_OK;
}

static void kappa_kaon(const struct bd_model_point *at, enum bd_meson parent, struct bd_model_value *kappa)
{
    const double br = bd_meson_br_kaon_scalar(parent, at->mass_gev);
    kappa->value = theta_squared(at) * br;
    kappa->flag = br > 0.0 ? BD_FLAG_OK : BD_FLAG_CLOSED;
}

static enum bd_status kappa_k_charged(const struct bd_model_point *at, struct bd_model_value *kappa,
                                      struct bd_error *err)
{
    (void)err;
    kappa_kaon(at, BD_MESON_K_CHARGED, kappa);
    return BD_OK;
}

static enum bd_status kappa_kl(const struct bd_model_point *at, struct bd_model_value *kappa, struct bd_error *err)
{
    (void)err;
    kappa_kaon(at, BD_MESON_KL, kappa);
    return BD_OK;
}

static const struct bd_strength strengths[] = {
    {"b_decay", "theta = 1", "arXiv:1904.10447", kappa_theta},
    {"b_decay_pair", "lambda = 1", "arXiv:1904.10447", kappa_lambda},
    {"bremsstrahlung", "theta = 1", "arXiv:2108.05900", kappa_theta},
    {"kaon_decay:K+", "BR(K+ -> pi+ S) = 1", "arXiv:1809.01876", kappa_k_charged},
    {"kaon_decay:KL", "BR(KL -> pi0 S) = 1", "arXiv:1809.01876", kappa_kl},
    {.production = NULL},
};

const struct bd_model bd_dark_scalar_model = {
    .name = "dark_scalar",
    .title = "scalar that mixes with the Higgs boson",
    .source = "M. W. Winkler, arXiv:1809.01876; I. Boiarska et al., arXiv:1904.10447",
    .coupling_names = coupling_names,
    .coupling_unit = "1",
    .mass_min_gev = 1e-3,
    .mass_max_gev = 5.0,
    .settings = settings,
    .modes = modes,
    .strengths = strengths,
    .load = load,
    .unload = unload,
};
