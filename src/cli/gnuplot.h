/* src/cli/gnuplot.h - a gnuplot process that is fed variables and data blocks and then runs a script of plots/. */
#ifndef BD_CLI_GNUPLOT_H
#define BD_CLI_GNUPLOT_H

#include <stdio.h>

#include "src/core/error.h"

struct bd_gnuplot;

/* Start gnuplot for a picture .svg, .png or .pdf (BD_USAGE otherwise) and set terminal, output_file, style (path
 * of plots/style.gp) and program (its name and version). */
enum bd_status bd_gnuplot_open(const char *picture_path, struct bd_gnuplot **gnuplot,
                               struct bd_error *err) BD_MUST_CHECK;

/* Where commands and data are written to (borrowed). */
FILE *bd_gnuplot_stream(struct bd_gnuplot *gnuplot);
/* name = 'value', without what could end the string, so that no text of a user becomes a command. */
void bd_gnuplot_string(struct bd_gnuplot *gnuplot, const char *name, const char *value);

/* With BD_OK run the script ("plots/contour.gp"), wait, and give the picture its name; else stop gnuplot, drop the
 * picture and return status. BD_IO: gnuplot is missing or failed. Frees gnuplot; accepts NULL. */
enum bd_status bd_gnuplot_close(struct bd_gnuplot *gnuplot, const char *script, enum bd_status status,
                                struct bd_error *err) BD_MUST_CHECK;

#endif
