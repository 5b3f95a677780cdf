#include "models/alp_normalisation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/core/pdg.h"

#define GAUGE "C_GG C_BB C_WW"
#define FERMION "C_qq C_ll"
#define PI2 (BD_PI * BD_PI)

static const struct bd_alp_normalisation table[] = {
    {"C/Lambda", GAUGE, "(a/Lambda) g^2 C V Vdual", "1/GeV", 1.0, "arXiv:2201.05170"},
    {"C/Lambda", FERMION, "(C/2 Lambda) d_mu a fbar gamma^mu gamma5 f", "1/GeV", 1.0, "arXiv:2201.05170"},
    {"c/f", GAUGE, "c (alpha/4 pi) (a/f) V Vdual", "1/GeV", 1.0 / (16.0 * PI2), "arXiv:2012.12272"},
    {"c/f", FERMION, "(c/2 f) d_mu a fbar gamma^mu gamma5 f", "1/GeV", 1.0, "arXiv:2012.12272"},
    {"1/f_a", "C_GG", "(alpha_s/8 pi) (a/f_a) G Gdual", "1/GeV", 1.0 / (32.0 * PI2), "arXiv:1811.03474"},
    {"1/f_G", "C_GG", "(g_s^2/8 f_G) a G Gdual", "1/GeV", 1.0 / 8.0, "arXiv:1901.09966"},
    {"g_agg", "C_BB", "-(g_agg/4) a F Fdual", "1/GeV", 1.0 / (16.0 * BD_PI * BD_ALPHA_EM), "arXiv:1901.09966"},
    {"1/f_l", FERMION, "(1/f_l) d_mu a fbar gamma^mu gamma5 f", "1/GeV", 2.0, "arXiv:1901.09966"},
    {"1/f", FERMION, "(1/f) d_mu a fbar gamma^mu gamma5 f", "1/GeV", 2.0, "arXiv:2310.03524"},
    {"g_Y", FERMION, "g_Y (m_f/v) a fbar i gamma5 f", "1", 1.0 / BD_HIGGS_VEV, "arXiv:1901.09966"},
};
#define N_ROW (sizeof table / sizeof table[0])

const struct bd_alp_normalisation *bd_alp_normalisation_at(size_t i)
{
    return i < N_ROW ? &table[i] : NULL;
}

static int is_for(const struct bd_alp_normalisation *row, const char *coupling)
{
    return strlen(coupling) == 4 && strstr(row->couplings, coupling) != NULL;
}

enum bd_status bd_alp_normalisation_convert(const char *name, const char *coupling, double value,
                                            double *c_over_lambda, struct bd_error *err)
{
    char known[160] = "";
    if (!isfinite(value))
        return bd_fail(err, BD_BAD_INPUT, "%s: %g is not a finite number", coupling, value);
    for (size_t i = 0; i < N_ROW; i++) {
        if (!is_for(&table[i], coupling))
            continue;
        if (strcmp(table[i].name, name) == 0) {
            *c_over_lambda = table[i].factor * value;
            return BD_OK;
        }
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", table[i].name);
    }
    return known[0] != '\0'
               ? bd_fail(err, BD_BAD_INPUT, "normalisation '%s' of %s is not one of: %s", name, coupling, known)
               : bd_fail(err, BD_BAD_INPUT, "'%s' is no coupling of an axion-like particle", coupling);
}
