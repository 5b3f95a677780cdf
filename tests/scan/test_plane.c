/* Other planes than (mass, coupling): against benchmarks on the axes, the model itself between them, and kernels.
 */
#include "expect.h"

#include "scan/small_scan.h"
#include "src/core/pdg.h"
#include "src/scan/plane.h"

#define POT 1.4e17
#define LIMIT 2.302585092994046 /* events excluded at 90% CL where nothing is observed: ln 10 */
#define NOTHING 1e-25           /* a coupling that does nothing: the axes are logarithmic */

struct chain {
    struct small_scan *scan;
    struct bd_kernel_set *set;
};

static int make_chain(void **state)
{
    static const double masses[] = {0.45, 0.5, 0.55, 0.6};
    static struct chain chain;
    struct bd_error err;
    chain.scan = small_scan_open("na62");
    struct bd_plan *plan = &chain.scan->plan;
    expect_ok(bd_plan_add_production(plan, "primakoff", "alp", NULL, &err), err);
    expect_ok(bd_plan_add_production(plan, "mixing_eta", "alp", NULL, &err), err);
    expect_ok(bd_plan_add_production(plan, "b_decay", "alp", NULL, &err), err);
    expect_ok(bd_plan_add_production(plan, "b_decay:K", NULL, NULL, &err), err);
    expect_ok(bd_plan_add_decay(plan, "gammagamma", &err), err);
    expect_ok(bd_plan_add_decay(plan, "pi+pi-gamma", &err), err);
    expect_ok(bd_plan_add_decay(plan, "pi+pi-", &err), err);
    for (size_t i = 0; i < sizeof masses / sizeof masses[0]; i++)
        expect_ok(bd_plan_add_mass(plan, masses[i], &err), err);
    plan->threads = 2;
    expect_ok(small_scan_run(chain.scan, NULL, &err), err);
    chain.set = small_scan_set(chain.scan);
    *state = &chain;
    return 0;
}

static int free_chain(void **state)
{
    struct chain *chain = *state;
    bd_kernel_set_free(chain->set);
    small_scan_close(chain->scan);
    return 0;
}

/* Everything of one field. */
struct field {
    struct bd_yield *yield;
    struct bd_exclusion *exclusion;
    struct bd_plane_view plane;
};

static void use_few_productions(struct bd_benchmark *benchmark)
{
    benchmark->n_production = 3;
    (void)snprintf(benchmark->production[0], sizeof benchmark->production[0], "primakoff");
    (void)snprintf(benchmark->production[1], sizeof benchmark->production[1], "mixing_eta");
    (void)snprintf(benchmark->production[2], sizeof benchmark->production[2], "b_decay");
}

static void open_exclusion(struct field *field, const char *decay)
{
    struct bd_error err;
    const struct bd_exclusion_options options = {.cl = 0.9, .only_decay = decay};
    expect_ok(bd_exclusion_open(field->yield, &options, &field->exclusion, &err), err);
    field->plane.exclusion = field->exclusion;
    field->plane.yield = field->yield;
}

static struct field open_benchmark(const struct chain *chain, const char *name, const char *decay)
{
    struct bd_error err;
    struct bd_benchmark benchmark;
    struct field field = {.plane = {.axes = BD_PLANE_MASS_COUPLING}};
    expect_ok(bd_benchmark_load(name, &benchmark, &err), err);
    use_few_productions(&benchmark);
    expect_ok(bd_yield_open(chain->set, &benchmark, &field.yield, &err), err);
    open_exclusion(&field, decay);
    return field;
}

/* fixed: C_WW. */
static struct field open_couplings(const struct chain *chain, const char *x, const char *y, double c_ww,
                                   double mass, const char *decay)
{
    struct bd_error err;
    struct bd_benchmark benchmark;
    const struct bd_model *alp = bd_model_find("alp");
    struct field field = {.plane = {.axes = BD_PLANE_COUPLINGS, .mass_gev = mass}};
    double fixed[BD_COUPLINGS_MAX] = {0};
    fixed[bd_model_coupling_index(alp, "C_WW")] = c_ww;
    expect_ok(bd_plane_benchmark(alp, x, y, fixed, &benchmark, &err), err);
    use_few_productions(&benchmark);
    expect_ok(bd_yield_open(chain->set, &benchmark, &field.yield, &err), err);
    open_exclusion(&field, decay);
    field.plane.x_coupling = (size_t)bd_model_coupling_index(alp, x);
    field.plane.y_coupling = (size_t)bd_model_coupling_index(alp, y);
    return field;
}

static struct field open_channel(const struct chain *chain, enum bd_plane_axes axes, double mass, double strength)
{
    struct bd_error err;
    struct field field = {.plane = {.axes = axes, .mass_gev = mass, .strength = strength}};
    expect_ok(bd_yield_open_channel(chain->set, "b_decay:K", NULL, "pi+pi-", &field.yield, &err), err);
    open_exclusion(&field, "pi+pi-");
    return field;
}

static void close_field(struct field *field)
{
    bd_exclusion_free(field->exclusion);
    bd_yield_free(field->yield);
}

/* ln of the excluded strength at a point. */
static double value_at(const struct field *field, double x, double y)
{
    struct bd_error err;
    const struct bd_contour_field f = bd_plane_field(&field->plane);
    void *column = NULL;
    double value = NAN;
    expect_ok(f.open(f.object, x, &column, &err), err);
    expect_ok(f.value(column, log(y), &value, &err), err);
    f.close(column);
    return value;
}

/* With one coupling alone the plane is the benchmark: BC9 has C_BB = 2.72624458 g_agg, 1/(16 pi alpha), BC11 C_GG.
 * The same polynomials in other units: rounding only, 1e-9. Both orders of the axes. */
static void axis_of_the_plane_is_the_benchmark(void **state)
{
    const struct chain *chain = *state;
    const double masses[] = {0.46, 0.5, 0.59}; /* not the eta's, where X is short-lived */
    const struct {
        const char *benchmark, *alone, *other, *decay;
        double factor, from, to;
    } cases[] = {{"BC9", "C_BB", "C_GG", "gammagamma", 2.72624458, 1e-8, 5e-6},
                 {"BC11", "C_GG", "C_BB", "pi+pi-gamma", 1.0, 1e-9, 1e-6}};
    for (size_t k = 0; k < 2; k++)
        for (size_t m = 0; m < 3; m++) {
            const double mass = masses[m];
            struct field benchmark = open_benchmark(chain, cases[k].benchmark, cases[k].decay);
            struct field on_y = open_couplings(chain, cases[k].other, cases[k].alone, 0.0, mass, cases[k].decay);
            struct field on_x = open_couplings(chain, cases[k].alone, cases[k].other, 0.0, mass, cases[k].decay);
            for (double g = cases[k].from; g < cases[k].to; g *= 3.0) {
                const double expected = value_at(&benchmark, mass, g), coupling = cases[k].factor * g;
                if (!(expected < 30.0))
                    fail_msg("no signal of %s at %g GeV, %g: %g", cases[k].benchmark, mass, g, expected);
                expect_close(exp(value_at(&on_y, NOTHING, coupling)), exp(expected), 1e-9);
                expect_close(exp(value_at(&on_x, coupling, NOTHING)), exp(expected), 1e-9);
            }
            close_field(&on_x);
            close_field(&on_y);
            close_field(&benchmark);
        }
}

/* Events of a decay from the model at the point itself, without polynomials. */
static double direct_events(const struct field *field, double x, double y, const char *decay)
{
    struct bd_error err;
    struct bd_yield here = *field->yield;
    double sum = 0.0;
    for (size_t i = 0; i < BD_COUPLINGS_MAX; i++)
        here.benchmark.direction[i] = 0.0;
    here.benchmark.fixed[field->plane.x_coupling] = x;
    here.benchmark.fixed[field->plane.y_coupling] = y;
    for (size_t i = 0; i < here.n_channel; i++) {
        struct bd_yield_factors factors;
        if (strcmp(here.channel[i].selection->decay, decay) != 0)
            continue;
        expect_ok(bd_yield_factors_at(&here, i, field->plane.mass_gev, 1.0, POT, &factors, &err), err);
        sum += factors.n_events;
    }
    return sum;
}

/* Couplings of any ratio, with and without a third one, also one that is larger or smaller than both. Couplings
 * interfere in gammagamma: there polynomials in 1/GeV instead of units of the couplings fail by their rounding. */
static void field_between_the_axes_is_the_model(void **state)
{
    const struct chain *chain = *state;
    const double third[] = {0.0, 1e-12, 3e-8, 1e-4};
    size_t n = 0;
    for (size_t k = 0; k < 8; k++) {
        const char *decay = k < 4 ? "pi+pi-gamma" : "gammagamma";
        struct field field = open_couplings(chain, "C_GG", "C_BB", third[k % 4], 0.52, decay);
        for (double x = 1e-11; x < 1e-5; x *= 7.0)
            for (double y = 1e-12; y < 1e-3; y *= 11.0) {
                const double events = direct_events(&field, x, y, decay);
                if (events < 1e-20)
                    continue;
                expect_close(LIMIT * exp(-value_at(&field, x, y)), events, 1e-9);
                n++;
            }
        close_field(&field);
    }
    assert_true(n > 100);
}

/* Every vertex has as many events as are excluded, or lies on the border. */
static void outline_of_two_couplings_is_the_limit(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_contour contour;
    const struct bd_plane_range range = {1e-10, 1e-3, 1e-10, 1e-1};
    size_t n = 0;
    struct field field = open_couplings(chain, "C_GG", "C_BB", 0.0, 0.5, "pi+pi-gamma");
    expect_ok(bd_plane_contour(&field.plane, &range, "alp mass=0.5", 2, &contour, &err), err);
    assert_string_equal(contour.plane, "C_GG,C_BB");
    assert_string_equal(contour.x_name, "C_GG");
    assert_string_equal(contour.y_name, "C_BB");
    assert_string_equal(contour.benchmark, "alp mass=0.5");
    assert_string_equal(contour.kind, "observed");
    for (size_t k = 0; k < contour.n_polyline; k++)
        for (size_t i = 0; i < contour.polyline[k].n_vertex; i++) {
            const double x = contour.polyline[k].x[i], y = contour.polyline[k].y[i];
            const int at_border = y < range.y_min * 1.0001 || y > range.y_max * 0.9999;
            n += !at_border;
            /* 1e-5: the root in ln y is good to 1e-7. At the border x is known to 1e-4. */
            expect_close(direct_events(&field, x, y, "pi+pi-gamma"), LIMIT, at_border ? 1e-2 : 1e-5);
        }
    assert_true(n > 30);
    bd_contour_free(&contour);
    close_field(&field);
}

static double strength_events(const struct chain *chain, double mass, double ctau_m, double strength)
{
    struct bd_error err;
    struct bd_yield_value value;
    for (size_t i = 0; i < chain->set->n_series; i++) {
        const struct bd_kernel_series *series = &chain->set->series[i];
        const struct bd_stored_selection *selection = NULL;
        if (strcmp(series->variant, "K") != 0 || strcmp(series->decay, "pi+pi-") != 0)
            continue;
        expect_ok(bd_yield_selection(chain->set, series->decay, &selection, &err), err);
        expect_ok(bd_yield_series_at(chain->set, series, mass, BD_HBARC_GEV_M / ctau_m, &value, &err), err);
        return POT * selection->a_trig * strength * value.n_per_pot;
    }
    fail_msg("no kernels of b_decay:K");
    return 0.0;
}

/* (mass, c tau) and (BR, c tau) are the kernel at the width hbar c/(c tau), on and between its masses. */
static void planes_with_a_lifetime_are_the_kernel(void **state)
{
    const struct chain *chain = *state;
    const double strength = 3e-8;
    struct field by_mass = open_channel(chain, BD_PLANE_MASS_CTAU, NAN, strength);
    for (double mass = 0.45; mass < 0.6; mass += 0.025) {
        struct field by_rate = open_channel(chain, BD_PLANE_BR_CTAU, mass, NAN);
        for (double ctau = 1e-2; ctau < 1e10; ctau *= 5.0) {
            const double events = strength_events(chain, mass, ctau, strength);
            if (events < 1e-20)
                continue;
            expect_close(LIMIT * exp(-value_at(&by_mass, mass, ctau)), events, 1e-9);
            expect_close(LIMIT * exp(-value_at(&by_rate, strength, ctau)), events, 1e-9);
        }
        close_field(&by_rate);
    }
    close_field(&by_mass);
}

/* Long lifetimes: N = N_POT a_trig BR (sum of the weights)/(c tau), because exp(-t/c tau) -> 1. At c tau = 1e6 m,
 * t = path m/p is below 200 m * 0.5/5 = 20 m: good to 2e-5. So the upper edge is a straight line on
 * logarithmic axes, here up to rates that are no branching ratios any more. */
static void long_lifetimes_are_inverse_to_the_rate(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_contour contour;
    const struct bd_plane_range range = {1e-8, 1e5, 1e-3, 1e13};
    struct field field = open_channel(chain, BD_PLANE_BR_CTAU, 0.5, NAN);
    const struct bd_kernel_series *series = field.yield->channel[0].series;
    double sum_m = 0.0;
    size_t n = 0;
    for (size_t k = 0; k < series->n_mass; k++)
        for (size_t i = 0; i < BD_KERNEL_NODES && fabs(series->mass_gev[k] - 0.5) < 1e-9; i++)
            sum_m += series->kernel[k].weight[i];
    const double per_rate_m = POT * field.yield->channel[0].selection->a_trig * sum_m;
    for (double rate = 1e-12; rate < 1.0; rate *= 100.0)
        expect_close(LIMIT * exp(-value_at(&field, rate, 1e7)), per_rate_m * rate / 1e7, 2e-5);
    expect_ok(bd_plane_contour(&field.plane, &range, "b_decay:K", 2, &contour, &err), err);
    assert_string_equal(contour.plane, "branching_ratio,ctau_m");
    for (size_t k = 0; k < contour.n_polyline; k++)
        for (size_t i = 0; i < contour.polyline[k].n_vertex; i++)
            if (contour.polyline[k].y[i] > 1e6 && contour.polyline[k].y[i] < 0.9e13) {
                expect_close(contour.polyline[k].y[i] / contour.polyline[k].x[i], per_rate_m / LIMIT, 2e-5);
                n++;
            }
    assert_true(n > 20);
    bd_contour_free(&contour);
    close_field(&field);
}

/* Without a range of its own the mass axis is that of the kernels. */
static void mass_axis_covers_the_kernels(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_contour contour;
    const struct bd_plane_range range = {0.0, 0.0, 1e-3, 1e12};
    double least = 1.0, most = 0.0;
    struct field field = open_channel(chain, BD_PLANE_MASS_CTAU, NAN, 1e-5);
    expect_ok(bd_plane_contour(&field.plane, &range, "b_decay:K", 2, &contour, &err), err);
    assert_string_equal(contour.plane, "mass_gev,ctau_m");
    for (size_t k = 0; k < contour.n_polyline; k++)
        for (size_t i = 0; i < contour.polyline[k].n_vertex; i++) {
            const double mass = contour.polyline[k].x[i], ctau = contour.polyline[k].y[i];
            least = fmin(least, mass);
            most = fmax(most, mass);
            expect_close(strength_events(chain, mass, ctau, 1e-5), LIMIT, 1e-5);
        }
    expect_close(least, 0.45, 1e-12);
    expect_close(most, 0.6, 1e-12);
    bd_contour_free(&contour);
    close_field(&field);
}

static void productions_are_those_of_the_benchmarks(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_benchmark benchmark;
    const double nothing[BD_COUPLINGS_MAX] = {0};
    expect_ok(bd_plane_benchmark(bd_model_find("alp"), "C_GG", "C_WW", nothing, &benchmark, &err), err);
    assert_int_equal(benchmark.n_production, 6); /* of BC10 and BC11; BC9 adds none */
    expect_ok(bd_plane_benchmark(bd_model_find("dark_scalar"), "theta", "lambda", nothing, &benchmark, &err), err);
    assert_int_equal(benchmark.n_production, 2); /* bremsstrahlung is of a variant */
    assert_string_equal(benchmark.production[0], "b_decay");
    assert_string_equal(benchmark.production[1], "b_decay_pair");
}

static void wrong_planes_are_refused(void **state)
{
    const struct chain *chain = *state;
    struct bd_error err;
    struct bd_benchmark benchmark;
    struct bd_contour contour;
    struct bd_yield *yield = NULL;
    const double nothing[BD_COUPLINGS_MAX] = {0};
    const struct bd_model *alp = bd_model_find("alp");
    const struct bd_plane_range backwards = {1e-3, 1e-9, 1e-9, 1e-3}, masses = {0.1, 0.5, 1.0, 1e3};
    const struct bd_plane_range rates = {1e-9, 1e-3, 1.0, 1e3};
    expect_fails(bd_plane_benchmark(alp, "C_XX", "C_BB", nothing, &benchmark, &err), BD_BAD_INPUT,
                 "'C_XX' is not a coupling of alp: C_GG", err);
    expect_fails(bd_plane_benchmark(alp, "C_BB", "C_BB", nothing, &benchmark, &err), BD_BAD_INPUT,
                 "C_BB on both axes", err);
    expect_fails(bd_yield_open_channel(chain->set, "b_decay:K", NULL, "mu+mu-", &yield, &err), BD_BAD_INPUT,
                 "no kernels of production 'b_decay:K' and decay 'mu+mu-'", err);
    expect_fails(bd_yield_open_channel(chain->set, "b_decay:pi", NULL, "pi+pi-", &yield, &err), BD_BAD_INPUT,
                 "no kernels of production 'b_decay:pi'", err);
    struct field by_mass = open_channel(chain, BD_PLANE_MASS_CTAU, NAN, 1e-9);
    expect_fails(bd_plane_contour(&by_mass.plane, &masses, "x", 1, &contour, &err), BD_BAD_INPUT,
                 "mass 0.1 GeV is outside the stored kernels, 0.45 to 0.6 GeV", err);
    close_field(&by_mass);
    struct field by_rate = open_channel(chain, BD_PLANE_BR_CTAU, 0.7, NAN);
    expect_fails(bd_plane_contour(&by_rate.plane, &rates, "x", 1, &contour, &err), BD_BAD_INPUT,
                 "mass 0.7 GeV is outside", err);
    expect_fails(bd_plane_contour(&by_rate.plane, &backwards, "x", 1, &contour, &err), BD_BAD_INPUT,
                 "branching_ratio from 0.001 to 1e-09", err);
    close_field(&by_rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(axis_of_the_plane_is_the_benchmark),
        cmocka_unit_test(field_between_the_axes_is_the_model),
        cmocka_unit_test(outline_of_two_couplings_is_the_limit),
        cmocka_unit_test(planes_with_a_lifetime_are_the_kernel),
        cmocka_unit_test(long_lifetimes_are_inverse_to_the_rate),
        cmocka_unit_test(mass_axis_covers_the_kernels),
        cmocka_unit_test(productions_are_those_of_the_benchmarks),
        cmocka_unit_test(wrong_planes_are_refused),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, make_chain, free_chain) != 0;
}
