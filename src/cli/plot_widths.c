/* Branching ratios and the proper decay length against the mass. */
#include <math.h>
#include <string.h>

#include "src/cli/plot.h"
#include "src/core/csv.h"

#define RATIO_MIN 1e-4 /* the lower end of the picture */

enum { MASS, DECAY, WIDTH, BRANCHING_RATIO, CTAU };
static const char *const width_columns[] = {"mass_gev", "decay", "width_gev", "branching_ratio", "ctau_m", NULL};

/* The largest branching ratio of a decay; cells without a number count as 0, write_decay reports them. */
static double largest_ratio(const struct bd_csv *csv, const char *decay)
{
    double largest = 0.0, value;
    for (size_t row = 0; row < csv->n_row; row++)
        if (strcmp(bd_csv_text(csv, row, DECAY), decay) == 0 &&
            bd_csv_number(csv, row, BRANCHING_RATIO, 0.0, 1.0 + 1e-9, &value, NULL) == BD_OK && value > largest)
            largest = value;
    return largest;
}

/* One data set per decay (rows in the order of the file), named by `decays`; the total is the last one. */
static enum bd_status write_decay(const struct bd_csv *csv, const char *decay, size_t column, FILE *stream,
                                  struct bd_error *err)
{
    for (size_t row = 0; row < csv->n_row; row++) {
        double mass_gev, value;
        if (strcmp(bd_csv_text(csv, row, DECAY), decay) != 0)
            continue;
        BD_TRY(bd_csv_number(csv, row, MASS, 1e-9, 1e6, &mass_gev, err));
        value = 0.0;
        if (bd_csv_text(csv, row, column)[0] != '\0') /* empty: no value here */
            BD_TRY(bd_csv_number(csv, row, column, 0.0, HUGE_VAL, &value, err));
        if (value > 0.0)
            (void)fprintf(stream, "%.10g %.10g\n", mass_gev, value);
        else /* the line is interrupted; an empty line would do, but two of them start a new data set */
            (void)fprintf(stream, "%.10g NaN\n", mass_gev);
    }
    (void)fputs("\n\n", stream);
    return BD_OK;
}

/* "pi+pi-pi0" in Greek letters with charges above the line; what is not in the list stays. */
static const char *spell(const char *decay, char *text, size_t size)
{
    static const struct {
        const char *from, *to;
    } signs[] = {
        {"etap", "\u03b7\u2032"}, {"eta", "\u03b7"}, {"gamma", "\u03b3"}, {"mu", "\u03bc"},
        {"pi0", "\u03c0\u2070"},  {"pi", "\u03c0"},  {"tau", "\u03c4"},   {"rho", "\u03c1"},
        {"omega", "\u03c9"},      {"phi", "\u03c6"}, {"Kstar", "K*"},     {"K0bar", "K\u0305\u2070"},
        {"K0", "K\u2070"},        {"+-", "\u00b1"},  {"-+", "\u2213"},    {"+", "\u207a"},
        {"-", "\u207b"},
    };
    size_t used = 0;
    text[0] = '\0';
    while (*decay != '\0' && used + 8 < size) {
        size_t i = 0, length = 1;
        while (i < sizeof signs / sizeof signs[0] && strncmp(decay, signs[i].from, strlen(signs[i].from)) != 0)
            i++;
        if (i < sizeof signs / sizeof signs[0]) {
            length = strlen(signs[i].from);
            used += (size_t)snprintf(text + used, size - used, "%s", signs[i].to);
        } else {
            used += (size_t)snprintf(text + used, size - used, "%c", *decay);
        }
        decay += length;
    }
    return text;
}

static enum bd_status write_widths(const struct bd_csv *csv, struct bd_gnuplot *gnuplot, struct bd_error *err)
{
    FILE *stream = bd_gnuplot_stream(gnuplot);
    const char *const first_mass = bd_csv_text(csv, 0, MASS);
    size_t n = 0; /* decays: the rows of the first mass, up to "total" */
    while (n < csv->n_row && strcmp(bd_csv_text(csv, n, MASS), first_mass) == 0)
        n++;
    (void)fprintf(stream, "n_decay = %zu\narray decay[%zu]\narray shown[%zu]\nbr_min = %g\n", n - 1, n, n,
                  RATIO_MIN);
    for (size_t i = 0; i < n; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "decay[%zu]", i + 1);
        char pretty[96];
        (void)fprintf(stream, "shown[%zu] = %d\n", i + 1,
                      largest_ratio(csv, bd_csv_text(csv, i, DECAY)) > RATIO_MIN);
        bd_gnuplot_string(gnuplot, name, spell(bd_csv_text(csv, i, DECAY), pretty, sizeof pretty));
    }
    (void)fputs("$widths << END_OF_BLOCK\n", stream);
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < n; i++) {
        const char *decay = bd_csv_text(csv, i, DECAY);
        status = write_decay(csv, decay, strcmp(decay, "total") == 0 ? CTAU : BRANCHING_RATIO, stream, err);
    }
    (void)fputs("END_OF_BLOCK\n", stream);
    return status;
}

enum bd_status bd_plot_widths(const struct bd_options *options, struct bd_error *err)
{
    const char *path = bd_options_text(options, "widths"), *title = bd_options_text(options, "title");
    struct bd_csv *csv = NULL;
    struct bd_gnuplot *gnuplot = NULL;
    if (path == NULL)
        return bd_fail(err, BD_USAGE, "--widths is missing: a CSV written by `beamdump widths`");
    enum bd_status status = bd_csv_read(path, width_columns, &csv, err);
    if (status == BD_OK)
        status = bd_gnuplot_open(bd_options_text(options, "output"), &gnuplot, err);
    if (status == BD_OK) {
        bd_gnuplot_string(gnuplot, "picture_title", title != NULL ? title : "");
        bd_plot_write_number(options, "cl", "cl", gnuplot);
        bd_plot_write_number(options, "n_pot", "pot", gnuplot);
        status = write_widths(csv, gnuplot, err);
    }
    status = bd_gnuplot_close(gnuplot, "plots/widths.gp", status, err);
    bd_csv_free(csv);
    return status;
}
