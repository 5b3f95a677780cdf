/* CLs with expected bands on 200 x 200 points and 40 channels: backgrounds like NA62's, one event observed. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "src/scan/bands.h"

int main(void)
{
    enum { n_side = 200, n_channel = 40 };
    static const double background[8] = {0.016, 0.0094, 0.007, 0.007, 1.2e-7, 1.6e-8, 7e-8, 4.6e-7};
    const struct bd_combine_options options = {.cl = 0.90, .signal_rel_unc = 0.2};
    struct bd_combine combine;
    double sum = 0.0, row[n_side];
    int bad = 0;
    gsl_set_error_handler_off();
    if (bd_combine_init(&options, &combine, NULL) != BD_OK)
        return 1;
#pragma omp parallel for schedule(dynamic, 1)
    for (int i = 0; i < n_side; i++) {
        row[i] = 0.0;
        for (int j = 0; j < n_side; j++) {
            struct bd_combine_channel channel[n_channel];
            struct bd_combine_result result;
            struct bd_bands bands;
            for (int k = 0; k < n_channel; k++)
                channel[k] = (struct bd_combine_channel){.n_signal = pow(10.0, -4.0 + 6.0 * i / n_side) *
                                                                     (1.0 + 0.5 * sin(k + 0.1 * j)) / n_channel,
                                                         .n_background = background[k % 8] * (1.0 + k / 8),
                                                         .n_observed = k == 0};
            if (bd_combine_limit(&combine, channel, n_channel, &result, NULL) != BD_OK ||
                bd_bands_expected(&combine, channel, n_channel, BD_BANDS_STAT_NUIS, &bands, NULL) != BD_OK ||
                !isfinite(result.ln_mu_up))
#pragma omp atomic
                bad++;
            row[i] += result.ln_mu_up + bands.ln_mu_up[2];
        }
    }
    for (int i = 0; i < n_side; i++)
        sum += row[i];
    (void)printf("checksum %.17g, failures %d\n", sum, bad);
    return bad != 0;
}
