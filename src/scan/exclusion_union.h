/* src/scan/exclusion_union.h - what any of several experiments excludes, as one contour.
 *
 * The union of regions, each at its own confidence level: no statistical combination. */
#ifndef BD_SCAN_EXCLUSION_UNION_H
#define BD_SCAN_EXCLUSION_UNION_H

#include "src/scan/exclusion.h"

/* outlines[n], n >= 1, of which the first may be a joint one (exclusion_joint.h): of one benchmark and one
 * confidence level. The kind is theirs if they have the same one, "projection" otherwise; protons 0. BD_BAD_INPUT:
 * different confidence levels. */
enum bd_status bd_exclusion_union_contour(const struct bd_exclusion_outline *outlines, size_t n, int threads,
                                          struct bd_contour *contour, struct bd_error *err) BD_MUST_CHECK;

#endif
