/* One Monte Carlo per (decay, mass), shared by all productions: randomised Sobol points fill the kernels until
 * they are precise enough.
 */
#include "decay/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decay/kernel_run.h"
#include "src/core/data.h"
#include "src/core/pdg.h"

#define FIRST_POINTS 1024 /* per shift */
#define ENOUGH 0.8        /* of the asked error: a production that is there gets no more points */

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
    nodes->ln_s_step = log(s_max / s_min) / (BD_KERNEL_NODES - 2 * BD_KERNEL_GUARD - 1);
}

enum bd_status bd_kernel_worker_create(size_t n_kernel, struct bd_kernel_worker **worker, struct bd_error *err)
{
    struct bd_kernel_worker *created = calloc(1, sizeof *created);
    double *sum = malloc((BD_KERNEL_SHIFTS * BD_KERNEL_NODES + 2) * n_kernel * sizeof *sum);
    if (created == NULL || sum == NULL) {
        free(created);
        free(sum);
        return bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    }
    created->sum = sum;
    created->production_weight = sum + BD_KERNEL_SHIFTS * n_kernel * BD_KERNEL_NODES;
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
    const size_t pilot_points = BD_PILOT_BLOCKS * BD_BLOCK; /* the pilot takes as many in any case */
    return bd_qmc_create(BD_DIMENSIONS_MAX, max_points > pilot_points ? max_points : pilot_points, qmc, err);
}

/* ---- sums ---- */

/* Cubic weights of one accepted vertex, added to the kernels of all active productions. */
static void deposit(const struct bd_kernel_run *run, double s, const double *weight, double *sum)
{
    const double x = (log(s) - run->task->nodes->ln_s_min) / run->task->nodes->ln_s_step;
    const double floor_x = floor(x), u = x - floor_x;
    const int first = (int)floor_x - 1 + BD_KERNEL_GUARD;
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

static void report_event(const struct bd_kernel_run *run, size_t slice, size_t i, double s)
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

static void fill_block(struct bd_kernel_run *run, size_t n, double *sum)
{
    const struct bd_kernel_worker *worker = run->worker;
    const struct bd_detector_block *block = &worker->block;
    const struct bd_spectrum_grid *grid = run->task->grid;
    const size_t n_active = run->n_active;
    bd_kernel_draw_configurations(run, n);
    bd_kernel_select_block(run, n);
    for (size_t i = 0; i < block->n; i++) {
        const size_t origin = block->origin[i], ip = worker->cell_p[origin];
        const double p = worker->p[origin];
        const double u = (log(p) - grid->ln_p_min) / grid->ln_p_step - (double)(run->first_p + ip);
        bd_kernel_ln_density(run, run->first_p + ip, u, worker->theta[origin], worker->production_weight);
        for (size_t a = 0; a < n_active; a++)
            worker->production_weight[a] = worker->per_configuration[origin] *
                                           worker->weight[run->amplitude[run->active[a]]][i] *
                                           exp(worker->production_weight[a]);
        const double *cumulative_z = run->cumulative_z + ip * (BD_PILOT_Z + 1);
        const double dz = (run->detector.z_max_m - run->detector.z_min_m) / BD_PILOT_Z;
        for (size_t s = 0; s < BD_KERNEL_SLICES; s++) {
            if (block->ok[s][i] <= 0.0)
                continue;
            const double z = block->z[s][i];
            size_t iz = (size_t)((z - run->detector.z_min_m) / dz);
            iz = iz < BD_PILOT_Z ? iz : BD_PILOT_Z - 1;
            const double h = (cumulative_z[iz + 1] - cumulative_z[iz]) / dz;
            for (size_t a = 0; a < n_active; a++)
                worker->vertex_weight[a] = block->ok[s][i] * worker->production_weight[a] / (BD_KERNEL_SLICES * h);
            const double path_over_p = (z - run->z0) / (worker->cos_z[origin] * p);
            deposit(run, path_over_p, worker->vertex_weight,
                    sum + (size_t)block->region[s][i] * n_active * BD_KERNEL_NODES);
            if (run->task->event != NULL)
                report_event(run, s, i, path_over_p);
        }
    }
}

static size_t sum_size(const struct bd_kernel_run *run) /* of one shift */
{
    return run->n_region * BD_KERNEL_NODES * run->n_active;
}

/* Points first .. last - 1 of every shift. */
static void add_points(struct bd_kernel_run *run, size_t first, size_t last)
{
    uint32_t word[BD_DIMENSIONS_MAX];
    for (unsigned shift = 0; shift < BD_KERNEL_SHIFTS; shift++) {
        bd_qmc_shift(run->key, shift, BD_DIMENSIONS_MAX, word);
        for (size_t i = first; i < last; i += BD_BLOCK) {
            const size_t n = last - i < BD_BLOCK ? last - i : BD_BLOCK;
            bd_kernel_draw_points(run, word, i, n);
            fill_block(run, n, run->worker->sum + shift * sum_size(run));
        }
    }
}

/* ---- error ---- */

struct kernel_object {
    const struct bd_kernel_run *run;
    const double *weight;
};

static double yield_of_kernel(const void *object, double width)
{
    const struct kernel_object *kernel = object;
    return bd_kernel_yield(kernel->run->task->nodes, kernel->weight, kernel->run->task->mass_gev, width);
}

/* Mean kernel and error curve of an active production in one region after n points per shift; 0 if there was no
 * hit. */
static int finish_kernel(const struct bd_kernel_run *run, size_t region, size_t a, size_t n,
                         struct bd_kernel *kernel)
{
    const struct bd_kernel_nodes *nodes = run->task->nodes;
    const size_t size = sum_size(run), stride = run->n_active;
    const double *sum = run->worker->sum + region * BD_KERNEL_NODES * stride + a;
    double at_maximum, at_edge;
    int hit = 0;
    for (size_t j = 0; j < BD_KERNEL_NODES; j++) {
        double total = 0.0;
        for (size_t shift = 0; shift < BD_KERNEL_SHIFTS; shift++)
            total += sum[shift * size + j * stride];
        kernel->weight[j] = total / (double)(BD_KERNEL_SHIFTS * n);
        hit |= total != 0.0;
    }
    kernel->n_configuration = (double)(BD_KERNEL_SHIFTS * n);
    const struct kernel_object object = {run, kernel->weight};
    bd_kernel_find_widths(yield_of_kernel, &object, run->task->mass_gev, exp(nodes->ln_s_min),
                          exp(nodes->ln_s_min + nodes->ln_s_step * (BD_KERNEL_NODES - 2 * BD_KERNEL_GUARD)),
                          &at_maximum, &at_edge);
    const double plateau = 0.01 * at_maximum;
    kernel->error = 0.0;
    for (size_t w = 0; w < BD_KERNEL_ERRORS; w++) {
        const double width = plateau * pow(at_edge / plateau, (double)w / (BD_KERNEL_ERRORS - 1));
        double mean = 0.0, square = 0.0, factor[BD_KERNEL_NODES];
        const double rate = run->task->mass_gev * width / BD_HBARC_GEV_M;
        for (size_t j = 0; j < BD_KERNEL_NODES; j++)
            factor[j] = exp(-rate * exp(nodes->ln_s_min + ((double)j - BD_KERNEL_GUARD) * nodes->ln_s_step));
        double transform[BD_KERNEL_SHIFTS] = {0};
        for (size_t shift = 0; shift < BD_KERNEL_SHIFTS; shift++) {
            for (size_t j = 0; j < BD_KERNEL_NODES; j++)
                transform[shift] += factor[j] * sum[shift * size + j * stride];
            mean += transform[shift] / BD_KERNEL_SHIFTS;
        }
        for (size_t shift = 0; shift < BD_KERNEL_SHIFTS; shift++)
            square += (transform[shift] - mean) * (transform[shift] - mean);
        kernel->error_width_gev[w] = width;
        /* No hit at all: nothing is known, 100%. */
        kernel->error_rel[w] =
            mean > 0.0 ? fmin(sqrt(square / (BD_KERNEL_SHIFTS * (BD_KERNEL_SHIFTS - 1))) / mean, 1.0) : 1.0;
        kernel->error = fmax(kernel->error, kernel->error_rel[w]);
    }
    return hit;
}

/* Acceptance of the X that decay in the volume, long-lived limit: both are proportional to Gamma. */
static double plateau_acceptance(const struct bd_kernel_run *run, const struct bd_kernel *kernel)
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
static double finish_production(const struct bd_kernel_run *run, size_t a, size_t n, struct bd_kernel *kernel,
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
static void drop_finished(struct bd_kernel_run *run, const double *error /* [n_active] */)
{
    const size_t before = run->n_active;
    size_t n = 0, to = 0;
    for (size_t a = 0; a < before; a++)
        n += error[a] > ENOUGH * run->task->precision;
    if (n == before)
        return;
    for (size_t i = 0; i < BD_KERNEL_SHIFTS * run->n_region * BD_KERNEL_NODES; i++)
        for (size_t a = 0; a < before; a++)
            if (error[a] > ENOUGH * run->task->precision)
                run->worker->sum[to++] = run->worker->sum[i * before + a];
    run->n_active = 0;
    for (size_t a = 0; a < before; a++)
        if (error[a] > ENOUGH * run->task->precision)
            run->active[run->n_active++] = run->active[a];
    bd_kernel_take_logarithms(run);
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
static void run_points(struct bd_kernel_run *run, struct bd_kernel *kernel, unsigned char *closed,
                       double *error /* [n_production] */)
{
    const struct bd_kernel_task *task = run->task;
    size_t n = 0, next = FIRST_POINTS < task->max_points ? FIRST_POINTS : task->max_points;
    memset(run->worker->sum, 0, BD_KERNEL_SHIFTS * sum_size(run) * sizeof *run->worker->sum);
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

static enum bd_status compute(struct bd_kernel_run *run, struct bd_kernel *kernel, unsigned char *closed,
                              struct bd_error *err)
{
    int possible;
    double *error = malloc(run->n_active * sizeof *error);
    if (error == NULL)
        return bd_fail(err, BD_NO_MEMORY, "decay kernel: out of memory");
    const enum bd_status status = bd_kernel_proposal_create(run, &possible, err);
    if (status == BD_OK && possible)
        run_points(run, kernel, closed, error);
    for (size_t k = 0; status == BD_OK && !possible && k < run->n_kernel; k++)
        kernel[k].flag = kernel[k].flag == BD_FLAG_OK ? BD_FLAG_CLOSED : kernel[k].flag;
    bd_kernel_proposal_free(run);
    free(error);
    return status;
}

/* Each different matrix element once. */
static enum bd_status choose_amplitudes(struct bd_kernel_run *run, struct bd_error *err)
{
    const struct bd_kernel_task *task = run->task;
    const struct bd_decay *known[BD_AMPLITUDES_MAX];
    for (size_t k = 0; k < task->n_production; k++) {
        const struct bd_decay *decay = task->decay_of != NULL ? task->decay_of[k] : task->decay;
        size_t a = 0;
        while (a < run->n_amplitude && known[a] != decay)
            a++;
        if (a == BD_AMPLITUDES_MAX)
            return bd_fail(err, BD_BAD_INPUT, "%s: more than %d matrix elements at once", task->decay->name,
                           BD_AMPLITUDES_MAX);
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
    struct bd_kernel_run run = {
        .task = task, .qmc = qmc, .worker = worker, .detector = *detector, .key = task_key(task)};
    run.n_region = count_regions(task->experiment);
    run.n_kernel = run.n_region * task->n_production;
    run.n_phase_space = bd_phase_space_dimensions(bd_decay_n_daughter(task->decay));
    run.n_dimension = BD_DIM_OTHER + run.n_phase_space - 1 + bd_detector_dimensions(&run.detector);
    run.z0 = task->experiment->impact_m[2];
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
