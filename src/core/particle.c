#include "src/core/particle.h"

#include <stddef.h>
#include <string.h>

#include "src/core/pdg.h"

static const struct bd_particle particles[] = {
    {"e-", "e", BD_MASS_ELECTRON, -1, 0.0},
    {"e+", "e", BD_MASS_ELECTRON, +1, 0.0},
    {"mu-", "mu", BD_MASS_MUON, -1, 0.0},
    {"mu+", "mu", BD_MASS_MUON, +1, 0.0},
    {"pi-", "pi", BD_MASS_PI_CHARGED, -1, 0.0},
    {"pi+", "pi", BD_MASS_PI_CHARGED, +1, 0.0},
    {"K-", "k", BD_MASS_K_CHARGED, -1, 0.0},
    {"K+", "k", BD_MASS_K_CHARGED, +1, 0.0},
    {"gamma", "photon", 0.0, 0, 0.0},
    {"pi0", NULL, BD_MASS_PI0, 0, BD_BR_PI0_GAMMAGAMMA},
    {"eta", NULL, BD_MASS_ETA, 0, BD_BR_ETA_GAMMAGAMMA},
    {"etap", NULL, BD_MASS_ETAP, 0, BD_BR_ETAP_GAMMAGAMMA},
};

const struct bd_particle *bd_particle_find(const char *name)
{
    for (size_t i = 0; i < sizeof particles / sizeof particles[0]; i++)
        if (strcmp(particles[i].name, name) == 0)
            return &particles[i];
    return NULL;
}
