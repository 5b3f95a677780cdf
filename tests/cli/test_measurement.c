/* Numbers with errors as they are typed. */
#include "expect.h"

#include "src/cli/measurement.h"

static void errors_are_read_as_papers_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value, up, down;
    } good[] = {
        {"2.5", 2.5, 0.0, 0.0},
        {"0", 0.0, 0.0, 0.0},
        {".5", 0.5, 0.0, 0.0},
        {"-1", -1.0, 0.0, 0.0}, /* what it means is checked by its user */
        {"0.016+-0.002", 0.016, 0.002, 0.002},
        {"0.016+/-0.002", 0.016, 0.002, 0.002},
        {"0.016 \u00b1 0.002", 0.016, 0.002, 0.002},
        {"9.33e-10+-0.84e-10", 9.33e-10, 0.84e-10, 0.84e-10},
        {"0.0094+0.049-0.009", 0.0094, 0.049, 0.009},
        {"0.0094 -0.009 +0.049", 0.0094, 0.049, 0.009},
        {"1.2e-7+4.3e-7-1e-7", 1.2e-7, 4.3e-7, 1e-7},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct bd_error err;
        struct bd_measurement m;
        expect_ok(bd_measurement_parse(good[i].text, &m, &err), err);
        assert_true(m.value == good[i].value && m.err_up == good[i].up && m.err_down == good[i].down);
    }
}

static void everything_else_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",       "nan",   "inf", "1e999",    "0x10",     "1.5x",   "1+-", "1+-nan",
                                      "1+-0x1", "1+2",   "1-2", "1+2+3",    "1+-2+-3",  "1+-2-3", "1 2", "+1",
                                      "--1",    "1+--2", "1,5", "(1+-2)e3", "1+-1e999", "1e",     "e5",  "1+2-"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct bd_error err;
        struct bd_measurement m;
        expect_fails(bd_measurement_parse(bad[i], &m, &err), BD_BAD_INPUT, "VALUE+-ERROR", err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_read_as_papers_write_them),
        cmocka_unit_test(everything_else_is_refused),
    };
    return run_all_tests(tests);
}
