#include "production/light_meson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "production/cross_section.h"
#include "src/core/data.h"
#include "src/core/pdg.h"

#define MEASURED_BEAM_GEV 400.0

const char *const bd_light_meson_multiplicities[] = {"measured", "generator", NULL};
const char *const bd_light_meson_norms[] = {"per_inelastic", "per_total", NULL};

static const struct {
    const char *name;
    double mass_gev;
    double measured; /* per inelastic event at 400 GeV; 0: not measured */
    int pdg;         /* in the tables */
    int scale;       /* index of its setting */
} mesons[BD_LIGHT_MESONS] = {
    [BD_LIGHT_MESON_PI0] = {"pi0", BD_MASS_PI0, 3.87, 111, BD_LIGHT_MESON_SCALE_PI0},
    [BD_LIGHT_MESON_ETA] = {"eta", BD_MASS_ETA, 0.30, 221, BD_LIGHT_MESON_SCALE_ETA},
    [BD_LIGHT_MESON_ETAP] = {"etap", BD_MASS_ETAP, 0.0, 331, BD_LIGHT_MESON_SCALE_ETAP},
    [BD_LIGHT_MESON_RHO0] = {"rho0", BD_MASS_RHO, 0.384, 113, BD_LIGHT_MESON_SCALE_RHO},
    [BD_LIGHT_MESON_RHO_CHARGED] = {"rho+-", BD_MASS_RHO, 0.384, 113, BD_LIGHT_MESON_SCALE_RHO},
    [BD_LIGHT_MESON_OMEGA] = {"omega", BD_MASS_OMEGA, 0.390, 223, BD_LIGHT_MESON_SCALE_OMEGA},
    [BD_LIGHT_MESON_PHI] = {"phi", BD_MASS_PHI, 0.019, 333, BD_LIGHT_MESON_SCALE_PHI},
};

const char *bd_light_meson_name(enum bd_light_meson meson)
{
    return mesons[meson].name;
}

int bd_light_meson_find(const char *name)
{
    for (int i = 0; i < BD_LIGHT_MESONS; i++)
        if (strcmp(mesons[i].name, name) == 0)
            return i;
    return -1;
}

double bd_light_meson_charged_rho_ratio(double beam_p_gev)
{
    return 1.83 + (1.87 - 1.83) * log(beam_p_gev / 30.0) / log(400.0 / 30.0);
}

enum bd_status bd_light_meson_open(const struct bd_production_request *request, enum bd_light_meson meson,
                                   int decays, struct bd_parent **parent, double *n_per_pot, struct bd_error *err)
{
    const double beam = request->experiment->beam_p_gev, *set = request->setting;
    char name[64], path[512];
    (void)snprintf(name, sizeof name, "production/spectra/pp_%gGeV_soft.csv", beam);
    BD_TRY(bd_add_context(err, bd_data_path(name, path, sizeof path, err), "light mesons of a %g GeV beam", beam));
    BD_TRY(bd_parent_open_table(path, mesons[meson].pdg, mesons[meson].mass_gev, decays ? request->grid : NULL,
                                parent, n_per_pot, err));
    if (set[BD_LIGHT_MESON_MULTIPLICITY] == 0.0 && mesons[meson].measured > 0.0 && beam == MEASURED_BEAM_GEV)
        *n_per_pot = mesons[meson].measured;
    if (meson == BD_LIGHT_MESON_RHO_CHARGED)
        *n_per_pot *= bd_light_meson_charged_rho_ratio(beam);
    if (set[BD_LIGHT_MESON_NORM] != 0.0)
        *n_per_pot *= bd_cross_section_pp_inelastic(beam) / bd_cross_section_pp_total(2.0 * BD_MASS_PROTON * beam);
    *n_per_pot *= set[mesons[meson].scale];
    return BD_OK;
}
