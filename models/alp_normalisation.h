/* models/alp_normalisation.h - couplings of axion-like particles as other papers write them.
 *
 * Every convention is a factor: C/Lambda [1/GeV] of models/alp_couplings.h = factor * value. Signs are dropped: no
 * rate depends on the sign of a single coupling. */
#ifndef BD_MODELS_ALP_NORMALISATION_H
#define BD_MODELS_ALP_NORMALISATION_H

#include <stddef.h>

#include "src/core/error.h"

struct bd_alp_normalisation {
    const char *name;       /* "f_a" */
    const char *couplings;  /* the couplings it is for, separated by blanks: "C_GG" */
    const char *lagrangian; /* with the value in it */
    const char *unit;
    double factor;
    const char *source;
};

/* The i-th convention, NULL behind the last; a name occurs once per group of couplings. */
const struct bd_alp_normalisation *bd_alp_normalisation_at(size_t i);

/* value of a coupling ("C_GG") in a convention as C/Lambda [1/GeV]. BD_BAD_INPUT lists the conventions of the
 * coupling. */
enum bd_status bd_alp_normalisation_convert(const char *name, const char *coupling, double value,
                                            double *c_over_lambda, struct bd_error *err) BD_MUST_CHECK;

#endif
