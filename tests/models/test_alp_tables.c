/* Tabulated widths of the axion-like particle: interpolation, ends, and the message of every fault in a file. */
#include "expect.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/alp_tables.h"

static const char *const modes[] = {"a", "b", NULL};

#define CURVES                                                                                                    \
    "coupling,mode,curve,fraction,threshold_gev,n_node,n_source,max_err_percent,rms_err_percent,source,curve_"    \
    "of\n"
#define NODES "coupling,curve,mass_gev,gamma_gev3\n"
#define GOOD_CURVES                                                                                               \
    CURVES "C_GG,a,x,0.5,1,3,9,1,1,s,w\nC_GG,b,y,1,0.5,2,9,1,1,s,w\nC_qq,a,x,1,1,2,9,1,1,s,w\nC_GG,total,y,1,0."  \
           "5,2,9,1,1,s,w\n"
#define GOOD_NODES                                                                                                \
    NODES "C_GG,x,1.5,4\nC_GG,x,2,16\nC_GG,x,3,1\nC_GG,y,0.6,1\nC_GG,y,0.9,2\nC_qq,x,1.1,7\nC_qq,x,3,7\n"

static void write_file(const char *root, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/models/data/%s", root, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static enum bd_status load(const char *curves, const char *nodes, struct bd_alp_tables **tables,
                           struct bd_error *err)
{
    char root[] = "/tmp/bd_alp_XXXXXX", path[256];
    assert_non_null(mkdtemp(root));
    (void)snprintf(path, sizeof path, "%s/models", root);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/models/data", root);
    assert_int_equal(mkdir(path, 0700), 0);
    write_file(root, "alp_width_curves.csv", curves);
    write_file(root, "alp_width_nodes.csv", nodes);
    assert_int_equal(setenv("BEAMDUMP_DATA", root, 1), 0);
    const enum bd_status status = bd_alp_tables_load(modes, tables, err);
    assert_int_equal(unsetenv("BEAMDUMP_DATA"), 0);
    static const char *const left[] = {"models/data/alp_width_curves.csv", "models/data/alp_width_nodes.csv"};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", root, left[i]);
        assert_int_equal(unlink(path), 0);
    }
    (void)snprintf(path, sizeof path, "%s/models/data", root);
    assert_int_equal(rmdir(path), 0);
    (void)snprintf(path, sizeof path, "%s/models", root);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(root), 0);
    return status;
}

static void expect_width(const struct bd_alp_tables *tables, int table, int mode, double mass, double value,
                         enum bd_flag flag)
{
    const struct bd_model_value width = bd_alp_tables_width(tables, table, mode, mass);
    expect_close(width.value, value, 1e-12);
    assert_int_equal(width.flag, flag);
}

static void curves_are_read_as_their_errors_were_measured(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_alp_tables *tables = NULL;
    expect_ok(load(GOOD_CURVES, GOOD_NODES, &tables, &err), err);
    expect_width(tables, BD_ALP_TABLE_GG, 0, 0.9, 0.0, BD_FLAG_OK);
    expect_width(tables, BD_ALP_TABLE_GG, 0, 1.25, 0.5 * 2.0, BD_FLAG_OK); /* linear from the threshold */
    expect_width(tables, BD_ALP_TABLE_GG, 0, 1.75, 0.5 * 8.0, BD_FLAG_OK); /* logarithmic between nodes */
    expect_width(tables, BD_ALP_TABLE_GG, 0, 2.5, 0.5 * 4.0, BD_FLAG_OK);
    expect_width(tables, BD_ALP_TABLE_GG, 0, 3.009, 0.5, BD_FLAG_OK);      /* held */
    expect_width(tables, BD_ALP_TABLE_GG, 0, 3.011, 0.0, BD_FLAG_OUTSIDE); /* never extrapolated */
    expect_width(tables, BD_ALP_TABLE_GG, 1, 0.91, 0.0, BD_FLAG_OUTSIDE);  /* ends at a meson: not held */
    expect_width(tables, BD_ALP_TABLE_GG, 2, 0.6, 1.0, BD_FLAG_OK);        /* the total */
    expect_width(tables, BD_ALP_TABLE_QQ, 1, 2.0, 0.0, BD_FLAG_OK);        /* no curve */
    assert_true(bd_alp_tables_first(tables, BD_ALP_TABLE_GG, 0) == 1.5);
    bd_alp_tables_free(tables);
}

static void faults_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *curves, *nodes, *message;
    } broken[] = {
        {CURVES "C_BB,a,x,1,1,2,9,1,1,s,w\n", GOOD_NODES, "curves.csv:2: coupling: 'C_BB' is not one of"},
        {CURVES "C_GG,c,x,1,1,3,9,1,1,s,w\n", GOOD_NODES, "curves.csv:2: mode: there is no decay 'c'"},
        {CURVES "C_GG,a,x,2,1,3,9,1,1,s,w\n", GOOD_NODES, "fraction: 2 is outside the allowed range"},
        {CURVES "C_GG,a,x,1,1,4,9,1,1,s,w\n", GOOD_NODES, "n_node: 4, but"},
        {CURVES "C_GG,a,z,1,1,4,9,1,1,s,w\n", GOOD_NODES, "has 0 nodes of 'z'"},
        {CURVES "C_GG,a,x,1,1.6,3,9,1,1,s,w\n", GOOD_NODES,
         "nodes.csv:2: mass_gev: 1.5: nodes must ascend, above the"},
        {GOOD_CURVES, NODES "C_GG,x,1.5,4\nC_GG,x,1.4,16\nC_GG,x,3,1\n",
         "nodes.csv:3: mass_gev: 1.4: nodes must ascend"},
        {GOOD_CURVES, NODES "C_GG,x,1.5,-4\n", "nodes.csv:2: gamma_gev3: -4 is outside"},
        {GOOD_CURVES, NODES "C_GG,x,much,4\n", "mass_gev: expected a number, found 'much'"},
        {GOOD_CURVES, "m,g\n1,2\n", "expected the header"},
    };
    struct bd_error err;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct bd_alp_tables *tables = NULL;
        expect_fails(load(broken[i].curves, broken[i].nodes, &tables, &err), BD_BAD_INPUT, broken[i].message, err);
        assert_null(tables);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_are_read_as_their_errors_were_measured),
        cmocka_unit_test(faults_are_named),
    };
    return run_all_tests(tests);
}
