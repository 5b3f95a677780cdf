#include "src/core/experiment_card.h"

#include "src/core/card_table.h"
#include "src/core/pdg.h"

const char *const bd_experiment_card_formats[] = {"1", NULL};
const char *const bd_experiment_card_modes[] = {"dump", BD_EXPERIMENT_LIMIT_TABLE, NULL};
const char *const bd_experiment_card_status[] = {"data", "projection", "comparison", NULL};
static const char *const state_status[] = {"data", "projection", NULL};
static const char *const beam_particles[] = {"p", NULL};
static const char *const volumes[] = {"charged", "neutral", NULL};
static const char *const axes[] = {"x", "y", NULL};
static const char *const kick_signs[] = {"charge", NULL};
static const char *const pair_parents[] = {"pi0", "eta", "etap", NULL};
static const char *const factor_units[] = {"event", "track", "photon", NULL};
static const char *const daughter_br[] = {"pdg", "forced", NULL};
static const char *const square_forms[] = {"max", "min", NULL};
static const char *const limit_rules[] = {"cls", NULL};
const char *const bd_experiment_card_species[] = {"e", "mu", "pi", "k", NULL};

#define HERE struct bd_shape
#define CENTRE                                                                                                    \
    {"x_m", NUMBER(x_m, -SIZE_MAX_M, SIZE_MAX_M)},                                                                \
    {                                                                                                             \
        "y_m", NUMBER(y_m, -SIZE_MAX_M, SIZE_MAX_M)                                                               \
    }
static const struct bd_card_field circle[] = {
    {"r_m", NUMBER(r_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    CENTRE,
    END,
};
static const struct bd_card_field square[] = {
    {"half_m", NUMBER(half_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    CENTRE,
    END,
};
static const struct bd_card_field half_x_half_y[] = {
    {"half_x_m", NUMBER(half_x_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    {"half_y_m", NUMBER(half_y_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    CENTRE,
    END,
};
static const struct bd_card_field octagon[] = {
    {"half_m", NUMBER(half_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    {"diag_m", NUMBER(diag_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    CENTRE,
    END,
};
/* In the order of enum bd_shape_kind; only holes may have the last two shapes. */
#define OUTER_SHAPES                                                                                              \
    {"circle", PART(circle)}, {"square", PART(square)}, {"rectangle", PART(half_x_half_y)},                       \
    {                                                                                                             \
        "octagon", PART(octagon)                                                                                  \
    }
static const struct bd_card_field outer_shapes[] = {OUTER_SHAPES, END};
static const struct bd_card_field hole_shapes[] = {
    OUTER_SHAPES,
    {"views", PART(square)},
    {"corner", PART(half_x_half_y)},
    END,
};
#undef HERE

#define HERE struct bd_plane
static const struct bd_card_field plane[] = {
    {"name", TEXT(name), REQUIRED},
    {"z_m", NUMBER(z_m, -FAR_M, FAR_M), REQUIRED},
    {"outer", ONE_OF(outer, outer_shapes, struct bd_shape), REQUIRED},
    {"holes", ONE_OFS(hole, n_hole, BD_HOLES_MAX, hole_shapes, struct bd_shape)},
    {"line", LINE(line)},
    END,
};
#undef HERE

#define HERE struct bd_magnet
static const struct bd_card_field magnet[] = {
    {"name", TEXT(name), REQUIRED},
    {"z_m", NUMBER(z_m, -FAR_M, FAR_M), REQUIRED},
    {"length_m", NUMBER(length_m, 0.0, SIZE_MAX_M)},
    {"kick_gev", NUMBER(kick_gev, -100.0, 100.0), REQUIRED},
    {"kick_axis", CHOICE(kick_axis, axes), REQUIRED},
    {"sign", NOTE, .words = kick_signs, REQUIRED},
    {"source", NOTE, REQUIRED},
    {"line", LINE(line)},
    END,
};
#undef HERE

#define HERE struct bd_z_range
static const struct bd_card_field z_range[] = {
    {"z_min_m", NUMBER(z_min_m, -FAR_M, FAR_M), REQUIRED},
    {"z_max_m", NUMBER(z_max_m, -FAR_M, FAR_M), REQUIRED},
    END,
};
#undef HERE

#define HERE struct bd_volume_shape
static const struct bd_card_field annulus[] = {
    {"r_min_m", NUMBER(r_min_m, 0.0, SIZE_MAX_M), REQUIRED},
    {"r_max_m", NUMBER(r_max_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    END,
};
static const struct bd_card_field pyramid[] = {
    {"z_m", NUMBERS(z_m, 2, -FAR_M, FAR_M), REQUIRED},
    {"half_x_m", NUMBERS(half_x_m, 2, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    {"half_y_m", NUMBERS(half_y_m, 2, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    END,
};
static const struct bd_card_field vertical_cylinder[] = {
    {"z_m", NUMBER(z_m[0], -FAR_M, FAR_M), REQUIRED},
    {"r_m", NUMBER(r_max_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    {"half_y_m", NUMBER(half_y_m[0], SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    END,
};
/* In the order of enum bd_volume_kind. */
static const struct bd_card_field volume_shapes[] = {
    {"annulus", PART(annulus)},
    {"pyramid", PART(pyramid)},
    {"vertical_cylinder", PART(vertical_cylinder)},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card_part
static const struct bd_card_field part[] = {
    {"name", TEXT(part.name), REQUIRED},
    {"z_m", NUMBERS(part.z_m, 2, -FAR_M, FAR_M), REQUIRED},
    {"plane", TEXT(plane), REQUIRED},
    {"line", LINE(part.line)},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card_tracks
static const struct bd_card_field angle[] = {
    {"max_rad", NUMBER(angle_max_rad, 1e-6, 0.5 * BD_PI), REQUIRED},
    {"above_kinetic_gev", NUMBER(angle_kinetic_gev, 0.0, ENERGY_MAX_GEV)},
    END,
};
static const struct bd_card_field tracks[] = {
    {"e", WHOLE(n[0], 1, 4), DEFAULT(-1)},
    {"mu", WHOLE(n[1], 1, 4), DEFAULT(-1)},
    {"pi", WHOLE(n[2], 1, 4), DEFAULT(-1)},
    {"k", WHOLE(n[3], 1, 4), DEFAULT(-1)},
    {"p_min_gev", NUMBER(p_min_gev, 0.0, ENERGY_MAX_GEV), DEFAULT(-1)},
    {"e_min_gev", NUMBER(e_min_gev, 0.0, ENERGY_MAX_GEV), DEFAULT(-1)},
    {"e_sum_min_gev", NUMBER(e_sum_min_gev, 0.0, ENERGY_MAX_GEV)},
    {"kinetic_min_gev", NUMBER(kinetic_min_gev, 0.0, ENERGY_MAX_GEV)},
    {"angle", PART(angle)},
    {"planes", TEXTS(planes.name, planes.n, 1, BD_PLANES_MAX)},
    {"extra_planes", TEXTS(extra_planes.name, extra_planes.n, 1, BD_PLANES_MAX)},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card_state
static const struct bd_card_field sep_tracks[] = {
    {"plane", TEXT(sep_plane), REQUIRED},
    {"min_m", NUMBER(state.sep_tracks_m, 0.0, SIZE_MAX_M), REQUIRED},
    END,
};
static const struct bd_card_field opening[] = {
    {"min_rad", NUMBER(state.opening_min_rad, 1e-6, BD_PI), REQUIRED},
    {"part", TEXT(opening_part)},
    END,
};
static const struct bd_card_field final_state[] = {
    {"name", TEXT(state.name), REQUIRED},
    {"status", CHOICE(state.projection, state_status)},
    {"tracks", BLOCK(tracks, tracks)},
    {"photons", WHOLE(state.n_photon, 0, 8)},
    {"showers", WHOLE(n_shower, 1, 8)},
    {"photons_min", WHOLE(state.n_photon_min, 1, 8)},
    {"photons_max", WHOLE(state.n_photon_max, 1, 8)},
    {"photons_each", BOOL(state.photons_each)},
    {"photon_e_min_gev", NUMBER(photon_e_min_gev, 0.0, ENERGY_MAX_GEV), DEFAULT(-1)},
    {"photon_efficiency", NUMBER(state.photon_efficiency, 1e-6, 1.0)},
    {"merge_m", NUMBER(photon_merge_m, 0.0, SIZE_MAX_M), DEFAULT(-1)},
    {"clusters", WHOLE(state.n_cluster, 1, 8)},
    {"pair_mass", TEXTS(pair, n_pair, 1, BD_EXPERIMENT_CARD_PAIRS_MAX), .words = pair_parents},
    {"volume", CHOICE(state.neutral_volume, volumes)},
    {"vertex_cut", BOOL(vertex_cut), DEFAULT(-1)},
    {"sep_tracks", PART(sep_tracks)},
    {"opening", PART(opening)},
    {"e_sum_min_gev", NUMBER(state.e_sum_min_gev, 0.0, ENERGY_MAX_GEV)},
    {"a_trig", NUMBER(state.a_trig, 1e-9, 1.0), REQUIRED},
    {"source", TEXT(state.source), REQUIRED},
    {"line", LINE(state.line)},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card_factor
static const struct bd_card_field factor[] = {
    {"name", TEXT(name), REQUIRED},
    {"value", NUMBER(value, 1e-9, 1.0), REQUIRED},
    {"per", CHOICE(per, factor_units)},
    END,
};
#undef HERE

#define HERE struct bd_pointing
static const struct bd_card_field box[] = {
    {"z_m", NUMBERS(box_z_m, 2, -FAR_M, FAR_M), REQUIRED},
    {"cda_m", NUMBERS(box_cda_m, 2, 0.0, SIZE_MAX_M), REQUIRED},
    END,
};
static const struct bd_card_field ellipse[] = {
    {"z0_m", NUMBER(z0_m, -FAR_M, FAR_M), REQUIRED},
    {"z_semi_m", NUMBER(z_semi_m, SIZE_MIN_M, FAR_M), REQUIRED},
    {"cda_semi_m", NUMBER(cda_semi_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    END,
};
static const struct bd_card_field pointing[] = {{"box", PART(box)}, {"ellipse", PART(ellipse)}, END};
#undef HERE

#define HERE struct bd_pointing_region
static const struct bd_card_field region[] = {
    {"name", TEXT(name), REQUIRED},
    {"sr", ONE_OF(sr, pointing, struct bd_pointing), REQUIRED},
    {"cr", ONE_OF(cr, pointing, struct bd_pointing)},
    {"line", LINE(line)},
    END,
};
#undef HERE

#define HERE struct bd_pi0_box
static const struct bd_card_field pi0_rise[] = {
    {"z_m", NUMBER(rise_z_m, -FAR_M, FAR_M), REQUIRED},
    {"gev_per_m", NUMBER(rise_gev_per_m, 0.0, 100.0), REQUIRED},
    END,
};
#define PI0_EDGES                                                                                                 \
    {"z_m", NUMBERS(z_m, 2, -FAR_M, FAR_M), REQUIRED},                                                            \
        {"pt_gev", NUMBERS(pt_gev, 2, 0.0, ENERGY_MAX_GEV), REQUIRED},                                            \
    {                                                                                                             \
        "line", LINE(line)                                                                                        \
    }
static const struct bd_card_field pi0_exclude[] = {PI0_EDGES, END};
static const struct bd_card_field pi0_region[] = {
    {"name", TEXT(region), REQUIRED},
    {"weight", NUMBER(weight, 0.0, 1.0), DEFAULT(1)},
    {"rise", PART(pi0_rise)},
    PI0_EDGES,
    END,
};
#undef HERE

#define HERE struct bd_pi0_reconstruction
static const struct bd_card_field pi0_square[] = {
    {"half_m", NUMBER(square_half_m, SIZE_MIN_M, SIZE_MAX_M), REQUIRED},
    {"form", CHOICE(square_form, square_forms), REQUIRED},
    END,
};
static const struct bd_card_field pi0_reconstruction[] = {
    {"z_origin_m", NUMBER(z_origin_m, -FAR_M, FAR_M), REQUIRED},
    {"r_min_m", NUMBER(r_min_m, 0.0, SIZE_MAX_M)},
    {"r_max_m", NUMBER(r_max_m, SIZE_MIN_M, SIZE_MAX_M)},
    {"distance_min_m", NUMBER(distance_min_m, 0.0, SIZE_MAX_M)},
    {"inner_square", PART(pi0_square)},
    {"angle_max_rad", NUMBER(angle_max_rad, 0.0, BD_PI)},
    {"e_ratio_min", NUMBER(e_ratio_min, 0.0, 1.0)},
    {"coe_r_min_m", NUMBER(coe_r_min_m, 0.0, SIZE_MAX_M)},
    {"e_theta_min_gev_rad", NUMBER(e_theta_min_gev_rad, 0.0, ENERGY_MAX_GEV)},
    {"exclude", BLOCKS(exclude, n_exclude, 0, BD_PI0_BOXES_MAX, pi0_exclude)},
    {"regions", BLOCKS(box, n_box, 1, BD_PI0_BOXES_MAX, pi0_region), REQUIRED},
    {"source", NOTE, REQUIRED},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card_ul90
static const struct bd_card_field ul90[] = {
    {"name", TEXT(name), REQUIRED},
    {"n", NUMBER(n, 0.0, EVENTS_MAX), REQUIRED},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card_count
static const struct bd_card_field window[] = {
    {"n_sigma", NUMBER(count.window_n_sigma, 0.1, 100.0), REQUIRED},
    {"m_gev", NUMBERS(window_m_gev, 2, 0.0, ENERGY_MAX_GEV), REQUIRED},
    END,
};
static const struct bd_card_field counts[] = {
    {"state", TEXT(state), REQUIRED},
    {"region", TEXT(count.region), REQUIRED},
    {"sr", NUMBERS(sr, 3, 0.0, EVENTS_MAX), REQUIRED},
    {"cr", NUMBERS(cr, 3, 0.0, EVENTS_MAX)},
    {"n_sr", WHOLE(count.n_sr, 0, EVENTS_MAX), DEFAULT(-1)},
    {"n_cr", WHOLE(count.n_cr, 0, EVENTS_MAX), DEFAULT(-1)},
    {"ul90_extra", BLOCKS(ul90, count.n_ul90, 0, BD_UL90_MAX, ul90)},
    {"m_obs_gev", .type = BD_CARD_NUMBER, LIST(count.candidate_mass_gev, count.n_candidate, 0, BD_CANDIDATES_MAX),
     .max = ENERGY_MAX_GEV},
    {"window", PART(window)},
    {"cl", NUMBER(count.cl, 0.01, 0.9999), REQUIRED},
    {"line", LINE(count.line)},
    END,
};
#undef HERE

#define HERE struct bd_override
static const struct bd_card_field override[] = {
    {"key", TEXT(key)},
    {"value", TEXT(value)},
    {"line", LINE(line)},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card
const struct bd_card_field bd_experiment_card_identity[] = {
    {"id", TEXT(experiment.id), REQUIRED},
    {"mode", WORD(experiment.mode, bd_experiment_card_modes), REQUIRED},
    {"status", WORD(experiment.status, bd_experiment_card_status), REQUIRED},
    {"title", TEXT(experiment.title), REQUIRED},
    {"source", TEXT(experiment.source), REQUIRED},
    END,
};
static const struct bd_card_field beam_axis[] = {
    {"polar_rad", NUMBER(experiment.beam_polar_rad, 0.0, BD_PI), REQUIRED},
    {"azimuth_rad", NUMBER(experiment.beam_azimuth_rad, -2.0 * BD_PI, 2.0 * BD_PI), REQUIRED},
    END,
};
static const struct bd_card_field beam[] = {
    {"particle", WORD(experiment.beam_particle, beam_particles), REQUIRED},
    {"p_gev", NUMBER(experiment.beam_p_gev, 1.0, ENERGY_MAX_GEV), REQUIRED},
    {"axis", PART(beam_axis)},
    {"impact_m", NUMBERS(experiment.impact_m, 3, -FAR_M, FAR_M), REQUIRED},
    {"source", NOTE, REQUIRED},
    END,
};
static const struct bd_card_field target[] = {
    {"material", TEXT(experiment.target_material), REQUIRED},
    {"a", NUMBER(experiment.target_a, 1.0, 300.0), REQUIRED},
    {"z", NUMBER(experiment.target_z, 1.0, 120.0), REQUIRED},
    {"length_m", NUMBER(experiment.target_length_m, 1e-4, 1e3), REQUIRED},
    {"sigma_gamma_abs_barn", NUMBER(experiment.target_sigma_gamma_abs_barn, 1e-4, 1e3), REQUIRED},
    {"source", NOTE, REQUIRED},
    END,
};
static const struct bd_card_field exposure[] = {
    {"pot", NUMBER(experiment.pot, 1.0, POT_MAX), REQUIRED},
    {"pot_rel_unc", NUMBER(experiment.pot_rel_unc, 0.0, 1.0), REQUIRED},
    {"pot_reference", NUMBER(experiment.pot_reference, 1.0, POT_MAX), REQUIRED},
    {"source", NOTE, REQUIRED},
    END,
};
static const struct bd_card_field decay_volume[] = {
    {"charged", BLOCK(experiment.charged_volume, z_range)},
    {"neutral", BLOCK(experiment.neutral_volume, z_range)},
    {"shape", ONE_OF(experiment.volume_shape, volume_shapes, struct bd_volume_shape)},
    {"exclude_z_m", BLOCKS(experiment.excluded, experiment.n_excluded, 0, BD_EXCLUDED_MAX, z_range)},
    {"parts", BLOCKS(part, n_part, 1, BD_REGIONS_MAX, part)},
    {"source", NOTE, REQUIRED},
    {"line", LINE(volume_line)},
    END,
};
static const struct bd_card_field frame[] = {
    {"offset_m", NUMBERS(experiment.frame_offset_m, 2, -1e3, 1e3), REQUIRED},
    {"source", NOTE, REQUIRED},
    END,
};
static const struct bd_card_field resolution[] = {
    {"mass_rel", NUMBER(experiment.mass_resolution_rel, 1e-6, 1.0)},
    {"sigma_p_rel", NUMBERS(experiment.momentum_resolution, 2, 0.0, 1.0)},
    {"lkr_e", NUMBERS(experiment.calorimeter_resolution, 3, 0.0, 1.0)},
    {"source", NOTE, REQUIRED},
    END,
};
static const struct bd_card_field track_defaults[] = {
    {"p_min_gev", NUMBER(track_p_min_gev, 0.0, ENERGY_MAX_GEV)},
    {"e_min_gev", NUMBER(track_e_min_gev, 0.0, ENERGY_MAX_GEV)},
    {"planes", TEXTS(track_planes.name, track_planes.n, 0, BD_PLANES_MAX), REQUIRED},
    {"source", NOTE, REQUIRED},
    {"line", LINE(track_line)},
    END,
};
static const struct bd_card_field photon_defaults[] = {
    {"e_min_gev", NUMBER(photon_e_min_gev, 0.0, ENERGY_MAX_GEV), REQUIRED},
    {"e_max_gev", NUMBER(photon_e_max_gev, 0.0, ENERGY_MAX_GEV)},
    {"planes", TEXTS(photon_planes.name, photon_planes.n, 0, BD_PLANES_MAX), REQUIRED},
    {"merge_m", NUMBER(photon_merge_m, 0.0, SIZE_MAX_M)},
    {"sep_track_m", NUMBER(photon_sep_track_m, 0.0, SIZE_MAX_M)},
    {"source", NOTE, REQUIRED},
    {"line", LINE(photon_line)},
    END,
};
static const struct bd_card_field vertex[] = {
    {"z_min_m", NUMBER(experiment.vertex.z_min_m, -FAR_M, FAR_M), REQUIRED},
    {"z_max_m", NUMBER(experiment.vertex.z_max_m, -FAR_M, FAR_M), REQUIRED},
    {"source", NOTE, REQUIRED},
    {"line", LINE(vertex_line)},
    END,
};
static const struct bd_card_field efficiency[] = {
    {"factors", BLOCKS(factor, n_factor, 1, BD_FACTORS_MAX, factor), REQUIRED},
    {"source", NOTE, REQUIRED},
    END,
};
static const struct bd_card_field production[] = {
    {"daughter_br", CHOICE(experiment.daughter_br_forced, daughter_br)},
    {"source", NOTE, REQUIRED},
    {"*", BLOCKS(experiment.override, experiment.n_override, 0, BD_OVERRIDES_MAX, override)},
    END,
};
static const struct bd_card_field limit[] = {
    {"rule", WORD(experiment.limit_rule, limit_rules), REQUIRED},
    {"cl", NUMBER(experiment.limit_cl, 0.01, 0.9999), REQUIRED},
    {"combine", TEXTS(combine, n_combine, 1, BD_STATES_MAX), REQUIRED},
    {"source", NOTE, REQUIRED},
    {"line", LINE(limit_line)},
    END,
};

const struct bd_card_field bd_experiment_card_fields[] = {
    {"format", NOTE, .words = bd_experiment_card_formats, REQUIRED},
    {"experiment", PART(bd_experiment_card_identity), REQUIRED},
    {"beam", PART(beam), REQUIRED},
    {"target", PART(target), REQUIRED},
    {"exposure", PART(exposure), REQUIRED},
    {"decay_volume", PART(decay_volume), REQUIRED},
    {"frame", PART(frame)},
    {"planes", BLOCKS(experiment.plane, experiment.n_plane, 1, BD_PLANES_MAX, plane), REQUIRED},
    {"planes_source", NOTE},
    {"magnets", BLOCKS(experiment.magnet, experiment.n_magnet, 0, BD_MAGNETS_MAX, magnet)},
    {"resolution", PART(resolution)},
    {"track_defaults", PART(track_defaults)},
    {"photon_defaults", PART(photon_defaults)},
    {"vertex", PART(vertex)},
    {"pi0_reconstruction", BLOCK(experiment.pi0, pi0_reconstruction)},
    {"efficiency", PART(efficiency)},
    {"final_states", BLOCKS(state, n_state, 1, BD_STATES_MAX, final_state), REQUIRED},
    {"final_states_source", NOTE},
    {"regions", BLOCKS(experiment.region, experiment.n_region, 0, BD_POINTING_REGIONS_MAX, region)},
    {"regions_source", NOTE},
    {"counts", BLOCKS(count, n_count, 0, BD_STATES_MAX, counts)},
    {"counts_source", NOTE},
    {"production", PART(production)},
    {"limit", PART(limit), REQUIRED},
    END,
};
