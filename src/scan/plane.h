/* src/scan/plane.h - excluded regions in other planes, from the same kernels.
 *
 *   mass_gev, coupling            a benchmark
 *   C_GG, C_BB                    any two couplings of a model at a fixed mass
 *   mass_gev, ctau_m              one production and decay without a model: BR(-> X) or strength fixed, BR(X ->
 * decay) = 1 branching_ratio, ctau_m       the same at a fixed mass (`strength` where the production belongs to a
 * model)
 *
 * Each is a family of slices (src/scan/yield.h), one for every x: rates are polynomials of second degree in y, or
 * y is the lifetime and the axis of the slice the width hbar c/(c tau). Couplings are positive: the axes are
 * logarithmic. */
#ifndef BD_SCAN_PLANE_H
#define BD_SCAN_PLANE_H

#include "src/scan/exclusion.h"

enum bd_plane_axes {
    BD_PLANE_MASS_COUPLING,
    BD_PLANE_COUPLINGS,
    BD_PLANE_MASS_CTAU,
    BD_PLANE_BR_CTAU,
};

struct bd_plane_view {
    enum bd_plane_axes axes;
    const struct bd_exclusion *exclusion; /* borrowed */
    const struct bd_yield *yield;         /* of the exclusion */
    enum bd_exclusion_kind kind;
    size_t x_coupling, y_coupling; /* indices of BD_PLANE_COUPLINGS */
    double mass_gev;               /* where it is fixed */
    double strength;               /* BD_PLANE_MASS_CTAU: of the production */
};

/* What bd_yield_open wants for BD_PLANE_COUPLINGS: couplings that are not on an axis stay at `fixed`; both axes
 * together decide which channels count (src/scan/exclusion.h). Productions are those that the model's benchmarks
 * without a variant sum; the caller may replace them. BD_BAD_INPUT: no such coupling, twice the same, or the model
 * has no benchmark. */
enum bd_status bd_plane_benchmark(const struct bd_model *model, const char *x_coupling, const char *y_coupling,
                                  const double *fixed /* [n_coupling] */, struct bd_benchmark *benchmark,
                                  struct bd_error *err) BD_MUST_CHECK;

/* Names of the axes, as stored: "C_GG", "ctau_m". */
void bd_plane_names(const struct bd_plane_view *plane, const char **x_name, const char **y_name);

/* What is excluded; the plane must live as long. */
struct bd_contour_field bd_plane_field(const struct bd_plane_view *plane);

/* Outline between x_min and x_max (0: all masses with kernels), y_min and y_max. benchmark: name under which it is
 * stored. All of contour is filled in. BD_BAD_INPUT: not a range, or a mass without kernels. */
struct bd_plane_range {
    double x_min, x_max, y_min, y_max;
};
enum bd_status bd_plane_contour(const struct bd_plane_view *plane, const struct bd_plane_range *range,
                                const char *benchmark, int threads, struct bd_contour *contour,
                                struct bd_error *err) BD_MUST_CHECK;

#endif
