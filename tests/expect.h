/* tests/expect.h - what every test program needs: cmocka, and comparisons of doubles. */
#ifndef BD_TESTS_EXPECT_H
#define BD_TESTS_EXPECT_H

/* cmocka wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/core/error.h"

#define expect_ok(call, err)                                                                                      \
    do {                                                                                                          \
        (err).message[0] = '\0';                                                                                  \
        if ((call) != BD_OK)                                                                                      \
            fail_msg("%s: %s", #call, (err).message);                                                             \
    } while (0)

/* The call fails with this status and its message contains the words. */
#define expect_fails(call, wanted, words, err)                                                                    \
    do {                                                                                                          \
        (err).message[0] = '\0';                                                                                  \
        assert_int_equal((call), (wanted));                                                                       \
        if (strstr((err).message, (words)) == NULL)                                                               \
            fail_msg("%s: the message '%s' does not contain '%s'", #call, (err).message, (words));                \
    } while (0)

/* Relative comparison of doubles; cmocka's compares floats, absolutely. */
#define expect_close(actual, expected, relative)                                                                  \
    do {                                                                                                          \
        const double bd_actual = (actual), bd_expected = (expected);                                              \
        if (!(fabs(bd_actual - bd_expected) <= (relative)*fabs(bd_expected)))                                     \
            fail_msg("%s = %.10g, expected %.10g within %g, ratio - 1 = %.3g", #actual, bd_actual, bd_expected,   \
                     (double)(relative), bd_actual / bd_expected - 1.0);                                          \
    } while (0)

/* cmocka's exit code is the number of failures, so 256 of them would pass. */
#define run_all_tests(tests) (gsl_set_error_handler_off(), cmocka_run_group_tests(tests, NULL, NULL) != 0)

#endif
