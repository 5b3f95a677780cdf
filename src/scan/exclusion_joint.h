/* src/scan/exclusion_joint.h - counting channels of several experiments in one CLs.
 *
 * The product of their likelihoods: all counting channels of all experiments together, as those of one experiment
 * (src/scan/combine.h). The experiments must not share data. The errors of their protons are taken as one common
 * factor with the largest of them: they are independent, so this is on the safe side. */
#ifndef BD_SCAN_EXCLUSION_JOINT_H
#define BD_SCAN_EXCLUSION_JOINT_H

#include "src/scan/exclusion.h"

struct bd_exclusion_joint;

/* parts[n], n >= 1: of one benchmark, borrowed. BD_BAD_INPUT: too many channels. */
enum bd_status bd_exclusion_joint_open(const struct bd_exclusion *const *parts, size_t n,
                                       struct bd_exclusion_joint **joint, struct bd_error *err) BD_MUST_CHECK;
void bd_exclusion_joint_free(struct bd_exclusion_joint *joint); /* accepts NULL */

/* Outline of the observation, or of the projection if any part is one; its method is "likelihood". It borrows the
 * joint. BD_BAD_INPUT: different confidence levels. */
enum bd_status bd_exclusion_joint_outline(const struct bd_exclusion_joint *joint,
                                          struct bd_exclusion_outline *outline,
                                          struct bd_error *err) BD_MUST_CHECK;

#endif
