#include "src/scan/limit_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/csv.h"
#include "src/core/pdg.h"
#include "src/scan/lifetime.h"

#define LIFETIMES_MAX 16
#define M_PER_PS (1e-12 * BD_SPEED_OF_LIGHT_M_S)
#define LN_NOTHING (-700.0) /* ln of an acceptance of 0: finite */

/* Acceptance at one mass. */
struct row {
    double mass_gev;
    size_t n;
    double ln_ctau[LIFETIMES_MAX], ln_acceptance[LIFETIMES_MAX]; /* ascending */
};

struct rows {
    size_t n;
    struct row *row; /* [n], by mass, owned */
};

struct bd_limit_table {
    struct bd_limit_search search;
    struct rows rows;       /* of the limits */
    double *ln_reference;   /* [rows.n], owned */
    struct rows acceptance; /* of a file of its own; n = 0: that of rows */
};

/* ---- reading ---- */

static enum bd_status read_lifetime(const struct bd_csv *csv, size_t i, double *ctau_m, struct bd_error *err)
{
    *ctau_m = INFINITY;
    if (strcmp(bd_csv_text(csv, i, 1), "inf") == 0)
        return BD_OK;
    BD_TRY(bd_csv_number(csv, i, 1, 0.0, 1e30, ctau_m, err));
    *ctau_m *= M_PER_PS;
    return BD_OK;
}

/* Lines of one mass follow each other, with rising lifetimes. The value at the reference lifetime, if there is
 * one, goes to ln_reference, the others to the row as they are. */
static enum bd_status read_rows(const struct bd_csv *csv, double max, double reference_ctau_m, struct rows *rows,
                                double *ln_reference, struct bd_error *err)
{
    double previous = -1.0;
    for (size_t i = 0; i < csv->n_row; i++) {
        double mass, ctau_m, value;
        BD_TRY(bd_csv_number(csv, i, 0, 0.0, 1e5, &mass, err));
        BD_TRY(read_lifetime(csv, i, &ctau_m, err));
        BD_TRY(bd_csv_number(csv, i, 2, 1e-30, max, &value, err));
        if (rows->n == 0 || mass != rows->row[rows->n - 1].mass_gev) {
            if (rows->n > 0 && mass < rows->row[rows->n - 1].mass_gev)
                return bd_csv_fail(csv, i, err, "mass_gev: %g GeV is below the mass before it", mass);
            rows->row[rows->n++].mass_gev = mass;
            ln_reference[rows->n - 1] = (double)NAN;
            previous = -1.0;
        }
        struct row *row = &rows->row[rows->n - 1];
        if (ctau_m <= previous)
            return bd_csv_fail(csv, i, err, "lifetime_ps: '%s' is not above the lifetime before it",
                               bd_csv_text(csv, i, 1));
        previous = ctau_m;
        if (ctau_m == reference_ctau_m) {
            ln_reference[rows->n - 1] = log(value);
        } else if (row->n == LIFETIMES_MAX || ctau_m <= 0.0 || isinf(ctau_m)) {
            return bd_csv_fail(csv, i, err, "lifetime_ps: '%s': expected a lifetime above 0, at most %d of them",
                               bd_csv_text(csv, i, 1), LIFETIMES_MAX);
        } else {
            row->ln_ctau[row->n] = log(ctau_m);
            row->ln_acceptance[row->n++] = log(value);
        }
    }
    return BD_OK;
}

static enum bd_status read_file(const char *path, const char *value_name, double max, double reference_ctau_m,
                                struct rows *rows, double **ln_reference, struct bd_error *err)
{
    const char *const columns[] = {"mass_gev", "lifetime_ps", value_name, NULL};
    struct bd_csv *csv = NULL;
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    rows->row = calloc(csv->n_row, sizeof *rows->row);
    *ln_reference = calloc(csv->n_row, sizeof **ln_reference);
    enum bd_status status = rows->row != NULL && *ln_reference != NULL
                                ? read_rows(csv, max, reference_ctau_m, rows, *ln_reference, err)
                                : bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    bd_csv_free(csv);
    return status;
}

static enum bd_status read_limits(struct bd_limit_table *table, struct bd_error *err)
{
    const struct bd_limit_search *search = &table->search;
    const int unseen = search->sight == BD_LIMIT_UNSEEN;
    BD_TRY(read_file(search->limits_path, "br_limit", 1.0, unseen ? (double)INFINITY : 0.0, &table->rows,
                     &table->ln_reference, err));
    for (size_t i = 0; i < table->rows.n; i++) {
        struct row *row = &table->rows.row[i];
        if (isnan(table->ln_reference[i]))
            return bd_fail(err, BD_BAD_INPUT, "%s: %g GeV has no limit for lifetime %s", search->limits_path,
                           row->mass_gev, unseen ? "inf" : "0");
        for (size_t k = 0; k < row->n; k++)
            row->ln_acceptance[k] = table->ln_reference[i] - row->ln_acceptance[k];
        table->ln_reference[i] += log(search->scale);
    }
    return BD_OK;
}

static enum bd_status read_acceptance(struct bd_limit_table *table, struct bd_error *err)
{
    double *none = NULL;
    if (table->search.acceptance_path[0] == '\0')
        return BD_OK;
    const enum bd_status status =
        read_file(table->search.acceptance_path, "acceptance", 1.0, -1.0, &table->acceptance, &none, err);
    free(none);
    for (size_t i = 0; status == BD_OK && i < table->acceptance.n; i++)
        for (size_t k = 0; k < table->acceptance.row[i].n; k++)
            if (table->acceptance.row[i].ln_acceptance[k] >= 0.0)
                return bd_fail(err, BD_BAD_INPUT, "%s: acceptance at %g GeV is not below 1",
                               table->search.acceptance_path, table->acceptance.row[i].mass_gev);
    return status;
}

/* A range begins and ends at rows: nothing is extrapolated. */
static enum bd_status check_ranges(const struct bd_limit_table *table, struct bd_error *err)
{
    const struct bd_limit_search *search = &table->search;
    for (size_t i = 0; i < 2 * search->n_range; i++) {
        const double mass = search->range[i / 2].mass_gev[i % 2];
        size_t k = 0;
        while (k < table->rows.n && table->rows.row[k].mass_gev != mass)
            k++;
        if (k == table->rows.n)
            return bd_fail(err, BD_BAD_INPUT, "%s: no limit at %g GeV, where a range of the card ends",
                           search->limits_path, mass);
    }
    return BD_OK;
}

enum bd_status bd_limit_table_open(const struct bd_experiment *experiment, struct bd_limit_table **table,
                                   struct bd_error *err)
{
    if (strcmp(experiment->mode, BD_EXPERIMENT_LIMIT_TABLE) != 0)
        return bd_fail(err, BD_BAD_INPUT, "%s: its mode is %s: it has no table of limits", experiment->id,
                       experiment->mode);
    struct bd_limit_table *opened = calloc(1, sizeof *opened);
    if (opened == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", experiment->id);
    opened->search = experiment->search;
    enum bd_status status = read_limits(opened, err);
    if (status == BD_OK)
        status = read_acceptance(opened, err);
    if (status == BD_OK)
        status = check_ranges(opened, err);
    if (status == BD_OK)
        *table = opened;
    else
        bd_limit_table_free(opened);
    return bd_add_context(err, status, "experiment %s", experiment->id);
}

void bd_limit_table_free(struct bd_limit_table *table)
{
    if (table == NULL)
        return;
    free(table->rows.row);
    free(table->acceptance.row);
    free(table->ln_reference);
    free(table);
}

/* ---- values ---- */

static const struct bd_mass_range *find_range(const struct bd_limit_table *table, double mass_gev)
{
    for (size_t i = 0; i < table->search.n_range; i++) {
        const struct bd_mass_range *range = &table->search.range[i];
        if (mass_gev >= range->mass_gev[0] && mass_gev <= range->mass_gev[1])
            return range;
    }
    return NULL;
}

int bd_limit_table_covers(const struct bd_limit_table *table, double mass_gev)
{
    return find_range(table, mass_gev) != NULL;
}

size_t bd_limit_table_n_mass(const struct bd_limit_table *table)
{
    return table->rows.n;
}

double bd_limit_table_mass(const struct bd_limit_table *table, size_t i)
{
    return table->rows.row[i].mass_gev;
}

/* Row at or below a mass, and how far the mass is towards the next one; the nearest row outside. */
static size_t find_row(const struct rows *rows, double mass_gev, double *fraction)
{
    size_t i = 0;
    while (i + 2 < rows->n && rows->row[i + 1].mass_gev <= mass_gev)
        i++;
    const double lo = rows->row[i].mass_gev, hi = i + 1 < rows->n ? rows->row[i + 1].mass_gev : lo;
    *fraction = hi > lo ? fmin(fmax((mass_gev - lo) / (hi - lo), 0.0), 1.0) : 0.0;
    return i;
}

double bd_limit_table_ln_reference(const struct bd_limit_table *table, double mass_gev)
{
    double u;
    const size_t i = find_row(&table->rows, mass_gev, &u);
    return u > 0.0 ? (1.0 - u) * table->ln_reference[i] + u * table->ln_reference[i + 1] : table->ln_reference[i];
}

/* ln(1 - exp(-t/tau)): X decays within its proper time t. */
static double ln_decayed(double t_m, double ctau_m)
{
    return isinf(ctau_m) ? LN_NOTHING : fmax(log(-expm1(-t_m / ctau_m)), LN_NOTHING);
}

static enum bd_status ln_escape(const struct bd_limit_table *table, double mass_gev, double ctau_m, double *value,
                                struct bd_error *err)
{
    return bd_lifetime_ln_escape(&table->search.escape, find_range(table, mass_gev)->escape_z_m, mass_gev, ctau_m,
                                 value, err);
}

static double between_nodes(const struct row *row, double ln_ctau)
{
    size_t k = 0;
    while (k + 2 < row->n && row->ln_ctau[k + 1] <= ln_ctau)
        k++;
    const double u = (ln_ctau - row->ln_ctau[k]) / (row->ln_ctau[k + 1] - row->ln_ctau[k]);
    return (1.0 - u) * row->ln_acceptance[k] + u * row->ln_acceptance[k + 1];
}

/* At the mass of a row that has lifetimes. */
static enum bd_status row_acceptance(const struct bd_limit_table *table, const struct row *row, double ctau_m,
                                     double *value, struct bd_error *err)
{
    const double ln_ctau = log(ctau_m), shortest = row->ln_ctau[0], longest = row->ln_ctau[row->n - 1];
    if (ln_ctau >= shortest && ln_ctau <= longest) {
        *value = row->n > 1 ? between_nodes(row, ln_ctau) : row->ln_acceptance[0];
        return BD_OK;
    }
    const size_t end = ln_ctau > longest ? row->n - 1 : 0;
    if (table->search.sight == BD_LIMIT_SEEN) {
        *value = ln_decayed(-exp(row->ln_ctau[end]) * log1p(-exp(row->ln_acceptance[end])), ctau_m);
        return BD_OK;
    }
    if (ln_ctau > longest) { /* linear in 1/tau */
        *value = row->ln_acceptance[end] * exp(longest) / ctau_m;
        return BD_OK;
    }
    double here, there;
    BD_TRY(ln_escape(table, row->mass_gev, ctau_m, &here, err));
    BD_TRY(ln_escape(table, row->mass_gev, exp(shortest), &there, err));
    *value = row->ln_acceptance[end] + here - there;
    return BD_OK;
}

enum bd_status bd_limit_table_ln_acceptance(const struct bd_limit_table *table, double mass_gev, double ctau_m,
                                            double *ln_acceptance, struct bd_error *err)
{
    const int seen = table->search.sight == BD_LIMIT_SEEN;
    if (isinf(ctau_m)) {
        *ln_acceptance = seen ? LN_NOTHING : 0.0;
        return BD_OK;
    }
    if (seen && table->search.seen_lifetime_ps > 0.0) {
        *ln_acceptance = ln_decayed(table->search.seen_lifetime_ps * M_PER_PS, ctau_m);
        return BD_OK;
    }
    double u, lo, hi;
    const struct rows *rows = table->acceptance.n > 0 ? &table->acceptance : &table->rows;
    const size_t i = find_row(rows, mass_gev, &u);
    if (rows->row[i].n == 0 || (u > 0.0 && rows->row[i + 1].n == 0))
        return ln_escape(table, mass_gev, ctau_m, ln_acceptance, err);
    BD_TRY(row_acceptance(table, &rows->row[i], ctau_m, &lo, err));
    *ln_acceptance = lo;
    if (u > 0.0) {
        BD_TRY(row_acceptance(table, &rows->row[i + 1], ctau_m, &hi, err));
        *ln_acceptance = (1.0 - u) * lo + u * hi;
    }
    return BD_OK;
}
