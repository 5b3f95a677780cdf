/* Cards that cut signal regions, that stand beside the beam, or that may lose a shower; and broken copies of them.
 */
#include "expect.h"
#include "replace.h"

#include <stdlib.h>
#include <unistd.h>

#include "src/core/data.h"
#include "src/core/experiment.h"
#include "src/core/pdg.h"

static struct bd_experiment *load(const char *name)
{
    struct bd_error err;
    struct bd_experiment *experiment;
    expect_ok(bd_experiment_load(name, &experiment, &err), err);
    return experiment;
}

/* The eight regions of arXiv:2303.01521 with weights 2.3/N_90: N_90 = 3.13, 3.35, 3.48 in the second, fourth and
 * fifth. */
static void koto_has_eight_weighted_regions(void **state)
{
    (void)state;
    struct bd_experiment *koto = load("koto_pnn"), *na62 = load("na62");
    size_t n;
    const struct bd_region *region = bd_experiment_signal_regions(koto, &n);
    assert_int_equal(n, 8);
    for (size_t i = 0; i < n; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "r%zu", i + 1);
        assert_string_equal(region[i].name, name);
        assert_int_equal(koto->pi0.box[i].index, (int)i);
        expect_close(region[i].weight,
                     i == 1   ? 2.3 / 3.13
                     : i == 3 ? 2.3 / 3.35
                     : i == 4 ? 2.3 / 3.48
                              : 1.0,
                     2e-3);
    }
    expect_close(koto->beam_polar_rad * 180.0 / BD_PI, 16.0, 1e-5);
    expect_close(koto->pi0.angle_max_rad * 180.0 / BD_PI, 150.0, 1e-6);
    expect_close(koto->pi0.e_theta_min_gev_rad * 180.0 / BD_PI, 2.5, 1e-5);
    region = bd_experiment_signal_regions(na62, &n); /* one without cuts */
    assert_int_equal(n, 1);
    assert_string_equal(region[0].name, "sr");
    assert_true(region[0].weight == 1.0);
    bd_experiment_free(koto);
    bd_experiment_free(na62);
}

/* The production point moves the other way in the frame of a detector beside the beam. */
static void offset_moves_the_production_point(void **state)
{
    (void)state;
    struct bd_experiment *charm = load("charm"), *shadows = load("shadows");
    assert_true(charm->impact_m[0] == 0.0 && charm->impact_m[1] == 4.8 && charm->impact_m[2] == 0.0);
    assert_true(shadows->impact_m[0] == -2.5 && shadows->impact_m[1] == -0.022);
    const struct bd_final_state *ee = bd_experiment_state(charm, "e+e-");
    assert_true(ee->showers && ee->n_photon == 2 && ee->n_track == 0 && ee->n_photon_min == 1 && ee->photons_each);
    assert_true(ee->photon_e_min_gev == 5.0 && ee->photon_e_max_gev == 50.0);
    const struct bd_final_state *six = bd_experiment_state(charm, "3pi0");
    assert_true(six->n_photon == 6 && six->n_photon_min == 1 && six->n_photon_max == 2 && !six->photons_each);
    bd_experiment_free(charm);
    bd_experiment_free(shadows);
}

/* Each part has its own plane; the cut on the angle of two showers holds in the second one only. */
static void parts_of_a_volume_are_signal_regions(void **state)
{
    (void)state;
    struct bd_experiment *dune = load("dune_nd");
    size_t n;
    const struct bd_region *region = bd_experiment_signal_regions(dune, &n);
    assert_int_equal(n, 2);
    assert_string_equal(region[0].name, "lar");
    assert_string_equal(region[1].name, "gar");
    assert_true(region[0].weight == 1.0 && region[1].weight == 1.0);
    for (size_t i = 0; i < n; i++) {
        const struct bd_final_state gg =
                                        bd_experiment_part_state(dune, bd_experiment_state(dune, "gammagamma"), i),
                                    pions =
                                        bd_experiment_part_state(dune, bd_experiment_state(dune, "pi+pi-pi0"), i);
        assert_true(gg.n_track_plane == 0 && gg.n_photon_plane == 1 && gg.photon_plane[0] == (int)i);
        assert_true(gg.opening_min_rad == (i == 0 ? 0.0 : 0.14) && gg.photon_merge_m == 0.0);
        assert_true(gg.part.z_min_m == dune->part[i].z_m[0] && gg.part.z_max_m == dune->part[i].z_m[1]);
        assert_true(pions.n_track_plane == 1 && pions.track_plane[0] == (int)i && pions.photon_plane[0] == (int)i);
        assert_true(pions.track_kinetic_min_gev == 0.005 && pions.photon_merge_m == 0.1);
    }
    const struct bd_final_state *muons = bd_experiment_state(dune, "mu+mu-");
    assert_true(muons->track_angle_max_rad == 0.7 && muons->track_angle_kinetic_gev == 1.0);
    bd_experiment_free(dune);
}

static const struct {
    const char *card, *old, *new, *words;
} broken[] = {
    {"koto_pnn", "form: max", "form: mean",
     ": pi0_reconstruction.inner_square.form: 'mean' is not one of: max, min"},
    {"koto_pnn", "z_m: [3.0, 4.7]", "z_m: [4.7, 3.0]",
     ": pi0_reconstruction: z_m: the minimum, 4.7, is not below the maximum, 3"},
    {"koto_pnn", "pt_gev: [0.5, 30.0]", "pt_gev: [0.5, 0.4]", ": pi0_reconstruction: pt_gev: the minimum, 0.5"},
    {"koto_pnn", "name: r4", "name: r2", ": pi0_reconstruction: region r2 has two weights, 0.734375 and 0.687463"},
    {"koto_pnn", "weight: 0.734375", "weight: 1.7", "weight: 1.7 is outside the allowed range 0 to 1"},
    {"koto_pnn", "r_max_m: 0.85", "r_max_m: 0.85\n  r_min_m: 0.9",
     ": pi0_reconstruction: r_min_m, r_max_m: the minimum"},
    {"koto_pnn", "e_max_gev: 2.0", "e_max_gev: 0.05", ": photon_defaults: e_min_gev, e_max_gev: the minimum, 0.1"},
    {"koto_pnn", "region: all", "region: sum", ": counts: region: there is no region 'sum'"},
    {"charm", "showers: 2, photons_min: 1", "showers: 2, photons: 2, photons_min: 1",
     ": showers: instead of photons and tracks, not beside them"},
    {"charm", "showers: 2, photons_min: 1", "showers: 2, photons_min: 3", ": photons_min: 3 of 2 photons"},
    {"charm", "showers: 2, photons_min: 1, photons_each: true", "showers: 2, photons_each: true",
     ": photons_each: only with photons_min"},
    {"charm", "photons: 6, photons_min: 1, photons_max: 2", "photons: 6, photons_max: 2",
     ": photons_max: only with photons_min"},
    {"charm", "photons: 6, photons_min: 1, photons_max: 2", "photons: 6, photons_min: 3, photons_max: 2",
     ": photons_max: 2 is below photons_min, 3"},
    {"charm", "tracks: {mu: 2}", "merge_m: 0.1, tracks: {mu: 2}", ": merge_m: the state has no photons"},
    {"nucal", "photons_min: 1, photon_e_min_gev: 3.0", "photon_e_min_gev: 3.0",
     ": photon_efficiency: only with photons_min"},
    {"nucal", "photon_efficiency: 0.7", "photon_efficiency: 7",
     "photon_efficiency: 7 is outside the allowed range 1e-06 to 1"},
    {"nucal", "tracks: {mu: 2", "photon_e_min_gev: 1, tracks: {mu: 2",
     ": photon_e_min_gev: the state has no photons"},
    {"koto_pnn", "clusters: 2", "clusters: 7", ": clusters: 7 of 6 photons"},
    {"koto_pnn", "clusters: 2", "clusters: 2, photons_min: 1",
     ": clusters: 2 of 6 photons, and not together with"},
    {"bebc", "z_m: 405.9, r_m: 1.25", "z_m: 505.9, r_m: 1.25",
     ": decay_volume.shape.vertical_cylinder: 504.65 to 507.15 m is outside the volume"},
    {"bebc", "half_y_m: 1.75", "half_y_m: 1.75e9",
     "half_y_m: 1.75e9 is outside the allowed range 0.0001 to 10000"},
    {"bebc", "  shape: {", "  # {", ": tracks: seen without a plane only where decay_volume has a shape"},
    {"nutev", "{z_min_m: 1414.4", "{z_min_m: 1418.4",
     ": decay_volume.exclude_z_m: the minimum, 1418.4, is not below"},
    {"nutev", "{z_min_m: 1414.4, z_max_m: 1416.4}", "{z_min_m: 1314.4, z_max_m: 1316.4}",
     ": decay_volume.exclude_z_m: 1314.4 to 1316.4 m is outside the volume"},
    {"nutev", "planes: [tracker1, calorimeter, muon, tracker2]", "planes: [tracker3]",
     ": there is no plane 'tracker3'"},
    {"dune_nd", "z_m: [580.0, 584.0]", "z_m: [579.0, 584.0]",
     ": decay_volume.parts gar: begins at 579 m, before lar ends at 580 m"},
    {"dune_nd", "z_m: [580.0, 584.0]", "z_m: [584.0, 580.0]", ": decay_volume.parts: z_m: the minimum, 584"},
    {"dune_nd", "z_m: [574.5, 580.0]", "z_m: [474.5, 480.0]",
     ": decay_volume.parts: 474.5 to 480 m is outside the volume"},
    {"dune_nd", "name: gar,", "name: lar,", ": decay_volume.parts lar: there are two parts of this name"},
    {"dune_nd", "plane: gar_end", "plane: gas_end", ": decay_volume.parts gar: there is no plane 'gas_end'"},
    {"dune_nd", "plane: gar_end", "plane: lar_end",
     ": decay_volume.parts gar: plane lar_end at 580 m is inside it"},
    {"dune_nd", "opening: {min_rad: 0.14, part: gar}", "opening: {min_rad: 0.14, part: gas}",
     ": opening: there is no part 'gas' of decay_volume"},
    {"dune_nd", "opening: {min_rad: 0.14, part: gar}", "opening: {min_rad: 14.0, part: gar}",
     ".opening.min_rad: 14.0 is outside the allowed range 1e-06 to 3.14159"},
    {"dune_nd", "opening: {min_rad: 0.14, part: gar}", "sep_tracks: {plane: lar_end, min_m: 0.1}",
     ": sep_tracks: not where decay_volume has parts"},
    {"dune_nd", "planes: [], source: ALPINIST}\nphoton", "planes: [lar_end], source: ALPINIST}\nphoton",
     ": planes: none where decay_volume has parts, which have a plane each"},
    {"koto_pnn", "decay_volume:\n", "decay_volume:\n  parts: [{name: all, z_m: [24.0, 25.0], plane: csi}]\n",
     ": decay_volume.parts: not together with pi0_reconstruction"},
    {"dune_nd", "max_rad: 0.7,", "max_rad: 40,",
     ".angle.max_rad: 40 is outside the allowed range 1e-06 to 1.57079"},
    {"dune_nd", "kinetic_min_gev: 0.005}, photons: 1", "kinetic_min_gev: 5 MeV}, photons: 1",
     ".kinetic_min_gev: expected a number, found '5 MeV'"},
    {"charm", "photons_max: 2", "opening: {min_rad: 0.1}", ": opening: not together with photons_min or clusters"},
    {"charm", "planes: [calorimeter], source: ALPINIST}\n\n", "planes: [], source: ALPINIST}\n\n",
     ": photon_defaults: planes: photons are seen on a plane"},
    {"ship", "pyramid: {z_m: [32.0, 82.0]", "pyramid: {z_m: [82.0, 32.0]", ": decay_volume.shape.pyramid.z_m"},
};

static void every_fault_is_named(void **state)
{
    (void)state;
    const char *folder = getenv("TMPDIR");
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct bd_error err;
        struct bd_experiment *experiment;
        char relative[64], from[1024], path[512], *text;
        (void)snprintf(relative, sizeof relative, "decay/experiments/%s.yaml", broken[i].card);
        expect_ok(bd_data_path(relative, from, sizeof from, &err), err);
        expect_ok(bd_data_read_text(from, &text, NULL, &err), err);
        char *bad = replace_text(text, broken[i].old, broken[i].new);
        (void)snprintf(path, sizeof path, "%s/beamdump_card_XXXXXX", folder != NULL ? folder : "/tmp");
        const int file = mkstemp(path);
        assert_true(file >= 0);
        assert_int_equal(write(file, bad, strlen(bad)), strlen(bad));
        assert_int_equal(close(file), 0);
        /* A path without ".yaml" is one because of its '/'. */
        expect_fails(bd_experiment_load(path, &experiment, &err), BD_BAD_INPUT, broken[i].words, err);
        assert_int_equal(unlink(path), 0);
        free(bad);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(koto_has_eight_weighted_regions),
        cmocka_unit_test(offset_moves_the_production_point),
        cmocka_unit_test(parts_of_a_volume_are_signal_regions),
        cmocka_unit_test(every_fault_is_named),
    };
    return run_all_tests(tests);
}
