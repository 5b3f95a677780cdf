/* One Monte Carlo per (decay, mass), shared by all productions: a pilot finds where decays are accepted, the
 * proposal follows density times the square root of the acceptance, and randomised Sobol points fill the kernels.
 */
#include "decay/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/data.h"
#include "src/core/pdg.h"
#include "src/core/vector.h"

#define N_SHIFT 8         /* digital shifts; the error is their spread */
#define N_SLICE 4         /* stratified vertices per configuration */
#define FIRST_POINTS 1024 /* per shift */
#define GUARD 3           /* guard nodes at each end of the kernel */

#define PILOT_P 16     /* momenta of the pilot */
#define PILOT_BLOCKS 2 /* blocks of 256 configurations at each, at least */
#define PILOT_BLOCKS_MAX 16
#define PILOT_HITS 128      /* accepted configurations that are enough */
#define PILOT_THETA 16      /* cells in theta */
#define PILOT_Z 8           /* slices in z */
#define PILOT_SHAPE 16      /* cells in each shaped coordinate: heavy X are seen only if they decay along z */
#define PILOT_FLOOR 3e-3    /* of the largest acceptance: few hits are not none */
#define PILOT_WIDTHS 4      /* plateau, maximum of N, between, edge */
#define PILOT_SHIFT N_SHIFT /* number of its digital shift, beside those of the main run */
#define FLAT_Z 0.15         /* part of the vertices that is flat in z */
#define FLAT_SHAPE 0.15     /* and of the shaped coordinates that is flat */
#define EDGE 1e-4           /* N / N_max at the short-lived end of what matters */
#define ENOUGH 0.8          /* of the asked error: a production that is there gets no more points */

/* Order of the Sobol dimensions: the best ones where the integrand varies most. */
enum { DIM_P, DIM_THETA, DIM_Z, DIM_FIRST_COS, DIM_PHI, DIM_OTHER };
#define DIMENSIONS_MAX (DIM_OTHER + 7 + 2 * BD_DAUGHTERS_MAX)

#define GUIDE 256        /* entries of the guide into the table of p */
#define SHAPED_MAX 5     /* coordinates of the phase space with tables: cosines and masses of the chain */
#define AMPLITUDES_MAX 8 /* different matrix elements in one task */
#define LN_ZERO (-690.0) /* ln of a density that is 0 */

struct bd_kernel_worker {
    struct bd_detector_block block;
    struct bd_momenta x;
    double u[DIMENSIONS_MAX][BD_BLOCK];
    double decay_u[8][BD_BLOCK]; /* the numbers of the phase space, in its own order */
    double flat_weight[BD_BLOCK], sine[BD_BLOCK], cosine[BD_BLOCK];
    struct bd_momenta generated[BD_DAUGHTERS_MAX], accepted[BD_DAUGHTERS_MAX];
    double weight[AMPLITUDES_MAX][BD_BLOCK]; /* of the survivors, by their new numbers */
    double p[BD_BLOCK], theta[BD_BLOCK];     /* theta: to the beam axis */
    double cos_z[BD_BLOCK]; /* of the angle to the detector axis, that of theta if the beam is parallel */
    double
        radius[BD_BLOCK]; /* what is drawn: theta, or the distance from the centre of the disc that is aimed at */
    double direction_x[BD_BLOCK], direction_y[BD_BLOCK]; /* about the detector axis */
    double solid_angle[BD_BLOCK];                        /* over pi dradius^2, and over the cosine */
    unsigned short cell_p[BD_BLOCK];
    double per_configuration[BD_BLOCK];
    double *sum;               /* [N_SHIFT][n_region][BD_KERNEL_NODES][n_active] */
    double *production_weight; /* [n_active], of one configuration */
    double *vertex_weight;     /* [n_active], of one of its vertices */
};

/* What a task keeps between its steps. */
struct run {
    const struct bd_kernel_task *task;
    const struct bd_qmc *qmc;
    struct bd_kernel_worker *worker;
    struct bd_detector detector;
    size_t n_amplitude;
    struct bd_phase_space flat;                  /* what is generated */
    struct bd_phase_space space[AMPLITUDES_MAX]; /* one per matrix element */
    int has_matrix_element;
    size_t *amplitude; /* [n_production], index into space */
    uint64_t key;
    size_t n_dimension, n_phase_space;
    double z0;
    size_t n_cell_p, first_p;  /* p cells between the nodes of the grid that can be accepted */
    size_t n_region, n_kernel; /* n_region * n_production */
    size_t n_active, *active;  /* productions that want more points, ascending */
    double theta_step;         /* of the cells of the proposal [rad]; on a disc that is aimed at [m] */
    double *ln_density;        /* [n_p][n_theta][n_active] */
    double acceptance_theta[PILOT_P][PILOT_THETA], acceptance_z[PILOT_P][PILOT_Z];
    size_t n_shaped, shaped[SHAPED_MAX]; /* dimensions of the cosines and masses of the chain */
    double acceptance_shape[SHAPED_MAX][PILOT_P][PILOT_SHAPE];
    double pilot_ln_p[PILOT_P];
    double *cumulative_p; /* [n_cell_p + 1] */
    unsigned short guide_p[GUIDE];
    double *probability;      /* [n_cell_p][PILOT_THETA] of the cell */
    double *cumulative_theta; /* [n_cell_p][PILOT_THETA + 1] within the p cell */
    double *cumulative_z;     /* [n_cell_p][PILOT_Z + 1] */
    double *cumulative_shape; /* [n_cell_p][n_shaped][PILOT_SHAPE + 1] */
};

void bd_kernel_nodes_init(const struct bd_experiment *experiment, const struct bd_spectrum_grid *grid,
                          struct bd_kernel_nodes *nodes)
{
    const double p_min = exp(grid->ln_p_min);
    const double p_max = exp(grid->ln_p_min + grid->ln_p_step * (double)(grid->n_p - 1));
    const double theta_max = grid->theta_min_rad + grid->theta_step_rad * (double)(grid->n_theta - 1);
    const struct bd_z_range *const volume[] = {&experiment->charged_volume, &experiment->neutral_volume};
    double z_min = INFINITY, z_max = -INFINITY;
    for (size_t i = 0; i < 2; i++)
        if (volume[i]->z_max_m > volume[i]->z_min_m) { /* a card may have one of them only */
            z_min = fmin(z_min, volume[i]->z_min_m);
            z_max = fmax(z_max, volume[i]->z_max_m);
        }
    const double s_min = (z_min - experiment->impact_m[2]) / p_max;
    const double s_max = (z_max - experiment->impact_m[2]) / cos(theta_max) / p_min;
    nodes->ln_s_min = log(s_min);
    nodes->ln_s_step = log(s_max / s_min) / (BD_KERNEL_NODES - 2 * GUARD - 1);
}

enum bd_status bd_kernel_worker_create(size_t n_kernel, struct bd_kernel_worker **worker, struct bd_error *err)
{
    struct bd_kernel_worker *created = calloc(1, sizeof *created);
    double *sum = malloc((N_SHIFT * BD_KERNEL_NODES + 2) * n_kernel * sizeof *sum);
    if (created == NULL || sum == NULL) {
        free(created);
        free(sum);
        return bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    }
    created->sum = sum;
    created->production_weight = sum + N_SHIFT * n_kernel * BD_KERNEL_NODES;
    created->vertex_weight = created->production_weight + n_kernel;
    *worker = created;
    return BD_OK;
}

void bd_kernel_worker_free(struct bd_kernel_worker *worker)
{
    if (worker != NULL)
        free(worker->sum);
    free(worker);
}

enum bd_status bd_kernel_points_create(size_t max_points, struct bd_qmc **qmc, struct bd_error *err)
{
    const size_t pilot_points = PILOT_BLOCKS * BD_BLOCK; /* the pilot takes as many in any case */
    return bd_qmc_create(DIMENSIONS_MAX, max_points > pilot_points ? max_points : pilot_points, qmc, err);
}

/* ---- one block of configurations ---- */

/* Directions from radius, which is the angle to the beam axis, and the azimuth. density:
 * (sin(theta)/theta)/cos(theta), the solid angle per pi dtheta^2 and the path per vertex. */
BD_VECTOR
static void set_angles(size_t n, const double *theta, const double *cos_phi, const double *sin_phi,
                       const double *sin_theta, const double *cos_theta, double *x, double *y, double *density)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = sin_theta[i] * cos_phi[i];
        y[i] = sin_theta[i] * sin_phi[i];
        density[i] = (theta[i] > 0.0 ? sin_theta[i] / theta[i] : 1.0) / cos_theta[i];
    }
}

/* Directions of n configurations: from the angle to the beam, or through a point of the disc that is aimed at. */
static void set_directions(struct run *run, size_t n)
{
    struct bd_kernel_worker *worker = run->worker;
    double turn[BD_BLOCK], sin_theta[BD_BLOCK];
    bd_phase_space_sincos(n, worker->u[DIM_PHI], worker->sine, worker->cosine);
    if (run->detector.window.aimed) {
        bd_window_aim(&run->detector.window, n, worker->radius, worker->cosine, worker->sine, worker->direction_x,
                      worker->direction_y, worker->cos_z, worker->theta, worker->solid_angle);
        return;
    }
    memcpy(worker->theta, worker->radius, n * sizeof worker->theta[0]);
    for (size_t i = 0; i < n; i++)
        turn[i] = worker->theta[i] / (2.0 * BD_PI);
    bd_phase_space_sincos(n, turn, sin_theta, worker->cos_z);
    set_angles(n, worker->theta, worker->cosine, worker->sine, sin_theta, worker->cos_z, worker->direction_x,
               worker->direction_y, worker->solid_angle);
}

BD_VECTOR
static void set_momenta(struct bd_kernel_worker *worker, size_t n, double mass)
{
    struct bd_momenta *x = &worker->x;
    for (size_t i = 0; i < n; i++) {
        const double p = worker->p[i];
        x->px[i] = p * worker->direction_x[i];
        x->py[i] = p * worker->direction_y[i];
        x->pz[i] = p * worker->cos_z[i];
        x->e[i] = sqrt(p * p + mass * mass);
        worker->block.slope_x[i] = worker->direction_x[i] / worker->cos_z[i];
        worker->block.slope_y[i] = worker->direction_y[i] / worker->cos_z[i];
    }
}

static void gather(size_t n, const unsigned *origin, const double *from, double *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = from[origin[i]];
}

/* Matrix elements are dear: only what was accepted gets its weights. */
static void weigh_survivors(struct run *run)
{
    struct bd_kernel_worker *worker = run->worker;
    const struct bd_detector_block *block = &worker->block;
    for (size_t d = 0; run->has_matrix_element && d < run->flat.n_daughter; d++) {
        const struct bd_momenta *from = &worker->generated[d];
        struct bd_momenta *to = &worker->accepted[d];
        gather(block->n, block->origin, from->px, to->px);
        gather(block->n, block->origin, from->py, to->py);
        gather(block->n, block->origin, from->pz, to->pz);
        gather(block->n, block->origin, from->e, to->e);
    }
    for (size_t a = 0; a < run->n_amplitude; a++) {
        if (run->space[a].matrix_element == NULL && run->space[a].line_shape == NULL)
            gather(block->n, block->origin, worker->flat_weight, worker->weight[a]);
        else
            bd_phase_space_weight(&run->space[a], block->n, worker->accepted, worker->weight[a]);
    }
}

/* From p, theta and the vertices of the block to its survivors. The phase space takes the dimension after the
 * vertex as its first cosine, and those from DIM_OTHER on; the photons take the rest. */
static void select_block(struct run *run, size_t n)
{
    struct bd_kernel_worker *worker = run->worker;
    struct bd_detector_block *block = &worker->block;
    set_momenta(worker, n, run->task->mass_gev);
    memcpy(worker->decay_u[0], worker->u[DIM_FIRST_COS], sizeof worker->u[0]);
    for (size_t d = 1; d < run->n_phase_space; d++)
        memcpy(worker->decay_u[d], worker->u[DIM_OTHER + d - 1], sizeof worker->u[0]);
    bd_phase_space_decay(&run->flat, n, (const double(*)[BD_BLOCK])worker->decay_u, &worker->x, block->daughter,
                         worker->flat_weight);
    if (run->has_matrix_element)
        memcpy(worker->generated, block->daughter, run->flat.n_daughter * sizeof worker->generated[0]);
    block->n = n;
    bd_detector_select(&run->detector, (const double(*)[BD_BLOCK]) & worker->u[DIM_OTHER + run->n_phase_space - 1],
                       block);
    weigh_survivors(run);
}

static void draw_points(struct run *run, const uint32_t *word, size_t first, size_t n)
{
    for (unsigned d = 0; d < run->n_dimension; d++)
        bd_qmc_coordinates(run->qmc, d, first, n, word[d], run->worker->u[d]);
}

/* ---- pilot ---- */

/* The shaped coordinates by their numbers in the phase space; two bodies have the first, three the first three. */
static const size_t shaped_u[SHAPED_MAX] = {0, 3, 2, 6, 5};

static int is_cosine(size_t d)
{
    return shaped_u[d] % 3 == 0;
}

/* Acceptance of X of one momentum in cells of theta and in slices of z. */
static void pilot_momentum(struct run *run, size_t ip, const uint32_t *word, size_t max_block)
{
    struct bd_kernel_worker *worker = run->worker;
    struct bd_detector_block *block = &worker->block;
    const double z_min = run->detector.z_min_m, dz = (run->detector.z_max_m - z_min) / PILOT_Z;
    double hits_theta[PILOT_THETA] = {0}, n_theta[PILOT_THETA] = {0}, hits_z[PILOT_Z] = {0};
    double hits_shape[SHAPED_MAX][PILOT_SHAPE] = {{0}};
    size_t n_block = 0;
    for (size_t hits = 0; n_block < PILOT_BLOCKS || (n_block < max_block && hits < PILOT_HITS); n_block++) {
        draw_points(run, word, n_block * BD_BLOCK, BD_BLOCK);
        for (size_t i = 0; i < BD_BLOCK; i++) {
            worker->p[i] = exp(run->pilot_ln_p[ip]);
            worker->radius[i] = worker->u[DIM_THETA][i] * run->theta_step * PILOT_THETA;
            n_theta[(size_t)(worker->u[DIM_THETA][i] * PILOT_THETA)] += 1.0;
            for (size_t s = 0; s < PILOT_Z; s++)
                block->z[s][i] = z_min + ((double)s + worker->u[DIM_Z][i]) * dz;
        }
        block->n_slice = PILOT_Z;
        set_directions(run, BD_BLOCK);
        select_block(run, BD_BLOCK);
        hits += block->n;
        for (size_t i = 0; i < block->n; i++) {
            const size_t origin = block->origin[i];
            const size_t cell = (size_t)(worker->u[DIM_THETA][origin] * PILOT_THETA);
            double weight = 0.0; /* the pilot serves all matrix elements */
            for (size_t a = 0; a < run->n_amplitude; a++)
                weight += worker->weight[a][i] / (double)run->n_amplitude;
            for (size_t s = 0; s < PILOT_Z; s++) {
                const double hit = block->ok[s][i] * weight;
                hits_theta[cell] += hit / PILOT_Z;
                hits_z[s] += hit;
                for (size_t d = 0; d < run->n_shaped; d++)
                    hits_shape[d][(size_t)(worker->u[run->shaped[d]][origin] * PILOT_SHAPE)] += hit;
            }
        }
    }
    for (size_t k = 0; k < PILOT_THETA; k++)
        run->acceptance_theta[ip][k] = n_theta[k] > 0.0 ? hits_theta[k] / n_theta[k] : 0.0;
    for (size_t s = 0; s < PILOT_Z; s++)
        run->acceptance_z[ip][s] = hits_z[s] / (double)(n_block * BD_BLOCK);
    for (size_t d = 0; d < run->n_shaped; d++)
        for (size_t k = 0; k < PILOT_SHAPE;
             k++) /* cosines are nearly symmetric: both halves together know it better */
            run->acceptance_shape[d][ip][k] =
                (hits_shape[d][k] + (is_cosine(d) ? hits_shape[d][PILOT_SHAPE - 1 - k] : 0.0)) /
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

/* All momenta from first_p on; returns the slowest one with an accepted decay, PILOT_P if there is none. */
static size_t pilot_momenta(struct run *run, const uint32_t *word)
{
    const struct bd_spectrum_grid *grid = run->task->grid;
    const size_t blocks = run->task->max_points / BD_BLOCK;
    const double lo = grid->ln_p_min + grid->ln_p_step * (double)run->first_p;
    size_t slowest = PILOT_P;
    for (size_t ip = PILOT_P; ip-- > 0;) {
        run->pilot_ln_p[ip] = lo + grid->ln_p_step * (double)run->n_cell_p * (double)ip / (PILOT_P - 1);
        pilot_momentum(run, ip, word, blocks < PILOT_BLOCKS_MAX ? blocks : PILOT_BLOCKS_MAX);
        if (has_hits(run->acceptance_theta[ip], PILOT_THETA))
            slowest = ip;
    }
    return slowest;
}

/* Heavy X open their decays so wide that slow ones are never accepted, and spectra fall: momenta well below the
 * slowest one with a hit are dropped, and the pilot looks again at the rest. Two steps lower the acceptance is
 * less than 1e-5 of what it is at the fast end: the loss is far below any precision that can be asked. */
static void pilot(struct run *run)
{
    uint32_t word[DIMENSIONS_MAX];
    bd_qmc_shift(run->key, PILOT_SHIFT, DIMENSIONS_MAX, word);
    const size_t slowest = pilot_momenta(run, word);
    if (slowest > 2 && slowest < PILOT_P) {
        const size_t dropped = run->n_cell_p * (slowest - 2) / (PILOT_P - 1);
        run->first_p += dropped;
        run->n_cell_p -= dropped;
        (void)pilot_momenta(run, word);
    }
    add_floor(&run->acceptance_theta[0][0], (size_t)PILOT_P * PILOT_THETA);
    add_floor(&run->acceptance_z[0][0], (size_t)PILOT_P * PILOT_Z);
    for (size_t d = 0; d < run->n_shaped; d++)
        add_floor(&run->acceptance_shape[d][0][0], (size_t)PILOT_P * PILOT_SHAPE);
}

/* ---- densities ---- */

static void take_logarithms(struct run *run)
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
static void ln_density_at(const struct run *run, size_t ip, double u, double theta, double *ln_density)
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

/* Values of the pilot, [PILOT_P][n], at the centre of a p cell. */
static void interpolate_pilot(const struct run *run, double ln_p, const double *acceptance, size_t n,
                              double *value)
{
    const double step = run->pilot_ln_p[1] - run->pilot_ln_p[0];
    const double x = step > 0.0 ? fmin(fmax((ln_p - run->pilot_ln_p[0]) / step, 0.0), PILOT_P - 1.001) : 0.0;
    const size_t i = (size_t)x;
    const double u = x - (double)i;
    for (size_t k = 0; k < n; k++)
        value[k] = (1.0 - u) * acceptance[i * n + k] + u * acceptance[(i + 1) * n + k];
}

/* Rate at which X decays per metre of its path, times lifetime: exp(-rate * path). */
static double inverse_length(const struct run *run, double width, double ln_p)
{
    return run->task->mass_gev * width / BD_HBARC_GEV_M * exp(-ln_p);
}

static double slice_path(const struct run *run, size_t s)
{
    const double dz = (run->detector.z_max_m - run->detector.z_min_m) / PILOT_Z;
    return run->detector.z_min_m + ((double)s + 0.5) * dz - run->z0;
}

static double cell_ln_p(const struct run *run, size_t ip)
{
    return run->task->grid->ln_p_min + run->task->grid->ln_p_step * ((double)(run->first_p + ip) + 0.5);
}

/* Yield of the pilot against the width, up to a factor: events[n_cell_p][PILOT_Z] at infinite lifetime. */
static double pilot_yield(const struct run *run, const double *events, double width)
{
    double sum = 0.0;
    for (size_t ip = 0; ip < run->n_cell_p; ip++)
        for (size_t s = 0; s < PILOT_Z; s++)
            if (events[ip * PILOT_Z + s] > 0.0)
                sum += events[ip * PILOT_Z + s] *
                       exp(-inverse_length(run, width, cell_ln_p(run, ip)) * slice_path(run, s));
    return sum * width;
}

/* Widths where N is largest and where it has fallen to EDGE of that on the short-lived side, from any
 * yield(width). */
static void find_widths(double (*yield)(const void *object, double width), const void *object, double mass,
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
    const struct run *run;
    const double *events;
};

static double yield_of_pilot(const void *object, double width)
{
    const struct pilot_object *pilot_object = object;
    return pilot_yield(pilot_object->run, pilot_object->events, width);
}

/* f dtheta^2 of all productions at the centres of the cells: [n_cell_p][PILOT_THETA][n_active]. */
static void tabulate_centres(const struct run *run, double *centre)
{
    for (size_t ip = 0; ip < run->n_cell_p; ip++)
        for (size_t it = 0; it < PILOT_THETA; it++, centre += run->n_active) {
            const double radius = ((double)it + 0.5) * run->theta_step;
            const double theta = run->detector.window.aimed ? run->detector.window.theta_disc_rad : radius;
            ln_density_at(run, run->first_p + ip, 0.5, theta, centre);
            for (size_t a = 0; a < run->n_active; a++) /* dtheta^2 = 2 theta dtheta */
                centre[a] = centre[a] > 0.5 * LN_ZERO ? exp(centre[a]) * radius : 0.0;
        }
}

/* Add one production to the proposal: f sqrt(A(p, theta)) sqrt(A(z | p)), averaged over the widths, each
 * normalised. */
static void add_production(struct run *run, const double *centre, double *events, double *cell_theta,
                           double *cell_z)
{
    double theta_a[PILOT_THETA], z_a[PILOT_Z], widths[PILOT_WIDTHS] = {0};
    for (size_t ip = 0; ip < run->n_cell_p; ip++) {
        const double ln_p = cell_ln_p(run, ip);
        interpolate_pilot(run, ln_p, &run->acceptance_theta[0][0], PILOT_THETA, theta_a);
        interpolate_pilot(run, ln_p, &run->acceptance_z[0][0], PILOT_Z, z_a);
        double accepted = 0.0, mean_z = 0.0;
        for (size_t it = 0; it < PILOT_THETA; it++) {
            const double f = centre[(ip * PILOT_THETA + it) * run->n_active];
            accepted += f * theta_a[it];
            cell_theta[ip * PILOT_THETA + it] = f * sqrt(theta_a[it]);
        }
        for (size_t s = 0; s < PILOT_Z; s++)
            mean_z += z_a[s] / PILOT_Z;
        for (size_t s = 0; s < PILOT_Z; s++)
            events[ip * PILOT_Z + s] = accepted * z_a[s] / mean_z; /* p from dln p and 1/p from m/p cancel */
    }
    const struct pilot_object object = {run, events};
    find_widths(yield_of_pilot, &object, run->task->mass_gev, exp(run->task->nodes->ln_s_min),
                exp(run->task->nodes->ln_s_min + run->task->nodes->ln_s_step * (BD_KERNEL_NODES - 2 * GUARD)),
                &widths[1], &widths[3]);
    widths[2] = sqrt(widths[1] * widths[3]);
    for (size_t w = 0; w < PILOT_WIDTHS; w++) {
        double total = 0.0;
        for (int pass = 0; pass < 2; pass++) /* first the sum, then the normalised terms */
            for (size_t ip = 0; ip < run->n_cell_p; ip++) {
                const double ln_p = cell_ln_p(run, ip), rate = inverse_length(run, widths[w], ln_p);
                double sum_z = 0.0, sum_theta = 0.0, z_part[PILOT_Z];
                interpolate_pilot(run, ln_p, &run->acceptance_z[0][0], PILOT_Z, z_a);
                for (size_t s = 0; s < PILOT_Z; s++)
                    sum_z += z_part[s] = sqrt(z_a[s]) * exp(-rate * slice_path(run, s));
                for (size_t it = 0; it < PILOT_THETA; it++)
                    sum_theta += cell_theta[ip * PILOT_THETA + it];
                if (pass == 0) {
                    total += sum_z * sum_theta;
                    continue;
                }
                for (size_t it = 0; it < PILOT_THETA && total > 0.0; it++)
                    run->probability[ip * PILOT_THETA + it] += cell_theta[ip * PILOT_THETA + it] * sum_z / total;
                for (size_t s = 0; s < PILOT_Z && total > 0.0; s++)
                    cell_z[ip * PILOT_Z + s] += z_part[s] * sum_theta / total;
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

static void make_guide(struct run *run)
{
    for (size_t k = 0, cell = 0; k < GUIDE; k++) {
        while (cell + 1 < run->n_cell_p && run->cumulative_p[cell + 1] <= (double)k / GUIDE)
            cell++;
        run->guide_p[k] = (unsigned short)cell;
    }
}

/* 0 if nothing can be produced in the window. */
static int build_proposal(struct run *run, double *scratch)
{
    double *events = scratch, *cell_theta = events + run->n_cell_p * PILOT_Z;
    double *cell_z = cell_theta + run->n_cell_p * PILOT_THETA, *momentum = cell_z + run->n_cell_p * PILOT_Z;
    double *centre = momentum + run->n_cell_p;
    for (size_t i = 0; i < run->n_cell_p * PILOT_THETA; i++)
        run->probability[i] = 0.0;
    for (size_t i = 0; i < run->n_cell_p * PILOT_Z; i++)
        cell_z[i] = 0.0;
    tabulate_centres(run, centre);
    for (size_t a = 0; a < run->n_active; a++)
        add_production(run, centre + a, events, cell_theta, cell_z);
    for (size_t ip = 0; ip < run->n_cell_p; ip++) {
        for (size_t d = 0; d < run->n_shaped; d++) {
            double shape[PILOT_SHAPE];
            interpolate_pilot(run, cell_ln_p(run, ip), &run->acceptance_shape[d][0][0], PILOT_SHAPE, shape);
            for (size_t k = 0; k < PILOT_SHAPE; k++)
                shape[k] = sqrt(shape[k]);
            (void)accumulate(shape, PILOT_SHAPE, FLAT_SHAPE,
                             run->cumulative_shape + (ip * run->n_shaped + d) * (PILOT_SHAPE + 1));
        }
        momentum[ip] = accumulate(run->probability + ip * PILOT_THETA, PILOT_THETA, 0.0,
                                  run->cumulative_theta + ip * (PILOT_THETA + 1));
        (void)accumulate(cell_z + ip * PILOT_Z, PILOT_Z, FLAT_Z, run->cumulative_z + ip * (PILOT_Z + 1));
    }
    const double total = accumulate(momentum, run->n_cell_p, 0.0, run->cumulative_p);
    for (size_t i = 0; i < run->n_cell_p * PILOT_THETA; i++)
        run->probability[i] /= total > 0.0 ? total : 1.0;
    make_guide(run);
    return total > 0.0;
}

/* ---- main run ---- */

/* Cell of the long table of p, with a guide to where to begin. */
static size_t invert_p(const struct run *run, double u, double *fraction)
{
    size_t cell = run->guide_p[(size_t)(u * GUIDE)];
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
static void draw_radius(size_t n, const struct run *run, const unsigned short *cell_p, const double *u,
                        double *radius, double *weight)
{
    const double step = run->theta_step;
    for (size_t i = 0; i < n; i++) {
        double fraction;
        const size_t it =
            invert(run->cumulative_theta + cell_p[i] * (PILOT_THETA + 1), PILOT_THETA, u[i], &fraction);
        const double lo = (double)it * step, hi = lo + step, area = hi * hi - lo * lo;
        radius[i] = sqrt(lo * lo + fraction * area);
        weight[i] *= area / run->probability[cell_p[i] * PILOT_THETA + it];
    }
}

/* Stratified vertex s from the tables of the p cells. */
BD_VECTOR
static void draw_slice(size_t n, const struct run *run, size_t s, const unsigned short *cell_p, const double *u,
                       double *z)
{
    const double z_min = run->detector.z_min_m, dz = (run->detector.z_max_m - z_min) / PILOT_Z;
    for (size_t i = 0; i < n; i++) {
        double fraction;
        const size_t iz = invert(run->cumulative_z + cell_p[i] * (PILOT_Z + 1), PILOT_Z,
                                 ((double)s + u[i]) / N_SLICE, &fraction);
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
        const size_t cell = invert(cumulative, PILOT_SHAPE, u[i], &fraction);
        u[i] = ((double)cell + fraction) / PILOT_SHAPE;
        weight[i] /= (cumulative[cell + 1] - cumulative[cell]) * PILOT_SHAPE;
    }
}

/* Draw p, theta and the vertices from the proposal. per_configuration: all factors of the weight that neither
 * depend on the production nor on the vertex. */
static void draw_configurations(struct run *run, size_t n)
{
    struct bd_kernel_worker *worker = run->worker;
    struct bd_detector_block *block = &worker->block;
    const double step = run->task->grid->ln_p_step;
    for (size_t i = 0; i < n; i++) {
        double u_p;
        const size_t ip = invert_p(run, worker->u[DIM_P][i], &u_p);
        worker->cell_p[i] = (unsigned short)ip;
        worker->p[i] = exp(run->task->grid->ln_p_min + step * ((double)(run->first_p + ip) + u_p));
        worker->per_configuration[i] = BD_PI * step * run->task->mass_gev;
    }
    draw_radius(n, run, worker->cell_p, worker->u[DIM_THETA], worker->radius, worker->per_configuration);
    for (size_t s = 0; s < N_SLICE; s++)
        draw_slice(n, run, s, worker->cell_p, worker->u[DIM_Z], block->z[s]);
    block->n_slice = N_SLICE;
    for (size_t d = 0; d < run->n_shaped; d++)
        draw_shaped(n, run->cumulative_shape + d * (PILOT_SHAPE + 1), run->n_shaped * (PILOT_SHAPE + 1),
                    worker->cell_p, worker->u[run->shaped[d]], worker->per_configuration);
    set_directions(run, n);
    /* f dp dOmega = f p dln p (sin(theta)/theta) pi dtheta^2; dt = m/p dz/cos(theta). On the disc
     * dOmega/cos = pi dradius^2/distance^2. */
    for (size_t i = 0; i < n; i++)
        worker->per_configuration[i] *= worker->solid_angle[i];
}

/* Cubic weights of one accepted vertex, added to the kernels of all active productions. */
static void deposit(const struct run *run, double s, const double *weight, double *sum)
{
    const double x = (log(s) - run->task->nodes->ln_s_min) / run->task->nodes->ln_s_step;
    const double floor_x = floor(x), u = x - floor_x;
    const int first = (int)floor_x - 1 + GUARD;
    if (first < 0 || first + 3 >= BD_KERNEL_NODES)
        return; /* cannot happen: the nodes cover every path and momentum */
    const double c[4] = {-u * (u - 1.0) * (u - 2.0) / 6.0, (u + 1.0) * (u - 1.0) * (u - 2.0) / 2.0,
                         -(u + 1.0) * u * (u - 2.0) / 2.0, (u + 1.0) * u * (u - 1.0) / 6.0};
    const size_t n = run->n_active;
    sum += (size_t)first * n;
    for (size_t j = 0; j < 4; j++)
        for (size_t a = 0; a < n; a++)
            sum[j * n + a] += c[j] * weight[a];
}

static void report_event(const struct run *run, size_t slice, size_t i, double s)
{
    const struct bd_detector_block *block = &run->worker->block;
    const int has_pi0 = run->task->experiment->pi0.n_box > 0;
    const struct bd_kernel_event event = {.s = s,
                                          .weight = run->worker->vertex_weight[0] * run->detector.daughter_br,
                                          .vertex_z_m = has_pi0 ? block->vertex_z[slice][i] : 0.0,
                                          .pt_gev = has_pi0 ? block->pt[slice][i] : 0.0,
                                          .region = block->region[slice][i]};
    run->task->event(run->task->event_object, &event);
}

static void fill_block(struct run *run, size_t n, double *sum)
{
    const struct bd_kernel_worker *worker = run->worker;
    const struct bd_detector_block *block = &worker->block;
    const struct bd_spectrum_grid *grid = run->task->grid;
    const size_t n_active = run->n_active;
    draw_configurations(run, n);
    select_block(run, n);
    for (size_t i = 0; i < block->n; i++) {
        const size_t origin = block->origin[i], ip = worker->cell_p[origin];
        const double p = worker->p[origin];
        const double u = (log(p) - grid->ln_p_min) / grid->ln_p_step - (double)(run->first_p + ip);
        ln_density_at(run, run->first_p + ip, u, worker->theta[origin], worker->production_weight);
        for (size_t a = 0; a < n_active; a++)
            worker->production_weight[a] = worker->per_configuration[origin] *
                                           worker->weight[run->amplitude[run->active[a]]][i] *
                                           exp(worker->production_weight[a]);
        const double *cumulative_z = run->cumulative_z + ip * (PILOT_Z + 1);
        const double dz = (run->detector.z_max_m - run->detector.z_min_m) / PILOT_Z;
        for (size_t s = 0; s < N_SLICE; s++) {
            if (block->ok[s][i] <= 0.0)
                continue;
            const double z = block->z[s][i];
            size_t iz = (size_t)((z - run->detector.z_min_m) / dz);
            iz = iz < PILOT_Z ? iz : PILOT_Z - 1;
            const double h = (cumulative_z[iz + 1] - cumulative_z[iz]) / dz;
            for (size_t a = 0; a < n_active; a++)
                worker->vertex_weight[a] = block->ok[s][i] * worker->production_weight[a] / (N_SLICE * h);
            const double path_over_p = (z - run->z0) / (worker->cos_z[origin] * p);
            deposit(run, path_over_p, worker->vertex_weight,
                    sum + (size_t)block->region[s][i] * n_active * BD_KERNEL_NODES);
            if (run->task->event != NULL)
                report_event(run, s, i, path_over_p);
        }
    }
}

static size_t sum_size(const struct run *run) /* of one shift */
{
    return run->n_region * BD_KERNEL_NODES * run->n_active;
}

/* Points first .. last - 1 of every shift. */
static void add_points(struct run *run, size_t first, size_t last)
{
    uint32_t word[DIMENSIONS_MAX];
    for (unsigned shift = 0; shift < N_SHIFT; shift++) {
        bd_qmc_shift(run->key, shift, DIMENSIONS_MAX, word);
        for (size_t i = first; i < last; i += BD_BLOCK) {
            const size_t n = last - i < BD_BLOCK ? last - i : BD_BLOCK;
            draw_points(run, word, i, n);
            fill_block(run, n, run->worker->sum + shift * sum_size(run));
        }
    }
}

/* ---- error ---- */

struct kernel_object {
    const struct run *run;
    const double *weight;
};

static double yield_of_kernel(const void *object, double width)
{
    const struct kernel_object *kernel = object;
    return bd_kernel_yield(kernel->run->task->nodes, kernel->weight, kernel->run->task->mass_gev, width);
}

/* Mean kernel and error curve of an active production in one region after n points per shift; 0 if there was no
 * hit. */
static int finish_kernel(const struct run *run, size_t region, size_t a, size_t n, struct bd_kernel *kernel)
{
    const struct bd_kernel_nodes *nodes = run->task->nodes;
    const size_t size = sum_size(run), stride = run->n_active;
    const double *sum = run->worker->sum + region * BD_KERNEL_NODES * stride + a;
    double at_maximum, at_edge;
    int hit = 0;
    for (size_t j = 0; j < BD_KERNEL_NODES; j++) {
        double total = 0.0;
        for (size_t shift = 0; shift < N_SHIFT; shift++)
            total += sum[shift * size + j * stride];
        kernel->weight[j] = total / (double)(N_SHIFT * n);
        hit |= total != 0.0;
    }
    kernel->n_configuration = (double)(N_SHIFT * n);
    const struct kernel_object object = {run, kernel->weight};
    find_widths(yield_of_kernel, &object, run->task->mass_gev, exp(nodes->ln_s_min),
                exp(nodes->ln_s_min + nodes->ln_s_step * (BD_KERNEL_NODES - 2 * GUARD)), &at_maximum, &at_edge);
    const double plateau = 0.01 * at_maximum;
    kernel->error = 0.0;
    for (size_t w = 0; w < BD_KERNEL_ERRORS; w++) {
        const double width = plateau * pow(at_edge / plateau, (double)w / (BD_KERNEL_ERRORS - 1));
        double mean = 0.0, square = 0.0, factor[BD_KERNEL_NODES];
        const double rate = run->task->mass_gev * width / BD_HBARC_GEV_M;
        for (size_t j = 0; j < BD_KERNEL_NODES; j++)
            factor[j] = exp(-rate * exp(nodes->ln_s_min + ((double)j - GUARD) * nodes->ln_s_step));
        double transform[N_SHIFT] = {0};
        for (size_t shift = 0; shift < N_SHIFT; shift++) {
            for (size_t j = 0; j < BD_KERNEL_NODES; j++)
                transform[shift] += factor[j] * sum[shift * size + j * stride];
            mean += transform[shift] / N_SHIFT;
        }
        for (size_t shift = 0; shift < N_SHIFT; shift++)
            square += (transform[shift] - mean) * (transform[shift] - mean);
        kernel->error_width_gev[w] = width;
        /* No hit at all: nothing is known, 100%. */
        kernel->error_rel[w] = mean > 0.0 ? fmin(sqrt(square / (N_SHIFT * (N_SHIFT - 1))) / mean, 1.0) : 1.0;
        kernel->error = fmax(kernel->error, kernel->error_rel[w]);
    }
    return hit;
}

/* Acceptance of the X that decay in the volume, long-lived limit: both are proportional to Gamma. */
static double plateau_acceptance(const struct run *run, const struct bd_kernel *kernel)
{
    const struct bd_spectrum_grid *grid = run->task->grid;
    double sum = 0.0, inverse_p = 0.0;
    for (size_t j = 0; j < BD_KERNEL_NODES; j++)
        sum += kernel->weight[j];
    for (size_t j = 0; j < BD_REACH_NODES; j++)
        inverse_p += kernel->reach[j] * exp(-(grid->ln_reach_p_min + (double)j * grid->ln_reach_p_step));
    const double length = run->detector.volume_z_max_m - run->detector.volume_z_min_m;
    return inverse_p > 0.0 ? sum / (run->task->mass_gev * length * inverse_p) : 0.0;
}

/* Next number of points: powers of two, where Sobol points are best, and one size between. */
static size_t next_points(size_t n)
{
    return (n & (n - 1)) == 0 ? n + n / 2 : n / 3 * 4;
}

/* The kernels of an active production after n points per shift: largest error. Where other regions have hits one
 * without says nothing about the precision; closed[k] is set. */
static double finish_production(const struct run *run, size_t a, size_t n, struct bd_kernel *kernel,
                                unsigned char *closed)
{
    double with_hits = 0.0, all = 0.0;
    int any = 0;
    for (size_t r = 0; r < run->n_region; r++) {
        const size_t k = r * run->task->n_production + run->active[a];
        const int hit = finish_kernel(run, r, a, n, &kernel[k]);
        any |= hit;
        closed[k] = !hit;
        all = fmax(all, kernel[k].error);
        with_hits = hit ? fmax(with_hits, kernel[k].error) : with_hits;
    }
    for (size_t r = 0; r < run->n_region && !any; r++)
        closed[r * run->task->n_production + run->active[a]] = 0;
    return any ? with_hits : all;
}

/* Productions whose error is small enough keep their kernels and are followed no more. */
static void drop_finished(struct run *run, const double *error /* [n_active] */)
{
    const size_t before = run->n_active;
    size_t n = 0, to = 0;
    for (size_t a = 0; a < before; a++)
        n += error[a] > ENOUGH * run->task->precision;
    if (n == before)
        return;
    for (size_t i = 0; i < N_SHIFT * run->n_region * BD_KERNEL_NODES; i++)
        for (size_t a = 0; a < before; a++)
            if (error[a] > ENOUGH * run->task->precision)
                run->worker->sum[to++] = run->worker->sum[i * before + a];
    run->n_active = 0;
    for (size_t a = 0; a < before; a++)
        if (error[a] > ENOUGH * run->task->precision)
            run->active[run->n_active++] = run->active[a];
    take_logarithms(run);
}

/* A region that no decay of the task reaches. */
static void close_kernel(struct bd_kernel *kernel)
{
    kernel->flag = BD_FLAG_CLOSED;
    kernel->error = 0.0;
    memset(kernel->weight, 0, sizeof kernel->weight);
    memset(kernel->error_rel, 0, sizeof kernel->error_rel);
    memset(kernel->error_width_gev, 0, sizeof kernel->error_width_gev);
}

/* More points until the asked precision or the maximum: the next size, or what err^1.3 says. */
static void run_points(struct run *run, struct bd_kernel *kernel, unsigned char *closed,
                       double *error /* [n_production] */)
{
    const struct bd_kernel_task *task = run->task;
    size_t n = 0, next = FIRST_POINTS < task->max_points ? FIRST_POINTS : task->max_points;
    memset(run->worker->sum, 0, N_SHIFT * sum_size(run) * sizeof *run->worker->sum);
    for (;;) {
        double worst = 0.0;
        add_points(run, n, next);
        n = next;
        for (size_t a = 0; a < run->n_active; a++) {
            error[a] = finish_production(run, a, n, kernel, closed);
            worst = fmax(worst, error[a]);
        }
        if (worst <= task->precision || n >= task->max_points)
            break;
        drop_finished(run, error);
        const double wanted = (double)n * pow(worst / task->precision, 1.3);
        next = next_points(n);
        while ((double)next < 0.8 * wanted && next < task->max_points)
            next = next_points(next);
        if (next > task->max_points)
            next = task->max_points;
    }
    for (size_t k = 0; k < run->n_kernel; k++) {
        if (kernel[k].flag != BD_FLAG_OK)
            continue;
        if (closed[k]) {
            close_kernel(&kernel[k]);
            continue;
        }
        for (size_t j = 0; j < BD_KERNEL_NODES; j++)
            kernel[k].weight[j] *= run->detector.daughter_br;
        kernel[k].acceptance = plateau_acceptance(run, &kernel[k]);
        if (kernel[k].error > task->precision)
            kernel[k].flag = BD_FLAG_PRECISION;
    }
}

/* Seed of everything random in a task: from what is computed, never from where or when. */
static uint64_t task_key(const struct bd_kernel_task *task)
{
    unsigned long long hash = bd_data_hash(BD_HASH_START, &task->seed, sizeof task->seed);
    hash = bd_data_hash(hash, task->experiment->id, strlen(task->experiment->id));
    hash = bd_data_hash(hash, task->decay->name, strlen(task->decay->name));
    if (task->experiment->n_part > 0) /* the parts of a volume are independent */
        hash = bd_data_hash(hash, &task->state->part, sizeof task->state->part);
    return bd_data_hash(hash, &task->mass_gev, sizeof task->mass_gev);
}

/* The p cells whose upper end can pass the thresholds, and the window in theta. */
static void set_window(struct run *run)
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
    run->theta_step = (window->aimed ? window->disc_r_m : fmin(window->theta_max_rad, grid_max)) / PILOT_THETA;
}

static enum bd_status compute(struct run *run, struct bd_kernel *kernel, unsigned char *closed,
                              struct bd_error *err)
{
    const struct bd_kernel_task *task = run->task;
    const size_t n_density = task->n_production * task->grid->n_p * task->grid->n_theta, n = run->n_cell_p;
    const size_t n_scratch = n * (2 * PILOT_Z + PILOT_THETA + 1 + PILOT_THETA * task->n_production);
    double *memory = malloc((task->n_production + n_density + n + 1 + n * PILOT_THETA + n * (PILOT_THETA + 1) +
                             n * (PILOT_Z + 1) + n * run->n_shaped * (PILOT_SHAPE + 1) + n_scratch) *
                            sizeof *memory);
    if (memory == NULL)
        return bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    double *error = memory; /* [n_active] */
    run->ln_density = memory + task->n_production;
    run->cumulative_p = run->ln_density + n_density;
    run->probability = run->cumulative_p + n + 1;
    run->cumulative_theta = run->probability + n * PILOT_THETA;
    run->cumulative_z = run->cumulative_theta + n * (PILOT_THETA + 1);
    run->cumulative_shape = run->cumulative_z + n * (PILOT_Z + 1);
    take_logarithms(run);
    pilot(run);
    if (build_proposal(run, run->cumulative_shape + n * run->n_shaped * (PILOT_SHAPE + 1)))
        run_points(run, kernel, closed, error);
    else
        for (size_t k = 0; k < run->n_kernel; k++)
            kernel[k].flag = kernel[k].flag == BD_FLAG_OK ? BD_FLAG_CLOSED : kernel[k].flag;
    free(memory);
    return BD_OK;
}

/* Each different matrix element once. */
static enum bd_status choose_amplitudes(struct run *run, struct bd_error *err)
{
    const struct bd_kernel_task *task = run->task;
    const struct bd_decay *known[AMPLITUDES_MAX];
    for (size_t k = 0; k < task->n_production; k++) {
        const struct bd_decay *decay = task->decay_of != NULL ? task->decay_of[k] : task->decay;
        size_t a = 0;
        while (a < run->n_amplitude && known[a] != decay)
            a++;
        if (a == AMPLITUDES_MAX)
            return bd_fail(err, BD_BAD_INPUT, "%s: more than %d matrix elements at once", task->decay->name,
                           AMPLITUDES_MAX);
        if (a == run->n_amplitude) {
            known[run->n_amplitude++] = decay;
            BD_TRY(bd_phase_space_init(decay, task->mass_gev, &run->space[a], err));
            run->has_matrix_element |= decay->matrix_element != NULL || decay->line_shape != NULL;
        }
        run->amplitude[k] = a;
    }
    struct bd_decay flat = *task->decay;
    flat.matrix_element = NULL;
    flat.line_shape = NULL;
    return bd_phase_space_init(&flat, task->mass_gev, &run->flat, err);
}

/* Regions of one Monte Carlo: each part of a volume has its own. */
static size_t count_regions(const struct bd_experiment *experiment)
{
    size_t n;
    (void)bd_experiment_signal_regions(experiment, &n);
    return experiment->n_part > 0 ? 1 : n;
}

static enum bd_status compute_open(const struct bd_kernel_task *task, const struct bd_qmc *qmc,
                                   struct bd_kernel_worker *worker, const struct bd_detector *detector,
                                   struct bd_kernel *kernel, struct bd_error *err)
{
    struct run run = {.task = task, .qmc = qmc, .worker = worker, .detector = *detector, .key = task_key(task)};
    run.n_region = count_regions(task->experiment);
    run.n_kernel = run.n_region * task->n_production;
    run.n_phase_space = bd_phase_space_dimensions(bd_decay_n_daughter(task->decay));
    run.n_dimension = DIM_OTHER + run.n_phase_space - 1 + bd_detector_dimensions(&run.detector);
    const size_t n_daughter = bd_decay_n_daughter(task->decay);
    run.n_shaped = n_daughter == 2 ? 1 : n_daughter == 3 ? 3 : 5;
    for (size_t d = 0; d < run.n_shaped; d++)
        run.shaped[d] = d == 0 ? DIM_FIRST_COS : DIM_OTHER + shaped_u[d] - 1;
    run.z0 = task->experiment->impact_m[2];
    set_window(&run);
    run.amplitude = calloc(2 * task->n_production, sizeof *run.amplitude);
    unsigned char *closed = calloc(run.n_kernel, sizeof *closed);
    enum bd_status status = run.amplitude != NULL && closed != NULL
                                ? BD_OK
                                : bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    if (status == BD_OK) {
        run.active = run.amplitude + task->n_production;
        for (run.n_active = 0; run.n_active < task->n_production; run.n_active++)
            run.active[run.n_active] = run.n_active;
        status = choose_amplitudes(&run, err);
    }
    if (status == BD_OK)
        status = compute(&run, kernel, closed, err);
    free(run.amplitude);
    free(closed);
    return status;
}

/* What is known before any Monte Carlo; 1 if the production can give an accepted decay. */
static int start_kernel(const struct bd_kernel_task *task, size_t k, const struct bd_detector *detector,
                        struct bd_kernel *kernel)
{
    if (task->spectrum[k] == NULL) {
        *kernel = (struct bd_kernel){.flag = BD_FLAG_CLOSED};
        return 0;
    }
    *kernel = (struct bd_kernel){.flag = task->spectrum[k]->flag, .chi_per_pot = task->spectrum[k]->chi_per_pot};
    memcpy(kernel->reach, task->spectrum[k]->reach, sizeof kernel->reach);
    if (kernel->flag == BD_FLAG_OK && (detector->impossible || task->mass_gev <= bd_decay_threshold(task->decay)))
        kernel->flag = BD_FLAG_CLOSED;
    if (kernel->flag == BD_FLAG_OK && detector->lost && task->mass_gev > BD_DETECTOR_LOST_MASS_MAX_GEV)
        kernel->flag = BD_FLAG_OUTSIDE; /* the spectra end inside the window */
    return kernel->flag == BD_FLAG_OK;
}

/* The Monte Carlo sees only the productions that are open. */
static enum bd_status compute_part(const struct bd_kernel_task *task, const struct bd_qmc *qmc,
                                   struct bd_kernel_worker *worker, struct bd_kernel *kernel, struct bd_error *err)
{
    struct bd_detector detector;
    BD_TRY(bd_detector_init(task->experiment, task->state, task->decay, &detector, err));
    BD_TRY(bd_detector_set_mass(&detector, task->mass_gev, err));
    const size_t n = task->n_production;
    const size_t n_region = count_regions(task->experiment);
    const struct bd_spectrum **spectrum = calloc(n, sizeof(const struct bd_spectrum *));
    const struct bd_decay **decay_of = calloc(n, sizeof(const struct bd_decay *));
    size_t *index = calloc(n, sizeof *index);
    struct bd_kernel *open_kernel = calloc(n_region * n, sizeof *open_kernel);
    struct bd_kernel_task open = *task;
    enum bd_status status = spectrum != NULL && decay_of != NULL && index != NULL && open_kernel != NULL
                                ? BD_OK
                                : bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    open.n_production = 0;
    open.spectrum = spectrum;
    open.decay_of = decay_of;
    for (size_t k = 0; status == BD_OK && k < n; k++) {
        const int is_open = start_kernel(task, k, &detector, &kernel[k]);
        for (size_t r = 1; r < n_region; r++)
            kernel[r * n + k] = kernel[k];
        if (!is_open)
            continue;
        spectrum[open.n_production] = task->spectrum[k];
        decay_of[open.n_production] = task->decay_of != NULL ? task->decay_of[k] : task->decay;
        index[open.n_production++] = k;
    }
    const size_t n_open = open.n_production;
    for (size_t i = 0; status == BD_OK && i < n_region * n_open; i++)
        open_kernel[i] = kernel[index[i % n_open]];
    if (status == BD_OK && n_open > 0)
        status = compute_open(&open, qmc, worker, &detector, open_kernel, err);
    for (size_t i = 0; status == BD_OK && i < n_region * n_open; i++)
        kernel[i / n_open * n + index[i % n_open]] = open_kernel[i];
    free(spectrum);
    free(decay_of);
    free(index);
    free(open_kernel);
    return status;
}

enum bd_status bd_kernel_compute(const struct bd_kernel_task *task, const struct bd_qmc *qmc,
                                 struct bd_kernel_worker *worker, struct bd_kernel *kernel, struct bd_error *err)
{
    const size_t n_part = task->experiment->n_part > 0 ? task->experiment->n_part : 1;
    for (size_t i = 0; i < n_part; i++) {
        const struct bd_final_state state = bd_experiment_part_state(task->experiment, task->state, i);
        struct bd_kernel_task part = *task;
        part.state = &state;
        BD_TRY(compute_part(&part, qmc, worker, &kernel[i * task->n_production], err));
    }
    return BD_OK;
}
