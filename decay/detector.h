/* decay/detector.h - which decays an experiment sees: straight tracks, one magnet kick, planes and shapes.
 *
 * Works on blocks of configurations; each configuration has several possible vertices (slices) on the line of X.
 * All selections come from the card. Lengths in m, momenta in GeV. */
#ifndef BD_DECAY_DETECTOR_H
#define BD_DECAY_DETECTOR_H

#include "decay/decay.h"
#include "decay/phase_space.h"
#include "decay/window.h"
#include "src/core/error.h"
#include "src/core/experiment.h"

#define BD_SLICES_MAX 8
#define BD_PHOTONS_MAX 8

/* The selection of one final state, ready for blocks. */
struct bd_detector {
    const struct bd_experiment *experiment; /* borrowed, as state and decay */
    const struct bd_final_state *state;
    const struct bd_decay *decay;
    size_t n_track, n_neutral, n_photon;
    size_t track[2]; /* daughter indices */
    int charge[2];
    double track_mass_gev[2];
    size_t neutral[BD_DAUGHTERS_MAX]; /* daughter indices: gamma, or a meson that decays to two photons */
    const struct bd_particle *neutral_particle[BD_DAUGHTERS_MAX];
    double daughter_br;                    /* product of BR(pi0, eta -> gamma gamma), or 1 if the card forces it */
    const struct bd_magnet *magnet;        /* NULL: none */
    double z_min_m, z_max_m;               /* vertices that can be accepted: volume and vertex cut */
    double volume_z_min_m, volume_z_max_m; /* generation volume, for reach_decay */
    struct bd_window window;               /* exact: directions of X that can be accepted */
    int lost;                              /* 1: daughters may be lost: the window depends on the mass of X */
    int clustered;                         /* 1: photons merge before they are counted */
    double energy_min_gev;                 /* sum of the thresholds: less energetic X are never accepted */
    int distance_plane;                    /* where distances of tracks and photons are measured; -1: nowhere */
    int impossible;                        /* 1: no vertex can fulfil the selection of the card */
};

/* BD_BAD_INPUT: the card asks for something this program cannot do; the message says what. */
enum bd_status bd_detector_init(const struct bd_experiment *experiment, const struct bd_final_state *state,
                                const struct bd_decay *decay, struct bd_detector *detector,
                                struct bd_error *err) BD_MUST_CHECK;

#define BD_DETECTOR_LOST_MASS_MAX_GEV 3.0

/* The window of X of a mass. It matters only where daughters may be lost; bd_detector_init takes the largest that
 * is supported there, BD_DETECTOR_LOST_MASS_MAX_GEV. */
enum bd_status bd_detector_set_mass(struct bd_detector *detector, double mass_gev,
                                    struct bd_error *err) BD_MUST_CHECK;

/* Random numbers per configuration for the decays of pi0 and eta: 2 each. */
size_t bd_detector_dimensions(const struct bd_detector *detector);

#define BD_PAIRS_MAX ((size_t)BD_SLICES_MAX * BD_BLOCK)

/* A configuration at one of its vertices. After the first plane only those that are alive are followed, each with
 * its own entry, so that the rest of the planes and the photons cost what they are worth. */
struct bd_detector_pairs {
    size_t n;
    unsigned short configuration[BD_PAIRS_MAX], slice[BD_PAIRS_MAX];
    double x[BD_PAIRS_MAX], y[BD_PAIRS_MAX], z[BD_PAIRS_MAX];  /* vertex */
    double track_x[2][BD_PAIRS_MAX], track_y[2][BD_PAIRS_MAX]; /* where distances are measured */
    double photon_x[BD_PHOTONS_MAX][BD_PAIRS_MAX], photon_y[BD_PHOTONS_MAX][BD_PAIRS_MAX];
    double ok[BD_PAIRS_MAX];
    signed char region[BD_PAIRS_MAX];                /* index of the signal region */
    double vertex_z[BD_PAIRS_MAX], pt[BD_PAIRS_MAX]; /* of two photons taken for a pi0 */
    double at_x[BD_PAIRS_MAX], at_y[BD_PAIRS_MAX], slope_x[BD_PAIRS_MAX], slope_y[BD_PAIRS_MAX]; /* scratch */
};

/* Working memory of one thread. In: the n configurations; out: the n of them with an accepted vertex. */
struct bd_detector_block {
    size_t n, n_slice;
    struct bd_momenta daughter[BD_DAUGHTERS_MAX];
    double slope_x[BD_BLOCK], slope_y[BD_BLOCK]; /* of X */
    double z[BD_SLICES_MAX][BD_BLOCK];           /* vertices */
    double ok[BD_SLICES_MAX][BD_BLOCK];          /* out: probability to be seen, 0: not accepted */
    signed char region[BD_SLICES_MAX][BD_BLOCK]; /* out, where accepted: index of the signal region */
    double vertex_z[BD_SLICES_MAX][BD_BLOCK], pt[BD_SLICES_MAX][BD_BLOCK]; /* out, with pi0_reconstruction */
    unsigned origin[BD_BLOCK]; /* out: number of the configuration before selection */
    /* scratch */
    double x[BD_SLICES_MAX][BD_BLOCK], y[BD_SLICES_MAX][BD_BLOCK];
    double before_x[2][BD_BLOCK], before_y[2][BD_BLOCK]; /* slopes of the tracks before and behind the magnet */
    double behind_x[2][BD_BLOCK], behind_y[2][BD_BLOCK];
    struct bd_momenta photon[BD_PHOTONS_MAX];
    double mask[BD_BLOCK];
    struct bd_detector_pairs pairs;
};

/* Apply the selection. u[d][i]: random numbers of bd_detector_dimensions, by original number. Afterwards the first
 * n entries of ok and origin are the survivors, in their original order. */
void bd_detector_select(const struct bd_detector *detector, const double (*u)[BD_BLOCK],
                        struct bd_detector_block *block);

/* 1 if a point is inside a shape (metres, plane coordinates). */
int bd_detector_inside(const struct bd_shape *shape, double x_m, double y_m);

#endif
