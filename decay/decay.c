#include "decay/decay.h"

#include <string.h>

static const struct bd_decay decays[] = {
    /* name, daughters: one line per decay */
    {"e+e-", {"e+", "e-"}},
    {"mu+mu-", {"mu+", "mu-"}},
    {"gammagamma", {"gamma", "gamma"}},
    {"pi+pi-", {"pi+", "pi-"}},
    {"K+K-", {"K+", "K-"}},
    {"pi+pi-gamma", {"pi+", "pi-", "gamma"}},
    {"pi+pi-pi0", {"pi+", "pi-", "pi0"}},
    {"pi+pi-eta", {"pi+", "pi-", "eta"}},
    {"K+K-pi0", {"K+", "K-", "pi0"}},
    {"pi+pi-pi0pi0", {"pi+", "pi-", "pi0", "pi0"}},
};

const struct bd_decay *bd_decay_at(size_t i)
{
    return i < sizeof decays / sizeof decays[0] ? &decays[i] : NULL;
}

const struct bd_decay *bd_decay_find(const char *name)
{
    for (size_t i = 0; bd_decay_at(i) != NULL; i++)
        if (strcmp(decays[i].name, name) == 0)
            return &decays[i];
    return NULL;
}

size_t bd_decay_n_daughter(const struct bd_decay *decay)
{
    size_t n = 0;
    while (n < BD_DAUGHTERS_MAX && decay->daughter[n] != NULL)
        n++;
    return n;
}

double bd_decay_threshold(const struct bd_decay *decay)
{
    double sum = 0.0;
    for (size_t i = 0; i < bd_decay_n_daughter(decay); i++)
        sum += bd_particle_find(decay->daughter[i])->mass_gev;
    return sum;
}
