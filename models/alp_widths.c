#include "models/alp_widths.h"

#include <math.h>

#include "src/core/pdg.h"

#define GG_TOTAL_FROM_GEV                                                                                         \
    0.28 /* below, the digitised total is wrong by up to 10^3 and only gamma gamma is open                        \
          */
#define GG_RADIATIVE_FROM_GEV 0.40 /* below, pi+pi-gamma of C_GG is an artefact */
#define QQ_PHOTON_FROM_GEV 0.010

const char *const bd_alp_mode_names[] = {"gammagamma",  "e+e-",       "mu+mu-",     "tau+tau-",   "pi+pi-gamma",
                                         "pi+pi-pi0",   "3pi0",       "pi+pi-eta",  "pi0pi0eta",  "pi+pi-etap",
                                         "pi0pi0etap",  "K+K-pi0",    "K0K0barpi0", "K+-K0pi-+",  "pi+pi-pi0pi0",
                                         "2pi+2pi-",    "omegaomega", "phiphi",     "KstarKstar", "3eta",
                                         "pi+pi-omega", "other",      NULL};

const int bd_alp_widths_coupling[BD_ALP_TABLES] = {BD_ALP_GG, BD_ALP_QQ};

void bd_alp_unit_point(const struct bd_model_point *at, int coupling, struct bd_alp_unit_point *unit)
{
    *unit = (struct bd_alp_unit_point){.at = *at};
    unit->coupling[coupling] = 1.0;
    unit->at.coupling = unit->coupling;
}

double bd_alp_widths_gamma_gamma(double mass, double modulus)
{
    return BD_ALPHA_EM * BD_ALPHA_EM * pow(mass, 3) * modulus * modulus / (64.0 * pow(BD_PI, 3));
}

/* Where the digitised peaks of C_GG are displaced: a is a meson of another mass there. Branching ratios: PDG 2024.
 */
static const struct window {
    double lo_gev, hi_gev, meson_mass_gev, meson_width_gev;
    double br[BD_ALP_N_MODE];
} windows[] = {
    {0.126, 0.147, BD_MASS_PI0, 7.80e-9, {[BD_ALP_GAMMAGAMMA] = BD_BR_PI0_GAMMAGAMMA}},
    {0.535,
     0.560,
     BD_MASS_ETA,
     1.31e-6,
     {[BD_ALP_GAMMAGAMMA] = BD_BR_ETA_GAMMAGAMMA,
      [BD_ALP_PIPIGAMMA] = 0.0428,
      [BD_ALP_PIPIPI0] = 0.2302,
      [BD_ALP_THREE_PI0] = 0.3256}},
    {0.930,
     0.975,
     BD_MASS_ETAP,
     1.88e-4,
     {[BD_ALP_GAMMAGAMMA] = BD_BR_ETAP_GAMMAGAMMA,
      [BD_ALP_PIPIGAMMA] = 0.2948,
      [BD_ALP_PIPIPI0] = 0.0036,
      [BD_ALP_THREE_PI0] = 0.0025,
      [BD_ALP_PIPIETA] = 0.425,
      [BD_ALP_PI0PI0ETA] = 0.224}},
};

static const struct window *window_at(double mass)
{
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++)
        if (mass >= windows[i].lo_gev && mass <= windows[i].hi_gev)
            return &windows[i];
    return NULL;
}

/* theta_P^2 Gamma_P (m/m_P)^3 for C_GG. */
static double pole_width(const struct bd_model_point *at, const struct window *window)
{
    struct bd_alp_unit_point unit;
    struct bd_alp_low low;
    struct bd_alp_mixing theta;
    bd_alp_unit_point(at, BD_ALP_GG, &unit);
    bd_alp_low(&unit.at, &low);
    bd_alp_mixing(at->mass_gev, &low, at->setting[BD_ALP_ISOSPIN] != 0.0, &theta);
    const double angle = window == &windows[0] ? theta.pi0 : window == &windows[1] ? theta.eta : theta.etap;
    return angle * angle * window->meson_width_gev * pow(at->mass_gev / window->meson_mass_gev, 3);
}

static struct bd_model_value table_at(const struct bd_model_point *at, int table, int mode)
{
    return bd_alp_tables_width(at->data, table, mode, at->mass_gev);
}

/* Everything of C_GG, with gamma gamma, from 0.28 GeV on. */
static struct bd_model_value gluon_total(const struct bd_model_point *at)
{
    const struct window *window = window_at(at->mass_gev);
    if (window != NULL)
        return (struct bd_model_value){pole_width(at, window), BD_FLAG_MASKED};
    return table_at(at, BD_ALP_TABLE_GG, BD_ALP_N_MODE);
}

static struct bd_model_value clip(struct bd_model_value part, struct bd_model_value total)
{
    if (part.value > total.value) {
        part.value = total.value;
        part.flag = part.flag > BD_FLAG_CLIPPED ? part.flag : BD_FLAG_CLIPPED;
    }
    return part;
}

static struct bd_model_value photon_formula(const struct bd_model_point *at, int coupling)
{
    struct bd_alp_unit_point unit;
    bd_alp_unit_point(at, coupling, &unit);
    return (struct bd_model_value){bd_alp_widths_gamma_gamma(at->mass_gev, cabs(bd_alp_photon(&unit.at))),
                                   bd_alp_pole_flag(at->mass_gev)};
}

struct bd_model_value bd_alp_widths_photon(const struct bd_model_point *at, int table)
{
    const double m = at->mass_gev;
    if (table == BD_ALP_TABLE_QQ) {
        struct bd_model_value width =
            bd_alp_tables_width(at->data, table, BD_ALP_GAMMAGAMMA, fmax(m, QQ_PHOTON_FROM_GEV));
        if (m < QQ_PHOTON_FROM_GEV)
            width.value *= pow(m / QQ_PHOTON_FROM_GEV, 3);
        if (width.flag == BD_FLAG_OK)
            width.flag = bd_alp_pole_flag(m);
        return width;
    }
    const struct window *window = window_at(m);
    if (window == &windows[0] || m < bd_alp_tables_first(at->data, table, BD_ALP_GAMMAGAMMA)) {
        struct bd_model_value width = photon_formula(at, BD_ALP_GG);
        width.flag = window != NULL ? BD_FLAG_MASKED : width.flag;
        return width;
    }
    if (window != NULL)
        return (struct bd_model_value){pole_width(at, window) * window->br[BD_ALP_GAMMAGAMMA], BD_FLAG_MASKED};
    const struct bd_model_value width = table_at(at, table, BD_ALP_GAMMAGAMMA);
    return m < GG_TOTAL_FROM_GEV ? width : clip(width, gluon_total(at));
}

struct bd_model_value bd_alp_widths_mode(const struct bd_model_point *at, int table, int mode)
{
    const double m = at->mass_gev;
    if (table == BD_ALP_TABLE_QQ) {
        struct bd_model_value width = table_at(at, table, mode);
        if (width.flag == BD_FLAG_OK)
            width.flag = bd_alp_pole_flag(m);
        return width;
    }
    const struct window *window = window_at(m);
    if (window != NULL)
        return (struct bd_model_value){pole_width(at, window) * window->br[mode], BD_FLAG_MASKED};
    if (m < GG_TOTAL_FROM_GEV)
        return (struct bd_model_value){0.0, BD_FLAG_OK};
    if (mode == BD_ALP_PIPIGAMMA && m < GG_RADIATIVE_FROM_GEV)
        return (struct bd_model_value){0.0, BD_FLAG_OUTSIDE};
    return clip(table_at(at, table, mode), gluon_total(at));
}

struct bd_model_value bd_alp_widths_hadrons(const struct bd_model_point *at, int table)
{
    struct bd_model_value total = {0.0, BD_FLAG_OK};
    if (table == BD_ALP_TABLE_GG) {
        if (at->mass_gev < GG_TOTAL_FROM_GEV)
            return total;
        total = gluon_total(at);
        total.value = fmax(0.0, total.value - bd_alp_widths_photon(at, table).value);
        return total;
    }
    total = table_at(at, table, BD_ALP_N_MODE);
    for (int mode = BD_ALP_FIRST_HADRONIC; mode < BD_ALP_OTHER;
         mode++) /* two curves of the same width differ by their errors */
        total.value = fmax(total.value, table_at(at, table, mode).value);
    if (total.flag == BD_FLAG_OK)
        total.flag = bd_alp_pole_flag(at->mass_gev);
    return total;
}

double bd_alp_widths_other(const struct bd_model_point *at, int table)
{
    double rest = bd_alp_widths_hadrons(at, table).value;
    for (int mode = BD_ALP_FIRST_HADRONIC; mode < BD_ALP_OTHER; mode++)
        rest -= bd_alp_widths_mode(at, table, mode).value;
    return fmax(rest, 0.0);
}
