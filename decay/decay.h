/* decay/decay.h - the decays of X whose products an experiment can see. */
#ifndef BD_DECAY_DECAY_H
#define BD_DECAY_DECAY_H

#include <stddef.h>

#include "src/core/particle.h"

#define BD_DAUGHTERS_MAX 4

/* The products; X -> 1 2, X -> (1 2) 3 or X -> (1 2) (3 4). */
struct bd_decay {
    const char *name;                       /* "pi+pi-pi0" */
    const char *daughter[BD_DAUGHTERS_MAX]; /* names of bd_particle; NULL behind the last */
    const char *model;                      /* whose matrix element it is; NULL: any, flat phase space */
    /* Squared modulus up to a factor, spin average, for three daughters; s_ij = (p_i + p_j)^2 [GeV^2]. NULL: flat.
     * It depends on no coupling. */
    double (*matrix_element)(double mass_gev, double s12, double s13, double s23);
    /* Four daughters from two vectors, (1 3) and (2 4), of a pseudoscalar: the squared line shape of a vector.
     * |A|^2 = line_shape(s13) line_shape(s24) epsilon(p1, p2, p3, p4)^2: transverse vectors and P waves. NULL:
     * flat. */
    double (*line_shape)(double s_gev2);
};

/* Borrowed pointer to a static entry with flat phase space, or NULL: no such decay, or one that enters the widths
 * only.
 */
const struct bd_decay *bd_decay_find(const char *name);
/* The same with the matrix element of a model where there is one; model NULL or "": flat. */
const struct bd_decay *bd_decay_of_model(const char *name, const char *model);
/* The i-th flat one, NULL behind the last. */
const struct bd_decay *bd_decay_at(size_t i);

size_t bd_decay_n_daughter(const struct bd_decay *decay);
/* Sum of the masses of the daughters [GeV]. */
double bd_decay_threshold(const struct bd_decay *decay);

#endif
