/* Benchmarks: the built-in table, and the message of every fault in a user's one. */
#include "expect.h"

#include <stdlib.h>
#include <unistd.h>

#include "models/model.h"
#include "src/core/pdg.h"

#define HEADER                                                                                                    \
    "name,model,fixed,direction,axis_name,axis_unit,axis_min,axis_max,mass_min_gev,mass_max_gev,n_mass,settings," \
    "production,title,source\n"

static enum bd_status read_rows(const char *rows, struct bd_benchmark **benchmarks, size_t *n,
                                struct bd_error *err)
{
    char path[] = "/tmp/bd_benchmark_XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, HEADER, strlen(HEADER)), strlen(HEADER));
    assert_int_equal(write(handle, rows, strlen(rows)), strlen(rows));
    assert_int_equal(close(handle), 0);
    const enum bd_status status = bd_benchmark_read(path, benchmarks, n, err);
    assert_int_equal(unlink(path), 0);
    return status;
}

static void the_built_in_table_is_readable(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark *all = NULL;
    size_t n = 0;
    expect_ok(bd_benchmark_load_all(&all, &n, &err), err);
    assert_true(n >= 4);
    free(all);
}

/* lambda from BR(h -> S S) = Gamma(h -> S S)/Gamma_h = 0.01 with Gamma = lambda^2 v^2/(8 pi m_h); 6 digits in the
 * table. */
static void bc5_fixes_lambda_by_the_invisible_higgs_width(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark bc5;
    expect_ok(bd_benchmark_load("BC5", &bc5, &err), err);
    assert_string_equal(bc5.model->name, "dark_scalar");
    const double lambda = bc5.fixed[1];
    expect_close(lambda, sqrt(0.01 * BD_WIDTH_HIGGS * 8.0 * BD_PI * BD_MASS_HIGGS) / BD_HIGGS_VEV, 5e-6);
    assert_true(bc5.fixed[0] == 0.0 && bc5.direction[0] == 1.0 && bc5.direction[1] == 0.0);
    assert_int_equal(bc5.n_production, 2);
    assert_string_equal(bc5.production[1], "b_decay_pair");
}

static void bc4_of_na62_chooses_its_widths(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark bc4;
    char text[128];
    expect_ok(bd_benchmark_load("BC4:na62", &bc4, &err), err);
    expect_ok(bd_setting_text(bc4.model->settings, &bc4.settings, text, sizeof text, &err), err);
    assert_string_equal(text, "form_factors=A,perturbative=ALP");
    assert_string_equal(bc4.axis_name, "theta");
    assert_int_equal(bc4.n_production, 1);
    assert_int_equal(bc4.n_mass, 100);
    expect_ok(bd_benchmark_load("BC4:brems", &bc4, &err), err);
    assert_string_equal(bc4.production[1], "bremsstrahlung");
}

static void bc1_has_the_variants_of_na62(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark bc1;
    expect_ok(bd_benchmark_load("BC1", &bc1, &err), err);
    assert_string_equal(bc1.model->name, "dark_photon");
    assert_int_equal(bc1.n_production, 2);
    assert_string_equal(bc1.production[0], "meson_decay");
    assert_string_equal(bc1.production[1], "bremsstrahlung:ww form_factor=none");
    assert_int_equal(bc1.n_mass, 150);
    assert_true(bc1.mass_min_gev == 0.01 && bc1.mass_max_gev == 3.0 && bc1.direction[0] == 1.0);
    expect_ok(bd_benchmark_load("BC1:na62-i", &bc1, &err), err);
    assert_string_equal(bc1.production[0], "meson_decay multiplicity=generator");
    expect_ok(bd_benchmark_load("BC1:na62-ii", &bc1, &err), err);
    assert_int_equal(bc1.n_production, 5);
    assert_string_equal(bc1.production[1], "bremsstrahlung:ww form_factor=pole");
    assert_string_equal(bc1.production[4], "mixing_phi multiplicity=generator");
}

static void an_unknown_benchmark_lists_the_known_ones(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark none;
    expect_fails(bd_benchmark_load("BC44", &none, &err), BD_BAD_INPUT, "no benchmark 'BC44'; known: BC1, ", err);
}

static void variants_and_settings_of_channels_are_kept(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark *b = NULL;
    size_t n = 0;
    expect_ok(read_rows("A,dark_scalar,lambda=-2e-3,theta=2,theta,1,1e-6,1,.1,1,5,k_kk=2 isospin_sum=on,"
                        "b_decay;bremsstrahlung:qra lambda_gev=2;kaon_decay:K+,t,s\n",
                        &b, &n, &err),
              err);
    assert_int_equal(n, 1);
    assert_true(b->fixed[1] == -2e-3 && b->direction[0] == 2.0 && b->axis_min == 1e-6 && b->n_mass == 5);
    assert_string_equal(b->production[1], "bremsstrahlung:qra lambda_gev=2");
    assert_string_equal(b->production[2], "kaon_decay:K+");
    free(b);
}

static void a_wrong_row_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *row, *message;
    } wrong[] = {
        {"A,higgs,,theta=1,theta,1,1e-6,1,.1,1,5,,b_decay,t,s", ":2: model: 'higgs' is not one of: "},
        {"A,dark_scalar,eps=1,theta=1,theta,1,1e-6,1,.1,1,5,,b_decay,t,s",
         "fixed: model dark_scalar has no coupling 'eps'"},
        {"A,dark_scalar,,theta,theta,1,1e-6,1,.1,1,5,,b_decay,t,s",
         "direction: expected KEY=VALUE, found 'theta'"},
        {"A,dark_scalar,,theta=one,theta,1,1e-6,1,.1,1,5,,b_decay,t,s",
         "theta: expected a number [1], found 'one'"},
        {"A,dark_scalar,,,theta,1,1e-6,1,.1,1,5,,b_decay,t,s", "direction: no coupling changes"},
        {"A,dark_scalar,,theta=1,theta,1,0,1,.1,1,5,,b_decay,t,s", "axis_min: 0 is outside"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1e-7,.1,1,5,,b_decay,t,s", "axis_max: 1e-07 is outside"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,9,5,,b_decay,t,s",
         "mass_max_gev: 9 is outside the allowed range 0.1 to 5"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5.5,,b_decay,t,s", "n_mass: expected a whole number"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5,form_factors=C,b_decay,t,s",
         "settings: form_factors: 'C' is not one of"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5,,primakoff,t,s", "no channel 'primakoff'"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5,,,t,s", "production: is empty"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5,,b_decay,,s", "title: is empty"},
        {"A,dark_scalar,,theta=1,theta,dimensionless number,1e-6,1,.1,1,5,,b_decay,t,s",
         "axis_unit: 'dimensionless number' is longer"},
        {"A,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5,,b_decay,t,s\nA,dark_scalar,,theta=1,theta,1,1e-6,1,.1,1,5,"
         ",b_decay,t,s",
         ":3: name: 'A' is given twice"},
    };
    struct bd_error err;
    struct bd_benchmark *b = NULL;
    size_t n = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        expect_fails(read_rows(wrong[i].row, &b, &n, &err), BD_BAD_INPUT, wrong[i].message, err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_built_in_table_is_readable),
        cmocka_unit_test(bc5_fixes_lambda_by_the_invisible_higgs_width),
        cmocka_unit_test(bc4_of_na62_chooses_its_widths),
        cmocka_unit_test(bc1_has_the_variants_of_na62),
        cmocka_unit_test(an_unknown_benchmark_lists_the_known_ones),
        cmocka_unit_test(variants_and_settings_of_channels_are_kept),
        cmocka_unit_test(a_wrong_row_is_refused_with_its_line),
    };
    return run_all_tests(tests);
}
