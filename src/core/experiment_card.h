/* src/core/experiment_card.h - an experiment card as it is written, before names become indices and defaults are
 * filled in. Used by experiment.c, experiment_card.c (the table of keys) and experiment_resolve.c only. */
#ifndef BD_CORE_EXPERIMENT_CARD_H
#define BD_CORE_EXPERIMENT_CARD_H

#include "src/core/card.h"
#include "src/core/experiment.h"

#define BD_EXPERIMENT_CARD_PAIRS_MAX 4

struct bd_experiment_card_planes { /* names of planes */
    size_t n;
    char name[BD_PLANES_MAX][BD_NAME_SIZE];
};

struct bd_experiment_card_factor { /* of the efficiency a_trig */
    char name[BD_NAME_SIZE];
    double value;
    int per; /* 0: event, 1: track, 2: photon */
};

struct bd_experiment_card_tracks {
    int n[4];                    /* of each of bd_experiment_card_species; -1: left out */
    double p_min_gev, e_min_gev; /* -1: as track_defaults */
    double e_sum_min_gev, kinetic_min_gev, angle_max_rad, angle_kinetic_gev;
    struct bd_experiment_card_planes planes, extra_planes;
};

struct bd_experiment_card_part {
    struct bd_part part;
    char plane[BD_NAME_SIZE];
};

struct bd_experiment_card_state {
    struct bd_final_state state; /* what needs no defaults and no names */
    struct bd_experiment_card_tracks tracks;
    int n_shower;                            /* electrons or photons, instead of photons */
    double photon_e_min_gev, photon_merge_m; /* -1: as photon_defaults */
    size_t n_pair;
    char pair[BD_EXPERIMENT_CARD_PAIRS_MAX][8]; /* "pi0": what two photons each come from */
    char sep_plane[BD_NAME_SIZE], opening_part[BD_NAME_SIZE];
    int vertex_cut; /* -1: wherever the card has a vertex range */
};

struct bd_experiment_card_ul90 {
    char name[BD_NAME_SIZE];
    double n;
};

struct bd_experiment_card_count {
    struct bd_count count;
    char state[BD_NAME_SIZE];
    double sr[3], cr[3]; /* b, +error, -error */
    struct bd_experiment_card_ul90 ul90[BD_UL90_MAX];
    double window_m_gev[2];
};

struct bd_experiment_card {
    struct bd_experiment experiment; /* what needs no defaults and no names */
    struct bd_experiment_card_planes track_planes, photon_planes;
    double track_p_min_gev, track_e_min_gev;
    double photon_e_min_gev, photon_e_max_gev, photon_merge_m, photon_sep_track_m;
    size_t n_part;
    struct bd_experiment_card_part part[BD_REGIONS_MAX];
    size_t n_factor;
    struct bd_experiment_card_factor factor[BD_FACTORS_MAX];
    size_t n_state;
    struct bd_experiment_card_state state[BD_STATES_MAX];
    size_t n_count;
    struct bd_experiment_card_count count[BD_STATES_MAX];
    size_t n_combine;
    char combine[BD_STATES_MAX][BD_NAME_SIZE];
    int sight, escape_parent, escape_recoil; /* of a table of limits */
    unsigned beam_line, volume_line, vertex_line, track_line, photon_line, limit_line, search_line,
        escape_line; /* of the blocks, for messages */
};

/* Keys of "tracks" in the order of bd_experiment_card_tracks.n: "e", "mu", "pi", "k"; NULL ends the list. */
extern const char *const bd_experiment_card_species[];

/* The keys of a card, of one with a table of limits, and of the block `experiment` of both. */
extern const struct bd_card_field bd_experiment_card_fields[], bd_experiment_card_limit_fields[],
    bd_experiment_card_identity[];
extern const char *const bd_experiment_card_formats[], *const bd_experiment_card_modes[],
                                                           *const bd_experiment_card_status[];

/* Turn names into indices, fill in defaults and check that the parts fit together. On entry *experiment is a copy
 * of card->experiment. BD_BAD_INPUT: all faults, "na62.yaml:38: final_states mu+mu-: extra_planes: there is no
 * plane 'muv4'". */
enum bd_status bd_experiment_resolve(const char *path, const struct bd_experiment_card *card,
                                     struct bd_experiment *experiment, struct bd_error *err) BD_MUST_CHECK;
/* The same for a card with a table of limits. */
enum bd_status bd_experiment_resolve_limits(const char *path, const struct bd_experiment_card *card,
                                            struct bd_experiment *experiment, struct bd_error *err) BD_MUST_CHECK;

#endif
