/* Outlines of regions with known edges, among them regions that the scanned plane cuts. */
#include "expect.h"

#include <stdlib.h>

#include "src/scan/contour.h"

/* Excluded: abs(ln(x/10)) < 1 and ln y between two curves. */
struct box {
    double (*ln_lower)(double x), (*ln_upper)(double x);
};

struct column {
    const struct box *box;
    double x;
};

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    (void)err;
    struct column *opened = malloc(sizeof *opened);
    *opened = (struct column){object, x};
    *column = opened;
    return BD_OK;
}

static enum bd_status value(void *object, double ln_y, double *result, struct bd_error *err)
{
    (void)err;
    const struct column *column = object;
    *result = fabs(log(column->x / 10.0)) < 1.0
                  ? fmax(column->box->ln_lower(column->x) - ln_y, ln_y - column->box->ln_upper(column->x))
                  : 60.0;
    return BD_OK;
}

static double low(double x)
{
    return log(2.0) + 0.1 * log(x / 10.0);
}

static double high(double x)
{
    return log(50.0) + 0.1 * log(x / 10.0);
}

static double below(double x)
{
    (void)x;
    return -100.0;
}

static double above(double x)
{
    (void)x;
    return 100.0;
}

static void trace(const struct box *box, struct bd_contour *contour)
{
    struct bd_error err;
    double x[41];
    for (int i = 0; i < 41; i++)
        x[i] = pow(10.0, 0.05 * i); /* 1 to 100 */
    const struct bd_contour_field field = {(void *)box, open_column, value, free};
    const struct bd_contour_grid grid = {x, 41, 0.01, 1000.0, 2};
    *contour = (struct bd_contour){.cl = 0.9};
    expect_ok(bd_contour_trace(&field, &grid, contour, &err), err);
    assert_int_equal(contour->n_polyline, 1);
}

/* Sides at 10/e and 10 e, found to 1e-4 in x; lower and upper edges exact. */
static void an_island_is_closed(void **state)
{
    (void)state;
    const struct box box = {low, high};
    struct bd_contour contour;
    trace(&box, &contour);
    const struct bd_polyline *line = &contour.polyline[0];
    assert_true(line->closed && !line->hole);
    double min = INFINITY, max = 0.0;
    for (size_t i = 0; i < line->n_vertex; i++) {
        min = fmin(min, line->x[i]);
        max = fmax(max, line->x[i]);
        const double ln_y = log(line->y[i]);
        assert_true(fabs(ln_y - low(line->x[i])) < 1e-6 || fabs(ln_y - high(line->x[i])) < 1e-6);
    }
    expect_close(min, 10.0 * exp(-1.0), 2e-4);
    expect_close(max, 10.0 * exp(1.0), 2e-4);
    bd_contour_free(&contour);
}

/* Excluded up to the border at y = 1000: the line begins and ends there, on the sides of the region, with the
 * region on its left; and the same below. */
static void a_region_that_reaches_the_border_ends_there(void **state)
{
    (void)state;
    const struct box box[] = {{low, above}, {below, high}};
    const double border[] = {1000.0, 0.01};
    for (int i = 0; i < 2; i++) {
        struct bd_contour contour;
        trace(&box[i], &contour);
        const struct bd_polyline *line = &contour.polyline[0];
        const size_t last = line->n_vertex - 1;
        assert_false(line->closed);
        expect_close(line->y[0], border[i], 1e-9);
        expect_close(line->y[last], border[i], 1e-9);
        expect_close(line->x[i == 0 ? 0 : last], 10.0 * exp(-1.0), 2e-4);
        expect_close(line->x[i == 0 ? last : 0], 10.0 * exp(1.0), 2e-4);
        for (size_t k = 1; k < last; k++)
            assert_true(fabs(log(line->y[k]) - (i == 0 ? low : high)(line->x[k])) < 1e-6);
        bd_contour_free(&contour);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_island_is_closed),
        cmocka_unit_test(a_region_that_reaches_the_border_ends_there),
    };
    return run_all_tests(tests);
}
