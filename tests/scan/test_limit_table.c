/* Tables of published limits: the built-in ones against their sources, the rules between their rows, broken
 * copies. */
#include "expect.h"

#include <stdlib.h>
#include <unistd.h>

#include "src/core/experiment.h"
#include "src/core/pdg.h"
#include "src/scan/limit_table.h"

#define M_PER_PS (1e-12 * BD_SPEED_OF_LIGHT_M_S)

static struct bd_limit_table *open_table(const char *name)
{
    struct bd_error err;
    struct bd_experiment *experiment;
    struct bd_limit_table *table;
    expect_ok(bd_experiment_load(name, &experiment, &err), err);
    assert_string_equal(experiment->mode, "limit_table");
    expect_close(experiment->limit_cl, 0.90, 1e-15);
    expect_ok(bd_limit_table_open(experiment, &table, &err), err);
    bd_experiment_free(experiment);
    return table;
}

static double acceptance(const struct bd_limit_table *table, double mass, double lifetime_ps)
{
    struct bd_error err;
    double value = (double)NAN;
    expect_ok(bd_limit_table_ln_acceptance(table, mass, lifetime_ps * M_PER_PS, &value, &err), err);
    return exp(value);
}

static double limit(const struct bd_limit_table *table, double mass, double lifetime_ps)
{
    return exp(bd_limit_table_ln_reference(table, mass)) / acceptance(table, mass, lifetime_ps);
}

/* arXiv:2507.17286 at 50 and 164 MeV; between rows ln of the limit is linear in the mass. */
static void na62_limits(void **state)
{
    (void)state;
    struct bd_limit_table *table = open_table("na62_kpi_inv");
    expect_close(limit(table, 0.050, INFINITY), 1.63e-11, 1e-12);
    expect_close(limit(table, 0.050, 500), 3.55e-11, 1e-12);
    expect_close(limit(table, 0.164, 5000), 1.06e-11, 1e-12);
    expect_close(limit(table, 0.254, 200), 3.25e-8, 1e-12);
    expect_close(limit(table, 0.205, INFINITY), sqrt(8.27e-12 * 4.36e-12), 1e-12);
    expect_close(limit(table, 0.205, 1000), sqrt(4.08e-11 * 2.29e-11), 1e-12);
    expect_close(limit(table, 0.050, sqrt(200.0 * 500.0)), sqrt(9.77e-11 * 3.55e-11), 1e-12);
    assert_true(bd_limit_table_covers(table, 0.110) && bd_limit_table_covers(table, 0.0));
    assert_false(bd_limit_table_covers(table, 0.1101) || bd_limit_table_covers(table, 0.153) ||
                 bd_limit_table_covers(table, 0.255));
    bd_limit_table_free(table);
}

/* No steps where table, formula and the way to stable X meet, and never a shorter lifetime with a better limit. */
static void acceptance_rises_with_the_lifetime(void **state)
{
    (void)state;
    struct bd_limit_table *table = open_table("na62_kpi_inv");
    static const double mass[] = {0.0, 0.004, 0.036, 0.1, 0.107, 0.110, 0.154, 0.2, 0.2075, 0.254};
    for (size_t i = 0; i < sizeof mass / sizeof mass[0]; i++) {
        double previous = acceptance(table, mass[i], 20.0);
        for (double ps = 20.0; ps < 1e8; ps *= 1.01) {
            const double here = acceptance(table, mass[i], ps);
            assert_true(here >= previous && here <= 1.0 && log(here / previous) < 0.05 - 0.02 * log(previous));
            previous = here;
        }
        expect_close(acceptance(table, mass[i], 1e8), 1.0, 5e-5);
    }
    bd_limit_table_free(table);
}

/* Acceptance of X -> mu mu at 220 and 310 MeV; 1 for lifetime 0, with 1/tau for long ones. gamma gamma: 1 -
 * exp(-88 ps/tau): 0.586 (100 ps) to 0.041 (2 ns) within 5%, arXiv:2507.17286. */
static void visible_decays_must_be_near(void **state)
{
    (void)state;
    struct bd_limit_table *mumu = open_table("na62_kpi_mumu"), *photons = open_table("na62_kpi_gammagamma");
    expect_close(exp(bd_limit_table_ln_reference(mumu, 0.222)), 5.2e-11, 1e-12);
    expect_close(acceptance(mumu, 0.220, 100), 0.73, 1e-12);
    expect_close(acceptance(mumu, 0.310, 1000), 0.057, 1e-12);
    expect_close(acceptance(mumu, 0.235, 100), sqrt(0.73 * 0.51), 1e-12);
    expect_close(acceptance(mumu, 0.280, 1e-3), 1.0, 1e-12);
    expect_close(acceptance(mumu, 0.280, 1e6), 0.0053 / 100.0, 5e-3);
    assert_true(acceptance(mumu, 0.280, INFINITY) < 1e-300);
    static const double published[][2] = {{100, .586}, {200, .368}, {500, .162}, {1000, .083}, {2000, .041}};
    for (size_t i = 0; i < 5; i++)
        expect_close(acceptance(photons, 0.3, published[i][0]), published[i][1], 0.06);
    bd_limit_table_free(mumu);
    bd_limit_table_free(photons);
}

/* KOTO 2021 at 135 MeV: 1.6e-9 (arXiv:2411.11237). pi0 -> invisible: 4.4e-9 times BR(K+ -> pi+ pi0) = 0.2067
 * is 9.1e-10 (arXiv:2010.07644). KL -> gamma X: 3.4e-7. */
static void other_experiments(void **state)
{
    (void)state;
    static const struct {
        const char *card;
        double mass, limit, tolerance;
    } row[] = {{"koto_kl_pi0x", 0.135, 1.6e-9, 1e-4},
               {"na62_pi0_inv", 0.135, 4.4e-9 * 0.2067, 0.015},
               {"koto_kl_gammax", 0.001, 3.4e-7, 1e-12},
               {"e949_kpi_inv", 0.200, 3.70e-10, 1e-12},
               {"koto_kl_xx", 0.230, 2e-6, 1e-12},
               {"na62_pi0_gammax", 0.0703, 1.87e-7, 1e-12},
               /* Projections: expected limits at b = 2.5 and 75 times the single-event sensitivities; 3 times the
                * data of table 3 of arXiv:2507.17286. */
               {"koto_kl_pi0x_full", 0.135, 3.68055 * 6e-11, 1e-3},
               {"koto2_kl_pi0x", 0.135, 15.6005 * 8.5e-13, 3e-3},
               {"na62_kpi_inv_full", 0.200, 8.27e-12 / sqrt(3.0), 1e-3}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct bd_limit_table *table = open_table(row[i].card);
        expect_close(exp(bd_limit_table_ln_reference(table, row[i].mass)), row[i].limit, row[i].tolerance);
        bd_limit_table_free(table);
    }
}

/* ---- faults ---- */

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#define CARD_HEAD                                                                                                 \
    "format: 1\nexperiment: {id: my, mode: limit_table, status: data, title: t, source: s}\nsearch:\n"            \
    "  production: kaon_decay:K+\n  cl: 0.9\n  source: s\n  decay: invisible\n"
#define ESCAPE "  escape: {parent: K+, recoil: pi+, p_gev: 75, decay_z_m: [105, 170], source: s}\n"
#define UNSEEN CARD_HEAD "  x_is: unseen\n  limits: t.csv\n"
#define RANGE "  ranges: [{mass_gev: [0, 0.1], escape_z_m: 241}]\n"
#define TABLE "mass_gev,lifetime_ps,br_limit\n0,inf,1e-9\n0.1,inf,1e-9\n"

/* Every fault of a card or of its table has its file and line, and says what is allowed. */
static void faults_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *card, *table, *words;
    } row[] = {
        {UNSEEN ESCAPE RANGE, TABLE, NULL},
        {UNSEEN RANGE, TABLE, "my.yaml:4: search: escape belongs to x_is: unseen"},
        {UNSEEN ESCAPE "  ranges: [{mass_gev: [0, 0.1]}]\n", TABLE, "escape_z_m: 0 m is not beyond"},
        {UNSEEN ESCAPE "  ranges: [{mass_gev: [0.1, 0.1], escape_z_m: 241}]\n", TABLE, "0.1 is not below 0.1 GeV"},
        {UNSEEN ESCAPE RANGE "  seen_lifetime_ps: 3\n", TABLE, "x_is: seen needs exactly one of"},
        {CARD_HEAD "  x_is: seen\n  limits: t.csv\n  ranges: [{mass_gev: [0, 0.1]}]\n", TABLE,
         "needs exactly one of"},
        {UNSEEN ESCAPE RANGE "beam: {particle: p}\n", TABLE,
         "unknown key 'beam'; known here: format, experiment, search"},
        {UNSEEN ESCAPE "  ranges: [{mass_gev: [0, 0.2], escape_z_m: 241}]\n", TABLE, "t.csv: no limit at 0.2 GeV"},
        {UNSEEN ESCAPE RANGE, "mass_gev,lifetime_ps,br_limit\n0,inf,1e-9\n0.1,inf,2\n", "t.csv:3: br_limit"},
        {UNSEEN ESCAPE RANGE, "mass_gev,lifetime_ps,br_limit\n0,inf,1e-9\n0.1,fast,1e-9\n",
         "t.csv:3: lifetime_ps"},
        {UNSEEN ESCAPE RANGE, "mass_gev,lifetime_ps,br_limit\n0,100,1e-9\n0.1,inf,1e-9\n",
         "0 GeV has no limit for"},
        {UNSEEN ESCAPE RANGE, "mass_gev,lifetime_ps,br_limit\n0.1,inf,1e-9\n0,inf,1e-9\n",
         "t.csv:3: mass_gev: 0 GeV is"},
        {UNSEEN ESCAPE RANGE, "mass_gev,lifetime_ps,br_limit\n0,9,1e-9\n0,9,1e-9\n",
         "t.csv:3: lifetime_ps: '9' is not"},
        {UNSEEN ESCAPE RANGE, "mass_gev,lifetime_ps,limit\n0,9,1e-9\n", "br_limit"},
    };
    const char *tmp = getenv("TMPDIR");
    char folder[256], path[512];
    (void)snprintf(folder, sizeof folder, "%s/beamdump_limits_XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/my.yaml", folder);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct bd_error err = {.message = ""};
        struct bd_experiment *experiment = NULL;
        struct bd_limit_table *table = NULL;
        write_file(folder, "my.yaml", row[i].card);
        write_file(folder, "t.csv", row[i].table);
        enum bd_status status = bd_experiment_load(path, &experiment, &err);
        if (status == BD_OK)
            status = bd_limit_table_open(experiment, &table, &err);
        if (row[i].words == NULL) {
            assert_int_equal(status, BD_OK);
        } else {
            assert_int_equal(status, BD_BAD_INPUT);
            if (strstr(err.message, row[i].words) == NULL)
                fail_msg("'%s' does not contain '%s'", err.message, row[i].words);
        }
        bd_limit_table_free(table);
        bd_experiment_free(experiment);
    }
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/t.csv", folder);
    (void)unlink(path);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(na62_limits),
        cmocka_unit_test(acceptance_rises_with_the_lifetime),
        cmocka_unit_test(visible_decays_must_be_near),
        cmocka_unit_test(other_experiments),
        cmocka_unit_test(faults_are_named),
    };
    return run_all_tests(tests);
}
