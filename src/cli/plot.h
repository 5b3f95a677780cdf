/* src/cli/plot.h - the pictures of `beamdump plot`: data in the form the scripts of plots/ want. */
#ifndef BD_CLI_PLOT_H
#define BD_CLI_PLOT_H

#include "src/cli/gnuplot.h"
#include "src/cli/options.h"

/* Excluded regions of --contour (and --kind), plots/contour.gp. */
enum bd_status bd_plot_contours(const struct bd_options *options, struct bd_error *err) BD_MUST_CHECK;

/* Branching ratios and c tau of --widths, plots/widths.gp. */
enum bd_status bd_plot_widths(const struct bd_options *options, struct bd_error *err) BD_MUST_CHECK;

/* Accepted events of --events in the regions of --experiment, plots/regions.gp. */
enum bd_status bd_plot_regions(const struct bd_options *options, struct bd_error *err) BD_MUST_CHECK;

/* A number of the command line as a variable of the script, NaN if it was not given. */
void bd_plot_write_number(const struct bd_options *options, const char *name, const char *option,
                          struct bd_gnuplot *gnuplot);

#endif
