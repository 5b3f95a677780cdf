/* Where configurations are drawn: a pilot finds where decays are accepted, and the proposal follows density times
 * the square root of the acceptance. */
#include <math.h>
#include <stdlib.h>

#include "decay/kernel_run.h"
#include "src/core/pdg.h"
#include "src/core/vector.h"

#define PILOT_BLOCKS_MAX 16          /* blocks of configurations at each momentum, at most */
#define PILOT_HITS 128               /* accepted configurations that are enough */
#define PILOT_FLOOR 3e-3             /* of the largest acceptance: few hits are not none */
#define PILOT_WIDTHS 4               /* plateau, maximum of N, between, edge */
#define PILOT_SHIFT BD_KERNEL_SHIFTS /* number of its digital shift, beside those of the main run */
#define FLAT_Z 0.15                  /* part of the vertices that is flat in z */
#define FLAT_SHAPE 0.15              /* and of the shaped coordinates that is flat */
#define EDGE 1e-4                    /* N / N_max at the short-lived end of what matters */
#define LN_ZERO (-690.0)             /* ln of a density that is 0 */

/* ---- pilot ---- */

/* The shaped coordinates by their numbers in the phase space; two bodies have the first, three the first three. */
static const size_t shaped_u[BD_SHAPED_MAX] = {0, 3, 2, 6, 5};

static int is_cosine(size_t d)
{
    return shaped_u[d] % 3 == 0;
}

/* Acceptance of X of one momentum in cells of theta and in slices of z. */
static void pilot_momentum(struct bd_kernel_run *run, size_t ip, const uint32_t *word, size_t max_block)
{
    struct bd_kernel_worker *worker = run->worker;
    struct bd_detector_block *block = &worker->block;
    const double z_min = run->detector.z_min_m, dz = (run->detector.z_max_m - z_min) / BD_PILOT_Z;
    double hits_theta[BD_PILOT_THETA] = {0}, n_theta[BD_PILOT_THETA] = {0}, hits_z[BD_PILOT_Z] = {0};
    double hits_shape[BD_SHAPED_MAX][BD_PILOT_SHAPE] = {{0}};
    size_t n_block = 0;
    for (size_t hits = 0; n_block < BD_PILOT_BLOCKS || (n_block < max_block && hits < PILOT_HITS); n_block++) {
        bd_kernel_draw_points(run, word, n_block * BD_BLOCK, BD_BLOCK);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            worker->p[i] = exp(run->pilot_ln_p[ip]);
            worker->radius[i] = worker->u[BD_DIM_THETA][i] * run->theta_step * BD_PILOT_THETA;
            n_theta[(size_t)(worker->u[BD_DIM_THETA][i] * BD_PILOT_THETA)] += 1.0;
            for (size_t s = 0; s < BD_PILOT_Z; s++)
                block->z[s][i] = z_min + ((double)s + worker->u[BD_DIM_Z][i]) * dz;
        }
        block->n_slice = BD_PILOT_Z;
        bd_kernel_set_directions(run, BD_BLOCK);
        bd_kernel_select_block(run, BD_BLOCK);
        hits += block->n;
        for (size_t i = 0; i < block->n; i++) {
            const size_t origin = block->origin[i];
            const size_t cell = (size_t)(worker->u[BD_DIM_THETA][origin] * BD_PILOT_THETA);
            double weight = 0.0; /* the pilot serves all matrix elements */
            for (size_t a = 0; a < run->n_amplitude; a++)
                weight += worker->weight[a][i] / (double)run->n_amplitude;
            for (size_t s = 0; s < BD_PILOT_Z; s++) {
                const double hit = block->ok[s][i] * weight;
                hits_theta[cell] += hit / BD_PILOT_Z;
                hits_z[s] += hit;
                for (size_t d = 0; d < run->n_shaped; d++)
                    hits_shape[d][(size_t)(worker->u[run->shaped[d]][origin] * BD_PILOT_SHAPE)] += hit;
            }
        }
    }
    for (size_t k = 0; k < BD_PILOT_THETA; k++)
        run->acceptance_theta[ip][k] = n_theta[k] > 0.0 ? hits_theta[k] / n_theta[k] : 0.0;
    for (size_t s = 0; s < BD_PILOT_Z; s++)
        run->acceptance_z[ip][s] = hits_z[s] / (double)(n_block * BD_BLOCK);
    for (size_t d = 0; d < run->n_shaped; d++)
        for (size_t k = 0; k < BD_PILOT_SHAPE;
             k++) /* cosines are nearly symmetric: both halves together know it better */
            run->acceptance_shape[d][ip][k] =
                (hits_shape[d][k] + (is_cosine(d) ? hits_shape[d][BD_PILOT_SHAPE - 1 - k] : 0.0)) /
                (double)(n_block * BD_BLOCK);
}

static void add_floor(double *acceptance, size_t n)
{
    double largest = 0.0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, acceptance[i]);
    for (size_t i = 0; i < n; i++)
        acceptance[i] = largest > 0.0 ? acceptance[i] + PILOT_FLOOR * largest : 1.0;
}

static int has_hits(const double *acceptance, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (acceptance[i] > 0.0)
            return 1;
    return 0;
}

/* All momenta from first_p on; returns the slowest one with an accepted decay, BD_PILOT_P if there is none.
 */
static size_t pilot_momenta(struct bd_kernel_run *run, const uint32_t *word)
{
    const struct bd_spectrum_grid *grid = run->task->grid;
    const size_t blocks = run->task->max_points / BD_BLOCK;
    const double lo = grid->ln_p_min + grid->ln_p_step * (double)run->first_p;
    size_t slowest = BD_PILOT_P;
    for (size_t ip = BD_PILOT_P; ip-- > 0;) {
        run->pilot_ln_p[ip] = lo + grid->ln_p_step * (double)run->n_cell_p * (double)ip / (BD_PILOT_P - 1);
        pilot_momentum(run, ip, word, blocks < PILOT_BLOCKS_MAX ? blocks : PILOT_BLOCKS_MAX);
        if (has_hits(run->acceptance_theta[ip], BD_PILOT_THETA))
            slowest = ip;
    }
    return slowest;
}

/* Heavy X open their decays so wide that slow ones are never accepted, and spectra fall: momenta well below the
 * slowest one with a hit are dropped, and the pilot looks again at the rest. Two steps lower the acceptance is
 * less than 1e-5 of what it is at the fast end: the loss is far below any precision that can be asked. */
static void pilot(struct bd_kernel_run *run)
{
    uint32_t word[BD_DIMENSIONS_MAX];
    bd_qmc_shift(run->key, PILOT_SHIFT, BD_DIMENSIONS_MAX, word);
    const size_t slowest = pilot_momenta(run, word);
    if (slowest > 2 && slowest < BD_PILOT_P) {
        const size_t dropped = run->n_cell_p * (slowest - 2) / (BD_PILOT_P - 1);
        run->first_p += dropped;
        run->n_cell_p -= dropped;
        (void)pilot_momenta(run, word);
    }
    add_floor(&run->acceptance_theta[0][0], (size_t)BD_PILOT_P * BD_PILOT_THETA);
    add_floor(&run->acceptance_z[0][0], (size_t)BD_PILOT_P * BD_PILOT_Z);
    for (size_t d = 0; d < run->n_shaped; d++)
        add_floor(&run->acceptance_shape[d][0][0], (size_t)BD_PILOT_P * BD_PILOT_SHAPE);
}

/* ---- densities ---- */

void bd_kernel_take_logarithms(struct bd_kernel_run *run)
{
    const struct bd_spectrum_grid *grid = run->task->grid;
    const size_t n = grid->n_p * grid->n_theta;
    for (size_t a = 0; a < run->n_active; a++)
        for (size_t i = 0; i < n; i++) {
            const double density = run->task->spectrum[run->active[a]]->density[i];
            run->ln_density[i * run->n_active + a] = density > 0.0 ? log(density) : LN_ZERO;
        }
}

/* ln f of all active productions at a fraction u of p cell ip: linear in theta and ln p. */
void bd_kernel_ln_density(const struct bd_kernel_run *run, size_t ip, double u, double theta, double *ln_density)
{
    const struct bd_spectrum_grid *grid = run->task->grid;
    const double x = (theta - grid->theta_min_rad) / grid->theta_step_rad;
    size_t it = x > 0.0 ? (size_t)x : 0;
    it = it < grid->n_theta - 2 ? it : grid->n_theta - 2;
    const size_t n = run->n_active;
    const double v = x - (double)it;
    const double w00 = (1.0 - u) * (1.0 - v), w01 = (1.0 - u) * v, w10 = u * (1.0 - v), w11 = u * v;
    const double *lo = run->ln_density + (ip * grid->n_theta + it) * n, *hi = lo + grid->n_theta * n;
    for (size_t a = 0; a < n; a++)
        ln_density[a] = w00 * lo[a] + w01 * lo[n + a] + w10 * hi[a] + w11 * hi[n + a];
}

/* ---- proposal ---- */

/* Values of the pilot, [BD_PILOT_P][n], at the centre of a p cell. */
static void interpolate_pilot(const struct bd_kernel_run *run, double ln_p, const double *acceptance, size_t n,
                              double *value)
{
    const double step = run->pilot_ln_p[1] - run->pilot_ln_p[0];
    const double x = step > 0.0 ? fmin(fmax((ln_p - run->pilot_ln_p[0]) / step, 0.0), BD_PILOT_P - 1.001) : 0.0;
    const size_t i = (size_t)x;
    const double u = x - (double)i;
    for (size_t k = 0; k < n; k++)
        value[k] = (1.0 - u) * acceptance[i * n + k] + u * acceptance[(i + 1) * n + k];
}

/* Rate at which X decays per metre of its path, times lifetime: exp(-rate * path). */
static double inverse_length(const struct bd_kernel_run *run, double width, double ln_p)
{
    return run->task->mass_gev * width / BD_HBARC_GEV_M * exp(-ln_p);
}

static double slice_path(const struct bd_kernel_run *run, size_t s)
{
    const double dz = (run->detector.z_max_m - run->detector.z_min_m) / BD_PILOT_Z;
    return run->detector.z_min_m + ((double)s + 0.5) * dz - run->z0;
}

static double cell_ln_p(const struct bd_kernel_run *run, size_t ip)
{
    return run->task->grid->ln_p_min + run->task->grid->ln_p_step * ((double)(run->first_p + ip) + 0.5);
}

/* Yield of the pilot against the width, up to a factor: events[n_cell_p][BD_PILOT_Z] at infinite lifetime.
 */
static double pilot_yield(const struct bd_kernel_run *run, const double *events, double width)
{
    double sum = 0.0;
    for (size_t ip = 0; ip < run->n_cell_p; ip++)
        for (size_t s = 0; s < BD_PILOT_Z; s++)
            if (events[ip * BD_PILOT_Z + s] > 0.0)
                sum += events[ip * BD_PILOT_Z + s] *
                       exp(-inverse_length(run, width, cell_ln_p(run, ip)) * slice_path(run, s));
    return sum * width;
}

/* Widths where N is largest and where it has fallen to EDGE of that on the short-lived side, from any
 * yield(width). */
void bd_kernel_find_widths(double (*yield)(const void *object, double width), const void *object, double mass,
                           double s_min, double s_max, double *at_maximum, double *at_edge)
{
    const double lo = 1e-2 * BD_HBARC_GEV_M / (mass * s_max), factor = 1.12;
    double best = 0.0, width = lo;
    *at_maximum = lo;
    for (; width < 100.0 * BD_HBARC_GEV_M / (mass * s_min); width *= factor) {
        const double here = yield(object, width);
        if (here > best) {
            best = here;
            *at_maximum = width;
        } else if (here < EDGE * best) {
            break;
        }
    }
    *at_edge = width;
}

struct pilot_object {
    const struct bd_kernel_run *run;
    const double *events;
};

static double yield_of_pilot(const void *object, double width)
{
    const struct pilot_object *pilot_object = object;
    return pilot_yield(pilot_object->run, pilot_object->events, width);
}

/* f dtheta^2 of all productions at the centres of the cells: [n_cell_p][BD_PILOT_THETA][n_active]. */
static void tabulate_centres(const struct bd_kernel_run *run, double *centre)
{
    for (size_t ip = 0; ip < run->n_cell_p; ip++)
        for (size_t it = 0; it < BD_PILOT_THETA; it++, centre += run->n_active) {
            const double radius = ((double)it + 0.5) * run->theta_step;
            const double theta = run->detector.window.aimed ? run->detector.window.theta_disc_rad : radius;
            bd_kernel_ln_density(run, run->first_p + ip, 0.5, theta, centre);
            for (size_t a = 0; a < run->n_active; a++) /* dtheta^2 = 2 theta dtheta */
                centre[a] = centre[a] > 0.5 * LN_ZERO ? exp(centre[a]) * radius : 0.0;
        }
}

/* Add one production to the proposal: f sqrt(A(p, theta)) sqrt(A(z | p)), averaged over the widths, each
 * normalised. */
static void add_production(struct bd_kernel_run *run, const double *centre, double *events, double *cell_theta,
                           double *cell_z)
{
    double theta_a[BD_PILOT_THETA], z_a[BD_PILOT_Z], widths[PILOT_WIDTHS] = {0};
    for (size_t ip = 0; ip < run->n_cell_p; ip++) {
        const double ln_p = cell_ln_p(run, ip);
        interpolate_pilot(run, ln_p, &run->acceptance_theta[0][0], BD_PILOT_THETA, theta_a);
        interpolate_pilot(run, ln_p, &run->acceptance_z[0][0], BD_PILOT_Z, z_a);
        double accepted = 0.0, mean_z = 0.0;
        for (size_t it = 0; it < BD_PILOT_THETA; it++) {
            const double f = centre[(ip * BD_PILOT_THETA + it) * run->n_active];
            accepted += f * theta_a[it];
            cell_theta[ip * BD_PILOT_THETA + it] = f * sqrt(theta_a[it]);
        }
        for (size_t s = 0; s < BD_PILOT_Z; s++)
            mean_z += z_a[s] / BD_PILOT_Z;
        for (size_t s = 0; s < BD_PILOT_Z; s++)
            events[ip * BD_PILOT_Z + s] = accepted * z_a[s] / mean_z; /* p from dln p and 1/p from m/p cancel */
    }
    const struct pilot_object object = {run, events};
    bd_kernel_find_widths(
        yield_of_pilot, &object, run->task->mass_gev, exp(run->task->nodes->ln_s_min),
        exp(run->task->nodes->ln_s_min + run->task->nodes->ln_s_step * (BD_KERNEL_NODES - 2 * BD_KERNEL_GUARD)),
        &widths[1], &widths[3]);
    widths[2] = sqrt(widths[1] * widths[3]);
    for (size_t w = 0; w < PILOT_WIDTHS; w++) {
        double total = 0.0;
        for (int pass = 0; pass < 2; pass++) /* first the sum, then the normalised terms */
            for (size_t ip = 0; ip < run->n_cell_p; ip++) {
                const double ln_p = cell_ln_p(run, ip), rate = inverse_length(run, widths[w], ln_p);
                double sum_z = 0.0, sum_theta = 0.0, z_part[BD_PILOT_Z];
                interpolate_pilot(run, ln_p, &run->acceptance_z[0][0], BD_PILOT_Z, z_a);
                for (size_t s = 0; s < BD_PILOT_Z; s++)
                    sum_z += z_part[s] = sqrt(z_a[s]) * exp(-rate * slice_path(run, s));
                for (size_t it = 0; it < BD_PILOT_THETA; it++)
                    sum_theta += cell_theta[ip * BD_PILOT_THETA + it];
                if (pass == 0) {
                    total += sum_z * sum_theta;
                    continue;
                }
                for (size_t it = 0; it < BD_PILOT_THETA && total > 0.0; it++)
                    run->probability[ip * BD_PILOT_THETA + it] +=
                        cell_theta[ip * BD_PILOT_THETA + it] * sum_z / total;
                for (size_t s = 0; s < BD_PILOT_Z && total > 0.0; s++)
                    cell_z[ip * BD_PILOT_Z + s] += z_part[s] * sum_theta / total;
            }
    }
}

/* Cumulative sums of n positive numbers, normalised; flat if all are 0. */
static double accumulate(const double *value, size_t n, double flat, double *cumulative)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += value[i];
    cumulative[0] = 0.0;
    for (size_t i = 0; i < n; i++)
        cumulative[i + 1] =
            cumulative[i] + (sum > 0.0 ? (1.0 - flat) * value[i] / sum + flat / (double)n : 1.0 / (double)n);
    return sum;
}

static void make_guide(struct bd_kernel_run *run)
{
    for (size_t k = 0, cell = 0; k < BD_KERNEL_GUIDE; k++) {
        while (cell + 1 < run->n_cell_p && run->cumulative_p[cell + 1] <= (double)k / BD_KERNEL_GUIDE)
            cell++;
        run->guide_p[k] = (unsigned short)cell;
    }
}

/* 0 if nothing can be produced in the window. */
static int build_proposal(struct bd_kernel_run *run, double *scratch)
{
    double *events = scratch, *cell_theta = events + run->n_cell_p * BD_PILOT_Z;
    double *cell_z = cell_theta + run->n_cell_p * BD_PILOT_THETA, *momentum = cell_z + run->n_cell_p * BD_PILOT_Z;
    double *centre = momentum + run->n_cell_p;
    for (size_t i = 0; i < run->n_cell_p * BD_PILOT_THETA; i++)
        run->probability[i] = 0.0;
    for (size_t i = 0; i < run->n_cell_p * BD_PILOT_Z; i++)
        cell_z[i] = 0.0;
    tabulate_centres(run, centre);
    for (size_t a = 0; a < run->n_active; a++)
        add_production(run, centre + a, events, cell_theta, cell_z);
    for (size_t ip = 0; ip < run->n_cell_p; ip++) {
        for (size_t d = 0; d < run->n_shaped; d++) {
            double shape[BD_PILOT_SHAPE];
            interpolate_pilot(run, cell_ln_p(run, ip), &run->acceptance_shape[d][0][0], BD_PILOT_SHAPE, shape);
            for (size_t k = 0; k < BD_PILOT_SHAPE; k++)
                shape[k] = sqrt(shape[k]);
            (void)accumulate(shape, BD_PILOT_SHAPE, FLAT_SHAPE,
                             run->cumulative_shape + (ip * run->n_shaped + d) * (BD_PILOT_SHAPE + 1));
        }
        momentum[ip] = accumulate(run->probability + ip * BD_PILOT_THETA, BD_PILOT_THETA, 0.0,
                                  run->cumulative_theta + ip * (BD_PILOT_THETA + 1));
        (void)accumulate(cell_z + ip * BD_PILOT_Z, BD_PILOT_Z, FLAT_Z, run->cumulative_z + ip * (BD_PILOT_Z + 1));
    }
    const double total = accumulate(momentum, run->n_cell_p, 0.0, run->cumulative_p);
    for (size_t i = 0; i < run->n_cell_p * BD_PILOT_THETA; i++)
        run->probability[i] /= total > 0.0 ? total : 1.0;
    make_guide(run);
    return total > 0.0;
}

/* ---- drawing ---- */

/* Cell of the long table of p, with a guide to where to begin. */
static size_t invert_p(const struct bd_kernel_run *run, double u, double *fraction)
{
    size_t cell = run->guide_p[(size_t)(u * BD_KERNEL_GUIDE)];
    while (cell + 1 < run->n_cell_p && run->cumulative_p[cell + 1] <= u)
        cell++;
    const double width = run->cumulative_p[cell + 1] - run->cumulative_p[cell];
    *fraction = width > 0.0 ? fmin((u - run->cumulative_p[cell]) / width, 1.0) : 0.5;
    return cell;
}

/* Cell of a short cumulative table and the fraction inside it. Counted, because branches would be guessed wrong.
 */
static inline size_t invert(const double *cumulative, size_t n, double u, double *fraction)
{
    size_t count = 0; /* cells that begin below u */
    for (size_t k = 0; k < n; k++)
        count += cumulative[k] <= u;
    const double lo = cumulative[count - 1], width = cumulative[count] - lo;
    const double inside = width > 0.0 ? (u - lo) / width : 0.5;
    *fraction = inside < 1.0 ? inside : 1.0;
    return count - 1;
}

/* radius from the tables of the p cells; the weight is divided by its density in radius^2 and that of the p cell.
 */
BD_VECTOR
static void draw_radius(size_t n, const struct bd_kernel_run *run, const unsigned short *cell_p, const double *u,
                        double *radius, double *weight)
{
    const double step = run->theta_step;
    for (size_t i = 0; i < n; i++) {
        double fraction;
        const size_t it =
            invert(run->cumulative_theta + cell_p[i] * (BD_PILOT_THETA + 1), BD_PILOT_THETA, u[i], &fraction);
        const double lo = (double)it * step, hi = lo + step, area = hi * hi - lo * lo;
        radius[i] = sqrt(lo * lo + fraction * area);
        weight[i] *= area / run->probability[cell_p[i] * BD_PILOT_THETA + it];
    }
}

/* Stratified vertex s from the tables of the p cells. */
BD_VECTOR
static void draw_slice(size_t n, const struct bd_kernel_run *run, size_t s, const unsigned short *cell_p,
                       const double *u, double *z)
{
    const double z_min = run->detector.z_min_m, dz = (run->detector.z_max_m - z_min) / BD_PILOT_Z;
    for (size_t i = 0; i < n; i++) {
        double fraction;
        const size_t iz = invert(run->cumulative_z + cell_p[i] * (BD_PILOT_Z + 1), BD_PILOT_Z,
                                 ((double)s + u[i]) / BD_KERNEL_SLICES, &fraction);
        z[i] = z_min + dz * ((double)iz + fraction);
    }
}

/* A shaped coordinate from the tables of the p cells; the weight is divided by its density. */
BD_VECTOR
static void draw_shaped(size_t n, const double *tables, size_t stride, const unsigned short *cell_p, double *u,
                        double *weight)
{
    for (size_t i = 0; i < n; i++) {
        const double *cumulative = tables + cell_p[i] * stride;
        double fraction;
        const size_t cell = invert(cumulative, BD_PILOT_SHAPE, u[i], &fraction);
        u[i] = ((double)cell + fraction) / BD_PILOT_SHAPE;
        weight[i] /= (cumulative[cell + 1] - cumulative[cell]) * BD_PILOT_SHAPE;
    }
}

/* Draw p, theta and the vertices from the proposal. per_configuration: all factors of the weight that neither
 * depend on the production nor on the vertex. */
void bd_kernel_draw_configurations(struct bd_kernel_run *run, size_t n)
{
    struct bd_kernel_worker *worker = run->worker;
    struct bd_detector_block *block = &worker->block;
    const double step = run->task->grid->ln_p_step;
    for (size_t i = 0; i < n; i++) {
        double u_p;
        const size_t ip = invert_p(run, worker->u[BD_DIM_P][i], &u_p);
        worker->cell_p[i] = (unsigned short)ip;
        worker->p[i] = exp(run->task->grid->ln_p_min + step * ((double)(run->first_p + ip) + u_p));
        worker->per_configuration[i] = BD_PI * step * run->task->mass_gev;
    }
    draw_radius(n, run, worker->cell_p, worker->u[BD_DIM_THETA], worker->radius, worker->per_configuration);
    for (size_t s = 0; s < BD_KERNEL_SLICES; s++)
        draw_slice(n, run, s, worker->cell_p, worker->u[BD_DIM_Z], block->z[s]);
    block->n_slice = BD_KERNEL_SLICES;
    for (size_t d = 0; d < run->n_shaped; d++)
        draw_shaped(n, run->cumulative_shape + d * (BD_PILOT_SHAPE + 1), run->n_shaped * (BD_PILOT_SHAPE + 1),
                    worker->cell_p, worker->u[run->shaped[d]], worker->per_configuration);
    bd_kernel_set_directions(run, n);
    /* f dp dOmega = f p dln p (sin(theta)/theta) pi dtheta^2; dt = m/p dz/cos(theta). On the disc
     * dOmega/cos = pi dradius^2/distance^2. */
    for (size_t i = 0; i < n; i++)
        worker->per_configuration[i] *= worker->solid_angle[i];
}

/* ---- all of it ---- */

/* The p cells whose upper end can pass the thresholds, and the window in theta. */
static void set_window(struct bd_kernel_run *run)
{
    const struct bd_spectrum_grid *grid = run->task->grid;
    const double e_min = run->detector.energy_min_gev, m = run->task->mass_gev;
    const double ln_p_min = e_min > m ? 0.5 * log((e_min - m) * (e_min + m)) : -INFINITY;
    run->first_p = 0;
    while (run->first_p + 2 < grid->n_p &&
           grid->ln_p_min + grid->ln_p_step * (double)(run->first_p + 1) <= ln_p_min)
        run->first_p++;
    run->n_cell_p = grid->n_p - 1 - run->first_p;
    const double grid_max = grid->theta_min_rad + grid->theta_step_rad * (double)(grid->n_theta - 1);
    const struct bd_window *window = &run->detector.window;
    run->theta_step = (window->aimed ? window->disc_r_m : fmin(window->theta_max_rad, grid_max)) / BD_PILOT_THETA;
}

static void choose_shaped(struct bd_kernel_run *run)
{
    const size_t n_daughter = run->flat.n_daughter;
    run->n_shaped = n_daughter == 2 ? 1 : n_daughter == 3 ? 3 : 5;
    for (size_t d = 0; d < run->n_shaped; d++)
        run->shaped[d] = d == 0 ? BD_DIM_FIRST_COS : BD_DIM_OTHER + shaped_u[d] - 1;
}

enum bd_status bd_kernel_proposal_create(struct bd_kernel_run *run, int *possible, struct bd_error *err)
{
    set_window(run);
    choose_shaped(run);
    const size_t n = run->n_cell_p, n_density = run->n_active * run->task->grid->n_p * run->task->grid->n_theta;
    const size_t n_theta = n * BD_PILOT_THETA, n_z = n * BD_PILOT_Z;
    const size_t n_shape = n * run->n_shaped * (BD_PILOT_SHAPE + 1);
    const size_t n_scratch = 2 * n_z + n_theta + n + n_theta * run->n_active;
    run->ln_density = malloc((n_density + (n + 1) + n_theta + (n_theta + n) + (n_z + n) + n_shape + n_scratch) *
                             sizeof *run->ln_density);
    if (run->ln_density == NULL)
        return bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    run->cumulative_p = run->ln_density + n_density;
    run->probability = run->cumulative_p + n + 1;
    run->cumulative_theta = run->probability + n_theta;
    run->cumulative_z = run->cumulative_theta + n_theta + n;
    run->cumulative_shape = run->cumulative_z + n_z + n;
    bd_kernel_take_logarithms(run);
    pilot(run);
    *possible = build_proposal(run, run->cumulative_shape + n_shape);
    return BD_OK;
}

void bd_kernel_proposal_free(struct bd_kernel_run *run)
{
    free(run->ln_density);
}
