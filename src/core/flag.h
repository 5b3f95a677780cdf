/* src/core/flag.h - what a number is worth: the `status` column of the database and of every table. */
#ifndef BD_CORE_FLAG_H
#define BD_CORE_FLAG_H

/* Ordered by severity: the flag of a sum is the largest of its terms. */
enum bd_flag {
    BD_FLAG_OK = 0,
    BD_FLAG_PRECISION, /* the maximum of Monte Carlo points was reached before the asked precision */
    BD_FLAG_CLIPPED,   /* BR > 1 in a digitised table, set to 1; or two tables added without interference */
    BD_FLAG_MASKED,    /* too close to a meson pole */
    BD_FLAG_CLOSED,    /* forbidden by kinematics or by the cuts: the value is 0 */
    BD_FLAG_OUTSIDE,   /* outside the range of the cited formula: there is no value */
};

/* "ok", "precision", "clipped", "masked", "closed", "outside". */
const char *bd_flag_name(enum bd_flag flag);

/* 1 and the flag if the text is a name. */
int bd_flag_find(const char *name, enum bd_flag *flag);

#endif
