/* The selection of an experiment: shapes, tracks, the magnet and separations, by hand and against a particle by
 * particle version of the card; the window of directions against a plain Monte Carlo. */
#include "expect.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>

#include "decay/clones.h"
#include "decay/detector.h"
#include "decay/plain_tracking.h"
#include "src/core/pdg.h"

static struct bd_experiment *load(const char *name)
{
    struct bd_error err;
    struct bd_experiment *experiment = NULL;
    expect_ok(bd_experiment_load(name, &experiment, &err), err);
    return experiment;
}

/* ---- shapes ---- */

/* Random points, and for every shape the area by counting against its formula: 4e5 points, 5 sigma. */
static void shapes_are_what_the_card_says(void **state)
{
    (void)state;
    const double h = 0.3, d = 0.5;
    const struct {
        struct bd_shape shape;
        double area; /* inside the square of half side 1 about the centre */
    } cases[] = {
        {{.kind = BD_SHAPE_CIRCLE, .r_m = 0.4, .x_m = 0.1, .y_m = -0.2}, BD_PI * 0.16},
        {{.kind = BD_SHAPE_SQUARE, .half_m = 0.3, .x_m = 0.2}, 0.36},
        {{.kind = BD_SHAPE_RECTANGLE, .half_x_m = 0.3, .half_y_m = 0.7, .y_m = 0.1}, 0.84},
        {{.kind = BD_SHAPE_OCTAGON, .half_m = h, .diag_m = d}, 4.0 * h * h - 2.0 * (2 * h - d) * (2 * h - d)},
        /* two squares turned by 45 degrees, together: 8 half^2 - the octagon they share, 8 (sqrt2 - 1) half^2 */
        {{.kind = BD_SHAPE_VIEWS, .half_m = 0.3, .x_m = 0.1}, 0.09 * (8.0 - 8.0 * (sqrt(2.0) - 1.0))},
        {{.kind = BD_SHAPE_CORNER, .half_x_m = 0.6, .half_y_m = 0.8}, 4.0 * 0.4 * 0.2},
        {{.kind = BD_SHAPE_NONE}, 4.0},
    };
    enum { N = 400000 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const struct bd_shape *shape = &cases[k].shape;
        int n = 0;
        for (int i = 0; i < N; i++) {
            const double x = shape->x_m + 2.0 * gsl_rng_uniform(rng) - 1.0;
            const double y = shape->y_m + 2.0 * gsl_rng_uniform(rng) - 1.0;
            const int inside = bd_detector_inside(shape, x, y);
            assert_int_equal(inside, plain_inside(shape, x, y));
            n += inside;
        }
        const double p = cases[k].area / 4.0;
        if (fabs((double)n / N - p) > 5.0 * sqrt(p * (1.0 - p) / N))
            fail_msg("shape %zu: area %g, expected %g", k, 4.0 * n / N, cases[k].area);
    }
    gsl_rng_free(rng);
}

/* The hole of a chamber with four views, points by hand, half = 0.0638: on the x axis at 0.08 the y view is
 * inside, x is not, u and v = 0.0566 are both inside, so it is lost; at 0.0903 = half sqrt2 u and v see it. */
static void views_hole_points_by_hand(void **state)
{
    (void)state;
    const struct bd_shape hole = {.kind = BD_SHAPE_VIEWS, .half_m = 0.0638, .x_m = 0.1012};
    assert_true(bd_detector_inside(&hole, 0.1012, 0.0));
    assert_true(bd_detector_inside(&hole, 0.1012 + 0.080, 0.0));
    assert_true(bd_detector_inside(&hole, 0.1012 - 0.0902, 0.0));
    assert_false(bd_detector_inside(&hole, 0.1012 + 0.0903, 0.0));
    assert_true(bd_detector_inside(&hole, 0.1012 + 0.0637, 0.0637)); /* missed by u, v only: 0.09 */
    assert_false(bd_detector_inside(&hole, 0.1012 + 0.0639, 0.0639));
    assert_true(bd_detector_inside(&hole, 0.1012, 0.080));
    assert_false(bd_detector_inside(&hole, 0.1012, -0.0903));
}

/* ---- blocks ---- */

static void set_particle(struct bd_momenta *p, size_t i, double px, double py, double pz, double m)
{
    p->px[i] = px;
    p->py[i] = py;
    p->pz[i] = pz;
    p->e[i] = sqrt(px * px + py * py + pz * pz + m * m);
}

/* One plane at 50 m behind a magnet at 20 m, nothing else; the vertex at 10 m on the axis. */
static struct bd_experiment one_plane(struct bd_final_state *selection)
{
    struct bd_experiment experiment = {
        .id = "toy",
        .charged_volume = {5.0, 15.0},
        .n_plane = 1,
        .plane = {{.name = "wall", .z_m = 50.0, .outer = {.kind = BD_SHAPE_SQUARE, .half_m = 3.0}}},
        .n_magnet = 1,
        .magnet = {{.name = "magnet", .z_m = 20.0, .kick_gev = 0.3, .kick_axis = 0}}};
    *selection = (struct bd_final_state){
        .name = "mu+mu-", .n_track = 2, .n_track_plane = 1, .track_plane = {0}, .sep_tracks_plane = -1};
    return experiment;
}

/* mu+ of (0.1, 0.2, 10) GeV from (0, 0, 10) m: at 20 m (0.1, 0.2), there p_x = 0.4 and p_z = sqrt(100.05 - 0.16 -
 * 0.04) = 9.992497, so at 50 m x = 0.1 + 30 * 0.4/9.992497 = 1.300901, y = 0.2 + 30 * 0.2/9.992497 = 0.800451. mu-
 * the other way: p_x = -0.2, x = 0.1 - 30 * 0.2/9.99750 = -0.50015 (p_z^2 = 100.05 - 0.04 - 0.04). Found by moving
 * the edge of the wall. */
static void magnet_kicks_by_charge(void **state)
{
    (void)state;
    struct bd_error err;
    static struct bd_detector_block block;
    struct bd_final_state selection;
    struct bd_experiment experiment = one_plane(&selection);
    const double x_plus = 0.1 + 30.0 * 0.4 / sqrt(99.85), x_minus = 0.1 - 30.0 * 0.2 / sqrt(99.97);
    expect_close(x_plus, 1.300901, 1e-6);
    const struct {
        double x_m, half_m;
        int inside;
    } walls[] = {{0.0, x_plus + 1e-9, 1},
                 {0.0, x_plus - 1e-9, 0},
                 {x_minus + 2.0, 2.0 + 1e-9, 1}, /* left edge just beyond mu- */
                 {x_minus + 2.0, 2.0 - 1e-9, 0}};
    for (size_t k = 0; k < sizeof walls / sizeof walls[0]; k++) {
        struct bd_detector detector;
        experiment.plane[0].outer.x_m = walls[k].x_m;
        experiment.plane[0].outer.half_m = walls[k].half_m;
        expect_ok(bd_detector_init(&experiment, &selection, bd_decay_find("mu+mu-"), &detector, &err), err);
        block.n = block.n_slice = 1;
        block.slope_x[0] = block.slope_y[0] = 0.0;
        block.z[0][0] = 10.0;
        set_particle(&block.daughter[0], 0, 0.1, 0.2, 10.0, BD_MASS_MUON); /* "mu+" */
        set_particle(&block.daughter[1], 0, 0.1, 0.2, 10.0, BD_MASS_MUON); /* "mu-" */
        bd_detector_select(&detector, NULL, &block);
        assert_int_equal(block.n, walls[k].inside);
    }
}

/* A track that the kick would stop is lost: |p_x| beyond |p|. */
static void track_stopped_by_the_kick_is_lost(void **state)
{
    (void)state;
    struct bd_error err;
    static struct bd_detector_block block;
    struct bd_final_state selection;
    struct bd_experiment experiment = one_plane(&selection);
    struct bd_detector detector;
    experiment.plane[0].outer.kind = BD_SHAPE_NONE;
    expect_ok(bd_detector_init(&experiment, &selection, bd_decay_find("mu+mu-"), &detector, &err), err);
    for (int k = 0; k < 2; k++) {
        block.n = block.n_slice = 1;
        block.slope_x[0] = block.slope_y[0] = 0.0;
        block.z[0][0] = 10.0;
        set_particle(&block.daughter[0], 0, 0.1, 0.0, k == 0 ? 0.37 : 0.39, BD_MASS_MUON); /* p = 0.383, 0.403 */
        set_particle(&block.daughter[1], 0, 0.0, 0.0, 10.0, BD_MASS_MUON);
        bd_detector_select(&detector, NULL, &block);
        assert_int_equal(block.n, k);
    }
}

/* Distances of tracks are taken at their plane behind the magnet also where no track has to cross a plane there:
 * two straight tracks together, parted by the kick: 2 * 30 * 0.3/9.9955 = 1.80081 m. */
static void separation_sees_the_kick_without_a_plane_behind_it(void **state)
{
    (void)state;
    struct bd_error err;
    static struct bd_detector_block block;
    struct bd_final_state selection;
    struct bd_experiment experiment = one_plane(&selection);
    selection.n_track_plane = 0;
    selection.sep_tracks_plane = 0;
    for (int k = 0; k < 2; k++) {
        struct bd_detector detector;
        selection.sep_tracks_m = k == 0 ? 1.8009 : 1.8007;
        expect_ok(bd_detector_init(&experiment, &selection, bd_decay_find("mu+mu-"), &detector, &err), err);
        block.n = block.n_slice = 1;
        block.slope_x[0] = block.slope_y[0] = 0.0;
        block.z[0][0] = 10.0;
        set_particle(&block.daughter[0], 0, 0.0, 0.0, 10.0, BD_MASS_MUON);
        set_particle(&block.daughter[1], 0, 0.0, 0.0, 10.0, BD_MASS_MUON);
        bd_detector_select(&detector, NULL, &block);
        assert_int_equal(block.n, k);
    }
}

/* Distances at a plane in front of the magnet are those of the straight tracks, also where the tracks have been
 * followed behind it: from 10 m with slopes of +-0.01, 0.1 m apart at 15 m. */
static void separation_in_front_of_the_magnet_sees_no_kick(void **state)
{
    (void)state;
    struct bd_error err;
    static struct bd_detector_block block;
    struct bd_final_state selection;
    struct bd_experiment experiment = one_plane(&selection);
    experiment.n_plane = 2;
    experiment.plane[1] = (struct bd_plane){.name = "first", .z_m = 15.0};
    selection.sep_tracks_plane = 1;
    for (int k = 0; k < 2; k++) {
        struct bd_detector detector;
        selection.sep_tracks_m = k == 0 ? 0.1001 : 0.0999;
        expect_ok(bd_detector_init(&experiment, &selection, bd_decay_find("mu+mu-"), &detector, &err), err);
        block.n = block.n_slice = 1;
        block.slope_x[0] = block.slope_y[0] = 0.0;
        block.z[0][0] = 10.0;
        set_particle(&block.daughter[0], 0, 0.1, 0.0, 10.0, BD_MASS_MUON);
        set_particle(&block.daughter[1], 0, -0.1, 0.0, 10.0, BD_MASS_MUON);
        bd_detector_select(&detector, NULL, &block);
        assert_int_equal(block.n, k);
    }
}

/* ---- all selections of the cards against the particle by particle version ---- */

struct random_block {
    struct bd_detector_block block;
    double u[2 * BD_DAUGHTERS_MAX][BD_BLOCK];
    struct bd_momenta daughter[BD_DAUGHTERS_MAX]; /* before selection */
    double slope_x[BD_BLOCK], slope_y[BD_BLOCK], theta[BD_BLOCK], z[BD_SLICES_MAX][BD_BLOCK];
};

/* X of half the least energy that can pass to 400 GeV inside an angle, vertices over all of the volume, daughters
 * by the library's phase space (which has its own test). */
static void draw_block(gsl_rng *rng, const struct bd_detector *detector, double mass, double theta_max,
                       struct random_block *random)
{
    struct bd_error err;
    struct bd_phase_space space;
    static struct bd_momenta x;
    static double u[8][BD_BLOCK], weight[BD_BLOCK];
    struct bd_detector_block *block = &random->block;
    expect_ok(bd_phase_space_init(detector->decay, mass, &space, &err), err);
    for (size_t i = 0; i < BD_BLOCK; i++) {
        const double p_min = 0.5 * detector->energy_min_gev + 0.5;
        const double p = p_min * pow(400.0 / p_min, gsl_rng_uniform(rng)),
                     phi = 2.0 * BD_PI * gsl_rng_uniform(rng);
        const double theta = random->theta[i] = theta_max * sqrt(gsl_rng_uniform(rng));
        x.px[i] = p * sin(theta) * cos(phi);
        x.py[i] = p * sin(theta) * sin(phi);
        x.pz[i] = p * cos(theta);
        x.e[i] = hypot(p, mass);
        block->slope_x[i] = random->slope_x[i] = x.px[i] / x.pz[i];
        block->slope_y[i] = random->slope_y[i] = x.py[i] / x.pz[i];
        for (size_t d = 0; d < 8; d++)
            u[d][i] = gsl_rng_uniform_pos(rng);
        for (size_t d = 0; d < 2 * BD_DAUGHTERS_MAX; d++)
            random->u[d][i] = gsl_rng_uniform_pos(rng);
        for (size_t s = 0; s < 4; s++)
            block->z[s][i] = random->z[s][i] =
                detector->z_min_m + (detector->z_max_m - detector->z_min_m) * gsl_rng_uniform(rng);
    }
    bd_phase_space_decay(&space, BD_BLOCK, (const double(*)[BD_BLOCK])u, &x, block->daughter, weight);
    memcpy(random->daughter, block->daughter, sizeof random->daughter);
    block->n = BD_BLOCK;
    block->n_slice = 4;
}

/* Tracks, photons, and the two photons of each pi0 and eta, from the random numbers of configuration i. */
static size_t final_particles(const struct bd_decay *decay, const struct random_block *random, size_t i,
                              struct plain_particle *particle)
{
    size_t n = 0, next_u = 0;
    for (size_t d = 0; d < bd_decay_n_daughter(decay); d++) {
        const struct bd_particle *kind = bd_particle_find(decay->daughter[d]);
        const struct bd_momenta *from = &random->daughter[d];
        const double p[3] = {from->px[i], from->py[i], from->pz[i]};
        if (kind->charge != 0 || kind->mass_gev <= 0.0) {
            particle[n++] = (struct plain_particle){{p[0], p[1], p[2]}, from->e[i], kind->charge};
            continue;
        }
        particle[n].charge = particle[n + 1].charge = 0;
        plain_two_body(p, from->e[i], kind->mass_gev, 0.0, 0.0, 2.0 * random->u[next_u][i] - 1.0,
                       2.0 * BD_PI * random->u[next_u + 1][i], &particle[n], &particle[n + 1]);
        n += 2;
        next_u += 2;
    }
    return n;
}

/* Every decay that a card selects, every vertex: the same answer, except where a point lies within rounding of an
 * edge (none of 2e5 expected; the sines differ by 1e-11). */
static void selections_agree_with_plain_tracking(void **state)
{
    (void)state;
    static const char *const cards[] = {"na62", "na62_1e18", "na62_alpinist"};
    static struct random_block random;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t c = 0; c < 3; c++) {
        struct bd_error err;
        struct bd_experiment *experiment = load(cards[c]);
        for (size_t k = 0; k < experiment->n_state; k++) {
            const struct bd_decay *decay = bd_decay_find(experiment->state[k].name);
            struct bd_detector detector;
            size_t accepted = 0, different = 0;
            if (decay == NULL)
                continue;
            expect_ok(bd_detector_init(experiment, &experiment->state[k], decay, &detector, &err), err);
            for (int b = 0; b < 30; b++) {
                draw_block(rng, &detector, bd_decay_threshold(decay) + 0.1, detector.window.theta_max_rad,
                           &random);
                bd_detector_select(&detector, (const double(*)[BD_BLOCK])random.u, &random.block);
                for (size_t i = 0, next = 0; i < BD_BLOCK; i++) {
                    struct plain_particle particle[8];
                    const size_t n = final_particles(decay, &random, i, particle);
                    const int here = next < random.block.n && random.block.origin[next] == i;
                    for (size_t s = 0; s < 4; s++) {
                        const double z = random.z[s][i], dz = z - experiment->impact_m[2];
                        const double vertex[3] = {experiment->impact_m[0] + random.slope_x[i] * dz,
                                                  experiment->impact_m[1] + random.slope_y[i] * dz, z};
                        const int wanted = plain_accepts(experiment, &experiment->state[k], n, particle, vertex);
                        const int got = here && random.block.ok[s][next] > 0.0;
                        accepted += (size_t)wanted;
                        different += (size_t)(wanted != got);
                    }
                    next += (size_t)here;
                }
            }
            if (different > 0 || accepted < 20)
                fail_msg("%s, %s: %zu of %zu accepted vertices differ", cards[c], decay->name, different,
                         accepted);
        }
        bd_experiment_free(experiment);
    }
    gsl_rng_free(rng);
}

/* ---- the window ---- */

/* Plain Monte Carlo in a window three times as wide: no decay outside theta_max is accepted (exact), and some are
 * in its outermost tenth (tight). Heavy X open wide, where leaving it would show first. The tightness needs a
 * light one. */
static void no_decay_is_accepted_outside_the_window(void **state)
{
    (void)state;
    static const char *const cards[] = {"na62", "na62_alpinist"};
    static struct random_block random;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t c = 0; c < 2; c++) {
        struct bd_error err;
        struct bd_experiment *experiment = load(cards[c]);
        for (size_t k = 0; k < experiment->n_state; k++) {
            const struct bd_decay *decay = bd_decay_find(experiment->state[k].name);
            struct bd_detector detector;
            double largest = 0.0;
            if (decay == NULL)
                continue;
            expect_ok(bd_detector_init(experiment, &experiment->state[k], decay, &detector, &err), err);
            for (int b = 0; b < 240; b++) {
                const double above = b % 3 == 0 ? 1e-3 : b % 3 == 1 ? 0.2 : 2.0;
                draw_block(rng, &detector, bd_decay_threshold(decay) + above,
                           (b % 6 < 3 ? 3.0 : 1.2) * detector.window.theta_max_rad, &random);
                bd_detector_select(&detector, (const double(*)[BD_BLOCK])random.u, &random.block);
                for (size_t i = 0; i < random.block.n; i++)
                    largest = fmax(largest, random.theta[random.block.origin[i]]);
            }
            if (largest > detector.window.theta_max_rad ||
                (bd_decay_n_daughter(decay) == 2 && largest < 0.9 * detector.window.theta_max_rad))
                fail_msg("%s, %s: accepted up to %g rad, window %g rad", cards[c], decay->name, largest,
                         detector.window.theta_max_rad);
        }
        bd_experiment_free(experiment);
    }
    gsl_rng_free(rng);
}

/* The window of NA62 by hand; the production point is 22 mm below the axis. Tracks: the hodoscope, r < 1.070 m at
 * 238.1315 m, 1.092 m/215.0615 m = 5.0776 mrad, 5.1029 with the 0.5% for the kick. Photons alone: the upper corner
 * (0.468, 1.130) of the octagon at 241.093 m, hypot(0.468, 1.152)/218.023 = 5.7033 mrad, with the same
 * 0.5% 5.7317. */
static void windows_of_na62(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_experiment *experiment = load("na62");
    struct bd_detector detector;
    expect_ok(bd_detector_init(experiment, bd_experiment_state(experiment, "mu+mu-"), bd_decay_find("mu+mu-"),
                               &detector, &err),
              err);
    expect_close(detector.window.theta_max_rad, 5.1029e-3, 2e-5);
    expect_close(detector.z_min_m, 105.0, 1e-12);
    expect_close(detector.volume_z_min_m, 102.4, 1e-12);
    expect_close(detector.z_max_m, 180.0, 1e-12);
    expect_close(detector.energy_min_gev, 10.0, 1e-12);
    expect_ok(bd_detector_init(experiment, bd_experiment_state(experiment, "gammagamma"),
                               bd_decay_find("gammagamma"), &detector, &err),
              err);
    expect_close(detector.window.theta_max_rad, 5.7317e-3, 2e-5);
    expect_close(detector.z_max_m, 241.093, 1e-12);
    expect_close(detector.energy_min_gev, 3.0, 1e-12);
    expect_close(detector.daughter_br, 1.0, 1e-12);
    expect_ok(bd_detector_init(experiment, bd_experiment_state(experiment, "pi+pi-pi0pi0"),
                               bd_decay_find("pi+pi-pi0pi0"), &detector, &err),
              err);
    expect_close(detector.daughter_br, 0.98823 * 0.98823, 1e-12);
    expect_close(detector.energy_min_gev, 14.0, 1e-12);
    bd_experiment_free(experiment);
}

/* Planes and holes of the card (detector table of the reference geometry), one point on each side of every edge.
 */
static void planes_of_na62(void **state)
{
    (void)state;
    struct bd_experiment *experiment = load("na62");
    const struct {
        const char *plane;
        double z_m, x_in_m, x_out_m; /* on the x axis: sensitive and not */
    } edges[] = {
        {"straw1", 183.508, 0.999, 1.001},   {"straw1", 183.508, 0.192, 0.191},
        {"straw2", 194.066, 0.205, 0.204},   {"straw3", 204.459, 0.183, 0.182},
        {"straw4", 218.885, 0.144, 0.143},   {"newchod", 238.1315, 0.141, 0.139},
        {"newchod", 238.1315, 1.069, 1.071}, {"chod_v", 239.009, 0.131, 0.129},
        {"chod_h", 239.389, 1.099, 1.101},   {"lkr", 241.093, 1.129, 1.131},
        {"lkr", 241.093, 0.151, 0.149},      {"muv3", 246.800, 1.319, 1.321},
        {"muv3", 246.800, 0.104, 0.102},
    };
    for (size_t k = 0; k < sizeof edges / sizeof edges[0]; k++) {
        const struct bd_plane *plane = NULL;
        for (size_t i = 0; i < experiment->n_plane; i++)
            if (strcmp(experiment->plane[i].name, edges[k].plane) == 0)
                plane = &experiment->plane[i];
        assert_non_null(plane);
        expect_close(plane->z_m, edges[k].z_m, 1e-12);
        for (int side = 0; side < 2; side++) {
            const double x = side == 0 ? edges[k].x_in_m : edges[k].x_out_m;
            int sensitive = bd_detector_inside(&plane->outer, x, 0.0);
            for (size_t i = 0; i < plane->n_hole; i++)
                sensitive &= !bd_detector_inside(&plane->hole[i], x, 0.0);
            if (sensitive != (side == 0))
                fail_msg("%s at x = %g m: sensitive = %d", edges[k].plane, x, sensitive);
        }
    }
    bd_experiment_free(experiment);
}

/* As for the phase space: the same answer, in the same order, from every clone. */
static void clones_select_the_same(void **state)
{
    (void)state;
    static struct random_block random;
    static struct bd_detector_block copy[2];
    struct bd_error err;
    if (!clones_differ())
        skip();
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    struct bd_experiment *experiment = load("na62");
    for (size_t k = 0; k < experiment->n_state; k++) {
        const struct bd_decay *decay = bd_decay_find(experiment->state[k].name);
        struct bd_detector detector;
        if (decay == NULL)
            continue;
        expect_ok(bd_detector_init(experiment, &experiment->state[k], decay, &detector, &err), err);
        for (int b = 0; b < 10; b++) {
            draw_block(rng, &detector, bd_decay_threshold(decay) + 0.1, detector.window.theta_max_rad, &random);
            memcpy(&copy[0], &random.block, sizeof copy[0]);
            memcpy(&copy[1], &random.block, sizeof copy[1]);
            bd_detector_select(&detector, (const double(*)[BD_BLOCK])random.u, &random.block);
            clone_detector_select(&detector, (const double(*)[BD_BLOCK])random.u, &copy[0]);
            plain_detector_select(&detector, (const double(*)[BD_BLOCK])random.u, &copy[1]);
            for (int c = 0; c < 2; c++) {
                assert_int_equal(copy[c].n, random.block.n);
                assert_memory_equal(copy[c].origin, random.block.origin, copy[c].n * sizeof copy[c].origin[0]);
                for (size_t s = 0; s < 4; s++)
                    assert_memory_equal(copy[c].ok[s], random.block.ok[s], copy[c].n * sizeof copy[c].ok[s][0]);
            }
        }
    }
    bd_experiment_free(experiment);
    gsl_rng_free(rng);
}

/* What the program cannot do is refused with a message. */
static void unsupported_cards_are_refused(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_final_state selection;
    struct bd_experiment experiment = one_plane(&selection);
    struct bd_detector detector;
    const struct bd_decay *decay = bd_decay_find("mu+mu-");
    selection.n_track_plane = 0;
    experiment.beam_polar_rad = 0.28;
    expect_fails(bd_detector_init(&experiment, &selection, decay, &detector, &err), BD_BAD_INPUT,
                 "no plane bounds the directions", err);
    experiment.beam_polar_rad = 0.0;
    selection.n_track_plane = 1;
    experiment.n_magnet = 2;
    expect_fails(bd_detector_init(&experiment, &selection, decay, &detector, &err), BD_BAD_INPUT, "2 magnets",
                 err);
    experiment.n_magnet = 1;
    experiment.charged_volume.z_max_m = 25.0;
    expect_fails(bd_detector_init(&experiment, &selection, decay, &detector, &err), BD_BAD_INPUT,
                 "behind the magnet", err);
    experiment.charged_volume.z_max_m = 15.0;
    selection.n_track = 1;
    expect_fails(bd_detector_init(&experiment, &selection, decay, &detector, &err), BD_BAD_INPUT,
                 "selects 1 tracks and 0 photons, the decay has 2 and 0", err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_what_the_card_says),
        cmocka_unit_test(views_hole_points_by_hand),
        cmocka_unit_test(magnet_kicks_by_charge),
        cmocka_unit_test(track_stopped_by_the_kick_is_lost),
        cmocka_unit_test(separation_sees_the_kick_without_a_plane_behind_it),
        cmocka_unit_test(separation_in_front_of_the_magnet_sees_no_kick),
        cmocka_unit_test(selections_agree_with_plain_tracking),
        cmocka_unit_test(no_decay_is_accepted_outside_the_window),
        cmocka_unit_test(windows_of_na62),
        cmocka_unit_test(planes_of_na62),
        cmocka_unit_test(clones_select_the_same),
        cmocka_unit_test(unsupported_cards_are_refused),
    };
    return run_all_tests(tests);
}
