/* src/scan/rates.h - a model along the coupling axis of a benchmark, at one mass.
 *
 * Rates are polynomials of second degree in the couplings (models/model.h), so three evaluations of the model give
 * every width and strength at any coupling g of the axis: c[0] + c[1] g + c[2] g^2. */
#ifndef BD_SCAN_RATES_H
#define BD_SCAN_RATES_H

#include "models/model.h"

/* Couplings of the model at a point of the axis. */
void bd_rates_couplings(const struct bd_benchmark *benchmark, double axis,
                        double *coupling /* [BD_COUPLINGS_MAX] */);

/* All widths [GeV], their total and some strengths, at a point of the axis. data: of bd_model_open. */
enum bd_status bd_rates_evaluate(const struct bd_benchmark *benchmark, const void *data, double mass_gev,
                                 double axis, const struct bd_strength *const *strength, size_t n_strength,
                                 struct bd_model_value *width /* [n_mode] */, struct bd_model_value *total,
                                 struct bd_model_value *kappa /* [n_strength] */,
                                 struct bd_error *err) BD_MUST_CHECK;

/* The same as polynomials. */
enum bd_status bd_rates_expand(const struct bd_benchmark *benchmark, const void *data, double mass_gev,
                               const struct bd_strength *const *strength, size_t n_strength,
                               double (*width)[3] /* [n_mode] */, double *total /* [3] */,
                               double (*kappa)[3] /* [n_strength] */, struct bd_error *err) BD_MUST_CHECK;

double bd_rates_at(const double *c, double axis);

#endif
