#include "models/alp_tables.h"

#include <gsl/gsl_interp.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/csv.h"
#include "src/core/data.h"

#define CURVES_FILE "models/data/alp_width_curves.csv"
#define NODES_FILE "models/data/alp_width_nodes.csv"
#define CURVES_MAX 64
/* A curve that ends below this ends at a meson mass, and is not held. */
#define HELD_FROM_GEV 2.9

static const char *const table_names[BD_ALP_TABLES] = {"C_GG", "C_qq"};
static const char *const total_names[BD_ALP_TABLES] = {"total", "total_hadronic"};

struct curve {
    int table, mode;
    double fraction, threshold;
    size_t n;
    const double *mass, *ln_gamma; /* [n], in the arrays of the tables */
};

struct bd_alp_tables {
    size_t n_curve;
    struct curve curve[CURVES_MAX];
    double *mass, *ln_gamma; /* [all nodes], owned */
};

static int find_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

/* All nodes; each curve is a run of ascending masses. */
static enum bd_status read_nodes(const struct bd_csv *nodes, struct bd_alp_tables *tables, struct bd_error *err)
{
    tables->mass = calloc(nodes->n_row, sizeof *tables->mass);
    tables->ln_gamma = calloc(nodes->n_row, sizeof *tables->ln_gamma);
    if (tables->mass == NULL || tables->ln_gamma == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", nodes->path);
    for (size_t i = 0; i < nodes->n_row; i++) {
        double gamma;
        BD_TRY(bd_csv_number(nodes, i, 2, 1e-3, 10.0, &tables->mass[i], err));
        BD_TRY(bd_csv_number(nodes, i, 3, 1e-40, 1e6, &gamma, err));
        tables->ln_gamma[i] = log(gamma);
    }
    return BD_OK;
}

/* The run of nodes that belongs to a curve. */
static enum bd_status find_nodes(const struct bd_csv *curves, size_t row, const struct bd_csv *nodes,
                                 const struct bd_alp_tables *tables, struct curve *curve, struct bd_error *err)
{
    const char *coupling = bd_csv_text(curves, row, 0), *name = bd_csv_text(curves, row, 2);
    size_t first = 0;
    while (first < nodes->n_row && (strcmp(bd_csv_text(nodes, first, 0), coupling) != 0 ||
                                    strcmp(bd_csv_text(nodes, first, 1), name) != 0))
        first++;
    curve->n = 0;
    while (first + curve->n < nodes->n_row && strcmp(bd_csv_text(nodes, first + curve->n, 0), coupling) == 0 &&
           strcmp(bd_csv_text(nodes, first + curve->n, 1), name) == 0)
        curve->n++;
    double expected;
    BD_TRY(bd_csv_number(curves, row, 5, 2, 1e6, &expected, err));
    if ((double)curve->n != expected)
        return bd_csv_fail(curves, row, err, "n_node: %g, but %s has %zu nodes of '%s'", expected, nodes->path,
                           curve->n, name);
    curve->mass = tables->mass + first;
    curve->ln_gamma = tables->ln_gamma + first;
    for (size_t i = 0; i < curve->n; i++)
        if (curve->mass[i] <= (i > 0 ? curve->mass[i - 1] : curve->threshold))
            return bd_csv_fail(nodes, first + i, err,
                               "mass_gev: %g: nodes must ascend, above the threshold %g GeV", curve->mass[i],
                               curve->threshold);
    return BD_OK;
}

static enum bd_status read_curve(const struct bd_csv *curves, size_t row, const struct bd_csv *nodes,
                                 const char *const *modes, struct bd_alp_tables *tables, struct bd_error *err)
{
    int n_mode = 0;
    while (modes[n_mode] != NULL)
        n_mode++;
    if (tables->n_curve == CURVES_MAX)
        return bd_csv_fail(curves, row, err, "more than %d curves", CURVES_MAX);
    struct curve *curve = &tables->curve[tables->n_curve++];
    curve->table = find_name(table_names, BD_ALP_TABLES, bd_csv_text(curves, row, 0));
    if (curve->table < 0)
        return bd_csv_fail(curves, row, err, "coupling: '%s' is not one of: C_GG, C_qq",
                           bd_csv_text(curves, row, 0));
    const char *mode = bd_csv_text(curves, row, 1);
    curve->mode = strcmp(mode, total_names[curve->table]) == 0 ? n_mode : find_name(modes, (size_t)n_mode, mode);
    if (curve->mode < 0)
        return bd_csv_fail(curves, row, err, "mode: there is no decay '%s'", mode);
    BD_TRY(bd_csv_number(curves, row, 3, 1e-6, 1.0, &curve->fraction, err));
    BD_TRY(bd_csv_number(curves, row, 4, 0.0, 3.0, &curve->threshold, err));
    return find_nodes(curves, row, nodes, tables, curve, err);
}

enum bd_status bd_alp_tables_load(const char *const *modes, struct bd_alp_tables **tables, struct bd_error *err)
{
    static const char *const curve_columns[] = {"coupling",        "mode",   "curve",    "fraction",
                                                "threshold_gev",   "n_node", "n_source", "max_err_percent",
                                                "rms_err_percent", "source", "curve_of", NULL};
    static const char *const node_columns[] = {"coupling", "curve", "mass_gev", "gamma_gev3", NULL};
    char path[1024];
    struct bd_csv *curves = NULL, *nodes = NULL;
    struct bd_alp_tables *made = calloc(1, sizeof *made);
    enum bd_status status = made != NULL ? bd_data_path(CURVES_FILE, path, sizeof path, err)
                                         : bd_fail(err, BD_NO_MEMORY, "widths: out of memory");
    if (status == BD_OK)
        status = bd_csv_read(path, curve_columns, &curves, err);
    if (status == BD_OK)
        status = bd_data_path(NODES_FILE, path, sizeof path, err);
    if (status == BD_OK)
        status = bd_csv_read(path, node_columns, &nodes, err);
    if (status == BD_OK)
        status = read_nodes(nodes, made, err);
    for (size_t i = 0; status == BD_OK && i < curves->n_row; i++)
        status = read_curve(curves, i, nodes, modes, made, err);
    bd_csv_free(curves);
    bd_csv_free(nodes);
    if (status == BD_OK)
        *tables = made;
    else
        bd_alp_tables_free(made);
    return status;
}

void bd_alp_tables_free(struct bd_alp_tables *tables)
{
    if (tables == NULL)
        return;
    free(tables->mass);
    free(tables->ln_gamma);
    free(tables);
}

static struct bd_model_value curve_at(const struct curve *curve, double mass)
{
    const size_t last = curve->n - 1;
    if (mass <= curve->threshold)
        return (struct bd_model_value){0.0, BD_FLAG_OK};
    if (mass > BD_ALP_TABLES_END_GEV || (mass > curve->mass[last] && curve->mass[last] < HELD_FROM_GEV))
        return (struct bd_model_value){0.0, BD_FLAG_OUTSIDE};
    double gamma;
    if (mass <= curve->mass[0]) {
        gamma = exp(curve->ln_gamma[0]) * (mass - curve->threshold) / (curve->mass[0] - curve->threshold);
    } else if (mass >= curve->mass[last]) {
        gamma = exp(curve->ln_gamma[last]);
    } else {
        const size_t k = gsl_interp_bsearch(curve->mass, mass, 0, last);
        const double u = (mass - curve->mass[k]) / (curve->mass[k + 1] - curve->mass[k]);
        gamma = exp(curve->ln_gamma[k] + u * (curve->ln_gamma[k + 1] - curve->ln_gamma[k]));
    }
    return (struct bd_model_value){curve->fraction * gamma, BD_FLAG_OK};
}

struct bd_model_value bd_alp_tables_width(const struct bd_alp_tables *tables, int table, int mode, double mass_gev)
{
    struct bd_model_value sum = {0.0, BD_FLAG_OK};
    for (size_t i = 0; i < tables->n_curve; i++)
        if (tables->curve[i].table == table && tables->curve[i].mode == mode) {
            const struct bd_model_value one = curve_at(&tables->curve[i], mass_gev);
            sum.value += one.value;
            sum.flag = one.flag > sum.flag ? one.flag : sum.flag;
        }
    return sum;
}

double bd_alp_tables_first(const struct bd_alp_tables *tables, int table, int mode)
{
    for (size_t i = 0; i < tables->n_curve; i++)
        if (tables->curve[i].table == table && tables->curve[i].mode == mode)
            return tables->curve[i].mass[0];
    return 0.0;
}
