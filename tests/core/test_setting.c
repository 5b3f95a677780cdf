/* Settings: defaults, ranges, words, and the text that is stored with a channel. */
#include "expect.h"

#include "src/core/setting.h"

static const char *const sets[] = {"B", "A", NULL};
static const struct bd_setting table[] = {
    {.name = "form_factors", .unit = "choice", .choices = sets, .help = "pi pi and K K form factors"},
    {.name = "lambda_gev", .unit = "GeV", .initial = 1.5, .min = 0.5, .max = 3.0, .help = "cut-off"},
    {.name = NULL},
};

static void defaults_give_an_empty_text(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_setting_values values;
    char text[64];
    bd_setting_init(table, &values);
    expect_ok(bd_setting_text(table, &values, text, sizeof text, &err), err);
    assert_string_equal(text, "");
    expect_ok(bd_setting_set(table, &values, "lambda_gev", "2", &err), err);
    expect_ok(bd_setting_set(table, &values, "form_factors", "A", &err), err);
    expect_ok(bd_setting_text(table, &values, text, sizeof text, &err), err);
    assert_string_equal(text, "form_factors=A,lambda_gev=2");
    assert_int_equal(bd_setting_text(table, &values, text, 10, &err), BD_BAD_INPUT);
}

static void wrong_values_name_key_value_and_range(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_setting_values values;
    bd_setting_init(table, &values);
    expect_fails(bd_setting_set(table, &values, "lambda_gev", "9", &err), BD_BAD_INPUT,
                 "9 is outside the allowed range 0.5 to 3 [GeV]", err);
    expect_fails(bd_setting_set(table, &values, "lambda_gev", "2 GeV", &err), BD_BAD_INPUT, "found '2 GeV'", err);
    expect_fails(bd_setting_set(table, &values, "lambda_gev", "nan", &err), BD_BAD_INPUT, "found 'nan'", err);
    expect_fails(bd_setting_set(table, &values, "lambda_gev", "0x2", &err), BD_BAD_INPUT, "found '0x2'", err);
    expect_fails(bd_setting_set(table, &values, "form_factors", "C", &err), BD_BAD_INPUT, "one of: B, A", err);
    expect_fails(bd_setting_set(table, &values, "width", "1", &err), BD_BAD_INPUT, "no setting 'width'", err);
    assert_true(bd_setting_has(table, "lambda_gev"));
    assert_false(bd_setting_has(NULL, "lambda_gev"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_give_an_empty_text),
        cmocka_unit_test(wrong_values_name_key_value_and_range),
    };
    return run_all_tests(tests);
}
