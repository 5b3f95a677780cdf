/* Accepted events in the plane of reconstructed vertex and pT, with the regions of an experiment card. */
#include <math.h>
#include <stdlib.h>

#include "src/cli/plot.h"
#include "src/core/csv.h"
#include "src/core/experiment.h"

enum { Z_VTX, PT, WEIGHT };
static const char *const event_columns[] = {"z_vtx_m", "pt_gev", "weight", "region", NULL};

#define CELLS_Z 96
#define CELLS_PT 72
#define WEIGHT_MAX 1e100
#define MARGIN_Z 0.06 /* beside the boxes, of their range */

/* The picture: from the first to the last box in z, from 0 to the largest pT of an event or box that is not open.
 */
struct map {
    double z_min, z_max, pt_max;
    double cell[CELLS_Z][CELLS_PT]; /* events */
};

static void find_range(const struct bd_pi0_reconstruction *pi0, struct map *map)
{
    map->z_min = INFINITY;
    map->z_max = -INFINITY;
    for (size_t i = 0; i < pi0->n_box; i++) {
        map->z_min = fmin(map->z_min, pi0->box[i].z_m[0]);
        map->z_max = fmax(map->z_max, pi0->box[i].z_m[1]);
    }
    const double margin = MARGIN_Z * (map->z_max - map->z_min);
    map->z_min -= margin;
    map->z_max += margin;
}

static size_t cell_of(double fraction, size_t n)
{
    const size_t cell = (size_t)(fraction * (double)n);
    return cell < n ? cell : n - 1; /* a fraction just below 1 may be rounded up */
}

static enum bd_status read_events(const struct bd_csv *csv, struct map *map, struct bd_error *err)
{
    double sum = 0.0;
    for (int fill = 0; fill < 2; fill++)
        for (size_t row = 0; row < csv->n_row; row++) {
            double z, pt, weight;
            BD_TRY(bd_csv_number(csv, row, Z_VTX, -1e6, 1e6, &z, err));
            BD_TRY(bd_csv_number(csv, row, PT, 0.0, 1e6, &pt, err));
            BD_TRY(bd_csv_number(csv, row, WEIGHT, 0.0, WEIGHT_MAX, &weight, err));
            map->pt_max = fill ? map->pt_max : fmax(map->pt_max, 1.02 * pt);
            if (!fill || z < map->z_min || z >= map->z_max || pt >= map->pt_max)
                continue;
            map->cell[cell_of((z - map->z_min) / (map->z_max - map->z_min), CELLS_Z)]
                     [cell_of(pt / map->pt_max, CELLS_PT)] += weight;
            sum += weight;
        }
    if (map->pt_max <= 0.0)
        return bd_fail(err, BD_BAD_INPUT, "%s: no event has a pT", csv->path);
    return sum > 0.0 ? BD_OK
                     : bd_fail(err, BD_BAD_INPUT, "%s: no event with a weight has z_vtx_m from %g to %g",
                               csv->path, map->z_min, map->z_max);
}

static void write_map(const struct map *map, FILE *stream)
{
    const double dz = (map->z_max - map->z_min) / CELLS_Z, dpt = map->pt_max / CELLS_PT;
    (void)fprintf(stream, "z_min = %.10g\nz_max = %.10g\npt_max = %.10g\n$events << END_OF_BLOCK\n", map->z_min,
                  map->z_max, map->pt_max);
    for (size_t i = 0; i < CELLS_Z; i++)
        for (size_t k = 0; k < CELLS_PT; k++)
            if (map->cell[i][k] > 0.0)
                (void)fprintf(stream, "%.8g %.8g %.8g %.8g %.6g\n", map->z_min + ((double)i + 0.5) * dz,
                              ((double)k + 0.5) * dpt, 0.5 * dz, 0.5 * dpt, map->cell[i][k]);
    (void)fputs("END_OF_BLOCK\n", stream);
}

/* Lower edge with its rise, and back along the upper one. */
static void write_box(const struct bd_pi0_box *box, double pt_max, FILE *stream)
{
    const double top = fmin(box->pt_gev[1], pt_max);
    const double bend =
        fmin(fmax(box->rise_gev_per_m > 0.0 ? box->rise_z_m : box->z_m[1], box->z_m[0]), box->z_m[1]);
    const double end = box->pt_gev[0] + (box->z_m[1] - bend) * box->rise_gev_per_m;
    (void)fprintf(stream, "%.8g %.8g\n%.8g %.8g\n%.8g %.8g\n%.8g %.8g\n%.8g %.8g\n%.8g %.8g\n\n\n", box->z_m[0],
                  box->pt_gev[0], bend, box->pt_gev[0], box->z_m[1], end, box->z_m[1], top, box->z_m[0], top,
                  box->z_m[0], box->pt_gev[0]);
}

/* What is excluded first, then the regions: the order in which a card is asked. */
static void write_boxes(const struct bd_pi0_reconstruction *pi0, double pt_max, struct bd_gnuplot *gnuplot)
{
    FILE *stream = bd_gnuplot_stream(gnuplot);
    const size_t n = pi0->n_exclude + pi0->n_box;
    (void)fprintf(stream,
                  "n_excluded = %zu\nn_box = %zu\narray name[%zu]\narray name_z[%zu]\narray name_pt[%zu]\n",
                  pi0->n_exclude, n, n, n, n);
    for (int outlines = 0; outlines < 2; outlines++) {
        if (outlines)
            (void)fputs("$boxes << END_OF_BLOCK\n", stream);
        for (size_t i = 0; i < n; i++) {
            const int excluded = i < pi0->n_exclude;
            const struct bd_pi0_box *box = excluded ? &pi0->exclude[i] : &pi0->box[i - pi0->n_exclude];
            char name[32];
            if (outlines) {
                write_box(box, pt_max, stream);
                continue;
            }
            (void)snprintf(name, sizeof name, "name[%zu]", i + 1);
            bd_gnuplot_string(gnuplot, name, excluded ? "excluded" : box->region);
            (void)fprintf(stream, "name_z[%zu] = %.8g\nname_pt[%zu] = %.8g\n", i + 1, box->z_m[1], i + 1,
                          fmin(box->pt_gev[1], pt_max));
        }
    }
    (void)fputs("END_OF_BLOCK\n", stream);
}

static enum bd_status draw(const struct bd_options *options, const struct bd_experiment *experiment,
                           const struct bd_csv *csv, struct map *map, struct bd_error *err)
{
    struct bd_gnuplot *gnuplot = NULL;
    const char *title = bd_options_text(options, "title");
    if (experiment->pi0.n_box == 0)
        return bd_fail(err, BD_BAD_INPUT, "%s reconstructs no pi0: its card has no regions to draw",
                       experiment->id);
    find_range(&experiment->pi0, map);
    BD_TRY(read_events(csv, map, err));
    enum bd_status status = bd_gnuplot_open(bd_options_text(options, "output"), &gnuplot, err);
    if (status == BD_OK) {
        bd_gnuplot_string(gnuplot, "picture_title", title != NULL ? title : experiment->title);
        bd_plot_write_number(options, "cl", "cl", gnuplot);
        bd_plot_write_number(options, "n_pot", "pot", gnuplot);
        write_map(map, bd_gnuplot_stream(gnuplot));
        write_boxes(&experiment->pi0, map->pt_max, gnuplot);
    }
    return bd_gnuplot_close(gnuplot, "plots/regions.gp", status, err);
}

enum bd_status bd_plot_regions(const struct bd_options *options, struct bd_error *err)
{
    const char *path = bd_options_text(options, "events");
    struct bd_experiment *experiment = NULL;
    struct bd_csv *csv = NULL;
    if (path == NULL)
        return bd_fail(err, BD_USAGE, "--events is missing: a CSV written by `beamdump events`");
    if (bd_options_count(options, "experiment") != 1)
        return bd_fail(err, BD_USAGE, "--experiment: one is expected, whose regions are drawn");
    struct map *map = calloc(1, sizeof *map);
    enum bd_status status = map != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    if (status == BD_OK)
        status = bd_options_blame(
            "experiment", bd_experiment_load(bd_options_item(options, "experiment", 0), &experiment, err), err);
    if (status == BD_OK)
        status = bd_csv_read(path, event_columns, &csv, err);
    if (status == BD_OK)
        status = draw(options, experiment, csv, map, err);
    bd_csv_free(csv);
    bd_experiment_free(experiment);
    free(map);
    return status;
}
