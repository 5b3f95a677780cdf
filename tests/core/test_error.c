/* Errors carry value and place. */
#include "expect.h"

static void context_is_put_before_the_message(void **state)
{
    (void)state;
    struct bd_error err;
    enum bd_status status = bd_fail(&err, BD_BAD_INPUT, "mass %g GeV", 7.5);
    status = bd_add_context(&err, status, "line %d", 3);
    assert_int_equal(status, BD_BAD_INPUT);
    assert_string_equal(err.message, "line 3: mass 7.5 GeV");
    assert_int_equal(bd_add_context(&err, BD_OK, "never"), BD_OK);
    assert_string_equal(err.message, "line 3: mass 7.5 GeV");
}

static void gsl_errors_keep_their_words(void **state)
{
    (void)state;
    struct bd_error err;
    assert_int_equal(bd_check_gsl(&err, GSL_SUCCESS, "nothing"), BD_OK);
    assert_int_equal(bd_check_gsl(&err, GSL_EMAXITER, "root"), BD_NUMERIC);
    assert_non_null(strstr(err.message, "root: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(context_is_put_before_the_message),
        cmocka_unit_test(gsl_errors_keep_their_words),
    };
    return run_all_tests(tests);
}
