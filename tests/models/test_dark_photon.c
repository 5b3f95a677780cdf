/* Widths and meson branching ratios of the dark photon at eps = 1. Reference numbers: an independent
 * implementation of the same papers, with alpha = 1/137.035999; where a public table was at hand, its own numbers.
 */
#include "expect.h"

#include "models/dark_photon_br.h"
#include "models/hadron_current.h"
#include "models/model.h"
#include "models/three_meson.h"
#include "src/core/pdg.h"

struct photon {
    const struct bd_model *model;
    void *data;
    struct bd_setting_values settings;
    struct bd_model_value width[BD_MODES_MAX], total;
};

static int open_photon(void **state)
{
    static struct photon photon;
    struct bd_error err;
    photon.model = bd_model_find("dark_photon");
    assert_non_null(photon.model);
    expect_ok(bd_model_open(photon.model, &photon.data, &err), err);
    *state = &photon;
    return 0;
}

static int close_photon(void **state)
{
    struct photon *photon = *state;
    bd_model_close(photon->model, photon->data);
    return 0;
}

static void choose(struct photon *photon, const char *key, const char *value)
{
    struct bd_error err;
    bd_setting_init(photon->model->settings, &photon->settings);
    expect_ok(bd_setting_set(photon->model->settings, &photon->settings, key, value, &err), err);
}

static void compute(struct photon *photon, double mass_gev, double eps)
{
    struct bd_error err;
    const struct bd_model_point at = {mass_gev, (const double[]){eps, 0.0}, photon->settings.value, photon->data};
    expect_ok(bd_model_widths(photon->model, &at, photon->width, &photon->total, &err), err);
}

static const struct bd_model_value *mode_of(const struct photon *photon, const char *mode)
{
    const int index = bd_model_mode_index(photon->model, mode);
    assert_true(index >= 0);
    return &photon->width[index];
}

static double br(const struct photon *photon, const char *mode)
{
    return mode_of(photon, mode)->value / photon->total.value;
}

/* R of a mode from its width; needs compute() at this mass. */
static double ratio(const struct photon *photon, const char *mode, double mass_gev)
{
    return mode_of(photon, mode)->value * 3.0 / (BD_ALPHA_EM * mass_gev);
}

static double kappa(const struct photon *photon, const char *production, double mass_gev, double eps)
{
    struct bd_error err;
    struct bd_model_value value;
    const struct bd_model_point at = {mass_gev, (const double[]){eps, 0.0}, photon->settings.value, photon->data};
    const struct bd_strength *strength = bd_model_strength(photon->model, production);
    assert_non_null(strength);
    expect_ok(bd_model_kappa(photon->model, strength, &at, &value, &err), err);
    return value.value;
}

static void total_widths_and_lifetimes(void **state)
{
    struct photon *photon = *state;
    static const struct {
        double mass, width, ctau, tolerance;
    } row[] = {
        {0.1, 2.43245e-4, 8.11226e-13, 1e-5}, {0.25, 1.04915e-3, 1.88083e-13, 1e-5},
        {0.5, 3.02812e-3, 6.5165e-14, 2e-5},  {0.7, 1.17238e-2, 1.68313e-14, 2e-5},
        {1.2, 8.5464e-3, 2.3089e-14, 2e-5},   {1.5, 1.4796e-2, 1.3337e-14, 5e-5},
        {1.8, 0.018301, 1.0782e-14, 5e-5},    {2.0, 0.020335, 9.7038e-15, 5e-5},
    }; /* tolerance: rounding of the numbers */
    choose(photon, "width_2pi", "GS4");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        compute(photon, row[i].mass, 1.0);
        expect_close(photon->total.value, row[i].width, row[i].tolerance);
        expect_close(bd_model_decay_length(photon->total.value), row[i].ctau, row[i].tolerance);
    }
}

static void branching_ratios(void **state)
{
    struct photon *photon = *state;
    static const struct {
        double mass;
        const char *mode;
        double br, tolerance;
    } row[] = {
        {0.30, "e+e-", 0.5252, 1e-3},          {0.30, "mu+mu-", 0.4653, 1e-3},
        {0.30, "pi+pi-", 0.009482, 1e-3},      {0.50, "e+e-", 0.4016, 1e-3},
        {0.50, "mu+mu-", 0.3965, 1e-3},        {0.50, "pi+pi-", 0.2017, 1e-3},
        {0.775, "e+e-", 0.0711, 1e-3},         {0.775, "pi+pi-", 0.6590, 1e-3},
        {0.775, "pi+pi-pi0", 0.1780, 1e-3},    {0.775, "pi0gamma", 0.0205, 2e-3},
        {0.7826, "e+e-", 0.0459, 2e-3},        {0.7826, "pi+pi-", 0.3467, 1e-3},
        {0.7826, "pi+pi-pi0", 0.5064, 1e-3},   {0.7826, "pi0gamma", 0.0546, 2e-3},
        {1.0, "e+e-", 0.3128, 1e-3},           {1.0, "pi+pi-", 0.2239, 1e-3},
        {1.0, "pi+pi-pi0", 0.0968, 1e-3},      {1.0, "pi+pi-pi0pi0", 0.0197, 3e-3},
        {1.0, "K+K-", 0.0166, 4e-3},           {1.0, "K0K0bar", 0.0064, 8e-3},
        {1.019461, "K+K-", 0.4550, 1e-3},      {1.019461, "K0K0bar", 0.3277, 1e-3},
        {1.019461, "pi+pi-pi0", 0.1491, 1e-3}, {1.019461, "etagamma", 0.0131, 4e-3},
        {1.5, "e+e-", 0.2466, 1e-3},           {1.5, "pi+pi-", 0.001876, 1e-3},
        {1.5, "pi+pi-pi0", 0.0247, 3e-3},      {1.5, "2pi+2pi-", 0.1793, 1e-3},
        {1.5, "pi+pi-pi0pi0", 0.2081, 1e-3},   {1.5, "K+K-", 0.0227, 3e-3},
        {1.5, "K+K-pi0", 0.003020, 1e-3},
    }; /* tolerance: 0.1%, or the rounding of the numbers */
    choose(photon, "width_2pi", "GS4");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        compute(photon, row[i].mass, 1.0);
        expect_close(br(photon, row[i].mode), row[i].br, row[i].tolerance);
    }
}

static void ratios_of_two_particle_modes(void **state)
{
    (void)state;
    static const struct {
        double mass, two_pi;
    } pions[] = {{.30, .01805},  {.40, .19306},   {.50, .50206},   {.60, 1.32535},  {.70, 4.87252},
                 {.75, 8.48201}, {.775, 9.26374}, {.780, 9.02598}, {.783, 7.31864}, {.79, 6.34577},
                 {.80, 6.05722}, {.85, 3.27072},  {.90, 1.77469},  {1.00, .71577},  {1.20, .23565}};
    static const struct {
        double mass, charged, neutral;
    } kaons[] = {{1.00, .05291, .02047}, {1.01, .6118, .43214}, {1.0195, 23.06, 16.587}, {1.03, 1.4684, .95751},
                 {1.10, .1817, .05516},  {1.30, .1081, .00734}, {1.50, .0921, .00697}};
    for (size_t i = 0; i < sizeof pions / sizeof pions[0]; i++)
        expect_close(bd_hadron_current_two_pi(pions[i].mass), pions[i].two_pi, 3e-4);
    for (size_t i = 0; i < sizeof kaons / sizeof kaons[0]; i++) {
        expect_close(bd_hadron_current_kk_charged(kaons[i].mass), kaons[i].charged, 1e-3);
        expect_close(bd_hadron_current_kk_neutral(kaons[i].mass), kaons[i].neutral, 1e-3);
    }
    expect_close(bd_hadron_current_pi0_gamma(0.5), 4.6e-4, 1e-3);
    expect_close(bd_hadron_current_pi0_gamma(0.7826), 1.190, 1e-3);
    expect_close(bd_hadron_current_pi0_gamma(1.0195), 0.0706, 1e-3);
    expect_close(bd_hadron_current_eta_gamma(0.7826), 0.0148, 2e-3);
    expect_close(bd_hadron_current_eta_gamma(1.0195), 0.666, 1e-3);
    expect_close(bd_hadron_current_omega_pi0(1.2), 0.260, 1e-3);
}

/* Narrow resonances: sigma_peak = 12 pi BR_ee BR_X/M^2, so R = 9 BR_ee BR_X/alpha^2, with branching ratios of the
 * Particle Data Group. The fits are not forced through them; K+K- is known to be 7% low. */
static void peaks_agree_with_branching_ratios_of_the_resonances(void **state)
{
    struct photon *photon = *state;
    const double unit = 9.0 / (BD_ALPHA_EM * BD_ALPHA_EM);
    choose(photon, "width_2pi", "GS4");
    compute(photon, 0.7826, 1.0);
    expect_close(ratio(photon, "pi+pi-pi0", 0.7826), unit * 7.39e-5 * 0.892, 0.02);
    compute(photon, 1.0194, 1.0);
    expect_close(ratio(photon, "pi+pi-pi0", 1.0194), unit * 2.979e-4 * 0.154, 0.05);
    expect_close(ratio(photon, "K+K-", 1.0194), unit * 2.979e-4 * 0.491, 0.08);
    expect_close(ratio(photon, "K0K0bar", 1.0194), unit * 2.979e-4 * 0.339, 0.04);
}

static void ratios_of_three_mesons(void **state)
{
    struct photon *photon = *state;
    static const double three_pi[][2] = {{.60, 2.006e-4}, {.70, 7.733e-3}, {.75, .1154},   {.775, 2.503},
                                         {.780, 8.106},   {.7826, 11.04},  {.783, 10.94},  {.80, .8376},
                                         {.90, .0979},    {1.00, .3093},   {1.019, 7.869}, {1.05, .0127},
                                         {1.10, .0480},   {1.30, .1041},   {1.50, .1002},  {1.60, .1453}};
    choose(photon, "width_2pi", "GS4");
    for (size_t i = 0; i < sizeof three_pi / sizeof three_pi[0]; i++) {
        compute(photon, three_pi[i][0], 1.0);
        expect_close(ratio(photon, "pi+pi-pi0", three_pi[i][0]), three_pi[i][1], 1.5e-3); /* .1453 is .14512 */
    }
    compute(photon, 1.5, 1.0);
    expect_close(ratio(photon, "K0K0barpi0", 1.5), 0.03404, 1e-3);
    expect_close(ratio(photon, "K+K-pi0", 1.5), 0.012246, 1e-3);
    expect_close(ratio(photon, "K+-K0pi-+", 1.5), 0.03104, 1e-3);
    compute(photon, 1.65, 1.0);
    expect_close(ratio(photon, "K0K0barpi0", 1.65), 0.10404, 1e-3);
    expect_close(ratio(photon, "K+K-pi0", 1.65), 0.016793, 1e-3);
    expect_close(ratio(photon, "K+-K0pi-+", 1.65), 0.11007, 1e-3);
}

/* Between the nodes and across the omega and the phi; 128 x 128 points are converged to 1e-5. */
static void tabulated_integrals_agree_with_quadrature(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_three_meson *tables;
    expect_ok(bd_three_meson_create(&tables, &err), err);
    static const double mass[] = {.4503,  .5511,  .7803,  .7827,  .9246,  1.0194,
                                  1.1633, 1.3658, 1.3934, 1.6172, 1.9551, 1.9999};
    for (int k = 0; k < BD_THREE_MESON_STATES; k++)
        for (size_t i = 0; i < sizeof mass / sizeof mass[0]; i++) {
            double direct;
            if (k != BD_THREE_MESON_3PI && mass[i] < BD_THREE_MESON_KKPI_START_GEV)
                continue;
            expect_ok(bd_three_meson_ratio_direct((enum bd_three_meson_state)k, mass[i], 128, &direct, &err), err);
            expect_close(bd_three_meson_ratio(tables, (enum bd_three_meson_state)k, mass[i]), direct, 3e-4);
        }
    bd_three_meson_free(tables);
}

/* F = const would be flat: the squared matrix element integrates to R. Sum over a fine Dalitz grid of mid-points,
 * with the masses of the K K pi fit, which are the physical ones. */
static void matrix_element_integrates_to_the_width(void **state)
{
    (void)state;
    enum { n = 400 };
    struct bd_error err;
    const double m = 1.5, mass[3] = {BD_MASS_K_CHARGED, BD_MASS_K_CHARGED, BD_MASS_PI0};
    const double lo13 = pow(mass[0] + mass[2], 2), hi13 = pow(m - mass[1], 2), lo23 = pow(mass[1] + mass[2], 2),
                 hi23 = pow(m - mass[0], 2), area = (hi13 - lo13) * (hi23 - lo23) / (n * n);
    double sum = 0.0, direct;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const double s13 = lo13 + (i + 0.5) / n * (hi13 - lo13), s23 = lo23 + (j + 0.5) / n * (hi23 - lo23);
            const double s12 = m * m + mass[0] * mass[0] + mass[1] * mass[1] + mass[2] * mass[2] - s13 - s23;
            sum += area * bd_three_meson_squared(BD_THREE_MESON_KPKMPI0, m, mass, s12, s13, s23);
        }
    expect_ok(bd_three_meson_ratio_direct(BD_THREE_MESON_KPKMPI0, m, 64, &direct, &err), err);
    expect_close(sum / (64.0 * BD_PI * BD_PI * m * m), direct, 2e-3);
}

static void interpolated_modes_between_their_nodes(void **state)
{
    struct photon *photon = *state;
    static const struct {
        const char *mode;
        double mass, r;
    } row[] = {{"2pi+2pi-", .66, 5.546e-7},   {"2pi+2pi-", .775, 4.388e-4},     {"2pi+2pi-", 1.48, .7107},
               {"2pi+2pi-", 1.98, .2591},     {"pi+pi-pi0pi0", .88, 1.1420e-3}, {"pi+pi-pi0pi0", .91, 2.420e-3},
               {"pi+pi-pi0pi0", 1.31, .4684}, {"pi+pi-pi0pi0", 1.97, .3889},    {"pi+pi-pi0pi0", 1.9999999, .3716},
               {"other", 1.12, 7.414e-4},     {"other", 1.58, .2464},           {"other", 1.69, .4972}};
    choose(photon, "width_2pi", "GS4");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        compute(photon, row[i].mass, 1.0);
        expect_close(ratio(photon, row[i].mode, row[i].mass), row[i].r, 3e-4);
    }
}

/* arXiv:2201.01788 (DeLiVeR) as tabulated in the files ctau.txt, bfrac_*.txt, singlebfrac_*.txt of FORESEE: widths
 * from BR hbar c/ctau. The three-meson currents are the same; the totals differ in pi+pi- (tower against BaBar
 * fit) and in the sum of the small modes. */
static void widths_agree_with_public_tables(void **state)
{
    struct photon *photon = *state;
    static const double ctau[][3] = {
        /* mass, ctau [m], tolerance */
        {0.0500219978922, 1.6217418833140012e-12, 1e-5},  {0.2500219978922, 1.8805304329781456e-13, 1e-4},
        {0.3000219978922, 1.420190290602299e-13, 1e-3},   {1.3500219978922, 1.765680851288315e-14, 0.015},
        {1.4500219978922, 1.4499130468166566e-14, 0.015}, {1.5000219978922, 1.3343118737047152e-14, 0.015},
        {1.6000219978921, 1.1802104402896657e-14, 0.015}, {1.6500219978921, 1.1366554851192347e-14, 0.015}};
    static const double three_pi[][3] = {/* mass, BR, ctau [m] */
                                         {1.5500219978921, 0.029313571795463084, 1.246576470094e-14},
                                         {1.6000219978921, 0.03377960373481425, 1.1802104402896657e-14},
                                         {1.6500219978921, 0.0315675038561161, 1.1366554851192347e-14}};
    static const struct {
        double mass, three_pi, kskl_pi0, kpkm_pi0, kpkm;
    } ratios[] = {
        {1.850021997892, 0.007517696765670778, 0.009074828582268669, 1.0567234444379427e-4, 0.0021043850214984877},
        {1.900021997892, 0.006072828417829666, 0.006349141793722557, 2.823681251835866e-4, 0.0029283087666124178}};
    choose(photon, "width_2pi", "GS4");
    for (size_t i = 0; i < sizeof ctau / sizeof ctau[0]; i++) {
        compute(photon, ctau[i][0], 1.0);
        expect_close(bd_model_decay_length(photon->total.value), ctau[i][1], ctau[i][2]);
    }
    for (size_t i = 0; i < sizeof three_pi / sizeof three_pi[0]; i++) {
        compute(photon, three_pi[i][0], 1.0);
        expect_close(mode_of(photon, "pi+pi-pi0")->value, three_pi[i][1] * BD_HBARC_GEV_M / three_pi[i][2], 3e-3);
    }
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        compute(photon, ratios[i].mass, 1.0);
        const double unit = mode_of(photon, "pi+pi-pi0")->value / ratios[i].three_pi;
        expect_close(mode_of(photon, "K0K0barpi0")->value, unit * ratios[i].kskl_pi0, 0.01);
        expect_close(mode_of(photon, "K+K-pi0")->value, unit * ratios[i].kpkm_pi0, 0.01);
        expect_close(mode_of(photon, "K+K-")->value, unit * ratios[i].kpkm, 0.03);
    }
}

/* The tower is 1-2% below the BaBar fit at the threshold, 4% at the rho and 8-9% at 0.9 to 1.2 GeV. */
static void tower_is_lower_than_the_fit(void **state)
{
    struct photon *photon = *state;
    static const double offset[][2] = {{.5, -.02}, {.775, -.04}, {.9, -.085}, {1.0, -.085}, {1.2, -.09}};
    for (size_t i = 0; i < sizeof offset / sizeof offset[0]; i++) {
        choose(photon, "width_2pi", "GS4");
        compute(photon, offset[i][0], 1.0);
        const double fit = mode_of(photon, "pi+pi-")->value;
        choose(photon, "width_2pi", "TOWER");
        compute(photon, offset[i][0], 1.0);
        expect_close(mode_of(photon, "pi+pi-")->value / fit, 1.0 + offset[i][1], 0.005);
    }
}

/* R/R~ of tables normalised to massive muons, from the muon mass alone. */
static void massive_normalisation(void **state)
{
    struct photon *photon = *state;
    static const double factor[][2] = {{.30, .886}, {.40, .968}, {.55, .991}, {.77, .998}};
    for (size_t i = 0; i < sizeof factor / sizeof factor[0]; i++) {
        choose(photon, "r_norm", "MASSLESS");
        compute(photon, factor[i][0], 1.0);
        const double massless = mode_of(photon, "pi+pi-")->value, muons = mode_of(photon, "mu+mu-")->value;
        choose(photon, "r_norm", "MUMU");
        compute(photon, factor[i][0], 1.0);
        expect_close(mode_of(photon, "pi+pi-")->value / massless, factor[i][1], 6e-4);
        expect_close(mode_of(photon, "mu+mu-")->value, muons, 1e-15);
    }
}

static void widths_go_with_eps_squared_and_add_up(void **state)
{
    struct photon *photon = *state;
    static const double mass[] = {.01, .3, .7826, 1.0194, 1.71, 2.5, 3.6};
    choose(photon, "width_2pi", "GS4");
    for (size_t i = 0; i < sizeof mass / sizeof mass[0]; i++) {
        struct photon reference = *photon;
        compute(&reference, mass[i], 1.0);
        compute(photon, mass[i], 3e-6);
        double sum = 0.0;
        for (size_t k = 0; k < bd_model_n_mode(photon->model); k++) {
            if (k == (size_t)bd_model_mode_index(photon->model, "invisible"))
                continue; /* goes with g_D^2 */
            expect_close(photon->width[k].value, 9e-12 * reference.width[k].value, 1e-14);
            sum += br(photon, photon->model->modes[k].name);
        }
        expect_close(sum, 1.0, 1e-14);
    }
}

/* Flags at thresholds and starts, and no NaN anywhere (bd_model_widths fails on one); stable below 2 m_e. */
static void every_option_is_finite_on_a_fine_grid(void **state)
{
    struct photon *photon = *state;
    for (int option = 0; option < 3; option++) {
        choose(photon, option == 1 ? "r_norm" : "width_2pi", option == 1 ? "MUMU" : option == 2 ? "TOWER" : "GS4");
        for (int k = 10; k <= 37000; k += option == 2 ? 100 : 3) {
            const double mass = 1e-4 * k;
            compute(photon, mass, 1.0);
            assert_true((photon->total.value > 0.0) == (mass > 2.0 * BD_MASS_ELECTRON));
            assert_int_equal(photon->total.flag, BD_FLAG_OK);
            for (size_t n = 0; n < bd_model_n_mode(photon->model); n++) {
                const struct bd_decay_mode *mode = &photon->model->modes[n];
                const int used = mass >= mode->start_gev && (mode->end_gev == 0.0 || mass < mode->end_gev);
                const int flag = mass <= mode->threshold_gev ? BD_FLAG_CLOSED
                                 : used                      ? BD_FLAG_OK
                                                             : BD_FLAG_OUTSIDE;
                assert_int_equal(photon->width[n].flag, flag);
            }
        }
    }
}

/* A' -> chi chibar with alpha_D = 0.1, m_chi = m/3: alpha_D m/3 (1 + 2/9) sqrt(5/9) = 0.0303664 m, whatever eps;
 * for m_chi = 0 alpha_D m/3, from m_chi = m/2 on closed. At eps = 1e-3 and 0.2 GeV all but 1e-7 is invisible. */
static void the_dark_sector_has_a_width_of_its_own(void **state)
{
    struct photon *photon = *state;
    struct bd_error err;
    const int invisible = bd_model_mode_index(photon->model, "invisible");
    const double coupling[] = {1e-3, sqrt(4.0 * BD_PI * 0.1)};
    static const struct {
        const char *chi_mass;
        double width_over_mass;
    } row[] = {{"0", 0.1 / 3.0}, {"0.6", 0.0}, {"0.3333333333333333", 0.1 / 3.0 * 11.0 / 9.0 * 0.745355992}};
    for (size_t i = 0; i < 3; i++) {
        choose(photon, "chi_mass", row[i].chi_mass);
        const struct bd_model_point at = {0.2, coupling, photon->settings.value, photon->data};
        expect_ok(bd_model_widths(photon->model, &at, photon->width, &photon->total, &err), err);
        expect_close(photon->width[invisible].value, 0.2 * row[i].width_over_mass, 1e-8);
    }
    expect_close(photon->width[invisible].value, photon->total.value, 1e-6);
    compute(photon, 0.2, 1e-3);
    assert_true(photon->width[invisible].value == 0.0);
}

static void thresholds_are_the_sums_of_the_masses(void **state)
{
    struct photon *photon = *state;
    static const struct {
        const char *mode;
        double threshold;
    } row[] = {{"e+e-", 1.02199790e-3}, {"mu+mu-", .211316751},  {"pi+pi-", .27914},     {"pi+pi-pi0", .4141},
               {"2pi+2pi-", .5583},     {"pi+pi-pi0pi0", .5491}, {"K+K-", .98735},       {"K0K0bar", .99522},
               {"K+K-pi0", 1.12233},    {"K0K0barpi0", 1.1302},  {"K+-K0pi-+", 1.13086}, {"tau+tau-", 3.5537}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        expect_close(photon->model->modes[bd_model_mode_index(photon->model, row[i].mode)].threshold_gev,
                     row[i].threshold, 1e-4);
}

/* The sum of the exclusive modes meets QCD at 1.70 GeV, 2.179 against 2.18. */
static void the_total_is_continuous_where_qcd_takes_over(void **state)
{
    struct photon *photon = *state;
    choose(photon, "width_2pi", "GS4");
    compute(photon, 1.7, 1.0);
    const double below = photon->total.value;
    compute(photon, 1.7 * (1.0 + 1e-12), 1.0);
    expect_close(photon->total.value, below, 3e-4);
    compute(photon, 2.0 * (1.0 - 1e-12), 1.0);
    expect_close(1.0 - br(photon, "e+e-") - br(photon, "mu+mu-") - br(photon, "other"), 0.74 * 0.2392, 0.01);
    compute(photon, 3.0, 1.0);
    expect_close(ratio(photon, "other", 3.0), 2.18, 1e-12);
}

static double meson_br(const char *parent, const char *recoil, double mass, unsigned options)
{
    for (size_t i = 0; bd_dark_photon_br_at(i) != NULL; i++) {
        const struct bd_dark_photon_br_decay *decay = bd_dark_photon_br_at(i);
        if (strcmp(decay->parent, parent) == 0 && strcmp(decay->recoil, recoil) == 0)
            return bd_dark_photon_br(decay, mass, options);
    }
    fail_msg("no decay %s -> %s A'", parent, recoil);
    return 0.0;
}

static void branching_ratios_of_mesons(void **state)
{
    (void)state;
    expect_close(meson_br("pi0", "gamma", .05, 0), 1.26936, 1e-5);
    expect_close(meson_br("pi0", "gamma", .10, 0), .181446, 1e-5);
    expect_close(meson_br("eta", "gamma", .3, 0), .270186, 1e-5);
    expect_close(meson_br("etap", "gamma", .5, 0), .0177635, 1e-5);
    expect_close(meson_br("omega", "pi0", .3, 0), .0490606, 1e-5);
    expect_close(meson_br("omega", "pi0", .5, 0), .0126433, 1e-5);
    expect_close(meson_br("phi", "eta", .3, 0), .00565071, 1e-5);
    assert_true(meson_br("pi0", "gamma", .135, 0) == 0.0 && meson_br("omega", "pi0", .65, 0) == 0.0);
    /* Massless A': twice the branching ratio to two photons, once that to a photon. */
    expect_close(meson_br("eta", "gamma", 1e-6, 0), 2.0 * BD_BR_ETA_GAMMAGAMMA, 1e-9);
    expect_close(meson_br("omega", "pi0", 1e-6, 0), .0835, 1e-9);
}

/* Numbers of the literature form over the exact one, and of the pole form factors, as published with 2 digits. */
static void options_of_meson_decays(void **state)
{
    (void)state;
    const unsigned literature = BD_DARK_PHOTON_BR_LITERATURE, pole = BD_DARK_PHOTON_BR_POLE;
    expect_close(meson_br("omega", "pi0", .1, literature) / meson_br("omega", "pi0", .1, 0), .96, .005);
    expect_close(meson_br("omega", "pi0", .3, literature) / meson_br("omega", "pi0", .3, 0), 1.5, .03);
    expect_close(meson_br("omega", "pi0", .5, literature) / meson_br("omega", "pi0", .5, 0), 5.2, .02);
    expect_close(meson_br("eta", "gamma", .1, pole) / meson_br("eta", "gamma", .1, 0), 1.04, .005);
    expect_close(meson_br("eta", "gamma", .3, pole) / meson_br("eta", "gamma", .3, 0), 1.47, .005);
    expect_close(meson_br("eta", "gamma", .5, pole) / meson_br("eta", "gamma", .5, 0), 3.7, .015);
    expect_close(meson_br("etap", "gamma", .79, pole) / meson_br("etap", "gamma", .79, 0),
                 1.0 + (.79 / .13) * (.79 / .13), 1e-9);
    expect_close(meson_br("pi0", "gamma", .1, pole) / meson_br("pi0", "gamma", .1, 0), 1.0371, .001);
    expect_close(meson_br("rho0", "pi0", .3, pole), meson_br("rho0", "pi0", .3, 0), 1e-15);
}

static void kaons(void **state)
{
    (void)state;
    static const double br_k[][2] = {{.01, 5.797e-7},   {.05, 1.4328e-5}, {.10, 5.5043e-5}, {.15, 1.1388e-4},
                                     {.20, 1.72803e-4}, {.25, 2.0059e-4}, {.30, 1.5773e-4}, {.35, 6.046e-6}};
    const double r2 = pow(BD_MASS_PI_CHARGED / BD_MASS_K_CHARGED, 2);
    const double z = pow(.1 / BD_MASS_K_CHARGED, 2);
    expect_close(creal(bd_dark_photon_br_kaon_w(z)), -1.7271e-6, 1e-4);
    expect_close(creal(bd_dark_photon_br_kaon_chi(z)), 8.8888e-3, 1e-4);
    expect_close(creal(bd_dark_photon_br_kaon_chi(pow(.05 / BD_MASS_K_CHARGED, 2))), 2.1588e-3, 1e-3);
    for (size_t i = 0; i < sizeof br_k / sizeof br_k[0]; i++)
        expect_close(bd_dark_photon_br_k_charged(br_k[i][0]), br_k[i][1], 2e-4);
    /* The series and the closed form meet. */
    expect_close(creal(bd_dark_photon_br_kaon_chi(r2 * .0200001)),
                 creal(bd_dark_photon_br_kaon_chi(r2 * .0199999)), 1e-4);
    assert_true(bd_dark_photon_br_k_charged(.35411) == 0.0 && bd_dark_photon_br_kl(.5) == 0.0);
    expect_close(bd_dark_photon_br_kl(1e-3), 1.094e-3, 1e-3);
}

/* Width of K+ -> pi+ l+ l- from the same W, integrated over z, against NA62 (mu mu), NA48/2 and E865 (e e): 3%
 * (their numbers include radiation). */
static void w_reproduces_kaon_decays_to_leptons(void **state)
{
    (void)state;
    static const struct {
        double lepton, br;
    } row[] = {{BD_MASS_MUON, 8.86e-8}, {BD_MASS_ELECTRON, 3.04e-7}};
    const double mk = BD_MASS_K_CHARGED, r2 = pow(BD_MASS_PI_CHARGED / mk, 2);
    for (size_t i = 0; i < 2; i++) {
        const double rl2 = pow(row[i].lepton / mk, 2), lo = log(4.0 * rl2), hi = log(pow(1.0 - sqrt(r2), 2));
        double sum = 0.0;
        for (int k = 0; k < 20000; k++) {
            const double z = exp(lo + (k + 0.5) / 20000 * (hi - lo));
            const double lambda = pow(1.0 - z - r2, 2) - 4.0 * z * r2, w = cabs(bd_dark_photon_br_kaon_w(z));
            sum += z * pow(lambda, 1.5) * sqrt(1.0 - 4.0 * rl2 / z) * (1.0 + 2.0 * rl2 / z) * w * w;
        }
        const double width =
            BD_ALPHA_EM * BD_ALPHA_EM * mk / (12.0 * BD_PI * pow(4.0 * BD_PI, 4)) * sum * (hi - lo) / 20000;
        expect_close(width * BD_LIFETIME_K_CHARGED_S / BD_HBAR_GEV_S, row[i].br, i == 0 ? 0.002 : 0.03);
    }
}

static void strengths(void **state)
{
    struct photon *photon = *state;
    choose(photon, "width_2pi", "GS4");
    expect_close(kappa(photon, "meson_decay", .3, 2e-6), 4e-12, 1e-14);
    expect_close(kappa(photon, "bremsstrahlung", .3, 2e-6), 4e-12, 1e-14);
    expect_close(kappa(photon, "mixing_rho", .5, 1.0), 9.701e-3, 1e-4);
    expect_close(kappa(photon, "mixing_omega", .7, 1.0), 7.903e-3, 1e-4);
    expect_close(kappa(photon, "mixing_phi", 1.0, 1.0), .38193, 1e-4);
    expect_close(kappa(photon, "mixing_rho", .77526, 1.0), .099, .01); /* at the poles, 2 or 3 digits */
    expect_close(kappa(photon, "mixing_omega", .78266, 1.0), 2.58, .002);
    expect_close(kappa(photon, "mixing_phi", 1.019461, 1.0), 31.8, .002);
    expect_close(kappa(photon, "kaon_decay:K+", .2, 1e-3), 1.72803e-10, 2e-4);
    expect_close(kappa(photon, "meson_decay:eta", .3, 1e-3), .270186e-6, 1e-5);
    expect_close(kappa(photon, "meson_decay:phi", .3, 1.0), .00565071 + meson_br("phi", "pi0", .3, 0), 1e-5);
    assert_true(kappa(photon, "meson_decay:pi0", .2, 1.0) == 0.0);
}

static void resonances_are_listed_for_the_grid(void **state)
{
    struct photon *photon = *state;
    const struct bd_resonance *r = photon->model->resonances;
    assert_non_null(r);
    assert_true(r[0].mass_gev == BD_MASS_OMEGA && r[1].mass_gev == BD_MASS_PHI && r[2].mass_gev == 0.0);
    assert_true(r[0].width_gev == BD_WIDTH_OMEGA && r[1].width_gev == BD_WIDTH_PHI);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(total_widths_and_lifetimes),
        cmocka_unit_test(branching_ratios),
        cmocka_unit_test(ratios_of_two_particle_modes),
        cmocka_unit_test(peaks_agree_with_branching_ratios_of_the_resonances),
        cmocka_unit_test(ratios_of_three_mesons),
        cmocka_unit_test(tabulated_integrals_agree_with_quadrature),
        cmocka_unit_test(matrix_element_integrates_to_the_width),
        cmocka_unit_test(interpolated_modes_between_their_nodes),
        cmocka_unit_test(widths_agree_with_public_tables),
        cmocka_unit_test(tower_is_lower_than_the_fit),
        cmocka_unit_test(massive_normalisation),
        cmocka_unit_test(widths_go_with_eps_squared_and_add_up),
        cmocka_unit_test(the_dark_sector_has_a_width_of_its_own),
        cmocka_unit_test(every_option_is_finite_on_a_fine_grid),
        cmocka_unit_test(thresholds_are_the_sums_of_the_masses),
        cmocka_unit_test(the_total_is_continuous_where_qcd_takes_over),
        cmocka_unit_test(branching_ratios_of_mesons),
        cmocka_unit_test(options_of_meson_decays),
        cmocka_unit_test(kaons),
        cmocka_unit_test(w_reproduces_kaon_decays_to_leptons),
        cmocka_unit_test(strengths),
        cmocka_unit_test(resonances_are_listed_for_the_grid),
    };
    return (gsl_set_error_handler_off(), cmocka_run_group_tests(tests, open_photon, close_photon) != 0);
}
