#include "src/scan/contour_column.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>
#include <math.h>

#define STEPS_PER_DECADE 24
#define STEPS_MAX 512
#define LN_Y_TOLERANCE 1e-7
#define ITERATIONS 100
#define NEAR 4.0 /* |value|: an extremum this close to 0 between grid points is looked at */

struct search {
    const struct bd_contour_field *field;
    void *column;
    double sign; /* +1, or -1 to look for maxima */
    enum bd_status status;
    struct bd_error *err;
};

static double value_at(double ln_y, void *params)
{
    struct search *search = params;
    double value = 0.0;
    if (search->status == BD_OK)
        search->status = search->field->value(search->column, ln_y, &value, search->err);
    return search->sign * value;
}

/* Root between two points of opposite sign. */
static enum bd_status find_root(struct search *search, double lo, double hi, double *root)
{
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    if (solver == NULL)
        return bd_fail(search->err, BD_NO_MEMORY, "contour: out of memory");
    gsl_function function = {.function = value_at, .params = search};
    int status = gsl_root_fsolver_set(solver, &function, lo, hi);
    for (int i = 0; i < ITERATIONS && status == GSL_SUCCESS; i++) {
        status = gsl_root_fsolver_iterate(solver);
        if (gsl_root_test_interval(gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver),
                                   LN_Y_TOLERANCE, 0.0) == GSL_SUCCESS)
            break;
    }
    *root = gsl_root_fsolver_root(solver);
    gsl_root_fsolver_free(solver);
    return search->status != BD_OK ? search->status : bd_check_gsl(search->err, status, "edge of a contour");
}

/* Smallest value between lo and hi, known to be below both ends at middle; stops as soon as it is negative. */
static enum bd_status find_minimum(struct search *search, double lo, double middle, double hi, double *at,
                                   double *value)
{
    gsl_min_fminimizer *minimizer = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (minimizer == NULL)
        return bd_fail(search->err, BD_NO_MEMORY, "contour: out of memory");
    gsl_function function = {.function = value_at, .params = search};
    int status = gsl_min_fminimizer_set(minimizer, &function, middle, lo, hi);
    for (int i = 0; i < ITERATIONS && status == GSL_SUCCESS; i++) {
        status = gsl_min_fminimizer_iterate(minimizer);
        if (gsl_min_fminimizer_f_minimum(minimizer) < 0.0 ||
            gsl_min_fminimizer_x_upper(minimizer) - gsl_min_fminimizer_x_lower(minimizer) < LN_Y_TOLERANCE)
            break;
    }
    *at = gsl_min_fminimizer_x_minimum(minimizer);
    *value = gsl_min_fminimizer_f_minimum(minimizer);
    gsl_min_fminimizer_free(minimizer);
    /* GSL_EINVAL: flat to rounding, so there is no minimum to find; GSL_FAILURE: it cannot be improved. */
    return search->status != BD_OK                         ? search->status
           : status == GSL_EINVAL || status == GSL_FAILURE ? BD_OK
                                                           : bd_check_gsl(search->err, status, "tip of a contour");
}

struct samples { /* ascending in ln y, with the extrema that grid points would miss */
    size_t n;
    double ln_y[3 * STEPS_MAX], value[3 * STEPS_MAX];
};

/* Values on the grid, and between them an extremum that reaches the other side of 0. */
static enum bd_status sample(struct search *search, double lo, double hi, struct samples *samples)
{
    const double wanted = ceil((hi - lo) / log(10.0) * STEPS_PER_DECADE);
    const size_t n = wanted < 8 ? 8 : wanted > STEPS_MAX ? STEPS_MAX : (size_t)wanted;
    double y[STEPS_MAX + 1], f[STEPS_MAX + 1];
    samples->n = 0;
    for (size_t i = 0; i <= n; i++) {
        y[i] = lo + (hi - lo) * (double)i / (double)n;
        f[i] = value_at(y[i], search);
    }
    for (size_t i = 0; i <= n && search->status == BD_OK; i++) {
        const double sign = f[i] < 0.0 ? -1.0 : 1.0;
        double at = y[i], value = f[i];
        const int extremum = i > 0 && i < n && fabs(f[i]) < NEAR && sign * f[i] < sign * f[i - 1] &&
                             sign * f[i] < sign * f[i + 1] && sign * f[i - 1] > 0.0 && sign * f[i + 1] > 0.0;
        if (extremum) {
            search->sign = sign;
            BD_TRY(find_minimum(search, y[i - 1], y[i], y[i + 1], &at, &value));
            search->sign = 1.0;
            value *= sign;
        }
        const int crosses = extremum && sign * value < 0.0;
        if (crosses && at < y[i]) { /* keep the order */
            samples->ln_y[samples->n] = at;
            samples->value[samples->n++] = value;
        }
        samples->ln_y[samples->n] = y[i];
        samples->value[samples->n++] = f[i];
        if (crosses && at > y[i]) {
            samples->ln_y[samples->n] = at;
            samples->value[samples->n++] = value;
        }
    }
    return search->status;
}

static enum bd_status intervals(struct search *search, const struct samples *samples,
                                struct bd_contour_column *column)
{
    int inside = samples->value[0] < 0.0;
    column->n = 0;
    column->lo_at_border = inside;
    if (inside)
        column->lo[0] = samples->ln_y[0];
    for (size_t i = 1; i < samples->n; i++) {
        if ((samples->value[i] < 0.0) == inside)
            continue;
        double root = 0.0;
        BD_TRY(find_root(search, samples->ln_y[i - 1], samples->ln_y[i], &root));
        if (inside)
            column->hi[column->n++] = root;
        else if (column->n == BD_CONTOUR_INTERVALS_MAX)
            return bd_fail(search->err, BD_NUMERIC, "contour: more than %d excluded intervals at one x",
                           BD_CONTOUR_INTERVALS_MAX);
        else
            column->lo[column->n] = root;
        inside = !inside;
    }
    column->hi_at_border = inside;
    if (inside)
        column->hi[column->n++] = samples->ln_y[samples->n - 1];
    return BD_OK;
}

enum bd_status bd_contour_column_find(const struct bd_contour_field *field, double ln_y_min, double ln_y_max,
                                      struct bd_contour_column *column, struct bd_error *err)
{
    struct search search = {.field = field, .sign = 1.0, .status = BD_OK, .err = err};
    struct samples samples;
    enum bd_status status = field->open(field->object, column->x, &search.column, err);
    if (status == BD_OK)
        status = sample(&search, ln_y_min, ln_y_max, &samples);
    if (status == BD_OK)
        status = intervals(&search, &samples, column);
    if (search.column != NULL)
        field->close(search.column);
    return bd_add_context(err, status, "contour at x = %g", column->x);
}
