/* Interpolation: nodes, straight lines, shape, and one curve worked out by hand. */
#include "expect.h"

#include "src/core/interpolate.h"

static struct bd_interpolate *curve_through(const double *x, const double *y, size_t n)
{
    struct bd_error err;
    struct bd_interpolate *curve = NULL;
    expect_ok(bd_interpolate_create(x, y, n, &curve, &err), err);
    return curve;
}

static void nodes_are_met_and_ends_are_held(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0, 1.5, 4.0}, y[] = {2.0, -1.0, 3.0, 3.5};
    struct bd_interpolate *curve = curve_through(x, y, 4);
    for (size_t i = 0; i < 4; i++)
        expect_close(bd_interpolate_at(curve, x[i]), y[i], 1e-15);
    assert_true(bd_interpolate_at(curve, -7.0) == 2.0);
    assert_true(bd_interpolate_at(curve, 7.0) == 3.5);
    bd_interpolate_free(curve);
    bd_interpolate_free(NULL);
}

static void a_straight_line_is_exact(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0, 1.5, 4.0}, y[] = {1.0, 3.0, 4.0, 9.0};
    for (size_t n = 2; n <= 4; n++) {
        struct bd_interpolate *curve = curve_through(x, y, n);
        for (double at = 0.0; at <= x[n - 1]; at += 0.01)
            expect_close(bd_interpolate_at(curve, at), 1.0 + 2.0 * at, 1e-14);
        bd_interpolate_free(curve);
    }
}

/* x = 0, 1, 3 and y = 0, 1, 2: secants 1 and 1/2, so the inner slope is (w1 + w2)/(w1/1 + w2/0.5) with w1 = 5, w2
 * = 4, that is 9/13; the end slopes are (4 * 1 - 1 * 0.5)/3 = 7/6 and (5 * 0.5 - 2 * 1)/3 = 1/6. Hermite cubics in
 * the middle of each interval: (y0 + y1)/2 + h (s0 - s1)/8. */
static void a_curve_worked_out_by_hand_is_met(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0, 3.0}, y[] = {0.0, 1.0, 2.0};
    struct bd_interpolate *curve = curve_through(x, y, 3);
    expect_close(bd_interpolate_at(curve, 0.5), 0.5 + (7.0 / 6.0 - 9.0 / 13.0) / 8.0, 1e-14);
    expect_close(bd_interpolate_at(curve, 2.0), 1.5 + 2.0 * (9.0 / 13.0 - 1.0 / 6.0) / 8.0, 1e-14);
    bd_interpolate_free(curve);
}

/* End slopes are limited: with secants 1 and -5 the three-point formula gives 4 > 3, with 1 and 5 it gives -1 < 0.
 * In the middle of the first interval of width 1: (y0 + y1)/2 + (s0 - s1)/8. */
static void end_slopes_keep_the_shape(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0, 2.0}, turning[] = {0.0, 1.0, -4.0}, bending[] = {0.0, 1.0, 6.0};
    struct bd_interpolate *curve = curve_through(x, turning, 3);
    expect_close(bd_interpolate_at(curve, 0.5), 0.5 + 3.0 / 8.0, 1e-14);
    bd_interpolate_free(curve);
    curve = curve_through(x, bending, 3);
    expect_close(bd_interpolate_at(curve, 0.5), 0.5 - (5.0 / 3.0) / 8.0, 1e-14); /* 6/(3/1 + 3/5) = 5/3 */
    bd_interpolate_free(curve);
}

static void a_step_does_not_overshoot(void **state)
{
    (void)state;
    const double x[] = {0.0, 1.0, 2.0, 2.1, 3.0, 4.0}, y[] = {0.0, 0.0, 0.1, 9.9, 10.0, 10.0};
    struct bd_interpolate *curve = curve_through(x, y, 6);
    double before = 0.0;
    for (double at = 0.0; at <= 4.0; at += 0.001) {
        const double value = bd_interpolate_at(curve, at);
        assert_true(value >= before - 1e-14 && value <= 10.0 + 1e-14);
        before = value;
    }
    bd_interpolate_free(curve);
}

static void wrong_nodes_are_named(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_interpolate *curve;
    const double x[] = {0.0, 1.0, 1.0}, y[] = {0.0, 1.0, 2.0}, not_a_number[] = {0.0, NAN, 2.0};
    expect_fails(bd_interpolate_create(x, y, 3, &curve, &err), BD_BAD_INPUT, "node 3 (1, 2)", err);
    expect_fails(bd_interpolate_create(x, not_a_number, 2, &curve, &err), BD_BAD_INPUT, "node 2", err);
    expect_fails(bd_interpolate_create(x, y, 1, &curve, &err), BD_BAD_INPUT, "at least 2 nodes", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_met_and_ends_are_held),   cmocka_unit_test(a_straight_line_is_exact),
        cmocka_unit_test(a_curve_worked_out_by_hand_is_met), cmocka_unit_test(end_slopes_keep_the_shape),
        cmocka_unit_test(a_step_does_not_overshoot),         cmocka_unit_test(wrong_nodes_are_named),
    };
    return run_all_tests(tests);
}
