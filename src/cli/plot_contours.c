/* Excluded regions: exported or stored contours as filled outlines and lines. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/result.h"
#include "models/model.h"
#include "src/cli/contour_file.h"
#include "src/cli/contour_plane.h"
#include "src/cli/plot.h"
#include "src/cli/plot_fill.h"
#include "src/scan/exclusion.h"

void bd_plot_write_number(const struct bd_options *options, const char *name, const char *option,
                          struct bd_gnuplot *gnuplot)
{
    FILE *stream = bd_gnuplot_stream(gnuplot);
    if (bd_options_given(options, option))
        (void)fprintf(stream, "%s = %.10g\n", name, bd_options_number(options, option));
    else
        (void)fprintf(stream, "%s = NaN\n", name);
}

/* How a contour looks: colour by file or experiment, dashes by kind; a combination is a black line. */
struct curve {
    const struct bd_contour *contour; /* borrowed */
    char label[256];
    const char *words; /* of the kind, behind the name; NULL: no entry in the legend */
    size_t tint;
    double width;
    int dash, filled, order;
};

#define CROWD 6 /* more curves than this: the legend goes to the right, and explains the dashes only once */

struct curves {
    size_t n_source, n_curve, n_tint;
    int is_crowded;
    struct source {                 /* a file, or what a database has of an experiment */
        struct bd_contour *contour; /* [n_contour], owned */
        size_t n_contour;
    } * source;          /* [n_source], owned */
    struct curve *curve; /* [n_curve], owned */
    char plane[64];      /* "mass_gev,coupling" */
    double cl, pot;      /* for the footer; NaN: not known, or not the same for all */
};

static int is_wanted(const struct bd_options *options, const char *kind)
{
    const size_t n = bd_options_count(options, "kind");
    for (size_t i = 0; i < n; i++)
        if (strcmp(bd_options_item(options, "kind", i), kind) == 0)
            return 1;
    return n == 0;
}

/* Bands are drawn as regions one on the other, from the largest to the smallest, in the usual yellow and green. */
static const struct look {
    const char *kind, *words; /* behind the name in the legend; NULL: no entry */
    int order, filled, dash;  /* filled: 1 faint colour of the file, 2 yellow, 3 green, 4 white; dash 0: no line */
} looks[] = {
    {"expected-2sigma", " expected \u00b12\u03c3", 0, 2, 0},
    {"expected-1sigma", " expected \u00b11\u03c3", 1, 3, 0},
    {"expected+1sigma", NULL, 2, 2, 0},
    {"expected+2sigma", NULL, 3, 4, 0},
    {"expected", " expected", 4, 0, 3},
    {"projection", " projection", 5, 1, 2},
    {"observed", "", 6, 1, 1},
    {NULL, "", 7, 0, 4},
};
#define CAPTION "solid: data, dashed: projection"

static int is_combination(const char *experiment)
{
    return strncmp(experiment, BD_EXCLUSION_COMBINED, strlen(BD_EXCLUSION_COMBINED)) == 0;
}

static void style_curve(struct curve *curve, const char *name, const char *kind)
{
    const struct look *look = looks;
    while (look->kind != NULL && strcmp(look->kind, kind) != 0)
        look++;
    curve->order = look->order;
    curve->filled = look->filled;
    curve->dash = look->dash;
    curve->words = look->words;
    curve->width = 1.8;
    if (look->words != NULL)
        (void)snprintf(curve->label, sizeof curve->label, "%s", name);
    if (is_combination(curve->contour->experiment)) {
        const int is_union = strcmp(curve->contour->experiment, BD_EXCLUSION_UNION_NAME) == 0;
        curve->order = look->order + 10 + is_union;
        curve->dash = is_union ? 3 : look->dash; /* where both are the same only the likelihood is seen */
        curve->filled = 0;
        curve->tint = 0;
        curve->width = 2.4;
    }
}

/* Of many curves only regions of data are filled, and projections are lines over them. */
static void style_crowd(struct curves *curves)
{
    for (size_t k = 0; k < curves->n_curve; k++) {
        struct curve *curve = &curves->curve[k];
        if (strcmp(curve->contour->kind, "projection") != 0)
            continue;
        curve->filled = 0;
        curve->order += 2;
        curve->words = "";
    }
}

static int compare_curves(const void *a, const void *b)
{
    const struct curve *left = a, *right = b;
    return left->order != right->order ? left->order - right->order
           : left->tint != right->tint ? (left->tint > right->tint) - (left->tint < right->tint)
                                       : (left->contour > right->contour) - (left->contour < right->contour);
}

/* Bands first; the region of the observation is not filled over its own bands. */
static void order_curves(struct curve *curve, size_t n)
{
    qsort(curve, n, sizeof *curve, compare_curves);
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < n; j++)
            if (curve[k].filled == 1 && curve[j].filled > 1 && curve[j].tint == curve[k].tint)
                curve[k].filled = 0;
}

/* Curves of the last source; label NULL: the name of the experiment, and a colour for each. */
static enum bd_status add_curves(const struct bd_options *options, const char *label, struct curves *curves,
                                 struct bd_error *err)
{
    const struct source *source = &curves->source[curves->n_source - 1];
    struct curve *larger = realloc(curves->curve, (curves->n_curve + source->n_contour + 1) * sizeof *larger);
    if (larger == NULL)
        return bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    curves->curve = larger;
    int several = 0; /* benchmarks: in another plane a source may have more than one */
    for (size_t k = 1; k < source->n_contour; k++)
        several |= strcmp(source->contour[k].benchmark, source->contour[0].benchmark) != 0;
    int is_new = 0; /* nothing of this name is drawn yet: it has no colour */
    for (size_t k = 0; k < source->n_contour; k++) {
        const struct bd_contour *contour = &source->contour[k];
        char name[160];
        (void)snprintf(name, sizeof name, several ? "%s, %s" : "%s", contour->experiment, contour->benchmark);
        if (k == 0 || (label == NULL && (strcmp(contour->experiment, contour[-1].experiment) != 0 ||
                                         strcmp(contour->benchmark, contour[-1].benchmark) != 0)))
            is_new = 1;
        if (!is_wanted(options, contour->kind))
            continue;
        if (contour->n_polyline == 0) {
            (void)fprintf(stderr, "beamdump plot: note: %s %s %s: nothing is excluded\n", contour->experiment,
                          contour->benchmark, contour->kind);
            continue;
        }
        curves->n_tint += is_new && !is_combination(contour->experiment) ? 1 : 0;
        is_new = 0;
        struct curve *curve = &curves->curve[curves->n_curve++];
        *curve = (struct curve){.contour = contour, .tint = curves->n_tint};
        style_curve(curve, label != NULL ? label : name, contour->kind);
    }
    return BD_OK;
}

static enum bd_status read_file(const struct bd_options *options, size_t i, struct curves *curves,
                                struct bd_error *err)
{
    const char *item = bd_options_item(options, "contour", i), *equals = strchr(item, '=');
    struct source *source = &curves->source[curves->n_source];
    char label[64];
    BD_TRY(bd_contour_file_read(equals != NULL ? equals + 1 : item, curves->plane, &source->contour,
                                &source->n_contour, err));
    curves->n_source++;
    (void)snprintf(label, sizeof label, "%.*s", equals != NULL ? (int)(equals - item) : 0, item);
    return add_curves(options, equals != NULL ? label : NULL, curves, err);
}

/* Contours of one experiment, or of all (NULL). --cl and --pot choose; the numbers in the picture are stored ones.
 */
static enum bd_status read_stored(const struct bd_options *options, struct bd_database *db, const char *experiment,
                                  struct curves *curves, struct bd_error *err)
{
    const double cl = bd_options_number(options, "cl"), pot = bd_options_number(options, "pot");
    const struct bd_result_filter filter = {.experiment = experiment,
                                            .benchmark = bd_options_text(options, "benchmark"),
                                            .plane = curves->plane,
                                            .cl = isnan(cl) ? 0.0 : cl,
                                            .pot = isnan(pot) ? 0.0 : pot};
    struct source *source = &curves->source[curves->n_source];
    BD_TRY(bd_result_load_contours(db, &filter, &source->contour, &source->n_contour, err));
    curves->n_source++;
    if (source->n_contour == 0)
        return bd_fail(err, BD_BAD_INPUT,
                       "%s has no such contour of %s %s; it has: beamdump sql --db %s \"SELECT * FROM "
                       "v_contour_list\"",
                       bd_database_path(db), experiment != NULL ? experiment : "any experiment",
                       filter.benchmark != NULL ? filter.benchmark : curves->plane, bd_database_path(db));
    return add_curves(options, NULL, curves, err);
}

static enum bd_status read_database(const struct bd_options *options, struct curves *curves, struct bd_error *err)
{
    const size_t n = bd_options_count(options, "experiment");
    struct bd_database *db = NULL;
    if (!bd_options_given(options, "benchmark") && !bd_options_given(options, "plane"))
        return bd_fail(err, BD_USAGE, "--benchmark is missing: whose contours of the database");
    enum bd_status status = bd_database_open(bd_options_text(options, "db"), BD_DATABASE_READ, &db, err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        status = read_stored(options, db, bd_options_item(options, "experiment", i), curves, err);
    if (status == BD_OK && n == 0)
        status = read_stored(options, db, NULL, curves, err);
    bd_database_close(db);
    return status;
}

/* Numbers that all curves share stand in the footer, others in the legend. Those of a file are only known if they
 * are typed. */
static void find_footer(const struct bd_options *options, struct curves *curves)
{
    const struct bd_contour *first = curves->curve[0].contour;
    int same_cl = first->cl > 0.0, same_pot = first->pot > 0.0;
    for (size_t k = 1; k < curves->n_curve; k++) {
        same_cl = same_cl && curves->curve[k].contour->cl == first->cl;
        same_pot = same_pot && curves->curve[k].contour->pot == first->pot;
    }
    curves->cl = same_cl ? first->cl : bd_options_number(options, "cl");
    curves->pot = same_pot ? first->pot : bd_options_number(options, "pot");
    for (size_t k = 0; k < curves->n_curve; k++) {
        struct curve *curve = &curves->curve[k];
        const size_t used = strlen(curve->label);
        const char *words = curve->words != NULL ? curve->words : "";
        char cl[32] = "", pot[32] = "";
        if (isnan(curves->cl) && curve->contour->cl > 0.0)
            (void)snprintf(cl, sizeof cl, ", %g%% CL", 100.0 * curve->contour->cl);
        if (isnan(curves->pot) && curve->contour->pot > 0.0 && !curves->is_crowded)
            (void)snprintf(pot, sizeof pot, ", %.3g protons", curve->contour->pot);
        if (used > 0) /* the lower edge of a band has no entry */
            (void)snprintf(curve->label + used, sizeof curve->label - used, "%s%s%s", words, cl, pot);
    }
}

static enum bd_status read_curves(const struct bd_options *options, struct curves *curves, struct bd_error *err)
{
    const size_t n_file = bd_options_count(options, "contour");
    const int has_db = bd_options_given(options, "db");
    if (n_file == 0 && !has_db)
        return bd_fail(err, BD_USAGE, "--contour or --db is missing: where the contours are");
    if (!has_db && (bd_options_given(options, "benchmark") || bd_options_given(options, "experiment")))
        return bd_fail(err, BD_USAGE, "--benchmark and --experiment choose from a database: --db is missing");
    bd_contour_plane_name(bd_options_text(options, "plane"), curves->plane, sizeof curves->plane);
    curves->source = calloc(n_file + bd_options_count(options, "experiment") + 1, sizeof *curves->source);
    if (curves->source == NULL)
        return bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    if (has_db)
        BD_TRY(read_database(options, curves, err));
    for (size_t i = 0; i < n_file; i++)
        BD_TRY(read_file(options, i, curves, err));
    if (curves->n_curve == 0)
        return bd_fail(err, BD_BAD_INPUT, "no contour of the wanted --kind that excludes anything");
    curves->is_crowded = curves->n_curve > CROWD;
    if (curves->is_crowded)
        style_crowd(curves);
    order_curves(curves->curve, curves->n_curve);
    find_footer(options, curves);
    return BD_OK;
}

static void free_curves(struct curves *curves)
{
    for (size_t i = 0; i < curves->n_source; i++)
        bd_contour_file_free(curves->source[i].contour, curves->source[i].n_contour);
    free(curves->source);
    free(curves->curve);
}

/* Twice the area of a polygon on logarithmic axes, positive if it runs counter-clockwise. */
static double signed_area(const struct bd_polyline *line)
{
    double sum = 0.0;
    for (size_t i = 0, j = line->n_vertex - 1; i < line->n_vertex; j = i++)
        sum += log(line->x[j]) * log(line->y[i]) - log(line->x[i]) * log(line->y[j]);
    return sum;
}

/* All closed polygons of a contour as one outline that can be filled: every polygon is reached from the first
 * vertex and left to it on the same line, which encloses nothing. Holes run clockwise, the others
 * counter-clockwise, so a point in a hole is encircled zero times. */
static void write_polygons(const struct bd_contour *contour, FILE *stream)
{
    const struct bd_polyline *first = NULL;
    for (size_t k = 0; k < contour->n_polyline; k++) {
        const struct bd_polyline *line = &contour->polyline[k];
        if (!line->closed)
            continue;
        const int backwards = (signed_area(line) > 0.0) == (line->hole != 0);
        for (size_t i = 0; i <= line->n_vertex; i++) {
            const size_t v = backwards ? (line->n_vertex - i) % line->n_vertex : i % line->n_vertex;
            (void)fprintf(stream, "%.10g %.10g\n", line->x[v], line->y[v]);
        }
        if (first == NULL)
            first = line;
        else
            (void)fprintf(stream, "%.10g %.10g\n", first->x[0], first->y[0]);
    }
    if (first == NULL)
        (void)fputs("NaN NaN\n", stream); /* a data set may not be empty */
    (void)fputs("\n\n", stream);
}

static int is_near(double value, double border)
{
    return fabs(log(value / border)) < 1e-6;
}

/* 1 if every open line ends at the border of the plane: it is the one that was scanned. */
static int ends_at_border(const struct bd_contour *contour, const struct bd_plot_plane *plane)
{
    for (size_t k = 0; k < contour->n_polyline; k++) {
        const struct bd_polyline *line = &contour->polyline[k];
        for (size_t end = 0; end < 2 && !line->closed; end++) {
            const double x = line->x[end * (line->n_vertex - 1)], y = line->y[end * (line->n_vertex - 1)];
            if (!is_near(x, plane->x_min) && !is_near(x, plane->x_max) && !is_near(y, plane->y_min) &&
                !is_near(y, plane->y_max))
                return 0;
        }
    }
    return 1;
}

/* Of a file: the first and the last column with kernels may lie inside the range of the benchmark: open lines that
 * do not end at a border in y end in one of them. */
static void narrow_to_columns(const struct bd_contour *contour, struct bd_plot_plane *plane)
{
    const double middle = sqrt(plane->x_min * plane->x_max);
    double first = plane->x_max, last = plane->x_min;
    for (size_t k = 0; k < contour->n_polyline; k++) {
        const struct bd_polyline *line = &contour->polyline[k];
        for (size_t end = 0; end < 2 && !line->closed; end++) {
            const double x = line->x[end * (line->n_vertex - 1)], y = line->y[end * (line->n_vertex - 1)];
            if (is_near(y, plane->y_min) || is_near(y, plane->y_max))
                continue;
            first = fmin(first, x);
            last = fmax(last, x);
        }
    }
    if (first < middle)
        plane->x_min = fmax(plane->x_min, first);
    if (last > middle)
        plane->x_max = fmin(plane->x_max, last);
}

/* The scanned plane, at whose border open lines end: as stored; of a file that of a built-in benchmark, or the
 * ends of the axes on the command line if the lines agree with them. */
static int find_plane(const struct bd_options *options, const struct bd_contour *contour,
                      struct bd_plot_plane *plane)
{
    struct bd_benchmark benchmark = {.axis_min = 0.0};
    if (contour->x_max > 0.0) {
        *plane = (struct bd_plot_plane){contour->x_min, contour->x_max, contour->y_min, contour->y_max};
        return 1;
    }
    if (strcmp(contour->plane, "mass_gev,coupling") == 0 &&
        bd_benchmark_load(contour->benchmark, &benchmark, NULL) == BD_OK) {
        *plane = (struct bd_plot_plane){benchmark.mass_min_gev, benchmark.mass_max_gev, benchmark.axis_min,
                                        benchmark.axis_max};
        narrow_to_columns(contour, plane);
        return 1;
    }
    *plane = (struct bd_plot_plane){bd_options_number(options, "mass-min"), bd_options_number(options, "mass-max"),
                                    bd_options_number(options, "coupling-min"),
                                    bd_options_number(options, "coupling-max")};
    return !isnan(plane->x_min + plane->x_max + plane->y_min + plane->y_max) && ends_at_border(contour, plane);
}

static enum bd_status write_outline(const struct bd_options *options, const struct bd_contour *contour,
                                    FILE *stream, struct bd_error *err)
{
    struct bd_plot_plane plane;
    struct bd_contour polygons;
    const int known = find_plane(options, contour, &plane);
    BD_TRY(bd_plot_fill_polygons(contour, known ? &plane : NULL, &polygons, err));
    write_polygons(&polygons, stream);
    bd_contour_free(&polygons);
    return BD_OK;
}

static void write_lines(const struct bd_contour *contour, FILE *stream)
{
    for (size_t k = 0; k < contour->n_polyline; k++) {
        const struct bd_polyline *line = &contour->polyline[k];
        for (size_t i = 0; i < line->n_vertex + (line->closed ? 1U : 0U); i++)
            (void)fprintf(stream, "%.10g %.10g\n", line->x[i % line->n_vertex], line->y[i % line->n_vertex]);
        (void)fputc('\n', stream);
    }
    (void)fputc('\n', stream);
}

/* Unit of an axis: of a quantity, or of a coupling of the model in front of the contour's name, "alp mass=0.5". */
static const char *axis_unit(const struct bd_contour *contour, const char *axis)
{
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(contour->benchmark, " "), contour->benchmark);
    const struct bd_model *model = bd_model_find(name);
    if (strcmp(axis, "mass_gev") == 0)
        return "GeV";
    if (strcmp(axis, "ctau_m") == 0)
        return "m";
    return model != NULL && bd_model_coupling_index(model, axis) >= 0 ? model->coupling_unit : "";
}

/* Names and units of the axes, and the title. A benchmark of the user's own file has only its name. */
static void write_axes(const struct bd_options *options, const struct bd_contour *contour,
                       struct bd_gnuplot *gnuplot)
{
    const char *name = contour->benchmark;
    struct bd_benchmark benchmark;
    struct bd_error ignored;
    char text[320];
    const int known = bd_benchmark_load(name, &benchmark, &ignored) == BD_OK;
    (void)snprintf(text, sizeof text, known ? "%s: %s" : "%s", name, known ? benchmark.title : "");
    const char *title = bd_options_text(options, "title");
    bd_gnuplot_string(gnuplot, "picture_title", title != NULL ? title : text);
    const int usual = strcmp(contour->plane, "mass_gev,coupling") == 0;
    bd_gnuplot_string(gnuplot, "x_axis_name", contour->x_name);
    bd_gnuplot_string(gnuplot, "x_axis_unit", axis_unit(contour, contour->x_name));
    bd_gnuplot_string(gnuplot, "axis_name", usual && known ? benchmark.axis_name : contour->y_name);
    bd_gnuplot_string(gnuplot, "axis_unit",
                      usual && known ? benchmark.axis_unit : axis_unit(contour, contour->y_name));
}

static void write_footer(const char *name, double value, FILE *stream)
{
    if (isnan(value))
        (void)fprintf(stream, "%s = NaN\n", name);
    else
        (void)fprintf(stream, "%s = %.10g\n", name, value);
}

static enum bd_status write_curves(const struct bd_options *options, const struct curves *curves,
                                   struct bd_gnuplot *gnuplot, struct bd_error *err)
{
    FILE *stream = bd_gnuplot_stream(gnuplot);
    assert(curves->n_curve > 0 && curves->curve != NULL); /* read_curves saw to it */
    write_axes(options, curves->curve[0].contour, gnuplot);
    write_footer("cl", curves->cl, stream);
    write_footer("n_pot", curves->pot, stream);
    bd_plot_write_number(options, "x_min", "mass-min", gnuplot);
    bd_plot_write_number(options, "x_max", "mass-max", gnuplot);
    bd_plot_write_number(options, "y_min", "coupling-min", gnuplot);
    bd_plot_write_number(options, "y_max", "coupling-max", gnuplot);
    const size_t n = curves->n_curve;
    (void)fprintf(stream, "wide = %d\n", curves->is_crowded);
    bd_gnuplot_string(gnuplot, "caption", CAPTION);
    (void)fprintf(stream,
                  "n_curve = %zu\narray label[%zu]\narray tint[%zu]\narray dash[%zu]\narray filled[%zu]\n"
                  "array width[%zu]\n",
                  n, n, n, n, n, n);
    for (size_t k = 0; k < n; k++) {
        const struct curve *curve = &curves->curve[k];
        char name[32];
        (void)snprintf(name, sizeof name, "label[%zu]", k + 1);
        bd_gnuplot_string(gnuplot, name, curve->label);
        (void)fprintf(stream, "tint[%zu] = %zu\ndash[%zu] = %d\nfilled[%zu] = %d\nwidth[%zu] = %g\n", k + 1,
                      curve->tint, k + 1, curve->dash, k + 1, curve->filled, k + 1, curve->width);
    }
    (void)fputs("$contours << END_OF_BLOCK\n", stream);
    for (size_t k = 0; k < n; k++) {
        BD_TRY(write_outline(options, curves->curve[k].contour, stream, err));
        write_lines(curves->curve[k].contour, stream);
    }
    (void)fputs("END_OF_BLOCK\n", stream);
    return BD_OK;
}

enum bd_status bd_plot_contours(const struct bd_options *options, struct bd_error *err)
{
    struct curves curves = {0};
    struct bd_gnuplot *gnuplot = NULL;
    enum bd_status status = read_curves(options, &curves, err);
    if (status == BD_OK)
        status = bd_gnuplot_open(bd_options_text(options, "output"), &gnuplot, err);
    if (status == BD_OK)
        status = write_curves(options, &curves, gnuplot, err);
    status = bd_gnuplot_close(gnuplot, "plots/contour.gp", status, err);
    free_curves(&curves);
    return status;
}
