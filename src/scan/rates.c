#include "src/scan/rates.h"

#include <stdlib.h>

void bd_rates_couplings(const struct bd_benchmark *benchmark, double axis, double *coupling)
{
    for (size_t i = 0; i < BD_COUPLINGS_MAX; i++)
        coupling[i] = benchmark->fixed[i] + axis * benchmark->direction[i];
}

enum bd_status bd_rates_evaluate(const struct bd_benchmark *benchmark, const void *data, double mass_gev,
                                 double axis, const struct bd_strength *const *strength, size_t n_strength,
                                 struct bd_model_value *width, struct bd_model_value *total,
                                 struct bd_model_value *kappa, struct bd_error *err)
{
    double coupling[BD_COUPLINGS_MAX];
    bd_rates_couplings(benchmark, axis, coupling);
    const struct bd_model_point at = {
        .mass_gev = mass_gev, .coupling = coupling, .setting = benchmark->settings.value, .data = data};
    BD_TRY(bd_model_widths(benchmark->model, &at, width, total, err));
    for (size_t i = 0; i < n_strength; i++)
        BD_TRY(bd_model_kappa(benchmark->model, strength[i], &at, &kappa[i], err));
    return BD_OK;
}

double bd_rates_at(const double *c, double axis)
{
    return c[0] + axis * (c[1] + axis * c[2]);
}

/* Second-degree polynomial through f(0), f(1), f(-1): exact, because rates are. */
static void coefficients(double zero, double plus, double minus, double *c)
{
    c[0] = zero;
    c[1] = 0.5 * (plus - minus);
    c[2] = 0.5 * (plus + minus) - zero;
}

enum bd_status bd_rates_expand(const struct bd_benchmark *benchmark, const void *data, double mass_gev,
                               const struct bd_strength *const *strength, size_t n_strength, double (*width)[3],
                               double *total, double (*kappa)[3], struct bd_error *err)
{
    static const double axis[3] = {0.0, 1.0, -1.0};
    const size_t n_mode = bd_model_n_mode(benchmark->model);
    struct bd_model_value w[3][BD_MODES_MAX], sum[3], *k = malloc(3 * (n_strength + 1) * sizeof *k);
    enum bd_status status = k != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "rates: out of memory");
    for (size_t i = 0; i < 3 && status == BD_OK; i++)
        status = bd_rates_evaluate(benchmark, data, mass_gev, axis[i], strength, n_strength, w[i], &sum[i],
                                   k + i * n_strength, err);
    if (status == BD_OK) {
        coefficients(sum[0].value, sum[1].value, sum[2].value, total);
        for (size_t i = 0; i < n_mode; i++)
            coefficients(w[0][i].value, w[1][i].value, w[2][i].value, width[i]);
        for (size_t i = 0; i < n_strength; i++)
            coefficients(k[i].value, k[n_strength + i].value, k[2 * n_strength + i].value, kappa[i]);
    }
    free(k);
    return status;
}
