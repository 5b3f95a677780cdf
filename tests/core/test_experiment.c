/* Experiment cards: the built-in ones against their sources, and broken copies of na62.yaml. */
#include "expect.h"
#include "replace.h"

#include <stdlib.h>
#include <unistd.h>

#include "src/core/data.h"
#include "src/core/experiment.h"

static struct bd_experiment *load(const char *name)
{
    struct bd_error err;
    struct bd_experiment *experiment;
    expect_ok(bd_experiment_load(name, &experiment, &err), err);
    return experiment;
}

static char *read_card(const char *name)
{
    char relative[64], path[1024], *text;
    struct bd_error err;
    (void)snprintf(relative, sizeof relative, "decay/experiments/%s.yaml", name);
    expect_ok(bd_data_path(relative, path, sizeof path, &err), err);
    expect_ok(bd_data_read_text(path, &text, NULL, &err), err);
    return text;
}

/* Load a text as a card, by way of a temporary file. */
static enum bd_status load_text(const char *text, size_t length, struct bd_experiment **experiment,
                                struct bd_error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[512];
    (void)snprintf(path, sizeof path, "%s/beamdump_card_XXXXXX", folder != NULL ? folder : "/tmp");
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, length), length);
    assert_int_equal(close(file), 0);
    const enum bd_status status = bd_experiment_load(path, experiment, err);
    assert_int_equal(unlink(path), 0);
    return status;
}

static const char *plane_name(const struct bd_experiment *experiment, int index)
{
    return experiment->plane[index].name;
}

/* Beam, target, protons and volume of the 2021 data: arXiv:2303.08666, NA62 framework, arXiv:2201.05170. */
static void na62_has_the_beam_and_volume_of_2021(void **state)
{
    (void)state;
    struct bd_experiment *na62 = load("na62");
    assert_string_equal(na62->id, "na62");
    assert_string_equal(na62->status, "data");
    assert_true(na62->beam_p_gev == 400.0 && na62->beam_polar_rad == 0.0);
    assert_true(na62->impact_m[0] == 0.0 && na62->impact_m[1] == -0.022 && na62->impact_m[2] == 23.07);
    assert_true(na62->target_a == 63.546 && na62->target_z == 29.0 && na62->target_sigma_gamma_abs_barn == 6.0);
    assert_true(na62->pot == 1.4e17 && na62->pot_reference == 1.4e17);
    expect_close(na62->pot_rel_unc * na62->pot, 0.28e17, 1e-12);
    assert_true(na62->charged_volume.z_min_m == 102.4 && na62->charged_volume.z_max_m == 180.0);
    assert_true(na62->neutral_volume.z_min_m == 102.4 && na62->neutral_volume.z_max_m == 241.093);
    assert_true(na62->vertex.z_min_m == 105.0 && na62->vertex.z_max_m == 180.0);
    assert_int_equal(na62->n_magnet, 1);
    assert_int_equal(na62->magnet[0].kick_axis, 0);
    /* 0.6928 T over 1.3 m: p = 0.299792458 B L = 0.2700 GeV */
    expect_close(na62->magnet[0].kick_gev, 0.299792458 * 0.6928 * 1.3, 1e-4);
    assert_true(na62->daughter_br_forced == 0 && na62->limit_cl == 0.9);
    bd_experiment_free(na62);
}

static void na62_has_nine_planes_in_order(void **state)
{
    (void)state;
    struct bd_experiment *na62 = load("na62");
    const char *const names[] = {"straw1", "straw2", "straw3", "straw4", "newchod",
                                 "chod_v", "chod_h", "lkr",    "muv3"};
    const double z_m[] = {183.508, 194.066, 204.459, 218.885, 238.1315, 239.009, 239.389, 241.093, 246.8};
    const double hole_x_m[] = {0.1012, 0.1144, 0.0924, 0.0528};
    assert_int_equal(na62->n_plane, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_string_equal(na62->plane[i].name, names[i]);
        assert_true(na62->plane[i].z_m == z_m[i]);
        assert_int_equal(na62->plane[i].n_hole, 1);
    }
    for (size_t i = 0; i < 4; i++) {
        const struct bd_shape *hole = &na62->plane[i].hole[0];
        assert_int_equal(na62->plane[i].outer.kind, BD_SHAPE_CIRCLE);
        assert_true(na62->plane[i].outer.r_m == 1.0);
        assert_int_equal(hole->kind, BD_SHAPE_VIEWS);
        assert_true(hole->half_m == 0.0638 && hole->x_m == hole_x_m[i] && hole->y_m == 0.0);
    }
    const struct bd_plane *lkr = &na62->plane[7], *muv3 = &na62->plane[8];
    assert_int_equal(lkr->outer.kind, BD_SHAPE_OCTAGON);
    assert_true(lkr->outer.half_m == 1.13 && lkr->hole[0].r_m == 0.15);
    expect_close(lkr->outer.diag_m, sqrt(2.0) * 1.13, 1e-4); /* a regular octagon, printed as 1.598 */
    assert_int_equal(muv3->outer.kind, BD_SHAPE_SQUARE);
    assert_true(muv3->outer.half_m == 1.32 && muv3->hole[0].r_m == 0.103);
    bd_experiment_free(na62);
}

static void defaults_are_filled_into_the_states(void **state)
{
    (void)state;
    struct bd_experiment *na62 = load("na62");
    assert_int_equal(na62->n_state, 10);
    const struct bd_final_state *mumu = bd_experiment_state(na62, "mu+mu-");
    assert_non_null(mumu);
    assert_string_equal(mumu->track, "mu");
    assert_int_equal(mumu->n_track, 2);
    assert_int_equal(mumu->n_photon, 0);
    assert_true(mumu->track_p_min_gev == 5.0 && mumu->track_e_min_gev == 0.0 && mumu->a_trig == 0.832);
    assert_int_equal(mumu->n_track_plane, 9);
    assert_string_equal(plane_name(na62, mumu->track_plane[8]), "muv3");
    assert_int_equal(mumu->sep_tracks_plane, -1);
    assert_int_equal(mumu->vertex_cut, 1);
    assert_int_equal(mumu->neutral_volume, 0);

    const struct bd_final_state *ee = bd_experiment_state(na62, "e+e-");
    assert_int_equal(ee->n_track_plane, 8);
    assert_string_equal(plane_name(na62, ee->sep_tracks_plane), "lkr");
    assert_true(ee->sep_tracks_m == 0.1);

    const struct bd_final_state *four_pi = bd_experiment_state(na62, "pi+pi-pi0pi0");
    assert_string_equal(four_pi->track, "pi");
    assert_int_equal(four_pi->n_photon, 4);
    assert_int_equal(four_pi->n_photon_plane, 1);
    assert_string_equal(plane_name(na62, four_pi->photon_plane[0]), "lkr");
    assert_true(four_pi->photon_e_min_gev == 1.0 && four_pi->photon_merge_m == 0.1);
    assert_true(four_pi->photon_sep_track_m == 0.1 && four_pi->e_sum_min_gev == 0.0);

    const struct bd_final_state *gg = bd_experiment_state(na62, "gammagamma");
    assert_string_equal(gg->track, "");
    assert_int_equal(gg->n_track, 0);
    assert_int_equal(gg->n_track_plane, 0);
    assert_int_equal(gg->projection, 1);
    assert_int_equal(gg->neutral_volume, 1);
    assert_int_equal(gg->vertex_cut, 0);
    assert_true(gg->e_sum_min_gev == 3.0 && gg->a_trig == 0.931 && gg->photon_sep_track_m == 0.0);
    assert_null(bd_experiment_state(na62, "3pi0"));
    bd_experiment_free(na62);
}

/* Backgrounds and observations: arXiv:2303.08666, 2312.12055, 2502.04241 as summarised by the collaboration. */
static void na62_has_the_published_counts(void **state)
{
    (void)state;
    struct bd_experiment *na62 = load("na62");
    assert_int_equal(na62->n_count, 9);
    const struct bd_count *mumu = &na62->count[0], *ee = &na62->count[1], *eta = &na62->count[6];
    assert_string_equal(na62->state[mumu->state].name, "mu+mu-");
    assert_string_equal(mumu->region, "box_mumu");
    assert_true(mumu->b_sr == 0.016 && mumu->b_sr_err_up == 0.002 && mumu->b_sr_err_down == 0.002);
    assert_int_equal(mumu->n_sr, 1);
    assert_int_equal(mumu->n_cr, -1);
    assert_int_equal(mumu->n_ul90, 2);
    assert_true(mumu->ul90[0] == 0.0004 && mumu->ul90[1] == 0.007);
    assert_int_equal(mumu->n_candidate, 1);
    assert_true(mumu->candidate_mass_gev[0] == 0.411 && mumu->window_n_sigma == 3.0);
    assert_true(mumu->window_m_min_gev == 0.212 && mumu->window_m_max_gev == 2.0);
    /* With a resolution of 1% of the mass the event counts at masses of 0.399 to 0.423 GeV. */
    expect_close(0.411 / (1.0 + mumu->window_n_sigma * na62->mass_resolution_rel), 0.399, 1e-3);
    expect_close(0.411 / (1.0 - mumu->window_n_sigma * na62->mass_resolution_rel), 0.423, 2e-3);
    assert_true(ee->b_sr == 0.0094 && ee->b_sr_err_up == 0.049 && ee->b_cr == 0.0097 && ee->cl == 0.9);
    assert_string_equal(na62->state[eta->state].name, "pi+pi-eta");
    assert_true(eta->b_sr_err_up == 26.2e-8 && eta->b_cr_err_down == 6.1e-8);
    double b = 0.0;
    for (size_t i = 0; i < na62->n_count; i++) {
        b += na62->count[i].b_sr;
        assert_int_equal(na62->count[i].n_sr, i == 0 ? 1 : 0);
    }
    expect_close(b, 0.0394, 1e-4); /* the sum of the published table */
    assert_int_equal(na62->n_region, 2);
    assert_int_equal(na62->region[1].sr.kind, 2);
    assert_true(na62->region[1].sr.z_semi_m == 23.0 && na62->region[0].cr.box_z_m[0] == -4.0);
    assert_int_equal(na62->n_combine, 9);
    assert_int_equal(na62->combine[8], 8);
    bd_experiment_free(na62);
}

static void overrides_are_kept_as_text(void **state)
{
    (void)state;
    struct bd_experiment *na62 = load("na62");
    assert_int_equal(na62->n_override, 4);
    assert_string_equal(na62->override[0].key, "sigma_bb_nb");
    assert_string_equal(na62->override[0].value, "2.63");
    assert_string_equal(na62->override[3].key, "multiplicity");
    assert_string_equal(na62->override[3].value, "measured");
    assert_true(na62->override[3].line == na62->override[0].line + 3);
    bd_experiment_free(na62);
}

/* The card is a copy; only protons and counts may differ. */
static void the_projection_has_the_selection_of_the_data(void **state)
{
    (void)state;
    struct bd_experiment *data = load("na62"), *projection = load("na62_1e18");
    assert_string_equal(projection->status, "projection");
    assert_true(projection->pot == 1e18 && projection->pot_rel_unc == 0.2 && projection->pot_reference == 1.4e17);
    assert_int_equal(projection->n_plane, data->n_plane);
    for (size_t i = 0; i < data->n_plane; i++) {
        projection->plane[i].line = data->plane[i].line;
        assert_memory_equal(&projection->plane[i], &data->plane[i], sizeof data->plane[i]);
    }
    assert_int_equal(projection->n_state, data->n_state);
    for (size_t i = 0; i < data->n_state; i++) {
        projection->state[i].line = data->state[i].line;
        assert_memory_equal(&projection->state[i], &data->state[i], sizeof data->state[i]);
    }
    assert_int_equal(projection->n_count, data->n_count);
    for (size_t i = 0; i < data->n_count; i++) {
        assert_int_equal(projection->count[i].state, data->count[i].state);
        assert_true(projection->count[i].b_sr == data->count[i].b_sr);
        assert_int_equal(projection->count[i].n_sr, -1);
    }
    assert_memory_equal(projection->impact_m, data->impact_m, sizeof data->impact_m);
    assert_memory_equal(&projection->charged_volume, &data->charged_volume, sizeof data->charged_volume);
    assert_memory_equal(&projection->vertex, &data->vertex, sizeof data->vertex);
    bd_experiment_free(data);
    bd_experiment_free(projection);
}

/* ALPINIST v1.3: arXiv:2201.05170 and its public tables. */
static void na62_alpinist_has_the_cuts_of_the_peer(void **state)
{
    (void)state;
    struct bd_experiment *card = load("na62_alpinist");
    assert_string_equal(card->status, "comparison");
    assert_true(card->pot == 1e19 && card->pot_rel_unc == 0.0);
    assert_true(card->charged_volume.z_min_m == 102.0 && card->charged_volume.z_max_m == 183.0);
    assert_true(card->neutral_volume.z_max_m == 241.495);
    assert_int_equal(card->n_plane, 3);
    assert_true(card->plane[0].z_m == 183.0 && card->plane[1].z_m == 218.7 && card->plane[2].z_m == 241.495);
    assert_true(card->plane[1].outer.r_m == 1.0 && card->plane[1].hole[0].r_m == 0.1);
    assert_int_equal(card->plane[2].n_hole, 3);
    assert_int_equal(card->plane[2].hole[1].kind, BD_SHAPE_CORNER);
    assert_true(card->plane[2].hole[2].half_x_m == 0.522 && card->plane[2].hole[2].half_y_m == 0.947);
    const struct bd_final_state *mumu = bd_experiment_state(card, "mu+mu-"),
                                *ee = bd_experiment_state(card, "e+e-");
    const struct bd_final_state *pipi = bd_experiment_state(card, "pi+pi-"),
                                *gg = bd_experiment_state(card, "gammagamma");
    assert_int_equal(mumu->n_track_plane, 2); /* no calorimeter for muons */
    assert_true(mumu->track_p_min_gev == 0.0 && mumu->track_e_min_gev == 5.0 && mumu->a_trig == 1.0);
    assert_int_equal(ee->n_track_plane, 1);
    assert_int_equal(ee->track_plane[0], 2);
    assert_true(ee->track_e_min_gev == 1.0 && ee->sep_tracks_m == 0.1);
    assert_int_equal(pipi->n_track_plane, 3);
    assert_true(gg->photon_e_min_gev == 1.0 && gg->e_sum_min_gev == 3.0 && gg->photon_merge_m == 0.1);
    assert_int_equal(gg->projection, 0);
    assert_true(bd_experiment_state(card, "3pi0")->photon_e_min_gev == 0.0);
    for (size_t i = 0; i < card->n_state; i++)
        assert_int_equal(card->state[i].vertex_cut, 0);
    assert_int_equal(card->daughter_br_forced, 1);
    assert_string_equal(card->override[0].value, "1.866");
    assert_string_equal(card->override[3].value, "generator");
    expect_close(strtod(card->override[2].value, NULL), 2.0 / 3.0, 1e-14);
    assert_int_equal(card->n_count, 0);
    assert_int_equal(card->n_combine, 12);
    bd_experiment_free(card);
}

static void a_card_keeps_its_text_and_hash(void **state)
{
    (void)state;
    struct bd_experiment *na62 = load("na62"), *other = load("na62_1e18");
    char *text = read_card("na62");
    assert_string_equal(na62->text, text);
    assert_true(na62->hash == bd_data_hash(BD_HASH_START, text, strlen(text)) && na62->hash != other->hash);
    assert_non_null(strstr(na62->path, "decay/experiments/na62.yaml"));
    free(text);
    bd_experiment_free(na62);
    bd_experiment_free(other);
    bd_experiment_free(NULL);
}

static void names_are_sorted_and_unknown_ones_list_them(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *experiment;
    char **names;
    size_t n;
    expect_ok(bd_experiment_names(&names, &n, &err), err);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            assert_true(strcmp(names[i - 1], names[i]) < 0);
        bd_experiment_free(load(names[i])); /* every built-in card is good */
    }
    bd_experiment_names_free(names, n);
    expect_fails(bd_experiment_load("na63", &experiment, &err), BD_BAD_INPUT,
                 "there is no experiment 'na63'; known: ", err);
    assert_non_null(strstr(err.message, "na62, na62_1e18, na62_alpinist"));
    assert_null(experiment);
    expect_fails(bd_experiment_load("", &experiment, &err), BD_BAD_INPUT, "there is no experiment ''", err);
    expect_fails(bd_experiment_load("nowhere.yaml", &experiment, &err), BD_IO, "nowhere.yaml: ", err);
    expect_fails(bd_experiment_load("/", &experiment, &err), BD_IO, "/: ", err);
}

/* na62.yaml with one text replaced by another, and what is said about it. */
struct broken {
    const char *old, *new, *words;
};
static const struct broken broken[] = {
    /* fields */
    {"format: 1", "format: 2", ": format: '2' is not one of: 1"},
    {"mode: dump", "mode: recast", ": experiment.mode: 'recast' is not one of: dump"},
    {"status: data", "status: real", ": experiment.status: 'real' is not one of: data, projection, comparison"},
    {"particle: p", "particle: e-", ": beam.particle: 'e-' is not one of: p"},
    {"p_gev: 400.0", "p_gev: nan", ": beam.p_gev: expected a number, found 'nan'"},
    {"p_gev: 400.0", "p_gev: 400 GeV", ": beam.p_gev: expected a number, found '400 GeV'"},
    {"p_gev: 400.0", "#", ": beam: required key 'p_gev' is missing"},
    {"pot: 1.40e+17", "pot: 1.40e+170", ": exposure.pot: 1.40e+170 is outside the allowed range 1 to 1e+25"},
    {"pot_rel_unc: 0.20", "pot_rel_unc: 20", ": exposure.pot_rel_unc: 20 is outside the allowed range 0 to 1"},
    {"pot_reference:", "pot_ref:",
     ": exposure: unknown key 'pot_ref'; known here: pot, pot_rel_unc, pot_reference"},
    {"impact_m: [0.0, -0.022, 23.070]", "impact_m: [0.0, -0.022]", ": beam.impact_m: expected 3 values, found 2"},
    {"exclude_z_m: []", "exclude_z_m: [[110, 120]]", ": decay_volume.exclude_z_m[0]: expected a block"},
    {"exclude_z_m: []", "exclude_z_m: [{z_min_m: 120, z_max_m: 110}]",
     ": decay_volume.exclude_z_m: the minimum, 120, is not below the maximum, 110"},
    {"exclude_z_m: []", "exclude_z_m: [{z_min_m: 242, z_max_m: 250}]",
     ": decay_volume.exclude_z_m: 242 to 250 m is outside the volume"},
    {"z_m: 194.066", "z_m: 194.066m", ": planes[1].z_m: expected a number, found '194.066m'"},
    {"z_m: 194.066, ", "", ": planes[1]: required key 'z_m' is missing"},
    {"outer: {octagon: {half_m: 1.130, diag_m: 1.598}}", "outer: {corner: {half_x_m: 1, half_y_m: 1}}",
     ": planes[7].outer: expected exactly one of: circle, square, rectangle, octagon, found 'corner'"},
    {"kick_axis: x", "kick_axis: z", ": magnets[0].kick_axis: 'z' is not one of: x, y"},
    {"sign: charge", "sign: -1", ": magnets[0].sign: '-1' is not one of: charge"},
    {"photons: 1,", "photons: 1.5,", ": final_states[3].photons: expected a whole number, found '1.5'"},
    {"volume: neutral", "volume: photon", ": final_states[9].volume: 'photon' is not one of: charged, neutral"},
    {"vertex_cut: false", "vertex_cut: none",
     ": final_states[9].vertex_cut: expected true or false, found 'none'"},
    {"a_trig: 0.931", "a_trig: 0", ": final_states[9].a_trig: 0 is outside the allowed range 1e-09 to 1"},
    {"pair_mass: [eta]", "pair_mass: [rho]",
     ": final_states[6].pair_mass[0]: 'rho' is not one of: pi0, eta, etap"},
    {"per: track", "per: muon", ": efficiency.factors[2].per: 'muon' is not one of: event, track, photon"},
    {"sr: [0.016, 0.002, 0.002]", "sr: [0.016, -0.002, 0.002]",
     ": counts[0].sr[1]: -0.002 is outside the allowed range 0"},
    {"sr: [0.016, 0.002, 0.002]", "sr: [0.016, 0.002]", ": counts[0].sr: expected 3 values, found 2"},
    {"n_sr: 1\n", "n_sr: -1\n", ": counts[0].n_sr: -1 is outside the allowed range 0"},
    {"cl: 0.90}", "cl: 1}", ": counts[1].cl: 1 is outside the allowed range 0.01 to 0.9999"},
    {"cl: 0.90\n", "cl: 90\n", ": limit.cl: 90 is outside the allowed range 0.01 to 0.9999"},
    {"rule: cls", "rule: toys", ": limit.rule: 'toys' is not one of: cls"},
    {"daughter_br: pdg", "daughter_br: 1", ": production.daughter_br: '1' is not one of: pdg, forced"},
    /* the parts do not fit together */
    {"z_m: 194.066", "z_m: 304.066", ": planes straw3: z_m 204.459 is before straw2 at 304.066 m"},
    {"{name: chod_h", "{name: chod_v", ": planes chod_v: there are two planes of this name"},
    {"diag_m: 1.598", "diag_m: 2.598", ": planes lkr: octagon: diag_m 2.598 must be between"},
    {"charged: {z_min_m: 102.4", "charged: {z_min_m: 192.4",
     ": decay_volume.charged: the minimum, 192.4, is not below the maximum, 180"},
    {"charged: {z_min_m: 102.4", "charged: {z_min_m: 12.4",
     ": decay_volume.charged: z_min_m 12.4 is before the production point, z = 23.07 m"},
    {"neutral: {z", "# {z", ": final_states gammagamma: decay_volume.neutral is not given"},
    {"z_max_m: 180.0}\n  neutral", "z_max_m: 190.0}\n  neutral",
     ": final_states mu+mu-: plane straw1 at 183.508 m is inside the decay volume, which ends at 190 m"},
    {"vertex: {z_min_m: 105.0", "vertex: {z_min_m: 100.0",
     ": vertex: 100 to 180 m is not inside the decay volume of mu+mu-, 102.4 to 180 m"},
    {"vertex: {z_min_m: 105.0", "vertex: {z_min_m: 185.0",
     ": vertex: the minimum, 185, is not below the maximum, 180"},
    {"extra_planes: [muv3]", "extra_planes: [muv4]",
     ": final_states mu+mu-: extra_planes: there is no plane 'muv4'"},
    {"chod_v, chod_h, lkr]", "chod_v, chod_h, lkr1]", ": track_defaults: planes: there is no plane 'lkr1'"},
    {"  planes: [lkr]", "  planes: [lkr, irc]", ": photon_defaults: planes: there is no plane 'irc'"},
    {"sep_tracks: {plane: lkr", "sep_tracks: {plane: cal",
     ": final_states e+e-: sep_tracks: there is no plane 'cal'"},
    {"volume: neutral,", "volume: neutral, sep_tracks: {plane: lkr, min_m: 0.1},",
     ": final_states gammagamma: sep_tracks: needs two tracks"},
    {"{name: K+K-, tracks: {k: 2}", "{name: K+K-, tracks: {k: 2, pi: 2}",
     ": final_states K+K-: tracks: expected exactly one of e, mu, pi, k"},
    {"{name: K+K-, tracks: {k: 2}", "{name: K+K-, tracks: {p_min_gev: 2}",
     ": final_states K+K-: tracks: expected exactly one of e, mu, pi, k"},
    {"{name: K+K-, tracks: {k: 2}, ", "{name: K+K-, ", ": final_states K+K-: neither tracks nor photons"},
    {"{name: K+K-, tracks", "{name: pi+pi-, tracks", ": final_states pi+pi-: there are two states of this name"},
    {"photons: 2, pair_mass: [eta]", "photons: 1, pair_mass: [eta]",
     ": final_states pi+pi-eta: pair_mass: 1 pairs need 2 photons, there are 1"},
    {"{name: pi+pi-, tracks: {pi: 2}", "{name: pi+pi-, e_sum_min_gev: 3, tracks: {pi: 2}",
     ": final_states pi+pi-: e_sum_min_gev: the state has no photons"},
    {"a_trig: 0.931", "a_trig: 0.95",
     ": final_states gammagamma: a_trig 0.95 is not the product of the efficiency factors that apply, 0.931"},
    {"{name: pid, value: 0.97,", "{name: pid, value: 0.90,",
     ": final_states mu+mu-: a_trig 0.832 is not the product of the efficiency factors that apply, 0.7164"},
    {"name: ellipse\n", "name: box_mumu\n", ": regions box_mumu: there are two regions of this name"},
    {"sr: {box: {z_m: [6.0, 40.0]", "sr: {box: {z_m: [40.0, 6.0]",
     ": regions: box.z_m: the minimum, 40, is not below the maximum, 6"},
    {"state: e+e-", "state: e-e+", ": counts: state: there is no final state 'e-e+'"},
    {"region: box_mumu", "region: box", ": counts: region: there is no region 'box'"},
    {"state: K+K-, ", "state: pi+pi-, ", ": counts: pi+pi- in ellipse is given twice, first in line "},
    {"sr: [0.007, 0.005, 0.005]", "sr: [0.007, 0.005, 0.015]",
     ": counts: sr: the lower error, 0.015, is larger than the background, 0.007"},
    {"    n_sr: 1\n    m_obs_gev: [0.411]\n", "", ": counts: n_sr is missing: the status of the card is data"},
    {"status: data", "status: projection", ": counts: a projection has no observed events n_sr, n_cr"},
    {"m_obs_gev: [0.411]", "m_obs_gev: [0.411, 0.5]", ": counts: m_obs_gev: 2 masses for n_sr = 1 events"},
    {"    m_obs_gev: [0.411]\n", "", ": counts: window: needs m_obs_gev, the masses of the observed events"},
    {"m_gev: [0.212, 2.0]", "m_gev: [2.0, 0.212]", ": counts: window.m_gev: the minimum, 2, is not below"},
    {"  mass_rel: 0.01 ", "  # ", ": counts: window: the card has no resolution.mass_rel"},
    {"combine: [mu+mu-, e+e-", "combine: [mu+mu-, e+mu-", ": limit.combine: there is no final state 'e+mu-'"},
    {"combine: [mu+mu-, e+e-", "combine: [mu+mu-, mu+mu-", ": limit.combine: 'mu+mu-' is given twice"},
};

static void every_fault_of_a_card_is_named(void **state)
{
    (void)state;
    char *good = read_card("na62");
    size_t n_wrong = 0;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct bd_error err = {.message = ""};
        struct bd_experiment *experiment;
        char *text = replace_text(good, broken[i].old, broken[i].new);
        const enum bd_status status = load_text(text, strlen(text), &experiment, &err);
        free(text);
        bd_experiment_free(experiment);
        if (status == BD_BAD_INPUT && strstr(err.message, broken[i].words) != NULL)
            continue;
        n_wrong++;
        print_error("%s\n  gives    %s\n  expected %s\n", broken[i].new, err.message, broken[i].words);
    }
    free(good);
    assert_int_equal(n_wrong, 0);
}

/* The message leads to the line: the plane asked for by mu+mu- does not exist. */
static void a_cross_check_names_the_line(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *experiment;
    char *good = read_card("na62"), *text = replace_text(good, "extra_planes: [muv3]", "extra_planes: [muv4]");
    const size_t length = (size_t)(strstr(text, "muv4") - text);
    unsigned line = 1;
    for (size_t i = 0; i < length; i++)
        line += text[i] == '\n';
    char words[100];
    (void)snprintf(words, sizeof words, ":%u: final_states mu+mu-: extra_planes: there is no plane 'muv4'", line);
    expect_fails(load_text(text, strlen(text), &experiment, &err), BD_BAD_INPUT, words, err);
    free(good);
    free(text);
}

/* Blocks that may be left out, and what then needs them. */
static void blocks_left_out_are_missed_only_where_needed(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *experiment;
    char *good = read_card("na62"), *no_vertex = replace_text(good, "\nvertex:", "\n#");
    expect_ok(load_text(no_vertex, strlen(no_vertex), &experiment, &err), err);
    assert_int_equal(bd_experiment_state(experiment, "mu+mu-")->vertex_cut, 0);
    bd_experiment_free(experiment);
    char *cut = replace_text(no_vertex, "vertex_cut: false", "vertex_cut: true");
    expect_fails(load_text(cut, strlen(cut), &experiment, &err), BD_BAD_INPUT,
                 ": final_states gammagamma: vertex_cut: the card has no vertex range", err);

    char *neutral_cut = replace_text(good, "vertex_cut: false", "vertex_cut: true");
    expect_ok(load_text(neutral_cut, strlen(neutral_cut), &experiment, &err), err);
    bd_experiment_free(experiment);
    free(good);
    free(no_vertex);
    free(cut);
    free(neutral_cut);
}

static const char minimal[] =
    "format: 1\n"
    "experiment: {id: mine, mode: dump, status: projection, title: Mine, source: me}\n"
    "beam: {particle: p, p_gev: 30, impact_m: [0, 0, 0], source: me}\n"
    "target: {material: Au, a: 197, z: 79, length_m: 0.1, sigma_gamma_abs_barn: 38.1, source: me}\n"
    "exposure: {pot: 1e19, pot_rel_unc: 0, pot_reference: 1e19, source: me}\n"
    "decay_volume: {neutral: {z_min_m: 10, z_max_m: 20}, source: me}\n"
    "planes: [{name: cal, z_m: 20, outer: {circle: {r_m: 1}}, holes: [{square: {half_m: 0.1}}]}]\n"
    "photon_defaults: {e_min_gev: 0.1, planes: [cal], source: me}\n"
    "final_states: [{name: gammagamma, photons: 2, volume: neutral, a_trig: 1, source: me}]\n"
    "limit: {rule: cls, cl: 0.9, combine: [gammagamma], source: me}\n";

/* A user's own experiment needs only what it uses. */
static void a_small_card_is_enough(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *mine;
    expect_ok(load_text(minimal, strlen(minimal), &mine, &err), err);
    assert_int_equal(mine->n_state, 1);
    assert_int_equal(mine->state[0].n_photon_plane, 1);
    assert_int_equal(mine->plane[0].hole[0].kind, BD_SHAPE_SQUARE);
    assert_true(mine->mass_resolution_rel == 0.0 && mine->beam_polar_rad == 0.0);
    bd_experiment_free(mine);
    char *text = replace_text(minimal, "photon_defaults: {e_min_gev: 0.1, planes: [cal], source: me}\n", "");
    expect_fails(load_text(text, strlen(text), &mine, &err), BD_BAD_INPUT,
                 ":8: final_states gammagamma: photons: there are no photon_defaults", err);
    free(text);
    text = replace_text(minimal, "photons: 2", "tracks: {e: 2}");
    expect_fails(load_text(text, strlen(text), &mine, &err), BD_BAD_INPUT,
                 ":9: final_states gammagamma: tracks: no planes here and no track_defaults", err);
    free(text);
    text = replace_text(minimal, "neutral: {z_min_m: 10, z_max_m: 20}, ", "");
    expect_fails(load_text(text, strlen(text), &mine, &err), BD_BAD_INPUT,
                 ":6: decay_volume: neither charged nor neutral is given", err);
    free(text);
}

/* Every beginning of the card gives an answer: success, or a fault with the file's name. */
static void a_truncated_card_never_crashes(void **state)
{
    (void)state;
    char *good = read_card("na62");
    const size_t length = strlen(good);
    size_t n_good = 0;
    for (size_t n = 0; n <= length; n += n < length - 400 ? 7 : 1) {
        struct bd_error err = {.message = ""};
        struct bd_experiment *experiment;
        const enum bd_status status = load_text(good, n, &experiment, &err);
        if (status == BD_OK)
            n_good++;
        else if (status != BD_BAD_INPUT || strstr(err.message, "beamdump_card_") == NULL)
            fail_msg("%zu bytes: status %d, '%s'", n, status, err.message);
        bd_experiment_free(experiment);
    }
    free(good);
    assert_true(n_good > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(na62_has_the_beam_and_volume_of_2021),
        cmocka_unit_test(na62_has_nine_planes_in_order),
        cmocka_unit_test(defaults_are_filled_into_the_states),
        cmocka_unit_test(na62_has_the_published_counts),
        cmocka_unit_test(overrides_are_kept_as_text),
        cmocka_unit_test(the_projection_has_the_selection_of_the_data),
        cmocka_unit_test(na62_alpinist_has_the_cuts_of_the_peer),
        cmocka_unit_test(a_card_keeps_its_text_and_hash),
        cmocka_unit_test(names_are_sorted_and_unknown_ones_list_them),
        cmocka_unit_test(every_fault_of_a_card_is_named),
        cmocka_unit_test(a_cross_check_names_the_line),
        cmocka_unit_test(blocks_left_out_are_missed_only_where_needed),
        cmocka_unit_test(a_small_card_is_enough),
        cmocka_unit_test(a_truncated_card_never_crashes),
    };
    return run_all_tests(tests);
}
