/* Excluded regions: exported contours as filled outlines and lines. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/model.h"
#include "src/cli/contour_file.h"
#include "src/cli/plot.h"

void bd_plot_write_number(const struct bd_options *options, const char *name, const char *option,
                          struct bd_gnuplot *gnuplot)
{
    FILE *stream = bd_gnuplot_stream(gnuplot);
    if (bd_options_given(options, option))
        (void)fprintf(stream, "%s = %.10g\n", name, bd_options_number(options, option));
    else
        (void)fprintf(stream, "%s = NaN\n", name);
}

/* How a contour looks: colour by file, dashes by kind. */
struct curve {
    const struct bd_contour *contour; /* borrowed */
    char label[128];
    size_t tint;
    int dash, filled;
};

struct curves {
    size_t n_file, n_curve;
    struct file {
        struct bd_contour *contour; /* [n_contour], owned */
        size_t n_contour;
    } * file;            /* [n_file], owned */
    struct curve *curve; /* [n_curve], owned */
};

static int is_wanted(const struct bd_options *options, const char *kind)
{
    const size_t n = bd_options_count(options, "kind");
    for (size_t i = 0; i < n; i++)
        if (strcmp(bd_options_item(options, "kind", i), kind) == 0)
            return 1;
    return n == 0;
}

static void style_curve(struct curve *curve, const char *name, const char *kind)
{
    const int is_band = strncmp(kind, "expected+", 9) == 0 || strncmp(kind, "expected-", 9) == 0;
    curve->filled = strcmp(kind, "observed") == 0 || strcmp(kind, "projection") == 0;
    curve->dash = strcmp(kind, "observed") == 0 ? 1 : is_band ? 3 : 2;
    char words[48] = "";
    if (is_band)
        (void)snprintf(words, sizeof words, " expected \u00b1%s", kind + 9);
    else if (strcmp(kind, "observed") != 0)
        (void)snprintf(words, sizeof words, " %s", kind);
    if (!is_band || kind[8] == '+') /* one entry of the legend for both edges of a band */
        (void)snprintf(curve->label, sizeof curve->label, "%s%s", name, words);
}

static enum bd_status read_file(const struct bd_options *options, size_t i, struct curves *curves,
                                struct bd_error *err)
{
    const char *item = bd_options_item(options, "contour", i), *equals = strchr(item, '=');
    struct file *file = &curves->file[i];
    BD_TRY(bd_contour_file_read(equals != NULL ? equals + 1 : item, &file->contour, &file->n_contour, err));
    curves->n_file++;
    struct curve *larger = realloc(curves->curve, (curves->n_curve + file->n_contour) * sizeof *larger);
    if (larger == NULL)
        return bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    curves->curve = larger;
    for (size_t k = 0; k < file->n_contour; k++) {
        const struct bd_contour *contour = &file->contour[k];
        char name[64];
        if (!is_wanted(options, contour->kind))
            continue;
        (void)snprintf(name, sizeof name, "%.*s", equals != NULL ? (int)(equals - item) : (int)sizeof name - 1,
                       equals != NULL ? item : contour->experiment);
        struct curve *curve = &curves->curve[curves->n_curve++];
        *curve = (struct curve){.contour = contour, .tint = i + 1};
        style_curve(curve, name, contour->kind);
    }
    return BD_OK;
}

static enum bd_status read_files(const struct bd_options *options, struct curves *curves, struct bd_error *err)
{
    const size_t n = bd_options_count(options, "contour");
    if (n == 0)
        return bd_fail(err, BD_USAGE, "--contour is missing: at least one exported contour");
    curves->file = calloc(n, sizeof *curves->file);
    if (curves->file == NULL)
        return bd_fail(err, BD_NO_MEMORY, "plot: out of memory");
    for (size_t i = 0; i < n; i++)
        BD_TRY(read_file(options, i, curves, err));
    if (curves->n_curve == 0)
        return bd_fail(err, BD_BAD_INPUT, "no contour of the wanted --kind is in the files");
    return BD_OK;
}

static void free_curves(struct curves *curves)
{
    for (size_t i = 0; i < curves->n_file; i++)
        bd_contour_file_free(curves->file[i].contour, curves->file[i].n_contour);
    free(curves->file);
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
static void write_outline(const struct bd_contour *contour, FILE *stream)
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

/* Name and unit of the vertical axis, and the title. A benchmark of the user's own file has only its name. */
static void write_axis(const struct bd_options *options, const char *name, struct bd_gnuplot *gnuplot)
{
    struct bd_benchmark benchmark;
    struct bd_error ignored;
    char text[256];
    const int known = bd_benchmark_load(name, &benchmark, &ignored) == BD_OK;
    (void)snprintf(text, sizeof text, known ? "%s: %s" : "%s", name, known ? benchmark.title : "");
    const char *title = bd_options_text(options, "title");
    bd_gnuplot_string(gnuplot, "picture_title", title != NULL ? title : text);
    bd_gnuplot_string(gnuplot, "axis_name", known ? benchmark.axis_name : "coupling");
    bd_gnuplot_string(gnuplot, "axis_unit", known ? benchmark.axis_unit : "");
}

static void write_curves(const struct bd_options *options, const struct curves *curves, struct bd_gnuplot *gnuplot)
{
    FILE *stream = bd_gnuplot_stream(gnuplot);
    assert(curves->n_curve > 0 && curves->curve != NULL); /* read_files saw to it */
    write_axis(options, curves->curve[0].contour->benchmark, gnuplot);
    bd_plot_write_number(options, "cl", "cl", gnuplot);
    bd_plot_write_number(options, "n_pot", "pot", gnuplot);
    bd_plot_write_number(options, "x_min", "mass-min", gnuplot);
    bd_plot_write_number(options, "x_max", "mass-max", gnuplot);
    bd_plot_write_number(options, "y_min", "coupling-min", gnuplot);
    bd_plot_write_number(options, "y_max", "coupling-max", gnuplot);
    const size_t n = curves->n_curve;
    (void)fprintf(stream, "n_curve = %zu\narray label[%zu]\narray tint[%zu]\narray dash[%zu]\narray filled[%zu]\n",
                  n, n, n, n, n);
    for (size_t k = 0; k < n; k++) {
        const struct curve *curve = &curves->curve[k];
        char name[32];
        (void)snprintf(name, sizeof name, "label[%zu]", k + 1);
        bd_gnuplot_string(gnuplot, name, curve->label);
        (void)fprintf(stream, "tint[%zu] = %zu\ndash[%zu] = %d\nfilled[%zu] = %d\n", k + 1, curve->tint, k + 1,
                      curve->dash, k + 1, curve->filled);
    }
    (void)fputs("$contours << END_OF_BLOCK\n", stream);
    for (size_t k = 0; k < n; k++) {
        write_outline(curves->curve[k].contour, stream);
        write_lines(curves->curve[k].contour, stream);
    }
    (void)fputs("END_OF_BLOCK\n", stream);
}

enum bd_status bd_plot_contours(const struct bd_options *options, struct bd_error *err)
{
    struct curves curves = {0};
    struct bd_gnuplot *gnuplot = NULL;
    enum bd_status status = read_files(options, &curves, err);
    if (status == BD_OK)
        status = bd_gnuplot_open(bd_options_text(options, "output"), &gnuplot, err);
    if (status == BD_OK)
        write_curves(options, &curves, gnuplot);
    status = bd_gnuplot_close(gnuplot, "plots/contour.gp", status, err);
    free_curves(&curves);
    return status;
}
