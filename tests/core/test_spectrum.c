/* Spectra on the grid: integrals against closed forms. */
#include "expect.h"

#include "src/core/pdg.h"
#include "src/core/spectrum.h"

/* density = c p^power (1 + slope theta) is what the interpolation holds exactly, so the integral is
 * c (p1^(power+1) - p0^(power+1))/(power+1) 2 pi [1 - cos t + slope (sin t - t cos t)] for theta from 0 to t.
 * Simpson's rule misses step^4/2880 of the fourth derivative, here up to 8: 4e-10 of 0.1. */
static void the_integral_of_a_power_is_exact(void **state)
{
    (void)state;
    static const double powers[] = {-3.5, -1.0, 0.0, 2.0};
    struct bd_error err;
    struct bd_spectrum_grid grid;
    struct bd_spectrum *spectrum;
    const double p0 = 3.0, p1 = 400.0, t = 0.3, slope = -2.0;
    bd_spectrum_grid_init(&grid, p0, p1, 0.0, t);
    expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
    for (size_t k = 0; k < sizeof powers / sizeof powers[0]; k++) {
        for (size_t i = 0; i < grid.n_p; i++)
            for (size_t j = 0; j < grid.n_theta; j++)
                spectrum->density[i * grid.n_theta + j] =
                    1e-9 * exp(powers[k] * (grid.ln_p_min + (double)i * grid.ln_p_step)) *
                    (1.0 + slope * (double)j * grid.theta_step_rad);
        const double n = powers[k] + 1.0;
        const double momentum = n == 0.0 ? log(p1 / p0) : (pow(p1, n) - pow(p0, n)) / n;
        const double angle = 2.0 * BD_PI * (1.0 - cos(t) + slope * (sin(t) - t * cos(t)));
        expect_close(bd_spectrum_in_grid(&grid, spectrum), 1e-9 * momentum * angle, 1e-8);
    }
    bd_spectrum_clear(&grid, spectrum);
    assert_true(bd_spectrum_in_grid(&grid, spectrum) == 0.0);
    bd_spectrum_free(spectrum);
}

static void the_mean_momentum_weights_all_x(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_spectrum_grid grid;
    struct bd_spectrum *spectrum;
    bd_spectrum_grid_init(&grid, 3.0, 400.0, 0.0, 0.006);
    expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
    assert_true(bd_spectrum_mean_p(&grid, spectrum) == 0.0);
    spectrum->reach[0] = 3e-9;                  /* 0.02 GeV */
    spectrum->reach[BD_REACH_NODES - 1] = 1e-9; /* 400 GeV */
    expect_close(bd_spectrum_mean_p(&grid, spectrum), (3.0 * 0.02 + 400.0) / 4.0, 1e-12);
    bd_spectrum_free(spectrum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_integral_of_a_power_is_exact),
        cmocka_unit_test(the_mean_momentum_weights_all_x),
    };
    return run_all_tests(tests);
}
