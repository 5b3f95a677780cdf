#include "decay/decay.h"

#include <string.h>

#include "decay/matrix_element.h"

static const struct bd_decay decays[] = {
    /* name, daughters: one line per decay */
    {.name = "e+e-", .daughter = {"e+", "e-"}},
    {.name = "mu+mu-", .daughter = {"mu+", "mu-"}},
    {.name = "gammagamma", .daughter = {"gamma", "gamma"}},
    {.name = "pi+pi-", .daughter = {"pi+", "pi-"}},
    {.name = "K+K-", .daughter = {"K+", "K-"}},
    {.name = "pi+pi-gamma", .daughter = {"pi+", "pi-", "gamma"}},
    {.name = "pi+pi-pi0", .daughter = {"pi+", "pi-", "pi0"}},
    {.name = "pi+pi-eta", .daughter = {"pi+", "pi-", "eta"}},
    {.name = "K+K-pi0", .daughter = {"K+", "K-", "pi0"}},
    {.name = "3pi0", .daughter = {"pi0", "pi0", "pi0"}},
    {.name = "pi0pi0eta", .daughter = {"pi0", "pi0", "eta"}},
    {.name = "pi+pi-pi0pi0", .daughter = {"pi+", "pi-", "pi0", "pi0"}},
};

/* Decays whose amplitude is known for a model. */
static const struct bd_decay amplitudes[] = {
    {"pi+pi-pi0", {"pi+", "pi-", "pi0"}, "dark_photon", bd_matrix_element_vector_3pi, NULL},
    {"K+K-pi0", {"K+", "K-", "pi0"}, "dark_photon", bd_matrix_element_vector_kkpi, NULL},
    {"pi+pi-gamma", {"pi+", "pi-", "gamma"}, "alp", bd_matrix_element_alp_pi_pi_gamma, NULL},
    {"pi+pi-pi0", {"pi+", "pi-", "pi0"}, "alp", bd_matrix_element_alp_3pi, NULL},
    {"pi+pi-eta", {"pi+", "pi-", "eta"}, "alp", bd_matrix_element_alp_pi_pi_eta, NULL},
    {"pi0pi0eta", {"pi0", "pi0", "eta"}, "alp", bd_matrix_element_alp_pi_pi_eta, NULL},
    {"pi+pi-pi0pi0", {"pi+", "pi-", "pi0", "pi0"}, "alp", NULL, bd_matrix_element_rho_line_shape},
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

const struct bd_decay *bd_decay_of_model(const char *name, const char *model)
{
    for (size_t i = 0; model != NULL && i < sizeof amplitudes / sizeof amplitudes[0]; i++)
        if (strcmp(amplitudes[i].name, name) == 0 && strcmp(amplitudes[i].model, model) == 0)
            return &amplitudes[i];
    return bd_decay_find(name);
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
