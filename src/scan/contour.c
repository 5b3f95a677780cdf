#include "src/scan/contour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/scan/contour_column.h"

#define TIP_STEP 1e-4  /* relative step in x at which a tip, or where an edge leaves the plane, counts as found */
#define EDGE_STEP 5e-3 /* and at which a steep edge does: thresholds are real steps */
#define EDGE_JUMP 0.1  /* of ln y between neighbouring columns that is smooth enough */
#define ROUNDS 16
#define COLUMNS_MAX 20000

static enum bd_status no_memory(struct bd_error *err)
{
    return bd_fail(err, BD_NO_MEMORY, "contour: out of memory");
}

/* ---- columns ---- */

static int overlap(const struct bd_contour_column *a, size_t i, const struct bd_contour_column *b, size_t j)
{
    return a->lo[i] < b->hi[j] && b->lo[j] < a->hi[i];
}

/* 1 if a column between these two is needed. */
static int needs_column(const struct bd_contour_column *a, const struct bd_contour_column *b)
{
    const double step = log(b->x / a->x);
    int changed = a->n != b->n || a->lo_at_border != b->lo_at_border || a->hi_at_border != b->hi_at_border;
    double jump = 0.0;
    for (size_t i = 0; i < a->n && !changed; i++) {
        changed = !overlap(a, i, b, i) || (i > 0 && (overlap(a, i, b, i - 1) || overlap(a, i - 1, b, i)));
        jump = fmax(jump, fmax(fabs(a->lo[i] - b->lo[i]), fabs(a->hi[i] - b->hi[i])));
    }
    return changed ? step > TIP_STEP : jump > EDGE_JUMP && step > EDGE_STEP;
}

static enum bd_status find_columns(const struct bd_contour_field *field, const struct bd_contour_grid *grid,
                                   struct bd_contour_column *column, const unsigned char *known, size_t n,
                                   struct bd_error *err)
{
    const double lo = log(grid->y_min), hi = log(grid->y_max);
    enum bd_status status = BD_OK;
    size_t failed = n;
#pragma omp parallel for num_threads(grid->threads) schedule(dynamic, 1)
    for (size_t i = 0; i < n; i++) {
        struct bd_error own;
        if (known[i])
            continue;
        const enum bd_status here = bd_contour_column_find(field, lo, hi, &column[i], &own);
        if (here != BD_OK)
#pragma omp critical(bd_contour_columns)
            if (i < failed) {
                failed = i;
                status = here;
                if (err != NULL)
                    *err = own;
            }
    }
    return status;
}

/* All columns, with those added where the outline changes. */
static enum bd_status make_columns(const struct bd_contour_field *field, const struct bd_contour_grid *grid,
                                   struct bd_contour_column **columns, size_t *n_column, struct bd_error *err)
{
    struct bd_contour_column *column = calloc(COLUMNS_MAX, sizeof *column),
                             *next = calloc(COLUMNS_MAX, sizeof *next);
    unsigned char *known = calloc(COLUMNS_MAX, 1);
    size_t n = grid->n_x;
    enum bd_status status = column != NULL && next != NULL && known != NULL ? BD_OK : no_memory(err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        column[i].x = grid->x[i];
    for (int round = 0; status == BD_OK && round <= ROUNDS; round++) {
        status = find_columns(field, grid, column, known, n, err);
        size_t m = 0;
        for (size_t i = 0; i < n && status == BD_OK; i++) {
            next[m] = column[i];
            known[m++] = 1;
            if (i + 1 < n && m + n - i < COLUMNS_MAX && needs_column(&column[i], &column[i + 1])) {
                next[m] = (struct bd_contour_column){.x = sqrt(column[i].x * column[i + 1].x)};
                known[m++] = 0;
            }
        }
        if (m == n || round == ROUNDS)
            break;
        struct bd_contour_column *swap = column;
        column = next;
        next = swap;
        n = m;
    }
    free(next);
    free(known);
    if (status != BD_OK) {
        free(column);
        return status;
    }
    *columns = column;
    *n_column = n;
    return BD_OK;
}

/* ---- polylines ---- */

/* Every edge of every column is a vertex with at most two links, one to each side in x. */
struct vertex {
    double x, ln_y;
    int upper;         /* 1: the upper edge of an interval */
    int at_border;     /* the scanned plane ends here: no edge of the region */
    ptrdiff_t link[2]; /* left, right; -1: none */
    int used;
};

struct graph {
    size_t n;
    struct vertex *vertex;
    size_t *first; /* [n_column] vertex of the first interval; lower and upper edges alternate */
};

static void join(struct graph *graph, size_t a, int side_a, size_t b, int side_b)
{
    if (graph->vertex[a].at_border && graph->vertex[b].at_border)
        return; /* with one of them the line ends at the border */
    graph->vertex[a].link[side_a] = (ptrdiff_t)b;
    graph->vertex[b].link[side_b] = (ptrdiff_t)a;
}

/* The two edges of an interval without a partner on one side, lower and lower + 1. If the plane ends at one of
 * them the line ends there, unless it has come from there already. */
static void close_interval(struct graph *graph, size_t lower, int side)
{
    struct vertex *edge = &graph->vertex[lower];
    if (edge[0].at_border && edge[1].at_border)
        return;
    for (size_t k = 0; k < 2; k++)
        if (edge[k].at_border && (edge[k].link[0] >= 0 || edge[k].link[1] >= 0))
            return;
    edge[0].link[side] = (ptrdiff_t)lower + 1;
    edge[1].link[side] = (ptrdiff_t)lower;
}

/* Join the edges of two neighbouring columns: groups of intervals that overlap share an outline; what has no
 * partner closes on itself. */
static void join_columns(struct graph *graph, const struct bd_contour_column *left,
                         const struct bd_contour_column *right, size_t left_first, size_t right_first)
{
    size_t i = 0, j = 0;
    while (i < left->n || j < right->n) {
        size_t i_end = i, j_end = j;
        /* Start with the lowest interval, then take all that are connected with it. */
        if (j >= right->n || (i < left->n && left->lo[i] <= right->lo[j]))
            i_end++;
        else
            j_end++;
        for (int grew = 1; grew;) {
            grew = 0;
            for (size_t k = i; k < i_end; k++)
                while (j_end < right->n && overlap(left, k, right, j_end)) {
                    j_end++;
                    grew = 1;
                }
            for (size_t k = j; k < j_end; k++)
                while (i_end < left->n && overlap(left, i_end, right, k)) {
                    i_end++;
                    grew = 1;
                }
        }
        const size_t l = left_first, r = right_first;
        if (i_end > i && j_end > j) {
            join(graph, l + 2 * i, 1, r + 2 * j, 0);
            join(graph, l + 2 * (i_end - 1) + 1, 1, r + 2 * (j_end - 1) + 1, 0);
            for (size_t k = i; k + 1 < i_end; k++)
                join(graph, l + 2 * k + 1, 1, l + 2 * (k + 1), 1);
            for (size_t k = j; k + 1 < j_end; k++)
                join(graph, r + 2 * k + 1, 0, r + 2 * (k + 1), 0);
        } else if (i_end > i) {
            close_interval(graph, l + 2 * i, 1);
        } else {
            close_interval(graph, r + 2 * j, 0);
        }
        i = i_end;
        j = j_end;
    }
}

static enum bd_status build_graph(const struct bd_contour_column *column, size_t n_column, struct graph *graph,
                                  struct bd_error *err)
{
    *graph = (struct graph){0};
    for (size_t i = 0; i < n_column; i++)
        graph->n += 2 * column[i].n;
    graph->vertex = calloc(graph->n + 1, sizeof *graph->vertex);
    graph->first = calloc(n_column, sizeof *graph->first);
    if (graph->vertex == NULL || graph->first == NULL)
        return no_memory(err);
    size_t v = 0;
    for (size_t i = 0; i < n_column; i++) {
        graph->first[i] = v;
        for (size_t k = 0; k < column[i].n; k++) {
            graph->vertex[v++] = (struct vertex){.x = column[i].x,
                                                 .ln_y = column[i].lo[k],
                                                 .at_border = k == 0 && column[i].lo_at_border,
                                                 .link = {-1, -1}};
            graph->vertex[v++] = (struct vertex){.x = column[i].x,
                                                 .ln_y = column[i].hi[k],
                                                 .upper = 1,
                                                 .at_border = k + 1 == column[i].n && column[i].hi_at_border,
                                                 .link = {-1, -1}};
        }
    }
    for (size_t i = 0; i + 1 < n_column; i++)
        join_columns(graph, &column[i], &column[i + 1], graph->first[i], graph->first[i + 1]);
    return BD_OK;
}

/* Follow links from a vertex until the end of the line or back to the start; the numbers of its vertices. */
static size_t follow(struct graph *graph, size_t start, size_t *path, int *closed)
{
    size_t n = 0, here = start;
    ptrdiff_t previous = -1;
    *closed = 0;
    for (;;) {
        struct vertex *vertex = &graph->vertex[here];
        vertex->used = 1;
        path[n++] = here;
        ptrdiff_t next = vertex->link[0];
        if (next < 0 || next == previous)
            next = vertex->link[1] != previous || vertex->link[0] == vertex->link[1] ? vertex->link[1] : -1;
        if (next < 0)
            return n;
        if ((size_t)next == start) {
            *closed = n > 1;
            return n;
        }
        if (graph->vertex[next].used)
            return n;
        previous = (ptrdiff_t)here;
        here = (size_t)next;
    }
}

/* The lowest vertex of a loop at its first x: an upper edge means that the inside is not excluded. */
static int is_hole(const struct graph *graph, const size_t *path, size_t n)
{
    const struct vertex *lowest = &graph->vertex[path[0]];
    for (size_t i = 1; i < n; i++) {
        const struct vertex *vertex = &graph->vertex[path[i]];
        if (vertex->x < lowest->x || (vertex->x == lowest->x && vertex->ln_y < lowest->ln_y))
            lowest = vertex;
    }
    return lowest->upper;
}

/* Twice the signed area in (ln x, ln y). */
static double signed_area(const struct graph *graph, const size_t *path, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const struct vertex *a = &graph->vertex[path[i]], *b = &graph->vertex[path[(i + 1) % n]];
        sum += log(a->x) * b->ln_y - log(b->x) * a->ln_y;
    }
    return sum;
}

static enum bd_status add_polyline(const struct graph *graph, const size_t *path, size_t n, int closed,
                                   struct bd_contour *contour, struct bd_error *err)
{
    struct bd_polyline *larger = realloc(contour->polyline, (contour->n_polyline + 1) * sizeof *larger);
    if (larger == NULL)
        return no_memory(err);
    contour->polyline = larger;
    struct bd_polyline line = {.n_vertex = n, .closed = closed, .hole = closed && is_hole(graph, path, n)};
    line.x = malloc(n * sizeof *line.x);
    line.y = malloc(n * sizeof *line.y);
    if (line.x == NULL || line.y == NULL) {
        free(line.x);
        free(line.y);
        return no_memory(err);
    }
    /* Excluded on the left: outer loops counter-clockwise, holes clockwise, lower edges of open lines towards
     * larger x. */
    size_t step = 0; /* the first step to another column: an end may be a vertical edge */
    while (step + 2 < n && graph->vertex[path[step]].x == graph->vertex[path[step + 1]].x)
        step++;
    const struct vertex *first = &graph->vertex[path[step]], *second = &graph->vertex[path[step + 1]];
    const int backwards =
        closed ? (signed_area(graph, path, n) > 0.0) == line.hole : (second->x > first->x) == first->upper;
    for (size_t i = 0; i < n; i++) {
        const struct vertex *vertex = &graph->vertex[path[backwards ? n - 1 - i : i]];
        line.x[i] = vertex->x;
        line.y[i] = exp(vertex->ln_y);
    }
    contour->polyline[contour->n_polyline++] = line;
    return BD_OK;
}

/* Open lines first begin at their ends, then what is left are loops. */
static enum bd_status trace_graph(struct graph *graph, struct bd_contour *contour, struct bd_error *err)
{
    size_t *path = malloc((graph->n + 1) * sizeof *path);
    enum bd_status status = path != NULL ? BD_OK : no_memory(err);
    for (int loops = 0; loops < 2; loops++)
        for (size_t v = 0; v < graph->n && status == BD_OK; v++) {
            const struct vertex *vertex = &graph->vertex[v];
            const int alone = vertex->link[0] < 0 && vertex->link[1] < 0;
            if (vertex->used || (vertex->at_border && alone) ||
                (!loops && vertex->link[0] >= 0 && vertex->link[1] >= 0))
                continue;
            int closed;
            const size_t n = follow(graph, v, path, &closed);
            if (n > 1)
                status = add_polyline(graph, path, n, closed, contour, err);
        }
    free(path);
    return status;
}

enum bd_status bd_contour_trace(const struct bd_contour_field *field, const struct bd_contour_grid *grid,
                                struct bd_contour *contour, struct bd_error *err)
{
    struct bd_contour_column *column = NULL;
    struct graph graph = {0};
    size_t n_column = 0;
    if (grid->n_x < 2 || !(grid->y_min > 0.0 && grid->y_max > grid->y_min))
        return bd_fail(err, BD_BAD_INPUT, "contour: %zu columns between %g and %g: not a plane", grid->n_x,
                       grid->y_min, grid->y_max);
    contour->x_min = grid->x[0];
    contour->x_max = grid->x[grid->n_x - 1];
    contour->y_min = grid->y_min;
    contour->y_max = grid->y_max;
    contour->n_polyline = 0;
    contour->polyline = NULL;
    enum bd_status status = make_columns(field, grid, &column, &n_column, err);
    if (status == BD_OK)
        status = build_graph(column, n_column, &graph, err);
    if (status == BD_OK)
        status = trace_graph(&graph, contour, err);
    free(column);
    free(graph.vertex);
    free(graph.first);
    if (status != BD_OK)
        bd_contour_free(contour);
    return status;
}
