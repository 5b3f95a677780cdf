/* src/cli/contour_file.h - contours from the CSV that `beamdump export` writes.
 *
 * Columns: experiment,benchmark,kind,polyline,vertex,mass_gev,coupling,closed,hole; in another plane the names of
 * its axes instead of mass_gev,coupling. Rows of one (experiment, benchmark, kind) stand together, as do those of
 * a polyline, by ascending vertex. */
#ifndef BD_CLI_CONTOUR_FILE_H
#define BD_CLI_CONTOUR_FILE_H

#include "src/core/error.h"
#include "src/scan/result.h"

/* plane: "mass_gev,coupling". BD_BAD_INPUT names file, line, column and value. CL and POT of the contours are not
 * in the file: 0. The caller frees with bd_contour_file_free. */
enum bd_status bd_contour_file_read(const char *path, const char *plane, struct bd_contour **contours, size_t *n,
                                    struct bd_error *err) BD_MUST_CHECK;
void bd_contour_file_free(struct bd_contour *contours, size_t n); /* accepts NULL */

#endif
