/* Unified intervals against tables IV, V (90%) and VI, VII (95%) of physics/9711021, printed to 0.01; the digits
 * beyond are from an independent program. */
#include "expect.h"

#include "src/scan/feldman_cousins.h"

static void expect_interval(int n, double b, double cl, double lower, double upper, double tolerance)
{
    struct bd_error err;
    double low, high;
    expect_ok(bd_feldman_cousins_interval(n, b, cl, &low, &high, &err), err);
    if (!(fabs(low - lower) <= tolerance && fabs(high - upper) <= tolerance))
        fail_msg("n = %d, b = %g: [%.5f, %.5f], expected [%.5f, %.5f]", n, b, low, high, lower, upper);
}

static void intervals_are_those_of_the_paper(void **state)
{
    (void)state;
    expect_interval(0, 0.0, 0.90, 0.0, 2.44,
                    0.01); /* the paper scans in steps of 0.005: the crossing is 2.43592 */
    expect_interval(0, 0.5, 0.90, 0.0, 1.94, 0.01);
    expect_interval(0, 1.0, 0.90, 0.0, 1.61, 0.01);
    expect_interval(1, 0.0, 0.90, 0.11, 4.36, 0.01);
    expect_interval(1, 0.5, 0.90, 0.0, 3.86, 0.01);
    expect_interval(2, 0.0, 0.90, 0.53, 5.91, 0.01);
    expect_interval(2, 0.5, 0.90, 0.03, 5.41, 0.01);
    expect_interval(3, 0.0, 0.90, 1.10, 7.42, 0.01);
    expect_interval(4, 0.0, 0.90, 1.47, 8.60, 0.01);
    expect_interval(10, 3.0, 0.90, 2.63, 13.50, 0.01);
    expect_interval(0, 0.0, 0.95, 0.0, 3.09, 0.01);
    expect_interval(1, 0.0, 0.95, 0.05, 5.14, 0.01);
}

static void ends_are_exact(void **state)
{
    (void)state;
    const double digits = 0.6e-4;
    expect_interval(0, 0.0, 0.90, 0.0, 2.43592, digits);
    expect_interval(1, 0.0, 0.90, 0.105361, 4.357409, 1e-6); /* lower: -ln 0.9, where n = 0 alone is 90% */
    expect_interval(1, 0.5, 0.90, 0.0, 3.8574, digits);
    expect_interval(2, 0.0, 0.90, 0.5318, 5.9105, digits);
    expect_interval(2, 0.5, 0.90, 0.0318, 5.4105, digits);
    expect_interval(3, 0.0, 0.90, 1.1021, 7.4250, digits);
    expect_interval(4, 0.0, 0.90, 1.4715, 8.5973, digits);
    expect_interval(10, 3.0, 0.90, 2.63264, 13.50047, 1e-5);
    expect_interval(0, 0.0, 0.95, 0.0, 3.0925, digits);
    expect_interval(1, 0.0, 0.95, 0.05129, 5.14325, 1e-5);
}

static void published_upper_ends_never_rise_with_the_background(void **state)
{
    (void)state;
    struct bd_error err;
    double upper;
    expect_interval(0, 3.0, 0.90, 0.0, 0.953, 0.005); /* before the repair */
    expect_ok(bd_feldman_cousins_upper_monotone(0, 3.0, 0.90, &upper, &err), err);
    assert_true(fabs(upper - 1.075) <= 0.005); /* 1.08 in table IV */
    expect_ok(bd_feldman_cousins_upper_monotone(3, 1.0, 0.90, &upper, &err), err);
    assert_true(fabs(upper - 6.42) <= 0.01); /* table IV */
}

static void wrong_input_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    double low, high;
    expect_fails(bd_feldman_cousins_interval(-1, 0.0, 0.9, &low, &high, &err), BD_BAD_INPUT, "-1 observed", err);
    expect_fails(bd_feldman_cousins_interval(0, NAN, 0.9, &low, &high, &err), BD_BAD_INPUT, "background nan", err);
    expect_fails(bd_feldman_cousins_interval(0, -1.0, 0.9, &low, &high, &err), BD_BAD_INPUT, "background -1", err);
    expect_fails(bd_feldman_cousins_upper_monotone(0, 1.0, 0.0, &high, &err), BD_BAD_INPUT, "level 0 is", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_those_of_the_paper),
        cmocka_unit_test(ends_are_exact),
        cmocka_unit_test(published_upper_ends_never_rise_with_the_background),
        cmocka_unit_test(wrong_input_is_named),
    };
    return run_all_tests(tests);
}
