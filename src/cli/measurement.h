/* src/cli/measurement.h - a number with its error as papers write it. */
#ifndef BD_CLI_MEASUREMENT_H
#define BD_CLI_MEASUREMENT_H

#include "src/core/error.h"

struct bd_measurement {
    double value, err_up, err_down; /* errors >= 0; 0: not given */
};

/* "2.5", "0.016+-0.002" (also "+/-" and the one character), "0.0094+0.049-0.009"; blanks do not matter.
 * BD_BAD_INPUT: anything else, a number that is not finite. */
enum bd_status bd_measurement_parse(const char *text, struct bd_measurement *measurement,
                                    struct bd_error *err) BD_MUST_CHECK;

#endif
