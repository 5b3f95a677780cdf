/* src/core/experiment.h - an experiment card as plain structs.
 *
 * Everything the program knows about an experiment is read from a YAML card (decay/experiments/): nothing about
 * one is compiled in. Lengths in m, energies and momenta in GeV, angles in rad. Frame: z along the detector axis.
 */
#ifndef BD_CORE_EXPERIMENT_H
#define BD_CORE_EXPERIMENT_H

#include <stddef.h>

#include "src/core/error.h"

#define BD_NAME_SIZE 32
#define BD_SOURCE_SIZE 160
#define BD_PLANES_MAX 24
#define BD_HOLES_MAX 4
#define BD_MAGNETS_MAX 4
#define BD_EXCLUDED_MAX 8
#define BD_STATES_MAX 24
#define BD_FACTORS_MAX 8
#define BD_POINTING_REGIONS_MAX 8
#define BD_UL90_MAX 4
#define BD_CANDIDATES_MAX 8
#define BD_OVERRIDES_MAX 16
#define BD_MASS_RANGES_MAX 4

#define BD_EXPERIMENT_LIMIT_TABLE "limit_table" /* mode: published limits on a branching ratio, no protons */
#define BD_EXPERIMENT_PROJECTION "projection"   /* status: nothing is observed */
#define BD_EXPERIMENT_COMBINATION "combination" /* mode in a database: contours of several experiments */
#define BD_REGIONS_MAX 8
#define BD_PI0_BOXES_MAX 12

#define BD_REGION_SIGNAL "sr" /* the region of a card that cuts none at generator level */
#define BD_REGION_ALL "all"   /* in counts: the weighted sum over the regions of the card */

enum bd_shape_kind {
    BD_SHAPE_NONE = 0,
    BD_SHAPE_CIRCLE,    /* r < r_m about (x_m, y_m) */
    BD_SHAPE_SQUARE,    /* |x|, |y| < half_m */
    BD_SHAPE_RECTANGLE, /* |x| < half_x_m, |y| < half_y_m */
    BD_SHAPE_OCTAGON,   /* |x|, |y| < half_m and |x| + |y| < diag_m */
    BD_SHAPE_VIEWS,     /* hole of a chamber with x, y, u, v views: inside unless at least two views are missed by
                           half_m: (|x'| > half or |y| > half) and (|u'| > half or |v'| > half) */
    BD_SHAPE_CORNER,    /* the four corners |x| > half_x_m and |y| > half_y_m */
};

struct bd_shape {
    enum bd_shape_kind kind;
    double r_m, half_m, diag_m, half_x_m, half_y_m;
    double x_m, y_m; /* centre */
};

struct bd_plane { /* accepted = inside outer and outside every hole */
    char name[BD_NAME_SIZE];
    double z_m;
    struct bd_shape outer;
    size_t n_hole;
    struct bd_shape hole[BD_HOLES_MAX];
    unsigned line; /* in the card, for messages */
};

struct bd_magnet { /* at z_m: p_axis += kick_gev * charge, with |p| kept */
    char name[BD_NAME_SIZE];
    double z_m, length_m, kick_gev;
    int kick_axis; /* 0: x, 1: y */
    unsigned line;
};

struct bd_z_range {
    double z_min_m, z_max_m;
};

enum bd_volume_kind {
    BD_VOLUME_OPEN = 0,          /* no lateral limit */
    BD_VOLUME_ANNULUS,           /* r_min_m < r < r_max_m */
    BD_VOLUME_PYRAMID,           /* |x|, |y| below half widths that grow linearly from z_m[0] to z_m[1] */
    BD_VOLUME_VERTICAL_CYLINDER, /* |y| < half_y_m[0] and less than r_max_m from the vertical axis at z_m[0] */
};

struct bd_volume_shape { /* where vertices are accepted, about the detector axis */
    int kind;
    double r_min_m, r_max_m;
    double z_m[2], half_x_m[2], half_y_m[2];
};

struct bd_final_state {      /* selection of one decay, defaults of the card already filled in */
    char name[BD_NAME_SIZE]; /* decay name, "mu+mu-" */
    int projection;          /* 1: no published count */
    char track[8];           /* "mu", "e", "pi", "k"; "" if there are no tracks */
    int n_track, n_photon;
    size_t n_track_plane, n_photon_plane;
    int track_plane[BD_PLANES_MAX], photon_plane[BD_PLANES_MAX]; /* indices into planes, in z order */
    int showers;      /* 1: electrons are showers like photons, on straight lines */
    int n_photon_min; /* so many photons seen are enough, the others may be lost; 0: all are needed */
    int n_photon_max; /* with n_photon_min: more than these seen veto the event; 0: no limit */
    int photons_each; /* with n_photon_min: one on the plane that is not seen for its energy vetoes the event */
    double photon_efficiency; /* with n_photon_min: each is seen with this probability; 0: with certainty */
    int n_cluster; /* all photons are on the plane, where they merge into so many clusters; 0: into none */
    double track_p_min_gev, track_e_min_gev, photon_e_min_gev;
    double track_kinetic_min_gev;
    double track_angle_max_rad, track_angle_kinetic_gev; /* to the detector axis, of tracks with more kinetic
                                                            energy than this; angle 0: no limit */
    double photon_e_max_gev;                             /* more energetic ones are not seen; 0: no limit */
    double track_e_sum_min_gev;                          /* sum of the track energies */
    double opening_min_rad;                              /* between the two tracks, and between any two photons */
    int opening_part;                                    /* only in this part of the volume; -1: everywhere */
    double e_sum_min_gev; /* sum of the photon energies, with n_photon_min of those that are seen */
    int sep_tracks_plane; /* -1: no cut on the distance of the two tracks */
    double sep_tracks_m;
    double photon_merge_m; /* photons of an accepted event are farther apart than this at the photon plane; with
                              n_photon_min or n_cluster the hardest one and those closer to it are one cluster */
    double photon_sep_track_m; /* and farther than this from every track there */
    int neutral_volume;        /* 1: generated in the neutral volume */
    int vertex_cut;            /* 1: the vertex range of the card applies */
    struct bd_z_range part;    /* vertices are in this part of the volume; both 0: anywhere */
    double a_trig;
    char source[BD_SOURCE_SIZE];
    unsigned line;
};

struct bd_pointing { /* where the line of X passes the beam line: z of the closest approach, and distance there */
    int kind;        /* 0: none, 1: box, 2: ellipse */
    double box_z_m[2], box_cda_m[2];   /* minimum, maximum */
    double z0_m, z_semi_m, cda_semi_m; /* ellipse centred at (z0_m, 0) */
};

struct bd_pointing_region { /* signal and control region; detector level: in a_trig, not in the kernels */
    char name[BD_NAME_SIZE];
    struct bd_pointing sr, cr;
    unsigned line;
};

struct bd_region { /* a signal region at generator level: weight x events enter the sum */
    char name[BD_NAME_SIZE];
    double weight;
};

/* One of the volumes that stand one behind the other: a signal region. What decays there is seen on its plane. */
struct bd_part {
    char name[BD_NAME_SIZE];
    double z_m[2];
    int plane; /* index into planes */
    unsigned line;
};

struct bd_pi0_box { /* in the plane of the reconstructed vertex and pT: lower edges included, upper ones not */
    char region[BD_NAME_SIZE];
    int index; /* into signal_region */
    double weight;
    double z_m[2], pt_gev[2];
    double rise_z_m, rise_gev_per_m; /* the lower edge in pT grows with z behind rise_z_m */
    unsigned line;
};

struct bd_pi0_reconstruction { /* two clusters taken for the photons of a pi0 on the detector axis */
    double z_origin_m;         /* z = 0 of the boxes */
    double r_min_m, r_max_m;   /* of the clusters, about the axis; r_max_m 0: no limit */
    double distance_min_m;     /* between the clusters */
    int square_form;           /* 0: max(|x|, |y|) > square_half_m, 1: min(|x|, |y|) */
    double square_half_m;
    double angle_max_rad;       /* between the clusters as seen from the axis; 0: no limit */
    double e_ratio_min;         /* E_low/E_high */
    double coe_r_min_m;         /* distance of the energy-weighted centre from the axis */
    double e_theta_min_gev_rad; /* energy x angle to the axis, each cluster */
    size_t n_exclude, n_box;    /* n_box 0: the card has no such reconstruction */
    struct bd_pi0_box exclude[BD_PI0_BOXES_MAX], box[BD_PI0_BOXES_MAX]; /* first match wins, exclude first */
};

struct bd_count { /* one counting channel: (experiment, decay), all regions of the kernels together */
    int state;    /* index into states */
    char region[BD_NAME_SIZE];
    double b_sr, b_sr_err_up, b_sr_err_down; /* at pot_reference */
    double b_cr, b_cr_err_up, b_cr_err_down;
    int n_sr, n_cr; /* observed; -1: not given (n_sr: a projection) */
    size_t n_ul90;
    double ul90[BD_UL90_MAX]; /* further backgrounds with only a 90% CL upper limit */
    size_t n_candidate;
    double candidate_mass_gev[BD_CANDIDATES_MAX];
    double window_n_sigma; /* 0: no mass window */
    double window_m_min_gev, window_m_max_gev;
    double cl; /* of the errors: 0.68 or 0.90 */
    unsigned line;
};

struct bd_override { /* a parameter of production that the card changes: key of a bd_setting */
    char key[BD_NAME_SIZE], value[BD_NAME_SIZE];
    unsigned line;
};

struct bd_mass_range {
    double mass_gev[2];
    double escape_z_m; /* beyond it a decay of X is not seen; 0: not given */
};

/* How X leaves unseen: parent (p_gev, 0 at rest) -> recoil + X somewhere between decay_z_m, and X decays beyond
 * the escape_z_m of its mass. */
struct bd_escape {
    int is_given;
    double parent_mass_gev, recoil_mass_gev, p_gev;
    double decay_z_m[2];
    double recoil_p_gev[2]; /* selected momenta of the recoil; both 0: all */
};

enum bd_limit_sight {                  /* what must become of X */
                      BD_LIMIT_UNSEEN, /* it is invisible, or decays too late: published limits hold for infinite
                                          lifetime */
                      BD_LIMIT_SEEN, /* it decays to `decay` near the decay of the parent: they hold for lifetime 0
                                      */
};

struct bd_limit_search {           /* mode limit_table: a limit on BR(parent -> X ...) BR(X -> decay) */
    char production[BD_NAME_SIZE]; /* strength of a model that is this branching ratio: "kaon_decay:K+" */
    char decay[BD_NAME_SIZE];      /* "invisible", "mu+mu-", ... */
    enum bd_limit_sight sight;
    char limits_path[512];     /* CSV: mass_gev, lifetime_ps, br_limit */
    char acceptance_path[512]; /* CSV: mass_gev, lifetime_ps, acceptance relative to the table; "": none */
    double scale;              /* factor on all limits */
    double seen_lifetime_ps;   /* acceptance 1 - exp(-this/lifetime); 0: not given */
    struct bd_escape escape;
    size_t n_range;
    struct bd_mass_range range[BD_MASS_RANGES_MAX]; /* where the table is valid, ascending */
};

struct bd_experiment {
    char id[BD_NAME_SIZE], title[BD_SOURCE_SIZE], source[BD_SOURCE_SIZE];
    char mode[BD_NAME_SIZE];   /* "dump", or "limit_table": then only this block, search and limit_cl are filled */
    char status[BD_NAME_SIZE]; /* "data", "projection", "comparison" */
    char *path, *text;         /* owned: where it was read and the card itself */
    unsigned long long hash;   /* of text */

    char beam_particle[8];
    double beam_p_gev, beam_polar_rad, beam_azimuth_rad;
    double impact_m[3]; /* production point in the detector frame (of the card: impact_m - frame.offset_m) */
    char target_material[8];
    double target_a, target_z, target_length_m, target_sigma_gamma_abs_barn;
    double pot, pot_rel_unc, pot_reference;

    struct bd_z_range charged_volume, neutral_volume; /* generation range, enters reach_decay */
    struct bd_volume_shape volume_shape;              /* part of the acceptance */
    size_t n_excluded;
    struct bd_z_range excluded[BD_EXCLUDED_MAX]; /* no vertex in these slabs is accepted */
    size_t n_part;                               /* 0: the volume is one */
    struct bd_part part[BD_REGIONS_MAX];
    struct bd_z_range vertex; /* cut, part of the acceptance */
    double frame_offset_m[2];

    size_t n_plane;
    struct bd_plane plane[BD_PLANES_MAX]; /* in z order */
    size_t n_magnet;
    struct bd_magnet magnet[BD_MAGNETS_MAX]; /* in z order */
    double mass_resolution_rel;              /* 0: not given */
    double momentum_resolution[2];           /* sigma_p/p = a (+) b p[GeV]; not used by the kernels */
    double calorimeter_resolution[3]; /* sigma_E/E = a/sqrt(E) (+) b/E (+) c, E in GeV; not used by the kernels */
    int daughter_br_forced;           /* 1: pi0, eta, eta' -> gamma gamma with BR = 1 */

    size_t n_state;
    struct bd_final_state state[BD_STATES_MAX];
    struct bd_pi0_reconstruction pi0;
    size_t n_signal_region; /* 0: BD_REGION_SIGNAL alone */
    struct bd_region signal_region[BD_REGIONS_MAX];
    size_t n_region;
    struct bd_pointing_region region[BD_POINTING_REGIONS_MAX];
    size_t n_count;
    struct bd_count count[BD_STATES_MAX];
    size_t n_override;
    struct bd_override override[BD_OVERRIDES_MAX];

    struct bd_limit_search search;

    char limit_rule[8]; /* "cls" */
    double limit_cl;    /* 0.90 */
    size_t n_combine;
    int combine[BD_STATES_MAX]; /* indices into states that a contour combines */
};

/* Read a card. name: a built-in name ("na62") or a path to a file (contains '/' or ends in ".yaml"). The caller
 * frees. BD_BAD_INPUT: all faults, one per line: "na62.yaml:19:25: planes[1].z_m: expected a number, found
 * '194.066m'"; for an unknown name the known names. BD_IO: the file cannot be read. */
enum bd_status bd_experiment_load(const char *name, struct bd_experiment **experiment,
                                  struct bd_error *err) BD_MUST_CHECK;
void bd_experiment_free(struct bd_experiment *experiment); /* accepts NULL */

/* 1 if its numbers are kernels: it is neither published limits nor a combination. */
int bd_experiment_has_kernels(const struct bd_experiment *experiment);

/* Selection of a decay, or NULL: the card has none. */
const struct bd_final_state *bd_experiment_state(const struct bd_experiment *experiment, const char *decay);

/* The selection as it is in part i of the volume, i < n_part; the selection itself if the volume is one. */
struct bd_final_state bd_experiment_part_state(const struct bd_experiment *experiment,
                                               const struct bd_final_state *state, size_t i);

/* Signal regions of the kernels, at least one. */
const struct bd_region *bd_experiment_signal_regions(const struct bd_experiment *experiment, size_t *n);

/* Names of the built-in cards, sorted; the caller frees with bd_experiment_names_free. */
enum bd_status bd_experiment_names(char ***names, size_t *n, struct bd_error *err) BD_MUST_CHECK;
void bd_experiment_names_free(char **names, size_t n);

#endif
