#include "src/cli/measurement.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void skip_blanks(const char **text)
{
    *text += strspn(*text, " \t");
}

/* A decimal number without a sign, from *text on, which moves behind it. */
static int read_number(const char **text, double *value)
{
    skip_blanks(text);
    const char *start = *text;
    if (!isdigit((unsigned char)*start) && *start != '.')
        return 0; /* strtod would take a sign, nan and inf */
    if (start[0] == '0' && (start[1] == 'x' || start[1] == 'X'))
        return 0;
    char *end;
    *value = strtod(start, &end);
    *text = end;
    skip_blanks(text);
    return end != start && isfinite(*value);
}

static int read_word(const char **text, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0)
        return 0;
    *text += length;
    return 1;
}

/* "+0.049-0.009" or "-0.009+0.049" */
static int read_two_errors(const char **text, struct bd_measurement *measurement)
{
    const int up_first = **text == '+';
    double *const first = up_first ? &measurement->err_up : &measurement->err_down;
    double *const second = up_first ? &measurement->err_down : &measurement->err_up;
    return read_word(text, up_first ? "+" : "-") && read_number(text, first) &&
           read_word(text, up_first ? "-" : "+") && read_number(text, second);
}

static int read_errors(const char **text, struct bd_measurement *measurement)
{
    if (**text == '\0')
        return 1;
    if (!read_word(text, "+-") && !read_word(text, "+/-") && !read_word(text, "\u00b1"))
        return read_two_errors(text, measurement);
    const int ok = read_number(text, &measurement->err_up);
    measurement->err_down = measurement->err_up;
    return ok;
}

enum bd_status bd_measurement_parse(const char *text, struct bd_measurement *measurement, struct bd_error *err)
{
    const char *at = text;
    *measurement = (struct bd_measurement){0.0, 0.0, 0.0};
    skip_blanks(&at);
    const int negative = read_word(&at, "-");
    if (!read_number(&at, &measurement->value) || !read_errors(&at, measurement) || *at != '\0')
        return bd_fail(err, BD_BAD_INPUT, "expected VALUE, VALUE+-ERROR or VALUE+UP-DOWN, found '%.60s'", text);
    if (negative)
        measurement->value = -measurement->value;
    return BD_OK;
}
