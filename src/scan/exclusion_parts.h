/* src/scan/exclusion_parts.h - several outlines as the parts of one: what a union (exclusion_union.h) and a joint
 * likelihood (exclusion_joint.h) share. */
#ifndef BD_SCAN_EXCLUSION_PARTS_H
#define BD_SCAN_EXCLUSION_PARTS_H

#include "src/scan/exclusion.h"

struct bd_exclusion_parts {
    const struct bd_exclusion_outline *outline; /* [n], borrowed; of one benchmark */
    size_t n;
};

struct bd_exclusion_parts_column {
    const struct bd_exclusion_parts *parts;
    void *part[]; /* [n], columns of the outlines */
};

/* The outline over the masses of all parts; the caller sets its experiment, its method and field.value, whose
 * column is a struct bd_exclusion_parts_column. The kind is theirs if they have the same one, "projection"
 * otherwise; protons 0. It borrows the parts. BD_BAD_INPUT: different confidence levels. */
enum bd_status bd_exclusion_parts_outline(const struct bd_exclusion_parts *parts,
                                          struct bd_exclusion_outline *outline,
                                          struct bd_error *err) BD_MUST_CHECK;

/* "union", and behind it what is not the default of the parts. */
void bd_exclusion_parts_name_method(const struct bd_exclusion_parts *parts, const char *name,
                                    char method[static BD_METHOD_SIZE]);

#endif
