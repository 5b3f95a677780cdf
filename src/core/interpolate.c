#include "src/core/interpolate.h"

#include <gsl/gsl_interp.h>
#include <math.h>
#include <stdlib.h>

struct node {
    double y, slope;
};

struct bd_interpolate {
    size_t n;
    double *x;         /* [n] */
    struct node *node; /* [n] */
};

static double inner_slope(double h_left, double h_right, double d_left, double d_right)
{
    if (d_left * d_right <= 0.0)
        return 0.0;
    const double w_left = 2.0 * h_right + h_left, w_right = h_right + 2.0 * h_left;
    return (w_left + w_right) / (w_left / d_left + w_right / d_right);
}

/* h, d: width and secant of the interval at the end; h_next, d_next: of the one behind it. */
static double end_slope(double h, double h_next, double d, double d_next)
{
    const double slope = ((2.0 * h + h_next) * d - h * d_next) / (h + h_next);
    if (slope * d <= 0.0)
        return 0.0;
    return d * d_next < 0.0 && fabs(slope) > 3.0 * fabs(d) ? 3.0 * d : slope;
}

static double width(const struct bd_interpolate *curve, size_t k)
{
    return curve->x[k + 1] - curve->x[k];
}

static double secant(const struct bd_interpolate *curve, size_t k)
{
    return (curve->node[k + 1].y - curve->node[k].y) / width(curve, k);
}

static void set_slopes(struct bd_interpolate *c)
{
    const size_t last = c->n - 1;
    if (last == 1) {
        c->node[0].slope = c->node[1].slope = secant(c, 0);
        return;
    }
    for (size_t k = 1; k < last; k++)
        c->node[k].slope = inner_slope(width(c, k - 1), width(c, k), secant(c, k - 1), secant(c, k));
    c->node[0].slope = end_slope(width(c, 0), width(c, 1), secant(c, 0), secant(c, 1));
    c->node[last].slope =
        end_slope(width(c, last - 1), width(c, last - 2), secant(c, last - 1), secant(c, last - 2));
}

enum bd_status bd_interpolate_create(const double *x, const double *y, size_t n, struct bd_interpolate **curve,
                                     struct bd_error *err)
{
    if (n < 2)
        return bd_fail(err, BD_BAD_INPUT, "a curve needs at least 2 nodes, found %zu", n);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || !isfinite(y[i]) || (i > 0 && x[i] <= x[i - 1]))
            return bd_fail(err, BD_BAD_INPUT, "node %zu (%g, %g): nodes must be finite and ascend", i + 1, x[i],
                           y[i]);
    struct bd_interpolate *made = calloc(1, sizeof *made);
    if (made == NULL || (made->x = calloc(n, sizeof *made->x)) == NULL ||
        (made->node = calloc(n, sizeof *made->node)) == NULL) {
        bd_interpolate_free(made);
        return bd_fail(err, BD_NO_MEMORY, "a curve of %zu nodes: out of memory", n);
    }
    made->n = n;
    for (size_t i = 0; i < n; i++) {
        made->x[i] = x[i];
        made->node[i].y = y[i];
    }
    set_slopes(made);
    *curve = made;
    return BD_OK;
}

double bd_interpolate_at(const struct bd_interpolate *curve, double x)
{
    const size_t last = curve->n - 1;
    if (x <= curve->x[0])
        return curve->node[0].y;
    if (x >= curve->x[last])
        return curve->node[last].y;
    const size_t k = gsl_interp_bsearch(curve->x, x, 0, last);
    const struct node *left = &curve->node[k], *right = left + 1;
    const double h = width(curve, k), t = (x - curve->x[k]) / h, u = 1.0 - t;
    return u * u * ((1.0 + 2.0 * t) * left->y + t * h * left->slope) +
           t * t * ((1.0 + 2.0 * u) * right->y - u * h * right->slope);
}

void bd_interpolate_free(struct bd_interpolate *curve)
{
    if (curve == NULL)
        return;
    free(curve->x);
    free(curve->node);
    free(curve);
}
