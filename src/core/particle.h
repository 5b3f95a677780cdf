/* src/core/particle.h - the particles that decays and experiment cards speak of. Masses in GeV (pdg.h). */
#ifndef BD_CORE_PARTICLE_H
#define BD_CORE_PARTICLE_H

struct bd_particle {
    const char *name; /* "e+", "pi0", "gamma": without charge where both signs share an entry, see charge */
    const char
        *track; /* key of the experiment card that selects it: "e", "mu", "pi", "k"; "photon"; NULL: neither */
    double mass_gev;
    int charge;
    double br_gammagamma; /* for pi0, eta, eta': branching ratio to two photons; 0 otherwise */
};

/* Borrowed pointer to a static particle, or NULL. Names: e- e+ mu- mu+ pi- pi+ pi0 K- K+ eta etap gamma. */
const struct bd_particle *bd_particle_find(const char *name);

#endif
