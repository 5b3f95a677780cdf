/* models/three_meson.h - a virtual photon or a dark photon to three pseudoscalars.
 *
 * Current J = F eps(p1, p2, p3). With q the momenta in the rest frame and s = m^2:
 *
 *   R(m) = 1/(64 pi^2 s) Int ds13 ds23 |q1 x q2|^2 |F|^2
 *
 * pi+pi-pi0: H. Czyz, A. Grzelinska, J. H. Kuhn, G. Rodrigo, hep-ph/0512180; K K pi: K*(892) K, arXiv:1911.11147.
 * F is a sum of (function of s, with the narrow omega and phi) x (function of the pairs). The integrals over the
 * pairs alone change slowly with m: they are tabulated once, and every resonance in s is exact at every mass.
 * Measured against direct
 * quadrature with 128 points per axis, at masses between the nodes: within 2e-4 of R everywhere. */
#ifndef BD_MODELS_THREE_MESON_H
#define BD_MODELS_THREE_MESON_H

#include "src/core/error.h"

enum bd_three_meson_state {
    BD_THREE_MESON_3PI,     /* pi+ pi- pi0 */
    BD_THREE_MESON_KSKLPI0, /* K0 K0bar pi0 */
    BD_THREE_MESON_KPKMPI0, /* K+ K- pi0 */
    BD_THREE_MESON_K0KPI,   /* K0 K- pi+ and K0bar K+ pi- together */
    BD_THREE_MESON_STATES
};

/* The formulas are used in this range; below, R < 2e-7. */
#define BD_THREE_MESON_3PI_START_GEV 0.45
#define BD_THREE_MESON_KKPI_START_GEV 1.16
#define BD_THREE_MESON_END_GEV 2.0

struct bd_three_meson; /* tabulated integrals over the pairs */

enum bd_status bd_three_meson_create(struct bd_three_meson **tables, struct bd_error *err) BD_MUST_CHECK;
void bd_three_meson_free(struct bd_three_meson *tables); /* accepts NULL */

/* R at a mass in the range above. Thread-safe. */
double bd_three_meson_ratio(const struct bd_three_meson *tables, enum bd_three_meson_state state, double mass_gev);

/* The same by quadrature at this mass, n points per axis: what the tables are checked with. BD_NO_MEMORY. */
enum bd_status bd_three_meson_ratio_direct(enum bd_three_meson_state state, double mass_gev, unsigned n,
                                           double *ratio, struct bd_error *err) BD_MUST_CHECK;

/* |q1 x q2|^2 |F|^2 for daughters of these masses, s_ij = (p_i + p_j)^2 [GeV^2]: the squared matrix element of an
 * unpolarised decay, up to a factor. */
double bd_three_meson_squared(enum bd_three_meson_state state, double mass_gev, const double *daughter_mass_gev,
                              double s12, double s13, double s23);

#endif
