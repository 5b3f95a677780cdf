/* models/meson_br.h - branching ratios of mesons into a dark particle, at unit coupling and without any model
 * point.
 *
 * B -> X S with X one of nine strange mesons or a pion: arXiv:1904.10447, decays of appendix B, form factors of
 * appendix F; f0(K), f0(pi) hep-ph/0406232, A0(K*) hep-ph/0412079. B -> X S S and B -> S S from the same
 * amplitudes with a virtual Higgs boson. K -> pi S: arXiv:1809.01876. Pole mass of the top quark; the strange
 * quark mass and the CKM elements as in these papers. Masses in GeV. Everything is exactly quadratic in the
 * coupling, so a branching ratio at unit coupling may exceed 1. */
#ifndef BD_MODELS_MESON_BR_H
#define BD_MODELS_MESON_BR_H

#include <stddef.h>

enum bd_meson {
    BD_MESON_B_CHARGED, /* B+ -> X+ */
    BD_MESON_B0,        /* B0 -> X0 */
    BD_MESON_BS,
    BD_MESON_K_CHARGED,
    BD_MESON_KL,
    BD_MESON_KS,
};

/* States of X in the order of the table; the strange ones come first, then "pi". */
#define BD_MESON_BR_STRANGE_STATES 9
size_t bd_meson_br_n_state(void);
const char *bd_meson_br_state_name(size_t state);                  /* "K", "K0*700", ..., "pi" */
int bd_meson_br_state_find(const char *name);                      /* index or -1 */
double bd_meson_br_state_mass(size_t state, enum bd_meson parent); /* [GeV]; parent B+ or B0 */

/* BR(B -> X S), parent B+ or B0, for a mixing angle theta = 1; 0 for mass >= m_B - m_X. */
double bd_meson_br_b_scalar(size_t state, enum bd_meson parent, double mass_gev);

/* BR(B -> X a) of a pseudoscalar for g_bs = 1/GeV, X strange: the same form factors, in the convention
 * A(B -> K a) = (g_bs/2)(m_B^2 - m_K^2) f0(m_a^2). 0 for mass >= m_B - m_X. */
double bd_meson_br_b_pseudoscalar(size_t state, enum bd_meson parent, double mass_gev);

/* d BR(B -> X S S)/dq^2 [GeV^-2] at an invariant mass q of the two S, and its integral, for lambda = 1. Each decay
 * gives two S: the 1/2 for identical particles is inside. */
double bd_meson_br_b_pair_density(size_t state, enum bd_meson parent, double mass_gev, double q_gev);
double bd_meson_br_b_pair(size_t state, enum bd_meson parent, double mass_gev);

/* BR(Bs -> S S) or BR(B0 -> S S), for lambda = 1. */
double bd_meson_br_pair(enum bd_meson parent, double mass_gev);

/* Inclusive BR(b -> X_s S), for theta = 1: a comparison, used nowhere (arXiv:1310.8042). */
double bd_meson_br_b_inclusive(double mass_gev);

/* BR(K+ -> pi+ S), BR(KL -> pi0 S) or BR(KS -> pi0 S), for theta = 1. */
double bd_meson_br_kaon_scalar(enum bd_meson parent, double mass_gev);

#endif
