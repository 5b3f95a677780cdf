/* decay/kernel.h - the decay kernel: everything about geometry and kinematics, nothing about couplings.
 *
 * N_pd(m, Gamma) = (Gamma/hbar c) sum_k w_k exp(-m s_k Gamma/hbar c), per proton, at unit strength and BR = 1:
 * X of mass m made by p, flying, decaying to d inside the volume and accepted. The w_k [m] at the nodes s_k =
 * path/p [m/GeV] are a quadrature rule (cubic weights, some may be negative), not a histogram. */
#ifndef BD_DECAY_KERNEL_H
#define BD_DECAY_KERNEL_H

#include <stddef.h>

#include "decay/detector.h"
#include "src/core/error.h"
#include "src/core/flag.h"
#include "src/core/qmc.h"
#include "src/core/spectrum.h"

#define BD_KERNEL_NODES 206 /* 200 and 3 guard nodes at each end */
#define BD_KERNEL_ERRORS 24

struct bd_kernel_nodes {        /* the same for all kernels of an experiment */
    double ln_s_min, ln_s_step; /* s_k = exp(ln_s_min + (k - 3) * ln_s_step), k < BD_KERNEL_NODES, m/GeV */
};

struct bd_kernel {
    enum bd_flag flag;
    double chi_per_pot;                       /* X per proton, all angles */
    double weight[BD_KERNEL_NODES];           /* w_k [m] */
    double reach[BD_REACH_NODES];             /* all-angle momentum spectrum (bd_spectrum) */
    double error_width_gev[BD_KERNEL_ERRORS]; /* widths of the error curve, from the long-lived plateau to the edge
                                                 where N is 1e-4 of its maximum */
    double error_rel[BD_KERNEL_ERRORS];       /* relative standard error of N_pd there */
    double acceptance;                        /* of the X that decay in the volume, long-lived limit */
    double error;                             /* the largest of error_rel */
    double n_configuration;                   /* Monte Carlo configurations used */
};

/* N_pd at a width [GeV] and mass [GeV]; 0 for a closed kernel. */
double bd_kernel_yield(const struct bd_kernel_nodes *nodes, const double *weight /* [BD_KERNEL_NODES] */,
                       double mass_gev, double width_gev);

/* Relative error at a width: log-linear in the error curve, its end values outside. */
double bd_kernel_error(const double *error_width_gev, const double *error_rel, double width_gev);

/* Nodes for all vertices and momenta of an experiment: path/p from z_min to z_max over the momenta of the grid. */
void bd_kernel_nodes_init(const struct bd_experiment *experiment, const struct bd_spectrum_grid *grid,
                          struct bd_kernel_nodes *nodes);

/* One accepted vertex: it adds weight exp(-m s Gamma/hbar c) Gamma/hbar c / n_configuration to N_pd of its region.
 */
struct bd_kernel_event {
    double s, weight;          /* s: path/p [m/GeV] */
    double vertex_z_m, pt_gev; /* where two photons are taken for a pi0, otherwise 0 */
    int region;
};

/* One task: the kernels of one decay at one mass, for all productions at once. */
struct bd_kernel_task {
    const struct bd_experiment *experiment;
    const struct bd_final_state *state;
    const struct bd_decay *decay;
    double mass_gev;
    size_t n_production;
    const struct bd_spectrum *const
        *spectrum; /* [n_production], on grid; NULL: not wanted, its kernel is closed */
    /* [n_production]: the decay with the matrix element of the production's model; NULL: `decay` for all of them.
     * They share the momenta and have their own weights. */
    const struct bd_decay *const *decay_of;
    const struct bd_spectrum_grid *grid;
    const struct bd_kernel_nodes *nodes;
    double precision;  /* relative, of N_pd in every region at every width from the plateau to the edge */
    size_t max_points; /* per shift */
    unsigned long long seed;
    /* Called for every accepted vertex, in a fixed order; only with one production. NULL: nobody wants to know. */
    void (*event)(void *object, const struct bd_kernel_event *event);
    void *event_object;
};

/* Scratch memory of one thread; nothing in it survives a task. */
struct bd_kernel_worker;
enum bd_status bd_kernel_worker_create(size_t n_kernel /* n_region * n_production */,
                                       struct bd_kernel_worker **worker, struct bd_error *err) BD_MUST_CHECK;
void bd_kernel_worker_free(struct bd_kernel_worker *worker); /* accepts NULL */

/* Sobol points that tasks share: dimensions and number for max_points per shift. */
enum bd_status bd_kernel_points_create(size_t max_points, struct bd_qmc **qmc, struct bd_error *err) BD_MUST_CHECK;

/* Fill kernel[n_region][n_production], the regions being those of the card (bd_experiment_signal_regions). A
 * region without a hit, where another one has them, is closed. The numbers depend on the task and its seed alone,
 * not on the worker or the thread. */
enum bd_status bd_kernel_compute(const struct bd_kernel_task *task, const struct bd_qmc *qmc,
                                 struct bd_kernel_worker *worker, struct bd_kernel *kernel,
                                 struct bd_error *err) BD_MUST_CHECK;

#endif
