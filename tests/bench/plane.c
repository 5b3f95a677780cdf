/* CLs on 601 x 201 points of the (mass, coupling) plane of a benchmark from stored kernels:
 *
 *   bench_plane FILE [BENCHMARK]     BC11
 *
 * Prints a checksum, and the user seconds of reading and of the points. */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "db/kernel_store.h"
#include "src/scan/plane.h"

enum { N_MASS = 601, N_COUPLING = 201 };

static double user_seconds(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec;
}

/* One mass: CLs > 0.1 or not is in the sign of the values. */
static double add_column(const struct bd_plane_view *plane, const struct bd_benchmark *benchmark, int i, int *bad)
{
    const struct bd_contour_field field = bd_plane_field(plane);
    const double ratio = benchmark->mass_max_gev / benchmark->mass_min_gev;
    const double mass =
        benchmark->mass_min_gev * pow(ratio, (i + 0.25) / (N_MASS - 0.5)); /* rarely a kernel mass */
    const double ln_min = log(benchmark->axis_min), ln_max = log(benchmark->axis_max);
    void *column = NULL;
    double sum = 0.0;
    if (field.open(field.object, mass, &column, NULL) != BD_OK) {
        ++*bad;
        return 0.0;
    }
    for (int k = 0; k < N_COUPLING; k++) {
        double value = 0.0;
        if (field.value(column, ln_min + (ln_max - ln_min) * k / (N_COUPLING - 1), &value, NULL) != BD_OK)
            ++*bad;
        sum += value;
    }
    field.close(column);
    return sum;
}

int main(int argc, char **argv)
{
    const struct bd_exclusion_options options = {.cl = 0.9, .pot_uncertainty = 1, .mass_window = 1};
    struct bd_kernel_filter filter = {.model = NULL};
    struct bd_benchmark benchmark;
    struct bd_database *db = NULL;
    struct bd_kernel_set *set = NULL;
    struct bd_yield *yield = NULL;
    struct bd_exclusion *exclusion = NULL;
    struct bd_error err;
    double row[N_MASS], sum = 0.0;
    int bad[N_MASS] = {0}, n_bad = 0;
    gsl_set_error_handler_off();
    if (argc < 2 || bd_benchmark_load(argc > 2 ? argv[2] : "BC11", &benchmark, &err) != BD_OK ||
        bd_database_open(argv[1], BD_DATABASE_READ, &db, &err) != BD_OK)
        return 2;
    filter.model = benchmark.model->name;
    if (bd_kernel_store_load(db, "na62", &filter, &set, &err) != BD_OK ||
        bd_yield_open(set, &benchmark, &yield, &err) != BD_OK ||
        bd_exclusion_open(yield, &options, &exclusion, &err) != BD_OK) {
        (void)fprintf(stderr, "bench_plane: %s\n", err.message);
        return 1;
    }
    const struct bd_plane_view plane = {.axes = BD_PLANE_MASS_COUPLING, .exclusion = exclusion, .yield = yield};
    const double read = user_seconds();
#pragma omp parallel for schedule(dynamic, 8)
    for (int i = 0; i < N_MASS; i++)
        row[i] = add_column(&plane, &benchmark, i, &bad[i]);
    for (int i = 0; i < N_MASS; i++) {
        sum += row[i];
        n_bad += bad[i];
    }
    (void)printf("checksum %.17g, failures %d, user seconds %.3f reading, %.3f points\n", sum, n_bad, read,
                 user_seconds() - read);
    bd_exclusion_free(exclusion);
    bd_yield_free(yield);
    bd_kernel_set_free(set);
    bd_database_close(db);
    return n_bad != 0;
}
