/* models/dark_photon_br.h - branching ratios of mesons into a dark photon A', at eps = 1.
 *
 *   P -> gamma A':  2 BR(P -> gamma gamma) (1 - m^2/m_P^2)^3 |F|^2       either photon can be the A'
 *   V -> P A':      BR(V -> P gamma) lambda(m_V^2, m_P^2, m^2)^(3/2)/(m_V^2 - m_P^2)^3 |F|^2
 *
 * B. Batell, M. Pospelov, A. Ritz, arXiv:0906.5614. Branching ratios to photons: Particle Data Group 2024. */
#ifndef BD_MODELS_DARK_PHOTON_BR_H
#define BD_MODELS_DARK_PHOTON_BR_H

#include <complex.h>
#include <stddef.h>

struct bd_dark_photon_br_decay {
    const char *parent; /* "omega"; the light mesons are pi0 eta etap rho0 rho+- omega phi */
    const char *recoil; /* "gamma", "pi0" */
    double parent_mass_gev, recoil_mass_gev;
    double br_photon;                               /* of the decay with a photon instead of the A' */
    double (*form_factor_squared)(double mass_gev); /* pole form; NULL: none published, 1 */
};

enum bd_dark_photon_br_option {
    BD_DARK_PHOTON_BR_POLE = 1,       /* |F|^2 of the transition form factors; else F = 1 */
    BD_DARK_PHOTON_BR_LITERATURE = 2, /* V -> P A' with (m_V^2 - m^2 - m_P^2)^2 sqrt(lambda)/(m_V^2 - m^2)^3, a
                                         form of the literature (ALPINIST) that overestimates up to a factor 5 */
};

/* The i-th decay, NULL behind the last; those of one parent are neighbours. */
const struct bd_dark_photon_br_decay *bd_dark_photon_br_at(size_t i);

/* BR at eps = 1; 0 from the threshold on. options: sum of bd_dark_photon_br_option. */
double bd_dark_photon_br(const struct bd_dark_photon_br_decay *decay, double mass_gev, unsigned options);

/* K+ -> pi+ A' at eps = 1, with the form factor W of K+ -> pi+ l+ l- (G. D'Ambrosio et al., hep-ph/9808289, with
 * parameters of arXiv:1812.00735), as in arXiv:2507.17286. */
double bd_dark_photon_br_k_charged(double mass_gev);
/* KL -> gamma A' at eps = 1, F = 1. */
double bd_dark_photon_br_kl(double mass_gev);

/* W(z) and its pion loop chi(z), z = m^2/m_K^2. */
double complex bd_dark_photon_br_kaon_w(double z);
double complex bd_dark_photon_br_kaon_chi(double z);

#endif
