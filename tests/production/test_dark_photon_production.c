/* Production of dark photons at eps = 1. Reference numbers: independent evaluations of the cited formulas, those
 * of the splitting functions also from exact helicity traces. */
#include "expect.h"

#include <stdlib.h>

#include "models/model.h"
#include "production/cross_section.h"
#include "production/light_meson.h"
#include "production/mixing.h"
#include "production/production.h"
#include "production/proton_form_factor.h"
#include "production/splitting.h"
#include "src/core/pdg.h"

static struct bd_experiment experiment = {.id = "test", .beam_p_gev = 400.0, .target_a = 63.546};

/* A channel with settings "KEY=VALUE ...". */
struct opened {
    const struct bd_production *channel;
    void *state;
    struct bd_spectrum_grid grid;
    struct bd_spectrum *spectrum;
};

static void read_settings(const struct bd_production *channel, const char *set, struct bd_setting_values *values)
{
    struct bd_error err;
    char text[128], *rest = NULL;
    bd_setting_init(channel->settings, values);
    (void)snprintf(text, sizeof text, "%s", set);
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        char *equal = strchr(word, '=');
        assert_non_null(equal);
        *equal = '\0';
        expect_ok(bd_setting_set(channel->settings, values, word, equal + 1, &err), err);
    }
}

static void open_on_grid(struct opened *opened, double beam, const char *spec, const char *set)
{
    struct bd_error err;
    struct bd_setting_values values;
    const char *variant;
    experiment.beam_p_gev = beam;
    expect_ok(bd_production_find(spec, "dark_photon", &opened->channel, &variant, &err), err);
    read_settings(opened->channel, set, &values);
    const struct bd_production_request request = {&experiment, &opened->grid, variant, values.value};
    expect_ok(opened->channel->open(&request, &opened->state, &err), err);
    expect_ok(bd_spectrum_create(&opened->grid, &opened->spectrum, &err), err);
}

static void open_spec(struct opened *opened, double beam, const char *spec, const char *set)
{
    bd_spectrum_grid_init(&opened->grid, 0.02 * beam, beam, 0.0, 0.006);
    open_on_grid(opened, beam, spec, set);
}

static void close_spec(struct opened *opened)
{
    bd_spectrum_free(opened->spectrum);
    opened->channel->close(opened->state);
}

static double chi(struct opened *opened, double mass)
{
    struct bd_error err;
    bd_spectrum_clear(&opened->grid, opened->spectrum);
    expect_ok(opened->channel->spectrum(opened->state, mass, opened->spectrum, &err), err);
    return opened->spectrum->chi_per_pot;
}

static double reach(const struct opened *opened)
{
    double sum = 0.0;
    for (size_t k = 0; k < BD_REACH_NODES; k++)
        sum += opened->spectrum->reach[k];
    return sum;
}

/* Trapezoid over the grid. */
static double integral_of_density(const struct opened *opened)
{
    const struct bd_spectrum_grid *grid = &opened->grid;
    double sum = 0.0;
    for (size_t i = 0; i < grid->n_p; i++)
        for (size_t j = 0; j < grid->n_theta; j++) {
            const double end =
                (i == 0 || i + 1 == grid->n_p ? 0.5 : 1.0) * (j == 0 || j + 1 == grid->n_theta ? 0.5 : 1.0);
            sum += end * opened->spectrum->density[i * grid->n_theta + j] *
                   exp(grid->ln_p_min + (double)i * grid->ln_p_step) * 2.0 * BD_PI *
                   sin(grid->theta_min_rad + (double)j * grid->theta_step_rad);
        }
    return sum * grid->ln_p_step * grid->theta_step_rad;
}

static void wide_grid(struct bd_spectrum_grid *grid, size_t n_p, size_t n_theta, double p_min, double p_max,
                      double theta_max)
{
    *grid = (struct bd_spectrum_grid){.n_p = n_p, .n_theta = n_theta, .ln_p_min = log(p_min)};
    grid->ln_p_step = log(p_max / p_min) / (double)(n_p - 1);
    grid->theta_step_rad = theta_max / (double)(n_theta - 1);
    grid->ln_reach_p_min = log(0.02);
    grid->ln_reach_p_step = log(p_max / 0.02) / (BD_REACH_NODES - 1);
}

/* ---- splitting functions and form factors ---- */

static void splitting_functions(void **state)
{
    (void)state;
    double w[3];
    expect_close(bd_splitting_ww(.3, .04, .5, 0), 1.806453e-2, 1e-6);
    expect_close(bd_splitting_ww(.5, .25, 1.0, 0), 2.554033e-3, 1e-6);
    expect_close(bd_splitting_qra(.3, .04, .5), 3.262242e-3, 1e-6);
    expect_close(bd_splitting_qra(.5, .25, 1.0), 9.082481e-4, 1e-6);
    /* The brackets differ by 1 - z. */
    const double h = bd_splitting_h(.3, .04, .5), mp2 = BD_MASS_PROTON * BD_MASS_PROTON;
    expect_close(bd_splitting_ww(.3, .04, .5, 0) - bd_splitting_ww(.3, .04, .5, 1),
                 BD_ALPHA_EM / (2.0 * BD_PI * h) * 2.0 * .3 * .7 * .7 * mp2 * .25 / (h * h), 1e-10);
    bd_splitting_improved(.3, .04, .5, w);
    expect_close(w[0], 1.394006e-2, 1e-6);
    expect_close(w[1], 7.958139e-4, 1e-6);
    expect_close(w[2], 2.554190e-4, 1e-6);
    bd_splitting_improved(.5, .25, 1.0, w);
    expect_close(w[0], 2.141279e-3, 1e-6);
    expect_close(w[1], 6.712463e-4, 1e-6);
    expect_close(w[2], 2.716190e-4, 1e-6);
    expect_close(bd_splitting_off_shell(.3, .04, .5, 1.5), .706155, 2e-6);
}

static void form_factors_of_the_proton(void **state)
{
    (void)state;
    static const double pole[][2] = {{.1, 1.0658},   {.3, 1.5719},   {.5, 4.06316},   {.65, 18.400},
                                     {.7, 46.327},   {.77, 8913.36}, {.7826, 982.37}, {.85, 52.822},
                                     {1.0, 12.7568}, {1.2, 9.199},   {1.5, .5867}};
    static const double fit[][4] = {{.05, 1.01367, 3.27716, 1.82262}, {.5, 5.16884, 19.8890, 9.70303},
                                    {.77, 3783.8, 490.03, 292.94},    {1.25, 86.167, 62.063, 24.853},
                                    {1.55, 23.164, 172.61, -61.828},  {1.95, 2.1036, 2.7887, -2.3744}};
    struct bd_error err;
    struct bd_proton_form_factor_fit table;
    double complex f1, f2;
    for (size_t i = 0; i < sizeof pole / sizeof pole[0]; i++)
        expect_close(pow(cabs(bd_proton_form_factor_pole(pole[i][0])), 2), pole[i][1], 1e-4);
    expect_ok(bd_proton_form_factor_load(&table, &err), err);
    for (size_t i = 0; i < sizeof fit / sizeof fit[0]; i++) {
        bd_proton_form_factor_at(&table, fit[i][0], &f1, &f2);
        expect_close(pow(cabs(f1), 2), fit[i][1], 1e-4);
        expect_close(pow(cabs(f2), 2), fit[i][2], 1e-4);
        expect_close(creal(f1 * conj(f2)), fit[i][3], 1e-4);
    }
    /* Charge and anomalous magnetic moment; and the published table, where the compact form is good. */
    bd_proton_form_factor_at(&table, 0.0, &f1, &f2);
    expect_close(creal(f1), 1.0, 1e-4);
    expect_close(creal(f2), 1.79285, 1e-4);
    bd_proton_form_factor_at(&table, 0.3, &f1, &f2);
    expect_close(pow(cabs(f1), 2), 1.654, 0.005);
    expect_close(pow(cabs(f2), 2), 7.22, 0.01);
    expect_close(bd_proton_form_factor_dipole_squared(.8), 1.0, 1e-15);
    expect_close(bd_proton_form_factor_dipole_squared(1.0), pow(.71, 4), 1e-12);
}

static void cross_sections(void **state)
{
    (void)state;
    expect_close(bd_cross_section_pp_total(100.0), 38.3740, 5e-6);
    expect_close(bd_cross_section_pp_nsd(100.0), 27.5034, 2e-6);
    expect_close(bd_cross_section_pp_total(2.0 * BD_MASS_PROTON * 400.0), 39.86, 2e-4);
    expect_close(bd_cross_section_pp_total(2.0 * BD_MASS_PROTON * 30.0), 38.59, 2e-4);
    expect_close(bd_cross_section_pp_nsd(2.0 * BD_MASS_PROTON * 400.0), 30.64, 2e-4);
    expect_close(bd_cross_section_pp_nsd(2.0 * BD_MASS_PROTON * 30.0), 26.67, 2e-4);
    expect_close(bd_cross_section_pp_inelastic(400.0), 32.9, 1e-12);
    expect_close(bd_cross_section_pp_inelastic(30.0), 31.5, 1e-12);
}

/* ---- bremsstrahlung ---- */

static void numbers_of_bremsstrahlung(void **state)
{
    (void)state;
    static const struct {
        const char *spec, *set;
        double beam, mass, number;
    } row[] = {
        {"bremsstrahlung", "", 400, .05, 7.7725e-3},
        {"bremsstrahlung:ww", "", 400, .1, 7.6559e-3},
        {"bremsstrahlung:ww", "", 400, .2, 7.0784e-3},
        {"bremsstrahlung:ww", "", 400, .3, 6.3323e-3},
        {"bremsstrahlung:ww", "", 400, .5, 4.9455e-3},
        {"bremsstrahlung:ww", "", 400, .7, 3.8697e-3},
        {"bremsstrahlung:ww", "", 400, 1.0, 2.7473e-3},
        {"bremsstrahlung:ww", "", 400, 1.5, 1.6763e-3},
        {"bremsstrahlung:ww", "", 30, .1, 7.7891e-3},
        {"bremsstrahlung:ww", "", 30, .3, 6.4523e-3},
        {"bremsstrahlung:ww", "", 30, .5, 5.0483e-3},
        {"bremsstrahlung:ww", "", 30, 1.0, 2.8155e-3},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot", 400, .1, 2.9646e-3},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot", 400, .3, 1.9191e-3},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot", 400, .5, 1.0211e-3},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot", 400, 1.0, 2.5483e-4},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot lambda_gev=1", 400, .5, 2.2000e-4},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot lambda_gev=2", 400, .5, 2.0606e-3},
        {"bremsstrahlung:qra", "brems_sigma=nsd_tot", 400, .3, 4.2222e-3},
        {"bremsstrahlung:qra", "brems_sigma=nsd_tot", 400, .5, 1.2706e-3},
        {"bremsstrahlung:qra", "brems_sigma=nsd_tot", 400, 1.0, 2.1323e-4},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot form_factor=fit", 400, .3, 8.7078e-3},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot form_factor=fit", 400, .5, 1.6369e-2},
        {"bremsstrahlung:improved", "brems_sigma=nsd_tot form_factor=fit", 400, 1.0, 2.5089},
    }; /* tolerance: rounding, and the quadratures of both sides */
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct opened opened;
        open_spec(&opened, row[i].beam, row[i].spec, row[i].set);
        expect_close(chi(&opened, row[i].mass), row[i].number, 1e-4);
        expect_close(reach(&opened), row[i].number, 1e-4);
        close_spec(&opened);
    }
}

/* The printed bracket lowers rates by 1 to 5%; the poles multiply them by |F1|^2; the ratio of cross sections of
 * qra is that to the inelastic one. */
static void options_of_bremsstrahlung(void **state)
{
    (void)state;
    struct opened opened;
    open_spec(&opened, 400, "bremsstrahlung:ww", "");
    const double ww = chi(&opened, .5);
    close_spec(&opened);
    open_spec(&opened, 400, "bremsstrahlung:ww_printed", "");
    const double printed = chi(&opened, .5);
    assert_true(printed / ww > .95 && printed / ww < .99);
    close_spec(&opened);
    open_spec(&opened, 400, "bremsstrahlung:ww", "form_factor=pole");
    expect_close(chi(&opened, .5) / ww, 4.06316, 1e-4);
    close_spec(&opened);
    open_spec(&opened, 400, "bremsstrahlung:ww", "form_factor=dipole");
    expect_close(chi(&opened, .5) / ww, 1.0, 1e-12);
    expect_close(chi(&opened, 1.5) / 1.6763e-3, pow(2.25 / .71, -4), 1e-3);
    close_spec(&opened);
    open_spec(&opened, 400, "bremsstrahlung:qra", "");
    expect_close(chi(&opened, .5) / 1.2706e-3, bd_cross_section_pp_total(2 * BD_MASS_PROTON * 400.0) / 32.9, 1e-4);
    assert_true(chi(&opened, .29) == 0.0);
    assert_int_equal(opened.spectrum->flag, BD_FLAG_OUTSIDE);
    close_spec(&opened);
    open_spec(&opened, 400, "bremsstrahlung:improved", "form_factor=fit");
    assert_true(chi(&opened, 2.01) == 0.0);
    assert_int_equal(opened.spectrum->flag, BD_FLAG_OUTSIDE);
    close_spec(&opened);
    open_spec(&opened, 400, "bremsstrahlung", "z_min=.5 z_max=.6 pt_max_gev=.2");
    assert_true(chi(&opened, .5) < .05 * ww);
    close_spec(&opened);
}

/* dp dOmega against dz dpT^2, at beam energies where the angles are small and not small. */
static void density_of_bremsstrahlung_integrates_to_chi(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        double beam, theta_max;
    } row[] = {{"bremsstrahlung:ww", 400, .026}, {"bremsstrahlung:improved", 30, .85}};
    for (size_t i = 0; i < 2; i++) {
        struct opened opened;
        wide_grid(&opened.grid, 700, 900, .099 * row[i].beam, row[i].beam, row[i].theta_max);
        open_on_grid(&opened, row[i].beam, row[i].spec, "");
        const double number = chi(&opened, .5);
        expect_close(integral_of_density(&opened), number, .005);
        close_spec(&opened);
    }
}

static void wrong_settings_are_refused(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_setting_values values;
    const struct bd_production *channel;
    const char *variant;
    void *opened = NULL;
    struct bd_spectrum_grid grid;
    bd_spectrum_grid_init(&grid, 3.0, 400.0, 0.0, 0.006);
    experiment.beam_p_gev = 400.0;
    expect_ok(bd_production_find("bremsstrahlung:ww", "dark_photon", &channel, &variant, &err), err);
    const struct bd_production_request request = {&experiment, &grid, variant, values.value};
    read_settings(channel, "form_factor=fit", &values);
    expect_fails(channel->open(&request, &opened, &err), BD_BAD_INPUT, "only the variant 'improved' takes", err);
    read_settings(channel, "z_min=.6 z_max=.5", &values);
    expect_fails(channel->open(&request, &opened, &err), BD_BAD_INPUT, "z_min = 0.6 is not below z_max = 0.5",
                 err);
    expect_fails(bd_setting_set(channel->settings, &values, "form_factor", "vmd", &err), BD_BAD_INPUT,
                 "'vmd' is not one of: none, pole, dipole, fit", err);
    expect_fails(bd_setting_set(channel->settings, &values, "lambda_gev", "9", &err), BD_BAD_INPUT,
                 "outside the allowed range 0.3 to 5", err);
    struct bd_experiment other = experiment;
    other.beam_p_gev = 450.0;
    expect_ok(bd_production_find("meson_decay", "dark_photon", &channel, &variant, &err), err);
    bd_setting_init(channel->settings, &values);
    const struct bd_production_request no_table = {&other, &grid, variant, values.value};
    expect_fails(channel->open(&no_table, &opened, &err), BD_IO, "pp_450GeV_soft.csv", err);
    assert_null(opened);
}

/* Only the dark photon has these; bremsstrahlung belongs to two models. */
static void a_channel_of_one_model_needs_no_model(void **state)
{
    (void)state;
    struct bd_error err;
    const struct bd_production *channel;
    const char *variant;
    expect_ok(bd_production_find("mixing_phi", NULL, &channel, &variant, &err), err);
    assert_string_equal(channel->model, "dark_photon");
    expect_ok(bd_production_find("meson_decay:rho+-", "", &channel, &variant, &err), err);
    assert_null(channel->model);
    assert_string_equal(variant, "rho+-");
    expect_ok(bd_production_find("bremsstrahlung:improved", "", &channel, &variant, &err), err);
    assert_string_equal(channel->model, "dark_photon"); /* the scalar has no such variant */
    expect_fails(bd_production_find("mixing_phi", "dark_scalar", &channel, &variant, &err), BD_BAD_INPUT,
                 "no production 'mixing_phi' of dark_scalar", err);
}

/* ---- meson decays ---- */

/* Branching ratios at .3 GeV from the formulas by hand: eta .270186, eta' 2 x .02307 (1 - x)^3, omega -> pi0
 * .0490606, phi -> eta .00565071; here the sum over all decays as multiplicity x strength of the model. */
static void numbers_of_meson_decays(void **state)
{
    (void)state;
    static const struct {
        const char *state, *strength, *set;
        double beam, n_per_pot;
    } row[] = {
        {"meson_decay:pi0", "meson_decay:pi0", "", 400, 3.87},
        {"meson_decay:eta", "meson_decay:eta", "", 400, .30},
        {"meson_decay:etap", "meson_decay:etap", "", 400, .061909},
        {"meson_decay:rho0", "meson_decay:rho0", "", 400, .384},
        {"meson_decay:rho+-", "meson_decay:rho+-", "", 400, .384 * 1.87},
        {"meson_decay:omega", "meson_decay:omega", "", 400, .390},
        {"meson_decay:phi", "meson_decay:phi", "", 400, .019},
        {"meson_decay:eta", "meson_decay:eta", "multiplicity=generator", 400, .55501},
        {"meson_decay:eta", "meson_decay:eta", "mult_norm=per_total", 400, .30 * 32.9 / 39.86},
        {"meson_decay:eta", "meson_decay:eta", "scale_eta=2", 400, .60},
    };
    struct bd_error err;
    const struct bd_model *model = bd_model_find("dark_photon");
    void *data;
    struct bd_setting_values settings;
    const double eps = 1.0, masses[] = {.05, .3};
    double sum[2] = {0};
    bd_setting_init(model->settings, &settings);
    expect_ok(bd_model_open(model, &data, &err), err);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct opened opened;
        open_spec(&opened, row[i].beam, row[i].state, row[i].set);
        assert_null(opened.channel->model);
        for (size_t k = 0; k < 2; k++) {
            const struct bd_model_point at = {masses[k], &eps, settings.value, data};
            struct bd_model_value kappa;
            expect_ok(bd_model_kappa(model, bd_model_strength(model, row[i].strength), &at, &kappa, &err), err);
            const double number = chi(&opened, masses[k]);
            if (kappa.value > 0.0)
                expect_close(number, row[i].n_per_pot, 2e-4);
            else
                assert_int_equal(opened.spectrum->flag, BD_FLAG_CLOSED);
            if (row[i].set[0] == '\0')
                sum[k] += number * kappa.value;
        }
        close_spec(&opened);
    }
    struct opened all;
    open_spec(&all, 400, "meson_decay", "");
    for (size_t k = 0; k < 2; k++)
        expect_close(chi(&all, masses[k]), sum[k], 1e-12);
    assert_true(chi(&all, 0.957) > 0.0);
    expect_close(.30 * .270186 + .390 * .0490606 + .019 * .00565071, sum[1], .05); /* the rest is small */
    close_spec(&all);
    open_spec(&all, 400, "meson_decay", "meson_ff=pole");
    assert_true(chi(&all, .3) > 1.4 * sum[1] && chi(&all, .3) < 1.5 * sum[1]);
    close_spec(&all);
    open_spec(&all, 30, "meson_decay:eta", "");
    expect_close(chi(&all, .3), .220, .005); /* not measured at 30 GeV: the generator's */
    close_spec(&all);
    bd_model_close(model, data);
}

/* Number of X above p_min at all angles. */
static double reach_above(const struct opened *opened, double p_min)
{
    double sum = 0.0;
    for (size_t k = 0; k < BD_REACH_NODES; k++)
        if (exp(opened->grid.ln_reach_p_min + ((double)k + 0.5) * opened->grid.ln_reach_p_step) > p_min)
            sum += opened->spectrum->reach[k];
    return sum;
}

/* A momentum halfway between two nodes of the reach, near p. */
static double between_reach_nodes(const struct bd_spectrum_grid *grid, double p)
{
    return exp(grid->ln_reach_p_min +
               (floor((log(p) - grid->ln_reach_p_min) / grid->ln_reach_p_step) + 0.5) * grid->ln_reach_p_step);
}

/* Above 8 GeV all A' have angles below .35 rad: pT < 2.7 GeV. */
static void density_of_meson_decays_integrates_to_chi(void **state)
{
    (void)state;
    struct opened opened;
    wide_grid(&opened.grid, 2, 2, 8.0, 30, .35);
    wide_grid(&opened.grid, 120, 60, between_reach_nodes(&opened.grid, 8.0), 30, .35);
    const double p_min = exp(opened.grid.ln_p_min);
    open_on_grid(&opened, 30, "meson_decay:eta", "");
    expect_close(chi(&opened, .3), .21984, .005);
    expect_close(integral_of_density(&opened), reach_above(&opened, p_min), .01);
    expect_close(reach(&opened), .21984, .01);
    close_spec(&opened);
}

/* ---- mixing ---- */

/* At every mass the number is conserved; above 5 GeV the density has all of it (pT < 3.5 GeV). */
static void mixing_conserves_the_number(void **state)
{
    (void)state;
    static const double mass[] = {.1, .5, .77526, 1.5};
    struct opened opened;
    wide_grid(&opened.grid, 2, 2, 5.0, 400, .8);
    wide_grid(&opened.grid, 400, 400, between_reach_nodes(&opened.grid, 5.0), 400, .8);
    const double p_min = exp(opened.grid.ln_p_min);
    open_on_grid(&opened, 400, "mixing_rho", "");
    for (size_t i = 0; i < sizeof mass / sizeof mass[0]; i++) {
        expect_close(chi(&opened, mass[i]), .384, 1e-12);
        expect_close(reach(&opened), .384, 5e-3); /* the rest is slower than 20 MeV */
        expect_close(integral_of_density(&opened), reach_above(&opened, p_min), .01); /* its mesons are discrete */
    }
    close_spec(&opened);
}

/* An X of the mass of the meson has its spectrum. */
static void mixing_at_the_mass_of_the_meson_is_the_meson(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_spectrum_grid grid;
    struct bd_spectrum *spectrum;
    struct bd_parent *parent;
    struct bd_mixing *mixing;
    double number;
    const struct bd_production *channel;
    const char *variant;
    struct bd_setting_values values;
    experiment.beam_p_gev = 400.0;
    bd_spectrum_grid_init(&grid, 3.0, 400.0, 0.0, 0.03);
    expect_ok(bd_production_find("mixing_omega", "", &channel, &variant, &err), err);
    bd_setting_init(channel->settings, &values);
    const struct bd_production_request request = {&experiment, &grid, variant, values.value};
    expect_ok(bd_light_meson_open(&request, BD_LIGHT_MESON_OMEGA, 0, &parent, &number, &err), err);
    expect_ok(bd_mixing_create(parent, number, 400.0, BD_MIXING_MOMENTUM, &grid, &mixing, &err), err);
    expect_ok(bd_spectrum_create(&grid, &spectrum, &err), err);
    bd_mixing_add(mixing, BD_MASS_OMEGA, spectrum);
    for (size_t i = 5; i < 70; i += 13)
        for (size_t j = 0; j < grid.n_theta; j += 4) {
            const double p = exp(grid.ln_p_min + (double)i * grid.ln_p_step);
            const double theta = (double)j * grid.theta_step_rad, energy = hypot(p, BD_MASS_OMEGA);
            const double meson = bd_parent_density(parent, energy, p * sin(theta)) * p * p * p * cos(theta) /
                                 (BD_PI * energy * energy);
            expect_close(spectrum->density[i * grid.n_theta + j], number * meson, 1e-6);
        }
    bd_spectrum_free(spectrum);
    bd_mixing_free(mixing);
    bd_parent_free(parent);
}

/* Mapped mesons, drawn on a fine mesh in (E, pT): the share of X above 40 GeV and below 10 mrad from the density,
 * and above 40 GeV at all angles from the reach. */
static void mixing_agrees_with_mapped_mesons(void **state)
{
    (void)state;
    enum { n_e = 1500, n_pt = 1500 };
    const double mass = .3, m = BD_MASS_PHI, p_cut = 40.0, theta_cut = .01;
    struct bd_error err;
    struct opened opened;
    struct bd_parent *parent;
    double multiplicity, all = 0.0, forward = 0.0, fast = 0.0;
    wide_grid(&opened.grid, 400, 100, p_cut, 400, theta_cut);
    open_on_grid(&opened, 400, "mixing_phi", "");
    const struct bd_setting_values values = {{0, 0, 1, 1, 1, 1, 1, 1}};
    const struct bd_production_request request = {&experiment, &opened.grid, "", values.value};
    expect_ok(bd_light_meson_open(&request, BD_LIGHT_MESON_PHI, 0, &parent, &multiplicity, &err), err);
    const double beam_e = hypot(400.0, BD_MASS_PROTON), beta = 400.0 / (beam_e + BD_MASS_PROTON),
                 gamma = 1.0 / sqrt(1.0 - beta * beta);
    for (size_t i = 0; i < n_e; i++)
        for (size_t j = 0; j < n_pt; j++) {
            const double energy = m * pow(400.0 / m, ((double)i + .5) / n_e), pt = 4.0 * ((double)j + .5) / n_pt;
            const double pz2 = energy * energy - m * m - pt * pt;
            if (pz2 <= 0.0)
                continue;
            const double number = pt * bd_parent_density(parent, energy, pt), pz = sqrt(pz2);
            const double pz_star = gamma * (pz - beta * energy);
            const double x = gamma * (pz_star + beta * sqrt(pz_star * pz_star + pt * pt + mass * mass));
            all += number;
            fast += hypot(x, pt) > p_cut ? number : 0.0;
            forward += hypot(x, pt) > p_cut && atan2(pt, x) < theta_cut ? number : 0.0;
        }
    const double number = chi(&opened, mass);
    expect_close(number, multiplicity, 1e-12);
    expect_close(integral_of_density(&opened), number * forward / all, .005);
    double reach_fast = 0.0;
    for (size_t k = 0; k < BD_REACH_NODES; k++)
        if (exp(opened.grid.ln_reach_p_min + (double)k * opened.grid.ln_reach_p_step) > p_cut)
            reach_fast += opened.spectrum->reach[k];
    expect_close(reach_fast, number * fast / all, .03); /* nodes are 5% apart */
    bd_parent_free(parent);
    close_spec(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitting_functions),
        cmocka_unit_test(form_factors_of_the_proton),
        cmocka_unit_test(cross_sections),
        cmocka_unit_test(numbers_of_bremsstrahlung),
        cmocka_unit_test(options_of_bremsstrahlung),
        cmocka_unit_test(density_of_bremsstrahlung_integrates_to_chi),
        cmocka_unit_test(wrong_settings_are_refused),
        cmocka_unit_test(a_channel_of_one_model_needs_no_model),
        cmocka_unit_test(numbers_of_meson_decays),
        cmocka_unit_test(density_of_meson_decays_integrates_to_chi),
        cmocka_unit_test(mixing_conserves_the_number),
        cmocka_unit_test(mixing_at_the_mass_of_the_meson_is_the_meson),
        cmocka_unit_test(mixing_agrees_with_mapped_mesons),
    };
    return run_all_tests(tests);
}
