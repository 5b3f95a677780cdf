/* The transform of a stored kernel against closed forms. */
#include "expect.h"

#include "decay/kernel.h"
#include "src/core/pdg.h"

/* One node: N = (Gamma/hbar c) w exp(-m s Gamma/hbar c). 206 multiplications of the nodes: rounding 1e-13. */
static void one_node_is_an_exponential(void **state)
{
    (void)state;
    const struct bd_kernel_nodes nodes = {.ln_s_min = -1.6, .ln_s_step = 0.03};
    double weight[BD_KERNEL_NODES] = {0.0};
    weight[150] = 0.7;
    const double s = exp(-1.6 + 147.0 * 0.03), mass_gev = 0.5; /* three guard nodes below ln_s_min */
    for (double width_gev = 1e-19; width_gev < 1e-14; width_gev *= 10.0) {
        const double rate_per_m = width_gev / BD_HBARC_GEV_M;
        expect_close(bd_kernel_yield(&nodes, weight, mass_gev, width_gev),
                     rate_per_m * 0.7 * exp(-mass_gev * s * rate_per_m), 1e-11);
    }
}

/* Kernel K(t) = exp(-s/s0), t = m s: Gamma/hbar c times the integral of dt K exp(-t Gamma/hbar c) is x/(1 + x)
 * with x = m s0 Gamma/hbar c. As a quadrature in ln s from 4e-8 s0 to 32 s0 the part below the first node is
 * missing: 4e-8 (1 + x) of the result. */
static void exponential_kernel_gives_x_over_one_plus_x(void **state)
{
    (void)state;
    const double s0 = 3.0, mass_gev = 0.4, step = 0.1;
    const struct bd_kernel_nodes nodes = {.ln_s_min = log(s0) - 17.0 + 3.0 * step, .ln_s_step = step};
    double weight[BD_KERNEL_NODES];
    for (size_t k = 0; k < BD_KERNEL_NODES; k++) {
        const double s = exp(log(s0) - 17.0 + (double)k * step);
        weight[k] = mass_gev * step * s * exp(-s / s0);
    }
    for (double x = 1e-6; x < 30.0; x *= 3.0) {
        const double width_gev = x * BD_HBARC_GEV_M / (mass_gev * s0);
        expect_close(bd_kernel_yield(&nodes, weight, mass_gev, width_gev), x / (1.0 + x), 1e-6);
    }
}

static void no_events_without_weights_or_far_beyond_the_edge(void **state)
{
    (void)state;
    const struct bd_kernel_nodes nodes = {.ln_s_min = -1.6, .ln_s_step = 0.03};
    double weight[BD_KERNEL_NODES] = {0.0};
    assert_true(bd_kernel_yield(&nodes, weight, 0.5, 1e-16) == 0.0);
    weight[2] = -1e-3; /* a guard node of the cubic rule */
    weight[3] = 1.0;
    assert_true(bd_kernel_yield(&nodes, weight, 0.5, 0.0) == 0.0);
    assert_true(bd_kernel_yield(&nodes, weight, 0.5, 1e-16) > 0.0);
    assert_true(bd_kernel_yield(&nodes, weight, 0.5, 1e-12) == 0.0); /* only the negative weight is left */
    assert_true(bd_kernel_yield(&nodes, weight, 0.5, 1e-3) == 0.0);
}

static void error_curve_is_linear_in_the_logarithm_of_the_width(void **state)
{
    (void)state;
    double width_gev[BD_KERNEL_ERRORS], error_rel[BD_KERNEL_ERRORS];
    for (size_t i = 0; i < BD_KERNEL_ERRORS; i++) {
        width_gev[i] = 1e-18 * pow(10.0, 0.25 * (double)i);
        error_rel[i] = 0.01 + 0.001 * (double)(i * i);
    }
    assert_true(bd_kernel_error(width_gev, error_rel, 0.0) == error_rel[0]);
    assert_true(bd_kernel_error(width_gev, error_rel, 1e-20) == error_rel[0]);
    assert_true(bd_kernel_error(width_gev, error_rel, 1e-3) == error_rel[BD_KERNEL_ERRORS - 1]);
    for (size_t i = 0; i + 1 < BD_KERNEL_ERRORS; i++) {
        expect_close(bd_kernel_error(width_gev, error_rel, width_gev[i]), error_rel[i], 1e-12);
        expect_close(bd_kernel_error(width_gev, error_rel, sqrt(width_gev[i] * width_gev[i + 1])),
                     0.5 * (error_rel[i] + error_rel[i + 1]), 1e-12);
    }
    const double closed[BD_KERNEL_ERRORS] = {0.0};
    assert_true(bd_kernel_error(closed, closed, 1e-16) == 0.0);
    width_gev[0] = 0.0; /* the plateau as width 0 */
    assert_true(bd_kernel_error(width_gev, error_rel, 1e-18) == error_rel[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_node_is_an_exponential),
        cmocka_unit_test(exponential_kernel_gives_x_over_one_plus_x),
        cmocka_unit_test(no_events_without_weights_or_far_beyond_the_edge),
        cmocka_unit_test(error_curve_is_linear_in_the_logarithm_of_the_width),
    };
    return run_all_tests(tests);
}
