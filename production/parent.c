#include "production/parent.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/csv.h"
#include "src/core/pdg.h"

#define N_LN_P 192     /* nodes of the tabulated azimuth average in ln P */
#define N_A_PER_PT 225 /* its steps in a = P alpha: pT_max / 225, the cells of the tables (0.04, 0.02 GeV) */
#define N_PSI 8        /* mid-points on the half circle, for a window that begins at the beam axis */
#define N_PSI_OFF_AXIS 16
#define N_GAUSS 32     /* Gauss-Legendre nodes in ln P between the kinematic limits; 24 suffice for B */
#define N_CELL_GAUSS 4 /* per cell and axis, for the normalisation */
#define N_LOOKUP 1024

/* One axis of a cell table: interpolation is linear between centres and constant in the outer half cells. */
struct axis {
    size_t n;                            /* cells */
    double *edge;                        /* [n + 1] */
    double *centre;                      /* [n] */
    unsigned short lookup[N_LOOKUP + 1]; /* cell below a point, coarse */
};

struct bd_parent {
    double mass;
    const struct bd_spectrum_grid *grid; /* borrowed */
    struct axis ln_e, pt;
    double *rho; /* [ln_e.n][pt.n], per dlnE dpT^2 */
    /* Azimuth average F(P, a, theta), a = P alpha [GeV] */
    double ln_p_min, ln_p_step, a_step;
    size_t first_a[N_LN_P + 1]; /* index of the first a of each P: F is 0 beyond pi/2 pT_max + P theta_max */
    double *average;            /* [first_a[N_LN_P]][grid->n_theta], per GeV sr */
    double *cumulative;         /* [N_LN_P], Int dlnP dN/dP */
    gsl_integration_glfixed_table *gauss;
};

static enum bd_status no_memory(struct bd_error *err)
{
    return bd_fail(err, BD_NO_MEMORY, "parent spectrum: out of memory");
}

/* ---- axes and interpolation ---- */

static enum bd_status axis_init(struct axis *axis, const double *edge, size_t n, struct bd_error *err)
{
    axis->n = n;
    axis->edge = malloc((n + 1) * sizeof *axis->edge);
    axis->centre = malloc(n * sizeof *axis->centre);
    if (axis->edge == NULL || axis->centre == NULL)
        return no_memory(err);
    memcpy(axis->edge, edge, (n + 1) * sizeof *edge);
    for (size_t i = 0; i < n; i++)
        axis->centre[i] = 0.5 * (edge[i] + edge[i + 1]);
    for (size_t k = 0, i = 0; k <= N_LOOKUP; k++) {
        const double x = edge[0] + (edge[n] - edge[0]) * (double)k / N_LOOKUP;
        while (i + 1 < n && axis->centre[i + 1] <= x)
            i++;
        axis->lookup[k] = (unsigned short)i;
    }
    return BD_OK;
}

/* Index i and fraction u of linear interpolation between centres i and i + 1; 0 outside the table. */
static int axis_locate(const struct axis *axis, double x, size_t *i, double *u)
{
    const double lo = axis->edge[0], hi = axis->edge[axis->n];
    if (!(x >= lo && x <= hi))
        return 0;
    size_t cell = axis->lookup[(size_t)((x - lo) / (hi - lo) * N_LOOKUP)];
    while (cell + 1 < axis->n && axis->centre[cell + 1] <= x)
        cell++;
    if (x <= axis->centre[0] || cell + 1 >= axis->n) { /* outer half cells */
        *i = x <= axis->centre[0] ? 0 : axis->n - 1;
        *u = 0.0;
        return 1;
    }
    *i = cell;
    *u = (x - axis->centre[cell]) / (axis->centre[cell + 1] - axis->centre[cell]);
    return 1;
}

static double row_at(const struct axis *pt_axis, const double *row, double pt)
{
    size_t i;
    double u;
    if (!axis_locate(pt_axis, pt, &i, &u))
        return 0.0;
    return u > 0.0 ? row[i] + u * (row[i + 1] - row[i]) : row[i];
}

/* Density in pT at one energy. */
static void row_of_energy(const struct bd_parent *parent, double ln_e, double *row)
{
    size_t i;
    double u;
    if (!axis_locate(&parent->ln_e, ln_e, &i, &u)) {
        memset(row, 0, parent->pt.n * sizeof *row);
        return;
    }
    const double *lo = parent->rho + i * parent->pt.n;
    const double *hi = u > 0.0 ? lo + parent->pt.n : lo;
    for (size_t j = 0; j < parent->pt.n; j++)
        row[j] = lo[j] + u * (hi[j] - lo[j]);
}

/* Nodes and weights of Gauss-Legendre on the half cells of an axis: the interpolation is smooth inside them. */
static size_t half_cell_nodes(const struct axis *axis, double *x, double *weight)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_CELL_GAUSS);
    size_t n = 0;
    for (size_t half = 0; table != NULL && half < 2 * axis->n; half++) {
        const double lo = half % 2 == 0 ? axis->edge[half / 2] : axis->centre[half / 2];
        const double hi = half % 2 == 0 ? axis->centre[half / 2] : axis->edge[half / 2 + 1];
        for (size_t k = 0; k < N_CELL_GAUSS; k++, n++)
            (void)gsl_integration_glfixed_point(lo, hi, k, &x[n], &weight[n], table);
    }
    if (table != NULL)
        gsl_integration_glfixed_table_free(table);
    return n;
}

/* Integral over the allowed points, E > M and pT < P, of the interpolated density. */
static enum bd_status integrate(const struct bd_parent *parent, double *integral, struct bd_error *err)
{
    const size_t n_e = 2 * parent->ln_e.n * N_CELL_GAUSS, n_pt = 2 * parent->pt.n * N_CELL_GAUSS;
    double *buffer = malloc((2 * n_e + 2 * n_pt + parent->pt.n) * sizeof *buffer);
    if (buffer == NULL)
        return no_memory(err);
    double *ln_e = buffer, *w_e = ln_e + n_e, *pt = w_e + n_e, *w_pt = pt + n_pt, *row = w_pt + n_pt;
    *integral = 0.0;
    if (half_cell_nodes(&parent->ln_e, ln_e, w_e) == n_e && half_cell_nodes(&parent->pt, pt, w_pt) == n_pt)
        for (size_t i = 0; i < n_e; i++) {
            const double p2 = exp(2.0 * ln_e[i]) - parent->mass * parent->mass;
            row_of_energy(parent, ln_e[i], row);
            double sum = 0.0;
            for (size_t j = 0; j < n_pt && pt[j] * pt[j] < p2; j++)
                sum += w_pt[j] * 2.0 * pt[j] * row_at(&parent->pt, row, pt[j]);
            *integral += w_e[i] * sum;
        }
    free(buffer);
    return *integral > 0.0
               ? BD_OK
               : bd_fail(err, BD_BAD_INPUT, "parent spectrum: no particle above its mass, %g GeV", parent->mass);
}

/* ---- the azimuth average ---- */

/* Cosines and sines of the nodes in theta and of the mid-points in the azimuth. */
struct directions {
    size_t n_psi;
    double cos_psi[N_PSI_OFF_AXIS], sin_psi[N_PSI_OFF_AXIS];
    double *cos_theta, *sin_theta; /* [grid->n_theta] */
};

static enum bd_status directions_init(const struct bd_spectrum_grid *grid, struct directions *directions,
                                      struct bd_error *err)
{
    directions->n_psi = grid->theta_min_rad > 0.0 ? N_PSI_OFF_AXIS : N_PSI;
    directions->cos_theta = malloc(2 * grid->n_theta * sizeof *directions->cos_theta);
    if (directions->cos_theta == NULL)
        return no_memory(err);
    directions->sin_theta = directions->cos_theta + grid->n_theta;
    for (size_t it = 0; it < grid->n_theta; it++) {
        const double theta = grid->theta_min_rad + (double)it * grid->theta_step_rad;
        directions->cos_theta[it] = cos(theta);
        directions->sin_theta[it] = sin(theta);
    }
    for (size_t k = 0; k < directions->n_psi; k++) {
        const double psi = BD_PI * ((double)k + 0.5) / (double)directions->n_psi;
        directions->cos_psi[k] = cos(psi);
        directions->sin_psi[k] = sin(psi);
    }
    return BD_OK;
}

/* F at one P: mean over the azimuth of the parent around the direction of X. */
static void average_at_momentum(const struct bd_parent *parent, const struct directions *directions, double p,
                                const double *row, size_t n_a, double *average)
{
    const struct bd_spectrum_grid *grid = parent->grid;
    const double energy2 = p * p + parent->mass * parent->mass;
    const size_t n_psi = directions->n_psi;
    for (size_t ia = 0; ia < n_a; ia++) {
        const double alpha = fmin((double)ia * parent->a_step / p, BD_PI);
        const double ca = cos(alpha), sa = sin(alpha);
        for (size_t it = 0; it < grid->n_theta; it++) {
            const double ct = directions->cos_theta[it], st = directions->sin_theta[it];
            double sum = 0.0;
            for (size_t k = 0; k < n_psi; k++) {
                const double cos_parent = ct * ca + st * sa * directions->cos_psi[k];
                if (cos_parent <= 0.0)
                    continue;
                const double x = st * ca - ct * sa * directions->cos_psi[k], y = sa * directions->sin_psi[k];
                sum += row_at(&parent->pt, row, p * sqrt(x * x + y * y)) * cos_parent;
            }
            average[ia * grid->n_theta + it] = sum / (double)n_psi * p * p * p / (BD_PI * energy2);
        }
    }
}

/* dN/dP, all angles: Int dpT^2 rho P/E^2. */
static double marginal_at_momentum(const struct bd_parent *parent, double p, const double *row)
{
    double sum = 0.0;
    for (size_t j = 0; j < 4 * parent->pt.n; j++) { /* quarter cells */
        const double lo = parent->pt.edge[j / 4], width = (parent->pt.edge[j / 4 + 1] - lo) / 4.0;
        const double pt = lo + ((double)(j % 4) + 0.5) * width;
        if (pt < p)
            sum += 2.0 * pt * width * row_at(&parent->pt, row, pt);
    }
    return sum * p / (p * p + parent->mass * parent->mass);
}

static enum bd_status tabulate(struct bd_parent *parent, struct bd_error *err)
{
    double integral = 0.0;
    BD_TRY(integrate(parent, &integral, err));
    for (size_t i = 0; i < parent->ln_e.n * parent->pt.n; i++)
        parent->rho[i] /= integral;
    if (parent->grid == NULL) /* no decays */
        return BD_OK;

    const size_t n_theta = parent->grid->n_theta;
    const double e_min = exp(parent->ln_e.edge[0]), e_max = exp(parent->ln_e.edge[parent->ln_e.n]);
    const double pt_max = parent->pt.edge[parent->pt.n], m2 = parent->mass * parent->mass;
    const double p_max = sqrt(e_max * e_max - m2);
    const double p_min = sqrt(fmax(e_min * e_min - m2, 1e-6 * m2 + 1e-8));
    const double theta_max = parent->grid->theta_min_rad + parent->grid->theta_step_rad * (double)(n_theta - 1);
    parent->ln_p_min = log(p_min);
    parent->ln_p_step = log(p_max / p_min) / (N_LN_P - 1);
    parent->a_step = pt_max / N_A_PER_PT;
    /* pT = P sin(theta_parent) <= pT_max means P theta_parent <= pi/2 pT_max in the forward hemisphere. */
    for (size_t i = 0; i < N_LN_P; i++) {
        const double p = exp(parent->ln_p_min + (double)i * parent->ln_p_step);
        parent->first_a[i + 1] =
            parent->first_a[i] + (size_t)ceil((0.5 * BD_PI * pt_max + p * theta_max) / parent->a_step) + 2;
    }
    parent->average = malloc(parent->first_a[N_LN_P] * n_theta * sizeof *parent->average);
    parent->cumulative = malloc(N_LN_P * sizeof *parent->cumulative);
    parent->gauss = gsl_integration_glfixed_table_alloc(N_GAUSS);
    double *rows = malloc(N_LN_P * parent->pt.n * sizeof *rows);
    struct directions directions;
    if (parent->average == NULL || parent->cumulative == NULL || parent->gauss == NULL || rows == NULL) {
        free(rows);
        return no_memory(err);
    }
    const enum bd_status status = directions_init(parent->grid, &directions, err);
    if (status != BD_OK) {
        free(rows);
        return status;
    }
#pragma omp parallel for schedule(dynamic, 8) /* every row is its own: the numbers do not depend on the threads   \
                                               */
    for (size_t i = 0; i < N_LN_P; i++) {
        const double p = exp(parent->ln_p_min + (double)i * parent->ln_p_step);
        double *row = rows + i * parent->pt.n;
        row_of_energy(parent, 0.5 * log(p * p + m2), row);
        average_at_momentum(parent, &directions, p, row, parent->first_a[i + 1] - parent->first_a[i],
                            parent->average + parent->first_a[i] * n_theta);
        parent->cumulative[i] = marginal_at_momentum(parent, p, row);
    }
    free(directions.cos_theta);
    free(rows);
    double previous = parent->cumulative[0], sum = 0.0;
    parent->cumulative[0] = 0.0;
    for (size_t i = 1; i < N_LN_P; i++) {
        const double here = parent->cumulative[i];
        sum += 0.5 * (previous + here) * parent->ln_p_step;
        parent->cumulative[i] = sum;
        previous = here;
    }
    return BD_OK;
}

/* ---- opening ---- */

static struct bd_parent *parent_alloc(double mass_gev, const struct bd_spectrum_grid *grid)
{
    struct bd_parent *parent = calloc(1, sizeof *parent);
    if (parent != NULL) {
        parent->mass = mass_gev;
        parent->grid = grid;
    }
    return parent;
}

struct cell {
    double lo, hi;
};

static int compare_cells(const void *a, const void *b)
{
    const struct cell *left = a, *right = b;
    return (left->lo > right->lo) - (left->lo < right->lo);
}

/* Edges of the cells of one axis; a gap between two cells becomes an empty cell. */
static enum bd_status edges_of_cells(struct cell *cell, size_t n, const char *path, const char *what, double *edge,
                                     size_t *n_edge, struct bd_error *err)
{
    qsort(cell, n, sizeof *cell, compare_cells);
    size_t used = 0;
    edge[used++] = cell[0].lo;
    edge[used++] = cell[0].hi;
    for (size_t i = 1; i < n; i++) {
        if (cell[i].lo == cell[i - 1].lo && cell[i].hi == cell[i - 1].hi)
            continue;
        if (cell[i].lo < edge[used - 1])
            return bd_fail(err, BD_BAD_INPUT, "%s: cells overlap in %s: %g to %g GeV begins before %g GeV", path,
                           what, cell[i].lo, cell[i].hi, edge[used - 1]);
        if (cell[i].lo > edge[used - 1])
            edge[used++] = cell[i].lo;
        edge[used++] = cell[i].hi;
    }
    *n_edge = used;
    return BD_OK;
}

static size_t cell_of(const double *edge, size_t n_edge, double lo)
{
    size_t low = 0, high = n_edge - 1;
    while (high - low > 1) {
        const size_t middle = (low + high) / 2;
        if (edge[middle] <= lo)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The "events: N" and "totals per event: PDG:T" of the comment lines. */
static enum bd_status read_totals(const struct bd_csv *csv, int pdg, double *events, double *total,
                                  struct bd_error *err)
{
    *events = *total = 0.0;
    for (size_t i = 0; i < csv->n_comment; i++) {
        (void)sscanf(csv->comment[i], "events: %lf", events);
        const char *list = strstr(csv->comment[i], "totals per event:");
        for (list = list == NULL ? NULL : strchr(list, ':'); list != NULL; list = strchr(list + 1, ' ')) {
            int id;
            double value;
            if (sscanf(list + 1, "%d:%lf", &id, &value) == 2 && id == pdg)
                *total = value;
        }
    }
    if (!(*events > 0.0))
        return bd_fail(err, BD_BAD_INPUT, "%s: no comment line '# events: N' with N > 0", csv->path);
    if (!(*total > 0.0))
        return bd_fail(err, BD_BAD_INPUT,
                       "%s: the comment line '# totals per event:' has no entry for PDG number %d", csv->path,
                       pdg);
    return BD_OK;
}

static const char *const columns[] = {"pdg", "E_lo_GeV", "E_hi_GeV", "pT_lo_GeV", "pT_hi_GeV", "count", NULL};

struct table_row {
    struct cell energy, pt;
    double count;
};

/* Rows of one species, each number checked; all rows of the file are, so that a fault is found whoever asks. */
static enum bd_status read_rows(const struct bd_csv *csv, int pdg, double mass_gev, struct table_row *rows,
                                size_t *n, struct bd_error *err)
{
    *n = 0;
    for (size_t i = 0; i < csv->n_row; i++) {
        struct table_row row;
        double id;
        BD_TRY(bd_csv_number(csv, i, 0, -1e7, 1e7, &id, err));
        BD_TRY(bd_csv_number(csv, i, 1, 1e-6, 1e6, &row.energy.lo, err));
        BD_TRY(bd_csv_number(csv, i, 2, row.energy.lo, 1e6, &row.energy.hi, err));
        BD_TRY(bd_csv_number(csv, i, 3, 0.0, 1e6, &row.pt.lo, err));
        BD_TRY(bd_csv_number(csv, i, 4, row.pt.lo, 1e6, &row.pt.hi, err));
        BD_TRY(bd_csv_number(csv, i, 5, 0.0, 1e15, &row.count, err));
        if (row.energy.hi <= row.energy.lo || row.pt.hi <= row.pt.lo)
            return bd_csv_fail(csv, i, err, "a cell has no size: E %g to %g GeV, pT %g to %g GeV", row.energy.lo,
                               row.energy.hi, row.pt.lo, row.pt.hi);
        /* Cells without an allowed point, below the mass or with pT above the momentum, are dropped. */
        if ((int)id == pdg && row.energy.hi > hypot(mass_gev, row.pt.lo))
            rows[(*n)++] = row;
    }
    return *n > 0 ? BD_OK : bd_fail(err, BD_BAD_INPUT, "%s: no rows for PDG number %d", csv->path, pdg);
}

static enum bd_status fill_from_rows(struct bd_parent *parent, const char *path, const struct table_row *rows,
                                     size_t n, struct bd_error *err)
{
    struct cell *cells = malloc(n * sizeof *cells);
    double *edge_e = malloc((2 * n + 2) * sizeof *edge_e), *edge_pt = malloc((2 * n + 2) * sizeof *edge_pt);
    size_t n_e = 0, n_pt = 0;
    enum bd_status status = cells != NULL && edge_e != NULL && edge_pt != NULL ? BD_OK : no_memory(err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        cells[i] = rows[i].energy;
    if (status == BD_OK)
        status = edges_of_cells(cells, n, path, "E", edge_e, &n_e, err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        cells[i] = rows[i].pt;
    if (status == BD_OK)
        status = edges_of_cells(cells, n, path, "pT", edge_pt, &n_pt, err);
    if (status == BD_OK) {
        parent->rho = calloc((n_e - 1) * (n_pt - 1), sizeof *parent->rho);
        status = parent->rho != NULL ? BD_OK : no_memory(err);
    }
    for (size_t i = 0; status == BD_OK && i < n; i++) {
        const struct table_row *row = &rows[i];
        const double area =
            log(row->energy.hi / row->energy.lo) * (row->pt.hi * row->pt.hi - row->pt.lo * row->pt.lo);
        parent->rho[cell_of(edge_e, n_e, row->energy.lo) * (n_pt - 1) + cell_of(edge_pt, n_pt, row->pt.lo)] +=
            row->count / area;
    }
    for (size_t i = 0; status == BD_OK && i < n_e; i++)
        edge_e[i] = log(edge_e[i]);
    if (status == BD_OK)
        status = axis_init(&parent->ln_e, edge_e, n_e - 1, err);
    if (status == BD_OK)
        status = axis_init(&parent->pt, edge_pt, n_pt - 1, err);
    free(cells);
    free(edge_e);
    free(edge_pt);
    return status;
}

enum bd_status bd_parent_open_table(const char *path, int pdg, double mass_gev,
                                    const struct bd_spectrum_grid *grid, struct bd_parent **parent,
                                    double *multiplicity, struct bd_error *err)
{
    struct bd_csv *csv = NULL;
    struct table_row *rows = NULL;
    struct bd_parent *opened = parent_alloc(mass_gev, grid);
    size_t n = 0;
    double events;
    enum bd_status status = opened != NULL ? bd_csv_read(path, columns, &csv, err) : no_memory(err);
    if (status == BD_OK)
        status = read_totals(csv, pdg, &events, multiplicity, err);
    if (status == BD_OK) {
        rows = malloc(csv->n_row * sizeof *rows);
        status = rows != NULL ? read_rows(csv, pdg, mass_gev, rows, &n, err) : no_memory(err);
    }
    if (status == BD_OK)
        status = fill_from_rows(opened, path, rows, n, err);
    if (status == BD_OK)
        status = bd_add_context(err, tabulate(opened, err), "%s, PDG number %d", path, pdg);
    free(rows);
    bd_csv_free(csv);
    if (status == BD_OK)
        *parent = opened;
    else
        bd_parent_free(opened);
    return status;
}

enum bd_status bd_parent_open_density(double (*density)(double energy_gev, double pt_gev), double mass_gev,
                                      double e_min_gev, double e_max_gev, double pt_max_gev,
                                      const struct bd_spectrum_grid *grid, struct bd_parent **parent,
                                      struct bd_error *err)
{
    enum { n_e = 320, n_pt = N_A_PER_PT };
    struct bd_parent *opened = parent_alloc(mass_gev, grid);
    double edge_e[n_e + 1], edge_pt[n_pt + 1];
    for (size_t i = 0; i <= n_e; i++)
        edge_e[i] = log(e_min_gev) + log(e_max_gev / e_min_gev) * (double)i / n_e;
    for (size_t j = 0; j <= n_pt; j++)
        edge_pt[j] = pt_max_gev * (double)j / n_pt;
    enum bd_status status = opened != NULL ? axis_init(&opened->ln_e, edge_e, n_e, err) : no_memory(err);
    if (status == BD_OK)
        status = axis_init(&opened->pt, edge_pt, n_pt, err);
    if (status == BD_OK) {
        opened->rho = calloc((size_t)n_e * n_pt, sizeof *opened->rho);
        status = opened->rho != NULL ? BD_OK : no_memory(err);
    }
    for (size_t i = 0; status == BD_OK && i < n_e; i++)
        for (size_t j = 0; j < n_pt; j++)
            opened->rho[i * n_pt + j] = density(exp(opened->ln_e.centre[i]), opened->pt.centre[j]);
    if (status == BD_OK)
        status = tabulate(opened, err);
    if (status == BD_OK)
        *parent = opened;
    else
        bd_parent_free(opened);
    return status;
}

void bd_parent_free(struct bd_parent *parent)
{
    if (parent == NULL)
        return;
    free(parent->ln_e.edge);
    free(parent->ln_e.centre);
    free(parent->pt.edge);
    free(parent->pt.centre);
    free(parent->rho);
    free(parent->average);
    free(parent->cumulative);
    if (parent->gauss != NULL) /* GSL's does not accept NULL */
        gsl_integration_glfixed_table_free(parent->gauss);
    free(parent);
}

double bd_parent_mass(const struct bd_parent *parent)
{
    return parent->mass;
}

void bd_parent_limits(const struct bd_parent *parent, double *e_min_gev, double *e_max_gev, double *pt_max_gev)
{
    *e_min_gev = exp(parent->ln_e.edge[0]);
    *e_max_gev = exp(parent->ln_e.edge[parent->ln_e.n]);
    *pt_max_gev = parent->pt.edge[parent->pt.n];
}

double bd_parent_density(const struct bd_parent *parent, double energy_gev, double pt_gev)
{
    size_t i, j;
    double u, v;
    if (energy_gev * energy_gev - parent->mass * parent->mass <= pt_gev * pt_gev ||
        !axis_locate(&parent->ln_e, log(energy_gev), &i, &u) || !axis_locate(&parent->pt, pt_gev, &j, &v))
        return 0.0;
    const double *lo = parent->rho + i * parent->pt.n + j, *hi = u > 0.0 ? lo + parent->pt.n : lo;
    const size_t next = v > 0.0;
    return (1.0 - u) * (lo[0] + v * (lo[next] - lo[0])) + u * (hi[0] + v * (hi[next] - hi[0]));
}

/* ---- decays ---- */

/* Limits of ln P of a parent that can give X the momentum p, inside the table; 0 if there is none. */
static int parent_range(const struct bd_parent *parent, double mass, double e_star, double p, double *lo,
                        double *hi)
{
    const double energy = sqrt(p * p + mass * mass), p_star = sqrt(e_star * e_star - mass * mass);
    const double m = parent->mass, forward = e_star * energy + p_star * p;
    /* The first limit in the form without cancellation. */
    const double e_lo = m * (energy * energy + p_star * p_star) / forward;
    const double e_hi = mass > 0.0 ? m * forward / (mass * mass) : INFINITY;
    const double p2_lo = (e_lo - m) * (e_lo + m);
    *lo = fmax(parent->ln_p_min, p2_lo > 0.0 ? 0.5 * log(p2_lo) : -INFINITY);
    *hi = fmin(parent->ln_p_min + parent->ln_p_step * (N_LN_P - 1), 0.5 * log((e_hi - m) * (e_hi + m)));
    return *hi > *lo;
}

/* F of one parent momentum at the angle that gives X the momentum p, times weight, added for all theta. */
static void add_parent_momentum(const struct bd_parent *parent, double mass, double e_star, double p,
                                double ln_parent, double weight, double *sum)
{
    const double m = parent->mass, big_p = exp(ln_parent), energy = sqrt(p * p + mass * mass);
    const double one_minus_cos = (big_p * p - sqrt(big_p * big_p + m * m) * energy + m * e_star) / (big_p * p);
    const double alpha = 2.0 * asin(sqrt(fmin(fmax(0.5 * one_minus_cos, 0.0), 1.0)));
    const double x = fmin(fmax((ln_parent - parent->ln_p_min) / parent->ln_p_step, 0.0), N_LN_P - 1.0);
    const size_t ix = x < N_LN_P - 2 ? (size_t)x : N_LN_P - 2;
    const double y = big_p * alpha / parent->a_step;
    const size_t *first = &parent->first_a[ix], n_lo = first[1] - first[0], n_hi = first[2] - first[1];
    if (y >= (double)(n_hi - 1))
        return;
    const size_t iy = (size_t)y, n_theta = parent->grid->n_theta;
    const double u = x - (double)ix, v = y - (double)iy;
    const size_t iy_lo = iy + 1 < n_lo ? iy : n_lo - 2; /* beyond its end F is 0 */
    const double inside = iy + 1 < n_lo ? weight : 0.0;
    const double *f00 = parent->average + (first[0] + iy_lo) * n_theta, *f01 = f00 + n_theta;
    const double *f10 = parent->average + (first[1] + iy) * n_theta, *f11 = f10 + n_theta;
    const double w00 = inside * (1.0 - u) * (1.0 - v), w01 = inside * (1.0 - u) * v;
    const double w10 = weight * u * (1.0 - v), w11 = weight * u * v;
    for (size_t k = 0; k < n_theta; k++)
        sum[k] += w00 * f00[k] + w01 * f01[k] + w10 * f10[k] + w11 * f11[k];
}

static double cumulative_at(const struct bd_parent *parent, double ln_p)
{
    const double x = fmin(fmax((ln_p - parent->ln_p_min) / parent->ln_p_step, 0.0), N_LN_P - 1.0);
    const size_t i = x < N_LN_P - 2 ? (size_t)x : N_LN_P - 2;
    return parent->cumulative[i] + (x - (double)i) * (parent->cumulative[i + 1] - parent->cumulative[i]);
}

void bd_parent_add_decay(const struct bd_parent *parent, double mass_gev, double e_star_gev, double number,
                         struct bd_spectrum *spectrum)
{
    const struct bd_spectrum_grid *grid = parent->grid;
    const double p_star2 = e_star_gev * e_star_gev - mass_gev * mass_gev;
    if (p_star2 <= 0.0 || number <= 0.0)
        return;
    const double factor = number * parent->mass / (2.0 * sqrt(p_star2));
    double lo, hi;
    for (size_t i = 0; i < grid->n_p; i++) {
        const double p = exp(grid->ln_p_min + (double)i * grid->ln_p_step);
        if (!parent_range(parent, mass_gev, e_star_gev, p, &lo, &hi))
            continue;
        const double scale = factor * p / sqrt(p * p + mass_gev * mass_gev);
        for (size_t k = 0; k < N_GAUSS; k++) {
            double ln_parent, weight;
            (void)gsl_integration_glfixed_point(lo, hi, k, &ln_parent, &weight, parent->gauss);
            add_parent_momentum(parent, mass_gev, e_star_gev, p, ln_parent, scale * weight,
                                spectrum->density + i * grid->n_theta);
        }
    }
    /* All angles: dN/dlnp = p^2/E M/(2 p*) Int dlnP dN/dP. */
    for (size_t k = 0; k < BD_REACH_NODES; k++) {
        const double p = exp(grid->ln_reach_p_min + (double)k * grid->ln_reach_p_step);
        if (parent_range(parent, mass_gev, e_star_gev, p, &lo, &hi))
            spectrum->reach[k] += factor * p * p / sqrt(p * p + mass_gev * mass_gev) * grid->ln_reach_p_step *
                                  (cumulative_at(parent, hi) - cumulative_at(parent, lo));
    }
    spectrum->chi_per_pot += number;
}
