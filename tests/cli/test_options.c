/* The option table: what is accepted, and what the messages say about the rest. */
#include "expect.h"

#include <stdlib.h>

#include "src/cli/options.h"
#include "src/cli/suggest.h"

static const char *const kinds[] = {"observed", "expected", NULL};
static const struct bd_option table[] = {
    {.name = "FILE", .kind = BD_OPTION_TEXT, .unit = "FILE", .positional = 1, .help = "input"},
    {.name = "mass", .kind = BD_OPTION_GRID, .unit = "GeV", .min = 1e-3, .max = 10.0, .help = "mass of X"},
    {.name = "cl",
     .kind = BD_OPTION_NUMBER,
     .unit = "1",
     .initial = "0.9",
     .min = 0.5,
     .max = 0.999,
     .help = "level"},
    {.name = "seed", .kind = BD_OPTION_WHOLE, .unit = "1", .initial = "1", .min = 0, .max = 1e15, .help = "seed"},
    {.name = "kind", .kind = BD_OPTION_CHOICE, .initial = "observed", .choices = kinds, .help = "kind"},
    {.name = "resume", .kind = BD_OPTION_FLAG, .help = "go on"},
    {.name = "set", .kind = BD_OPTION_LIST, .unit = "KEY=VALUE", .help = "parameter"},
    {.name = NULL},
};

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})

static enum bd_status parse(char **argv, struct bd_options **options, struct bd_error *err)
{
    int argc = 0;
    while (argv[argc] != NULL)
        argc++;
    return bd_options_parse(table, argc, argv, options, err);
}

static void values_are_read_in_both_spellings(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    expect_ok(parse(WORDS("--cl=0.95", "in.csv", "--seed", "1e4", "--set", "a=1", "--resume", "--set=b=2=3",
                          "--kind", "expected"),
                    &options, &err),
              err);
    assert_true(bd_options_number(options, "cl") == 0.95);
    assert_int_equal(bd_options_whole(options, "seed"), 10000);
    assert_string_equal(bd_options_text(options, "FILE"), "in.csv");
    assert_int_equal(bd_options_choice(options, "kind"), 1);
    assert_true(bd_options_flag(options, "resume"));
    assert_int_equal(bd_options_count(options, "set"), 2);
    char key[8];
    const char *text;
    expect_ok(bd_options_pair(options, "set", 1, key, sizeof key, &text, &err), err);
    assert_string_equal(key, "b");
    assert_string_equal(text, "2=3");
    bd_options_free(options);
}

static void defaults_hold_where_nothing_is_typed(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    expect_ok(bd_options_parse(table, 0, NULL, &options, &err), err);
    assert_true(bd_options_number(options, "cl") == 0.9);
    assert_false(bd_options_given(options, "cl"));
    assert_string_equal(bd_options_text(options, "kind"), "observed");
    assert_null(bd_options_text(options, "FILE"));
    assert_int_equal(bd_options_count(options, "set"), 0);
    double *mass;
    size_t n;
    expect_ok(bd_options_grid(options, "mass", &mass, &n, &err), err);
    assert_int_equal(n, 0);
    bd_options_free(options);
}

/* Equal steps in the logarithm: neighbours have the same ratio, here 10^(1/2); the ends are exact. */
static void grids_are_lists_or_logarithmic_steps(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    double *mass = NULL;
    size_t n;
    expect_ok(parse(WORDS("--mass", "0.01:1:5"), &options, &err), err);
    expect_ok(bd_options_grid(options, "mass", &mass, &n, &err), err);
    assert_int_equal(n, 5);
    assert_true(mass[0] == 0.01 && mass[4] == 1.0);
    for (size_t i = 1; i < n; i++)
        expect_close(mass[i] / mass[i - 1], 3.1622776601683795, 1e-14);
    free(mass);
    bd_options_free(options);
    expect_ok(parse(WORDS("--mass", "0.3,0.2"), &options, &err), err);
    expect_ok(bd_options_grid(options, "mass", &mass, &n, &err), err);
    assert_int_equal(n, 2);
    assert_true(mass[0] == 0.3 && mass[1] == 0.2);
    free(mass);
    bd_options_free(options);
}

static void wrong_numbers_name_option_value_unit_and_range(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    expect_fails(parse(WORDS("--cl", "90%"), &options, &err), BD_USAGE,
                 "--cl: expected a number [1] from 0.5 to 0.999, found '90%'", err);
    expect_fails(parse(WORDS("--cl", "nan"), &options, &err), BD_USAGE, "found 'nan'", err);
    expect_fails(parse(WORDS("--cl", "-1"), &options, &err), BD_USAGE,
                 "--cl: -1 is outside the allowed range 0.5 to 0.999 [1]", err);
    expect_fails(parse(WORDS("--seed", "1.5"), &options, &err), BD_USAGE, "expected a whole number", err);
    expect_fails(parse(WORDS("--mass", "0.3 GeV"), &options, &err), BD_USAGE, "found '0.3 GeV'", err);
    expect_fails(parse(WORDS("--mass", "0.3,50"), &options, &err), BD_USAGE,
                 "--mass: 50 is outside the allowed range 0.001 to 10 [GeV]", err);
    expect_fails(parse(WORDS("--mass", "0.3,"), &options, &err), BD_USAGE, "found ''", err);
    expect_fails(parse(WORDS("--mass", "1:0.1:5"), &options, &err), BD_USAGE, "0 < from < to [GeV]", err);
    expect_fails(parse(WORDS("--mass", "0.1:1:1"), &options, &err), BD_USAGE, "from:to:count", err);
    expect_fails(parse(WORDS("--mass", "0.1:1"), &options, &err), BD_USAGE, "from:to:count", err);
    expect_fails(parse(WORDS("--mass", "0.1:1:5:5"), &options, &err), BD_USAGE, "from:to:count", err);
}

static void wrong_words_suggest_the_nearest_known_ones(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    expect_fails(parse(WORDS("--mas", "1"), &options, &err), BD_USAGE,
                 "no option --mas here. Did you mean 'mass'?", err);
    expect_fails(parse(WORDS("--kind", "expectde"), &options, &err), BD_USAGE,
                 "'expectde' is not one of: observed, expected. Did you mean 'expected'?", err);
    expect_fails(parse(WORDS("-cl", "1"), &options, &err), BD_USAGE, "Did you mean 'cl'?", err);
    expect_fails(parse(WORDS("--frobnicate"), &options, &err), BD_USAGE, "no option --frobnicate here.", err);
    assert_null(strstr(err.message, "Did you mean"));
}

static void missing_repeated_and_surplus_values_are_refused(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    expect_fails(parse(WORDS("--mass"), &options, &err), BD_USAGE, "--mass needs a value [GeV]: mass of X", err);
    expect_fails(parse(WORDS("--mass", "--cl", "0.9"), &options, &err), BD_USAGE, "--mass needs a value", err);
    expect_fails(parse(WORDS("--cl", "0.9", "--cl", "0.95"), &options, &err), BD_USAGE, "--cl is given twice",
                 err);
    expect_fails(parse(WORDS("--resume=yes"), &options, &err), BD_USAGE, "--resume takes no value", err);
    expect_fails(parse(WORDS("a", "b"), &options, &err), BD_USAGE, "unexpected argument 'b'", err);
    expect_fails(parse(WORDS("--set="), &options, &err), BD_USAGE, "--set: the value is empty", err);
    static const struct bd_option needs[] = {
        {.name = "db", .kind = BD_OPTION_TEXT, .unit = "FILE", .required = 1, .help = "database"},
        {.name = NULL},
    };
    expect_fails(bd_options_parse(needs, 0, NULL, &options, &err), BD_USAGE, "--db is missing: database", err);
}

static void pairs_need_a_name_and_an_equals_sign(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_options *options = NULL;
    char key[4];
    const char *text;
    expect_ok(parse(WORDS("--set", "pole", "--set", "=1", "--set", "toolong=1"), &options, &err), err);
    for (size_t i = 0; i < 3; i++)
        expect_fails(bd_options_pair(options, "set", i, key, sizeof key, &text, &err), BD_USAGE,
                     "--set: expected KEY=VALUE, found '", err);
    bd_options_free(options);
}

static void a_refused_value_becomes_wrong_usage(void **state)
{
    (void)state;
    struct bd_error err;
    expect_fails(bd_options_blame("set", bd_fail(&err, BD_BAD_INPUT, "9 is outside"), &err), BD_USAGE,
                 "--set: 9 is outside", err);
    assert_int_equal(bd_options_blame("set", BD_IO, &err), BD_IO);
    assert_int_equal(bd_options_blame("set", BD_OK, &err), BD_OK);
}

static void help_shows_unit_range_choices_and_default(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    bd_options_print(table, stream);
    bd_options_print_usage(table, stream);
    assert_int_equal(fclose(stream), 0);
    assert_non_null(strstr(text, "--cl NUMBER"));
    assert_non_null(strstr(text, "[1, 0.5 to 0.999; default 0.9]"));
    assert_non_null(strstr(text, "[observed, expected; default observed]"));
    assert_non_null(strstr(text, "--set KEY=VALUE"));
    assert_non_null(strstr(text, " [OPTION...] [FILE]"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_in_both_spellings),
        cmocka_unit_test(defaults_hold_where_nothing_is_typed),
        cmocka_unit_test(grids_are_lists_or_logarithmic_steps),
        cmocka_unit_test(wrong_numbers_name_option_value_unit_and_range),
        cmocka_unit_test(wrong_words_suggest_the_nearest_known_ones),
        cmocka_unit_test(missing_repeated_and_surplus_values_are_refused),
        cmocka_unit_test(pairs_need_a_name_and_an_equals_sign),
        cmocka_unit_test(a_refused_value_becomes_wrong_usage),
        cmocka_unit_test(help_shows_unit_range_choices_and_default),
    };
    return run_all_tests(tests);
}
