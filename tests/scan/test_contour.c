/* Outlines of analytic fields: their edges, tips, holes, orientation, and what is open at a border. */
#include "expect.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>

#include "src/scan/contour.h"

typedef double (*function)(double ln_x, double ln_y, const double *parameter);

struct field_object {
    function f;
    const double *parameter;
};

struct column {
    struct field_object field;
    double ln_x;
};

static enum bd_status open_column(const void *object, double x, void **column, struct bd_error *err)
{
    struct column *opened = malloc(sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "no memory");
    *opened = (struct column){*(const struct field_object *)object, log(x)};
    *column = opened;
    return BD_OK;
}

static enum bd_status value_of(void *column, double ln_y, double *value, struct bd_error *err)
{
    const struct column *at = column;
    *value = at->field.f(at->ln_x, ln_y, at->field.parameter);
    return isfinite(*value) ? BD_OK : bd_fail(err, BD_NUMERIC, "no value at ln x = %g", at->ln_x);
}

/* The plane is always ln x in [-3, 3], ln y in [-4, 4]. */
static enum bd_status trace_with(function f, const double *parameter, size_t n_x, int threads,
                                 struct bd_contour *contour, struct bd_error *err)
{
    double *x = malloc(n_x * sizeof *x);
    for (size_t i = 0; i < n_x; i++)
        x[i] = exp(-3.0 + 6.0 * (double)i / (double)(n_x - 1));
    const struct field_object object = {f, parameter};
    const struct bd_contour_field field = {(void *)&object, open_column, value_of, free};
    const struct bd_contour_grid grid = {x, n_x, exp(-4.0), exp(4.0), threads};
    const enum bd_status status = bd_contour_trace(&field, &grid, contour, err);
    free(x);
    return status;
}

static struct bd_contour trace(function f, const double *parameter)
{
    struct bd_error err;
    struct bd_contour contour = {.cl = 0.9};
    expect_ok(trace_with(f, parameter, 61, 2, &contour, &err), err);
    return contour;
}

/* Signed area in (ln x, ln y): positive counter-clockwise. */
static double area(const struct bd_polyline *line)
{
    double sum = 0.0;
    for (size_t i = 0; i < line->n_vertex; i++) {
        const size_t j = (i + 1) % line->n_vertex;
        sum += 0.5 * (log(line->x[i]) * log(line->y[j]) - log(line->x[j]) * log(line->y[i]));
    }
    return sum;
}

/* What every outline fulfils: vertices on the edge of the field, or at a tip; closed loops with the excluded
 * region on their left; holes clockwise. Where an edge leaves the plane through ln y = -4 or 4, x is known to the
 * step of the columns, 1e-4. Returns the sum of the signed areas. */
static double check_outline(function f, const double *parameter, const struct bd_contour *contour,
                            double tolerance)
{
    double sum = 0.0;
    for (size_t k = 0; k < contour->n_polyline; k++) {
        const struct bd_polyline *line = &contour->polyline[k];
        assert_true(line->n_vertex >= 2);
        assert_true(!line->hole || line->closed);
        for (size_t i = 0; i < line->n_vertex; i++) {
            const double value = f(log(line->x[i]), log(line->y[i]), parameter);
            const int at_border = fabs(fabs(log(line->y[i])) - 4.0) < 1e-9;
            if (fabs(value) > (at_border ? 1e-4 : tolerance))
                fail_msg("vertex (%g, %g): the field is %g", line->x[i], line->y[i], value);
        }
        if (line->closed) {
            assert_true((area(line) < 0.0) == line->hole);
            sum += area(line);
        }
    }
    return sum;
}

static double smallest(const double *value, size_t n)
{
    double least = value[0];
    for (size_t i = 1; i < n; i++)
        least = fmin(least, value[i]);
    return least;
}

static double largest(const double *value, size_t n)
{
    double most = value[0];
    for (size_t i = 1; i < n; i++)
        most = fmax(most, value[i]);
    return most;
}

/* ---- fields ---- */

/* Discs {u, v, r} until r = 0: the distance to the nearest edge, negative inside. */
static double discs(double u, double v, const double *p)
{
    double value = 100.0;
    for (; p[2] > 0.0; p += 3)
        value = fmin(value, hypot(u - p[0], v - p[1]) - p[2]);
    return value;
}

static double annulus(double u, double v, const double *p)
{
    return fmax(hypot(u, v) - p[0], p[1] - hypot(u, v));
}

/* Between two lines of a common slope. */
static double band(double u, double v, const double *p)
{
    return fmax(p[0] + p[2] * u - v, v - p[1] - p[2] * u);
}

/* Ellipse {u, v, a, b}, times a sign. */
static double ellipse(double u, double v, const double *p)
{
    return p[4] * (hypot((u - p[0]) / p[2], (v - p[1]) / p[3]) - 1.0);
}

/* ---- tests ---- */

/* Chords of columns that differ by 0.1 at most: the area is within 1% below pi r^2. Tips end within 1e-4 of the
 * circle's ends in ln x, where the chord is 2 sqrt(2 r 1e-4) long. */
static void disc_is_one_closed_loop(void **state)
{
    (void)state;
    const double disc[] = {0.2, -0.7, 1.3, 0, 0, 0};
    struct bd_contour contour = trace(discs, disc);
    assert_int_equal(contour.n_polyline, 1);
    const struct bd_polyline *line = &contour.polyline[0];
    assert_true(line->closed && !line->hole);
    const double sum = check_outline(discs, disc, &contour, 1e-6);
    expect_close(sum, 3.14159265 * 1.69, 0.01);
    assert_true(fabs(log(smallest(line->x, line->n_vertex)) - (0.2 - 1.3)) < 1.5e-4);
    assert_true(fabs(log(largest(line->x, line->n_vertex)) - (0.2 + 1.3)) < 1.5e-4);
    bd_contour_free(&contour);
}

static void discs_apart_are_loops_apart(void **state)
{
    (void)state;
    const double beside[] = {-1.5, 0.3, 1.0, 1.5, -0.3, 0.8, 0, 0, 0},
                 above[] = {0.1, -2.0, 1.2, -0.1, 2.0, 1.2, 0, 0, 0};
    const double *const pairs[] = {beside, above};
    for (size_t k = 0; k < 2; k++) {
        struct bd_contour contour = trace(discs, pairs[k]);
        assert_int_equal(contour.n_polyline, 2);
        assert_true(contour.polyline[0].closed && contour.polyline[1].closed);
        assert_false(contour.polyline[0].hole || contour.polyline[1].hole);
        expect_close(check_outline(discs, pairs[k], &contour, 1e-6),
                     3.14159265 * (pairs[k][2] * pairs[k][2] + pairs[k][5] * pairs[k][5]), 0.01);
        bd_contour_free(&contour);
    }
}

static void discs_that_overlap_are_one_loop(void **state)
{
    (void)state;
    const double pair[] = {-0.3, -0.8, 1.0, 0.4, 0.8, 1.0, 0, 0, 0};
    struct bd_contour contour = trace(discs, pair);
    assert_int_equal(contour.n_polyline, 1);
    assert_true(contour.polyline[0].closed);
    const double d = hypot(0.7, 1.6), lens = 2.0 * acos(d / 2.0) - 0.5 * d * sqrt(4.0 - d * d);
    expect_close(check_outline(discs, pair, &contour, 1e-6), 2.0 * 3.14159265 - lens, 0.01);
    bd_contour_free(&contour);
}

static void annulus_has_a_hole(void **state)
{
    (void)state;
    const double radii[] = {2.0, 1.0};
    struct bd_contour contour = trace(annulus, radii);
    assert_int_equal(contour.n_polyline, 2);
    int holes = 0;
    for (size_t k = 0; k < 2; k++) {
        const struct bd_polyline *line = &contour.polyline[k];
        const double r = line->hole ? 1.0 : 2.0;
        assert_true(line->closed);
        holes += line->hole;
        expect_close(area(line), (line->hole ? -1.0 : 1.0) * 3.14159265 * r * r, 0.01);
    }
    assert_int_equal(holes, 1);
    (void)check_outline(annulus, radii, &contour, 1e-6);
    bd_contour_free(&contour);
}

/* An open line is exclusion edge only: it does not follow the border of the plane. */
static void open_regions_are_open_lines(void **state)
{
    (void)state;
    const double across[] = {-1.0, 1.0, 0.3}, below[] = {-50.0, 0.5, 0.2}, above[] = {0.5, 50.0, 0.2};
    struct bd_contour contour = trace(band, across);
    assert_int_equal(contour.n_polyline, 2);
    (void)check_outline(band, across, &contour, 1e-6);
    for (size_t k = 0; k < 2; k++) {
        assert_false(contour.polyline[k].closed);
        expect_close(log(smallest(contour.polyline[k].x, contour.polyline[k].n_vertex)), -3.0, 1e-9);
        expect_close(log(largest(contour.polyline[k].x, contour.polyline[k].n_vertex)), 3.0, 1e-9);
    }
    bd_contour_free(&contour);
    for (size_t k = 0; k < 2; k++) {
        contour = trace(band, k == 0 ? below : above);
        assert_int_equal(contour.n_polyline, 1);
        assert_false(contour.polyline[0].closed);
        (void)check_outline(band, k == 0 ? below : above, &contour, 1e-6);
        bd_contour_free(&contour);
    }
}

/* A disc over the corner of the plane is an open arc; one over the lower border likewise. Arcs end at the border.
 */
static void disc_over_a_border_is_an_arc(void **state)
{
    (void)state;
    const double corner[] = {3.0, 4.0, 1.5, 0, 0, 0}, side[] = {0.3, -4.0, 1.5, 0, 0, 0};
    for (size_t k = 0; k < 2; k++) {
        struct bd_contour contour = trace(discs, k == 0 ? corner : side);
        assert_int_equal(contour.n_polyline, 1);
        assert_false(contour.polyline[0].closed);
        (void)check_outline(discs, k == 0 ? corner : side, &contour, 1e-6);
        assert_true(contour.polyline[0].n_vertex > 10);
        const struct bd_polyline *arc = &contour.polyline[0];
        for (size_t end = 0; end < 2; end++) {
            const size_t i = end == 0 ? 0 : arc->n_vertex - 1;
            assert_true(fabs(fabs(log(arc->y[i])) - 4.0) < 1e-9 || fabs(log(arc->x[i]) - 3.0) < 1e-9);
        }
        bd_contour_free(&contour);
    }
}

static void nothing_and_everything_have_no_outline(void **state)
{
    (void)state;
    const double everything[] = {-50.0, 50.0, 0.0}, nothing[] = {50.0, 60.0, 0.0};
    struct bd_contour contour = trace(band, everything);
    assert_int_equal(contour.n_polyline, 0);
    bd_contour_free(&contour);
    contour = trace(band, nothing);
    assert_int_equal(contour.n_polyline, 0);
    bd_contour_free(&contour);
}

/* 24 steps per decade are 0.0958 in ln y: an island and a hole of 0.02 height, wherever they lie between the
 * steps: the plane has 84 steps of 8/84, so ln y = 4/84 is midway, where both neighbours are equal, and 8/84 is on
 * one. */
static void islands_between_the_steps_are_found(void **state)
{
    (void)state;
    static const double at[] = {0.0, 8.0 / 84.0, 0.01, 0.03, 0.0475, 0.06, 0.09, 4.0 / 84.0};
    for (size_t k = 0; k < sizeof at / sizeof at[0]; k++)
        for (int hole = 0; hole < 2; hole++) {
            const double flat[] = {0.1, at[k], 1.0, 0.02, hole ? -1.0 : 1.0};
            struct bd_contour contour = trace(ellipse, flat);
            if (contour.n_polyline != 1)
                fail_msg("%s at ln y = %g: %zu polylines", hole ? "hole" : "island", at[k], contour.n_polyline);
            assert_true(contour.polyline[0].closed && contour.polyline[0].hole == hole);
            expect_close(fabs(area(&contour.polyline[0])), 3.14159265 * 0.02, 0.02);
            bd_contour_free(&contour);
        }
}

/* Excluded between two edges except where a candidate weakens the limit: the upper edge drops between two masses.
 * Steep edges are found to 0.5% in x. */
static double notched(double u, double v, const double *p)
{
    return fmax(-1.0 - v, v - (u > p[0] && u < p[1] ? 0.5 : 2.0));
}

static void notch_is_traced(void **state)
{
    (void)state;
    const double edges[] = {0.404, 0.463};
    struct bd_contour contour = trace(notched, edges);
    assert_int_equal(contour.n_polyline, 2);
    for (size_t k = 0; k < 2; k++) {
        const struct bd_polyline *line = &contour.polyline[k];
        assert_false(line->closed);
        for (size_t i = 0; i < line->n_vertex; i++) {
            const double u = log(line->x[i]), v = log(line->y[i]);
            const double wanted = v < 0.0 ? -1.0 : u > edges[0] && u < edges[1] ? 0.5 : 2.0;
            assert_true(fabs(v - wanted) < 1e-6);
            if (i > 0 && fabs(v - log(line->y[i - 1])) > 0.1) {
                const double middle = 0.5 * (u + log(line->x[i - 1]));
                assert_true(fmin(fabs(middle - edges[0]), fabs(middle - edges[1])) < 5e-3);
            }
        }
    }
    bd_contour_free(&contour);
}

/* s = K e^4 exp(-e^2/x0), K = 1e26, x0 = 1e-12, excluded above ln 10: roots 4.05923322e-7 and 2.81185187e-6 from
 * the Lambert function, W_0 and W_-1. Here with y = e/1e-6. */
static double two_branches(double u, double v, const double *p)
{
    (void)u;
    const double e = 1e-6 * exp(v);
    return log(log(10.0)) - (log(p[0]) + 4.0 * log(e) - e * e / p[1]);
}

static void both_branches_match_lambert_w(void **state)
{
    (void)state;
    const double constants[] = {1e26, 1e-12};
    struct bd_contour contour = trace(two_branches, constants);
    assert_int_equal(contour.n_polyline, 2);
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < contour.polyline[k].n_vertex; i++) {
            const double e = 1e-6 * contour.polyline[k].y[i];
            expect_close(e, e < 1e-6 ? 4.05923322e-7 : 2.81185187e-6, 1e-6);
        }
    bd_contour_free(&contour);
}

/* Sum of hills {height, u, v, sigma} above a level. */
static double hills(double u, double v, const double *p)
{
    double sum = 0.0;
    for (int k = 0; k < 8; k++, p += 4)
        sum += p[0] * exp(-0.5 * ((u - p[1]) * (u - p[1]) + (v - p[2]) * (v - p[2])) / (p[3] * p[3]));
    return 1.0 - sum;
}

/* Random landscapes, with bays, bridges, islands and holes: the signed areas of all loops add up to the excluded
 * area, counted on a fine grid. Hills end before the border, so every loop is closed. */
static void random_landscapes_have_the_right_area(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    size_t n_loop = 0, n_hole = 0;
    for (int n = 0; n < 15; n++) {
        double hill[32];
        for (int k = 0; k < 8; k++) {
            const double radius = 1.4 * sqrt(gsl_rng_uniform(rng)), phi = 6.28318530718 * gsl_rng_uniform(rng);
            hill[4 * k] = k < 6 ? 1.2 + 0.5 * gsl_rng_uniform(rng) : -1.5; /* two pits */
            hill[4 * k + 1] = radius * cos(phi);
            hill[4 * k + 2] = 1.5 * radius * sin(phi);
            hill[4 * k + 3] = k < 2 ? 0.6 : 0.25 + 0.25 * gsl_rng_uniform(rng);
        }
        for (int k = 6; k < 8; k++) { /* the pits lie inside the wide hills */
            hill[4 * k + 1] = hill[4 * (k - 6) + 1];
            hill[4 * k + 2] = hill[4 * (k - 6) + 2];
            hill[4 * k + 3] = 0.2;
        }
        struct bd_contour contour = trace(hills, hill);
        for (size_t k = 0; k < contour.n_polyline; k++) {
            assert_true(contour.polyline[k].closed);
            n_loop++;
            n_hole += (size_t)contour.polyline[k].hole;
        }
        const double sum = check_outline(hills, hill, &contour, 1e-5);
        size_t inside = 0;
        enum { N = 400 };
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                inside += hills(-3.0 + 6.0 * (i + 0.5) / N, -4.0 + 8.0 * (j + 0.5) / N, hill) < 0.0;
        const double counted = (double)inside * 48.0 / (N * N);
        if (fabs(sum - counted) > 0.01 * counted + 0.01)
            fail_msg("landscape %d: area %g, counted %g, %zu loops", n, sum, counted, contour.n_polyline);
        bd_contour_free(&contour);
    }
    assert_true(n_loop > 30 && n_hole > 10); /* the landscapes are not dull */
    gsl_rng_free(rng);
}

static void threads_give_the_same_bytes(void **state)
{
    (void)state;
    struct bd_error err;
    const double three[] = {-1.5, 0.3, 1.0, 1.5, -0.3, 0.8, 0.1, 2.4, 0.7, 0, 0, 0};
    struct bd_contour one = {0};
    expect_ok(trace_with(discs, three, 37, 1, &one, &err), err);
    for (int threads = 2; threads <= 7; threads += 5) {
        struct bd_contour many = {0};
        expect_ok(trace_with(discs, three, 37, threads, &many, &err), err);
        assert_int_equal(many.n_polyline, one.n_polyline);
        for (size_t k = 0; k < one.n_polyline; k++) {
            const struct bd_polyline *a = &one.polyline[k], *b = &many.polyline[k];
            assert_true(a->n_vertex == b->n_vertex && a->closed == b->closed && a->hole == b->hole);
            assert_memory_equal(a->x, b->x, a->n_vertex * sizeof a->x[0]);
            assert_memory_equal(a->y, b->y, a->n_vertex * sizeof a->y[0]);
        }
        bd_contour_free(&many);
    }
    bd_contour_free(&one);
}

static double nan_beyond(double u, double v, const double *p)
{
    return u > p[0] ? (double)NAN : hypot(u, v) - 1.0;
}

/* A value that is not there ends the contour with its place; no half of it is left. */
static void failing_field_is_reported(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_contour contour = {0};
    const double edge[] = {2.0};
    expect_fails(trace_with(nan_beyond, edge, 61, 2, &contour, &err), BD_NUMERIC, "contour at x = 8.16617", err);
    assert_int_equal(contour.n_polyline, 0);
    assert_null(contour.polyline);
    const double disc[] = {0, 0, 1, 0, 0, 0};
    const double x[] = {1.0, 2.0};
    const struct field_object object = {discs, disc};
    const struct bd_contour_field field = {(void *)&object, open_column, value_of, free};
    const struct bd_contour_grid grids[] = {{x, 1, 0.1, 1.0, 1}, {x, 2, 0.0, 1.0, 1}, {x, 2, 1.0, 1.0, 1}};
    for (size_t k = 0; k < 3; k++)
        expect_fails(bd_contour_trace(&field, &grids[k], &contour, &err), BD_BAD_INPUT, "not a plane", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disc_is_one_closed_loop),
        cmocka_unit_test(discs_apart_are_loops_apart),
        cmocka_unit_test(discs_that_overlap_are_one_loop),
        cmocka_unit_test(annulus_has_a_hole),
        cmocka_unit_test(open_regions_are_open_lines),
        cmocka_unit_test(disc_over_a_border_is_an_arc),
        cmocka_unit_test(nothing_and_everything_have_no_outline),
        cmocka_unit_test(islands_between_the_steps_are_found),
        cmocka_unit_test(notch_is_traced),
        cmocka_unit_test(both_branches_match_lambert_w),
        cmocka_unit_test(random_landscapes_have_the_right_area),
        cmocka_unit_test(threads_give_the_same_bytes),
        cmocka_unit_test(failing_field_is_reported),
    };
    return run_all_tests(tests);
}
