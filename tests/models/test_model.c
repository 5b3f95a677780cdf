/* The table of models: names, structure, and errors that name the value and its range. */
#include "expect.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/model.h"
#include "src/core/pdg.h"

static void every_model_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; bd_model_at(i) != NULL; i++) {
        const struct bd_model *model = bd_model_at(i);
        assert_ptr_equal(bd_model_find(model->name), model);
        assert_true(bd_model_n_coupling(model) > 0 && bd_model_n_coupling(model) <= BD_COUPLINGS_MAX);
        assert_true(bd_model_n_mode(model) <= BD_MODES_MAX);
        for (size_t k = 0; k < bd_model_n_mode(model); k++) {
            const struct bd_decay_mode *mode = &model->modes[k];
            assert_int_equal(bd_model_mode_index(model, mode->name), k); /* no name twice */
            assert_true(mode->end_gev == 0.0 || mode->end_gev > fmax(mode->start_gev, mode->threshold_gev));
            assert_true(mode->source != NULL && mode->partial_width != NULL);
        }
        for (const struct bd_strength *s = model->strengths; s->production != NULL; s++)
            assert_ptr_equal(bd_model_strength(model, s->production), s);
        size_t n_setting = 0;
        while (model->settings != NULL && model->settings[n_setting].name != NULL)
            n_setting++;
        assert_true(n_setting <= BD_SETTINGS_MAX);
    }
    assert_non_null(bd_model_at(0));
    assert_null(bd_model_at(1000));
    assert_null(bd_model_find("dark_matter"));
}

static void couplings_and_modes_are_found_by_name(void **state)
{
    (void)state;
    const struct bd_model *model = bd_model_find("dark_scalar");
    assert_int_equal(bd_model_coupling_index(model, "lambda"), 1);
    assert_int_equal(bd_model_coupling_index(model, "epsilon"), -1);
    assert_int_equal(bd_model_mode_index(model, "3pi0"), -1);
}

static void a_point_outside_is_an_error(void **state)
{
    (void)state;
    struct bd_error err;
    const struct bd_model *model = bd_model_find("dark_scalar");
    void *data = NULL;
    expect_ok(bd_model_open(model, &data, &err), err);
    struct bd_setting_values settings;
    bd_setting_init(model->settings, &settings);
    double coupling[] = {1e-4, 0.0};
    struct bd_model_point at = {7.0, coupling, settings.value, data};
    struct bd_model_value width[BD_MODES_MAX], total;
    expect_fails(bd_model_widths(model, &at, width, &total, &err), BD_BAD_INPUT,
                 "mass 7 GeV is outside the range of the formulas, 0.001 to 5 GeV", err);
    at.mass_gev = NAN;
    expect_fails(bd_model_width(model, 0, &at, width, &err), BD_BAD_INPUT, "mass nan GeV", err);
    at.mass_gev = 1.0;
    coupling[1] = INFINITY;
    expect_fails(bd_model_kappa(model, model->strengths, &at, &total, &err), BD_BAD_INPUT, "coupling lambda = inf",
                 err);
    coupling[1] = 0.0;
    expect_ok(bd_model_widths(model, &at, width, &total, &err), err);
    for (size_t k = 0; k < bd_model_n_mode(model); k++) {
        struct bd_model_value one;
        expect_ok(bd_model_width(model, k, &at, &one, &err), err);
        assert_true(one.value == width[k].value && one.flag == width[k].flag);
    }
    bd_model_close(model, data);
}

/* hbar c/Gamma for Gamma = 1 eV is 0.19733 um. */
static void decay_length_is_hbar_c_over_the_width(void **state)
{
    (void)state;
    expect_close(bd_model_decay_length(1e-9), 1.973269804e-7, 1e-12);
    assert_true(isinf(bd_model_decay_length(0.0)));
}

/* $BEAMDUMP_DATA with one broken table; the others are found in the source tree. */
static void a_broken_table_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    char root[] = "/tmp/bd_model_XXXXXX", path[256];
    void *data = NULL;
    assert_non_null(mkdtemp(root));
    (void)snprintf(path, sizeof path, "%s/models", root);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/models/data", root);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/models/data/dark_scalar_G_K_B.csv", root);
    assert_int_equal(setenv("BEAMDUMP_DATA", root, 1), 0);
    static const struct {
        const char *text, *message;
    } broken[] = {
        {"mass_gev,abs_g_gev2\n1,0.5\n1.2,-3\n", "dark_scalar_G_K_B.csv:3: abs_g_gev2: -3 is outside"},
        {"mass_gev,abs_g_gev2\n1,0.5\n0.9,0.4\n", "node 2 (0.9,"},
        {"mass_gev,abs_g_gev2\n1,0.5\n", "at least 2 nodes"},
        {"mass_mev,abs_g_gev2\n1,0.5\n", "expected the header"},
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(broken[i].text, file) >= 0);
        assert_int_equal(fclose(file), 0);
        expect_fails(bd_model_open(bd_model_find("dark_scalar"), &data, &err), BD_BAD_INPUT, broken[i].message,
                     err);
        assert_null(data);
    }
    assert_int_equal(unsetenv("BEAMDUMP_DATA"), 0);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof path, "%s/models/data", root);
    assert_int_equal(rmdir(path), 0);
    (void)snprintf(path, sizeof path, "%s/models", root);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(root), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_is_complete),     cmocka_unit_test(couplings_and_modes_are_found_by_name),
        cmocka_unit_test(a_point_outside_is_an_error), cmocka_unit_test(decay_length_is_hbar_c_over_the_width),
        cmocka_unit_test(a_broken_table_is_named),
    };
    return run_all_tests(tests);
}
