/* models/alp.c - an axion-like particle a with couplings to gluons, photons, W, quarks and leptons.
 *
 * Lagrangian and normalisation: models/alp_couplings.h. Hadronic widths are tables for C_GG (arXiv:1811.03474) and
 * C_qq (arXiv:2310.03524), or the formulas behind them (models/alp_amplitudes.h). Two tables are added without
 * interference, and marked BD_FLAG_CLIPPED; gamma gamma interferes: the modulus of each contribution is that of
 * its table, the phase that of the formula. The total is the table of the total, not the sum of the modes: they
 * differ by the error of the digitisation, up to 28%, and what no mode accounts for is "other". Units: GeV. */
#include <math.h>
#include <stdlib.h>

#include "models/alp_amplitudes.h"
#include "models/alp_couplings.h"
#include "models/alp_flavour.h"
#include "models/alp_normalisation.h"
#include "models/alp_widths.h"
#include "src/core/pdg.h"

enum { TABLES, FORMULAS }; /* setting BD_ALP_WIDTHS */

static const char *const coupling_names[] = {"C_GG", "C_BB", "C_WW", "C_qq", "C_ll", NULL};
static const char *const width_names[] = {"tables", "formulas", NULL};
static const char *const running_names[] = {"low", "none", "full", NULL};
static const char *const off_on[] = {"off", "on", NULL};
static const char *const gbs_names[] = {"one_loop", "two_loop", "formula", NULL};

static const struct bd_setting settings[] = {
    [BD_ALP_WIDTHS] = {"widths", "choice", TABLES, 0, 0, width_names,
                       "hadronic widths: published curves, or the formulas of arXiv:1811.03474"},
    [BD_ALP_RUNNING] = {"running", "choice", BD_ALP_RUNNING_LOW, 0, 0, running_names,
                        "quark couplings at 2 GeV: from 1 TeV to m_t and gluon-induced; none; or all (full)"},
    [BD_ALP_ISOSPIN] = {"isospin_breaking", "choice", 1, 0, 0, off_on,
                        "m_u and m_d differ, in the mixing with mesons"},
    [BD_ALP_C_CHI] = {"c_chi", "1", -1.92, -3.0, 0.0, NULL,
                      "chiral photon coupling per c_GG below m_eta': -1.92 with NLO, -2.016 at leading order"},
    [BD_ALP_ALPHA_TILDE] = {"alpha_tilde", "choice", 0, 0, 0, off_on,
                            "mixing times alpha_s above 1 GeV in formulas for decays, as arXiv:1811.03474"},
    [BD_ALP_ROTATION] =
        {"quark_rotation", "choice", 0, 0, 0, off_on,
         "formulas invariant under rotations of the quarks, arXiv:2506.15637; lowers C_GG by 4 to 31"},
    [BD_ALP_GBS] =
        {"g_bs", "choice", BD_ALP_GBS_ONE_LOOP, 0, 0, gbs_names,
         "b -> s a at Lambda = 1 TeV: arXiv:2110.10698; two loops for C_GG, arXiv:2102.04474 (rate x 8); or the "
         "formula at lambda_gev"},
    [BD_ALP_LAMBDA] = {"lambda_gev", "GeV", 1000.0, 300.0, 1e6, NULL, "scale of the couplings, for g_bs=formula"},
    [BD_ALP_YUKAWA_TOP] = {"y_top", "1", 0.94, 0.8, 1.1, NULL,
                           "Yukawa coupling of the top quark, for g_bs=formula"},
    [BD_ALP_KAON_OCTET] = {"n8", "1", 1.53e-7, 1e-8, 1e-6, NULL,
                           "octet strength in K -> pi a, arXiv:2110.10698; 1.11e-7 with NLO, arXiv:1107.6001"},
    [BD_ALP_KAON_PHASE] = {"kaon_phase_rad", "rad", 0.0, 0.0, BD_PI, NULL,
                           "phase between octet and loop in K -> pi a, unknown: 0 to pi"},
    {.name = NULL},
};

static int uses_formulas(const struct bd_model_point *at)
{
    return (int)at->setting[BD_ALP_WIDTHS] == FORMULAS;
}

/* --- partial widths ---------------------------------------------------------------------------------------------
 */

static enum bd_flag worse(enum bd_flag a, enum bd_flag b)
{
    return a > b ? a : b;
}

static double g_squared(const struct bd_model_point *at, int table)
{
    const double g = at->coupling[bd_alp_widths_coupling[table]];
    return g * g;
}

static enum bd_flag no_interference(const struct bd_model_point *at)
{
    return g_squared(at, BD_ALP_TABLE_GG) * g_squared(at, BD_ALP_TABLE_QQ) > 0.0 ? BD_FLAG_CLIPPED : BD_FLAG_OK;
}

static int is_hadronic(const struct bd_model_point *at)
{
    return g_squared(at, BD_ALP_TABLE_GG) + g_squared(at, BD_ALP_TABLE_QQ) > 0.0;
}

static enum bd_status lepton_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                   struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    struct bd_alp_low low;
    bd_alp_low(at, &low);
    const double ml = 0.5 * mode->threshold_gev, r = mode->threshold_gev / at->mass_gev;
    width->value = low.lepton * low.lepton * ml * ml * at->mass_gev * sqrt(1.0 - r * r) / (8.0 * BD_PI);
    return BD_OK;
}

static enum bd_status gammagamma_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                       struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    double complex sum = 0.0;
    for (int coupling = 0; coupling < BD_ALP_COUPLINGS; coupling++) {
        if (at->coupling[coupling] == 0.0)
            continue;
        struct bd_alp_unit_point unit;
        bd_alp_unit_point(at, coupling, &unit);
        double complex amplitude = bd_alp_photon(&unit.at);
        for (int table = 0; table < BD_ALP_TABLES; table++)
            if (coupling == bd_alp_widths_coupling[table]) {
                struct bd_model_value one = {0.0, bd_alp_pole_flag(at->mass_gev)};
                if (!uses_formulas(at)) {
                    one = bd_alp_widths_photon(at, table);
                    const double formula = bd_alp_widths_gamma_gamma(at->mass_gev, cabs(amplitude));
                    amplitude = formula > 0.0 ? amplitude * sqrt(one.value / formula) : 0.0;
                }
                width->flag = worse(width->flag, one.flag);
            }
        sum += at->coupling[coupling] * amplitude;
    }
    width->value = bd_alp_widths_gamma_gamma(at->mass_gev, cabs(sum));
    return BD_OK;
}

/* Width of a mode in the formulas; 0 if they have none for it. */
static int formula_width(const struct bd_model_point *at, int mode, double *width)
{
    const double m = at->mass_gev;
    struct bd_alp_matrix a;
    struct bd_alp_low low;
    struct bd_alp_pions pions;
    bd_alp_hadronic(at, &a);
    bd_alp_low(at, &low);
    bd_alp_pions(m, &low, &pions);
    switch (mode) {
    case BD_ALP_PIPIGAMMA:
        *width = bd_alp_pi_pi_gamma(m, &a);
        return 1;
    case BD_ALP_PIPIPI0:
        *width = m < BD_MASS_ETAP ? bd_alp_pi_pi_pi0(m, &pions) : 0.0;
        return 1;
    case BD_ALP_THREE_PI0:
        *width = m < BD_MASS_ETAP ? bd_alp_three_pi0(m, &pions) : 0.0;
        return 1;
    case BD_ALP_PIPIETA:
    case BD_ALP_PIPIETAP:
        *width = bd_alp_eta_pi_pi(m, &a, mode == BD_ALP_PIPIETAP, BD_MASS_PI_CHARGED);
        return 1;
    case BD_ALP_PI0PI0ETA:
    case BD_ALP_PI0PI0ETAP:
        *width = 0.5 * bd_alp_eta_pi_pi(m, &a, mode == BD_ALP_PI0PI0ETAP, BD_MASS_PI0);
        return 1;
    case BD_ALP_FOUR_PI_MIXED:
        *width = 2.0 / 3.0 * bd_alp_rho_rho(m, &a);
        return 1;
    case BD_ALP_FOUR_PI_CHARGED:
        *width = 1.0 / 3.0 * bd_alp_rho_rho(m, &a);
        return 1;
    case BD_ALP_OMEGAOMEGA:
        *width = bd_alp_omega_omega(m, &a);
        return 1;
    case BD_ALP_PHIPHI:
        *width = bd_alp_phi_phi(m, &a);
        return 1;
    default:
        return 0;
    }
}

static const struct bd_decay_mode modes[BD_ALP_N_MODE + 1];

static enum bd_status hadronic_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                     struct bd_model_value *width, struct bd_error *err)
{
    (void)err;
    if (!is_hadronic(at))
        return BD_OK;
    if (uses_formulas(at) && formula_width(at, (int)(mode - modes), &width->value)) {
        width->flag = bd_alp_pole_flag(at->mass_gev);
        return BD_OK;
    }
    for (int table = 0; table < BD_ALP_TABLES; table++)
        if (g_squared(at, table) > 0.0) {
            const struct bd_model_value one = bd_alp_widths_mode(at, table, (int)(mode - modes));
            width->value += g_squared(at, table) * one.value;
            width->flag = worse(width->flag, one.flag);
        }
    width->flag = worse(width->flag, no_interference(at));
    return BD_OK;
}

static enum bd_status other_width(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                  struct bd_model_value *width, struct bd_error *err)
{
    (void)mode;
    (void)err;
    for (int table = 0; table < BD_ALP_TABLES && !uses_formulas(at); table++)
        if (g_squared(at, table) > 0.0) {
            width->value += g_squared(at, table) * bd_alp_widths_other(at, table);
            width->flag = worse(width->flag, bd_alp_widths_hadrons(at, table).flag);
        }
    width->flag = worse(width->flag, no_interference(at));
    return BD_OK;
}

static enum bd_status total_width(const struct bd_model_point *at, const struct bd_model_value *width,
                                  struct bd_model_value *total, struct bd_error *err)
{
    (void)err;
    *total = width[BD_ALP_GAMMAGAMMA];
    const int last =
        uses_formulas(at) ? BD_ALP_OTHER : BD_ALP_TAUS; /* formulas: the sum of the exclusive states */
    for (int mode = BD_ALP_ELECTRONS; mode <= last; mode++)
        total->value += width[mode].value;
    if (uses_formulas(at)) {
        total->flag =
            worse(total->flag, at->mass_gev < BD_ALP_TABLES_END_GEV || !is_hadronic(at) ? no_interference(at)
                                                                                        : BD_FLAG_OUTSIDE);
        return BD_OK;
    }
    for (int table = 0; table < BD_ALP_TABLES; table++)
        if (g_squared(at, table) > 0.0) {
            const struct bd_model_value hadrons = bd_alp_widths_hadrons(at, table);
            total->value += g_squared(at, table) * hadrons.value;
            total->flag = worse(total->flag, hadrons.flag);
        }
    total->flag = worse(total->flag, no_interference(at));
    return BD_OK;
}

#define ASW "arXiv:1811.03474; arXiv:2310.03524"
#define HADRONIC(name, threshold)                                                                                 \
    {                                                                                                             \
        name, threshold, 0.0, BD_ALP_TABLES_END_GEV, ASW, hadronic_width                                          \
    }
#define PI BD_MASS_PI_CHARGED
#define PI0 BD_MASS_PI0
static const struct bd_decay_mode modes[BD_ALP_N_MODE + 1] = {
    [BD_ALP_GAMMAGAMMA] = {"gammagamma", 0.0, 0.0, 0.0, "arXiv:1708.00443; " ASW, gammagamma_width},
    [BD_ALP_ELECTRONS] = {"e+e-", 2 * BD_MASS_ELECTRON, 0.0, 0.0, "arXiv:1708.00443", lepton_width},
    [BD_ALP_MUONS] = {"mu+mu-", 2 * BD_MASS_MUON, 0.0, 0.0, "arXiv:1708.00443", lepton_width},
    [BD_ALP_TAUS] = {"tau+tau-", 2 * BD_MASS_TAU, 0.0, 0.0, "arXiv:1708.00443", lepton_width},
    [BD_ALP_PIPIGAMMA] = HADRONIC("pi+pi-gamma", 2 * PI),
    [BD_ALP_PIPIPI0] = HADRONIC("pi+pi-pi0", 2 * PI + PI0),
    [BD_ALP_THREE_PI0] = HADRONIC("3pi0", 3 * PI0),
    [BD_ALP_PIPIETA] = HADRONIC("pi+pi-eta", 2 * PI + BD_MASS_ETA),
    [BD_ALP_PI0PI0ETA] = HADRONIC("pi0pi0eta", 2 * PI0 + BD_MASS_ETA),
    [BD_ALP_PIPIETAP] = HADRONIC("pi+pi-etap", 2 * PI + BD_MASS_ETAP),
    [BD_ALP_PI0PI0ETAP] = HADRONIC("pi0pi0etap", 2 * PI0 + BD_MASS_ETAP),
    [BD_ALP_KKPI0] = HADRONIC("K+K-pi0", 2 * BD_MASS_K_CHARGED + PI0),
    [BD_ALP_K0K0PI0] = HADRONIC("K0K0barpi0", 2 * BD_MASS_K0 + PI0),
    [BD_ALP_K0KPI] = HADRONIC("K+-K0pi-+", BD_MASS_K_CHARGED + BD_MASS_K0 + PI),
    [BD_ALP_FOUR_PI_MIXED] = HADRONIC("pi+pi-pi0pi0", 2 * PI + 2 * PI0),
    [BD_ALP_FOUR_PI_CHARGED] = HADRONIC("2pi+2pi-", 4 * PI),
    [BD_ALP_OMEGAOMEGA] = HADRONIC("omegaomega", 2 * BD_MASS_OMEGA),
    [BD_ALP_PHIPHI] = HADRONIC("phiphi", 2 * BD_MASS_PHI),
    [BD_ALP_KSTARKSTAR] = HADRONIC("KstarKstar", 2 * (BD_MASS_K_CHARGED + PI)),
    [BD_ALP_THREE_ETA] = HADRONIC("3eta", 3 * BD_MASS_ETA),
    [BD_ALP_PIPIOMEGA] = HADRONIC("pi+pi-omega", 2 * PI + BD_MASS_OMEGA),
    [BD_ALP_OTHER] = {"other", 2 * PI, 0.0, BD_ALP_TABLES_END_GEV, ASW, other_width},
    [BD_ALP_N_MODE] = {.name = NULL},
};

/* --- production -------------------------------------------------------------------------------------------------
 */

static enum bd_status kappa_photon(const struct bd_model_point *at, struct bd_model_value *kappa,
                                   struct bd_error *err)
{
    (void)err;
    const double g = BD_ALPHA_EM / BD_PI * cabs(bd_alp_photon(at));
    *kappa = (struct bd_model_value){g * g, is_hadronic(at) ? bd_alp_pole_flag(at->mass_gev) : BD_FLAG_OK};
    return BD_OK;
}

static void mixing_at(const struct bd_model_point *at, struct bd_alp_mixing *theta, enum bd_flag *flag)
{
    struct bd_alp_low low;
    bd_alp_low(at, &low);
    bd_alp_mixing(at->mass_gev, &low, at->setting[BD_ALP_ISOSPIN] != 0.0, theta);
    *flag = is_hadronic(at) ? bd_alp_pole_flag(at->mass_gev) : BD_FLAG_OK;
}

static double with_form_factor(double theta, double mass)
{
    const double angle = theta * bd_alp_form_factor(mass);
    return angle * angle;
}

static enum bd_status kappa_pi0(const struct bd_model_point *at, struct bd_model_value *kappa,
                                struct bd_error *err)
{
    (void)err;
    struct bd_alp_mixing theta;
    mixing_at(at, &theta, &kappa->flag);
    kappa->value = with_form_factor(theta.pi0, at->mass_gev);
    return BD_OK;
}

static enum bd_status kappa_eta(const struct bd_model_point *at, struct bd_model_value *kappa,
                                struct bd_error *err)
{
    (void)err;
    struct bd_alp_mixing theta;
    mixing_at(at, &theta, &kappa->flag);
    kappa->value = with_form_factor(theta.eta, at->mass_gev);
    return BD_OK;
}

static enum bd_status kappa_etap(const struct bd_model_point *at, struct bd_model_value *kappa,
                                 struct bd_error *err)
{
    (void)err;
    struct bd_alp_mixing theta;
    mixing_at(at, &theta, &kappa->flag);
    kappa->value = with_form_factor(theta.etap, at->mass_gev);
    return BD_OK;
}

static enum bd_status kappa_b(const struct bd_model_point *at, struct bd_model_value *kappa, struct bd_error *err)
{
    (void)err;
    const double g = bd_alp_g_bs(at);
    kappa->value = g * g;
    return BD_OK;
}

static void kappa_kaon(const struct bd_model_point *at, enum bd_meson parent, double end_gev,
                       struct bd_model_value *kappa)
{
    kappa->value = bd_alp_kaon_br(at, parent);
    kappa->flag = at->mass_gev < end_gev ? BD_FLAG_OK : BD_FLAG_CLOSED;
}

static enum bd_status kappa_k_charged(const struct bd_model_point *at, struct bd_model_value *kappa,
                                      struct bd_error *err)
{
    (void)err;
    kappa_kaon(at, BD_MESON_K_CHARGED, BD_MASS_K_CHARGED - PI, kappa);
    return BD_OK;
}

static enum bd_status kappa_kl(const struct bd_model_point *at, struct bd_model_value *kappa, struct bd_error *err)
{
    (void)err;
    kappa_kaon(at, BD_MESON_KL, BD_MASS_K0 - PI0, kappa);
    if (fabs(at->mass_gev - PI0) < BD_ALP_POLE_WIDTH)
        kappa->flag = BD_FLAG_MASKED;
    return BD_OK;
}

static const struct bd_strength strengths[] = {
    {"primakoff", "g_agg = 1/GeV", "arXiv:1708.00443; arXiv:1811.03474", kappa_photon},
    {"photon_from_meson", "g_agg = 1/GeV", "arXiv:1708.00443; arXiv:1811.03474", kappa_photon},
    {"mixing_pi0", "|theta|^2 = 1", "arXiv:1811.03474", kappa_pi0},
    {"mixing_eta", "|theta|^2 = 1", "arXiv:1811.03474", kappa_eta},
    {"mixing_etap", "|theta|^2 = 1", "arXiv:1811.03474", kappa_etap},
    {"b_decay", "g_bs = 1/GeV", "arXiv:2110.10698", kappa_b},
    {"kaon_decay:K+", "BR(K+ -> pi+ a) = 1", "arXiv:2102.13112", kappa_k_charged},
    {"kaon_decay:KL", "BR(KL -> pi0 a) = 1", "arXiv:2102.13112", kappa_kl},
    {.production = NULL},
};

static enum bd_status load(void **data, struct bd_error *err)
{
    struct bd_alp_tables *tables = NULL;
    BD_TRY(bd_alp_tables_load(bd_alp_mode_names, &tables, err));
    *data = tables;
    return BD_OK;
}

static void unload(void *data)
{
    bd_alp_tables_free(data);
}

const struct bd_model bd_alp_model = {
    .name = "alp",
    .title = "axion-like particle",
    .source = "arXiv:2201.05170; arXiv:1811.03474; arXiv:2310.03524; arXiv:2012.12272",
    .coupling_names = coupling_names,
    .coupling_unit = "GeV^-1",
    .mass_min_gev = 1e-3,
    .mass_max_gev = 5.0,
    .settings = settings,
    .modes = modes,
    .strengths = strengths,
    .normalise = bd_alp_normalisation_convert,
    .total_width = total_width,
    .load = load,
    .unload = unload,
};
