/* decay/decay.h - the decays of X whose products an experiment can see. */
#ifndef BD_DECAY_DECAY_H
#define BD_DECAY_DECAY_H

#include <stddef.h>

#include "src/core/particle.h"

#define BD_DAUGHTERS_MAX 4

/* The products; X -> 1 2, X -> (1 2) 3 or X -> (1 2) (3 4). Phase space is flat. */
struct bd_decay {
    const char *name;                      /* "pi+pi-pi0" */
    const char *daughter[BD_DAUGHTERS_MAX]; /* names of bd_particle; NULL behind the last */
};

/* Borrowed pointer to a static entry, or NULL: no such decay, or one that enters the widths only. */
const struct bd_decay *bd_decay_find(const char *name);
/* The i-th, NULL behind the last. */
const struct bd_decay *bd_decay_at(size_t i);

size_t bd_decay_n_daughter(const struct bd_decay *decay);
/* Sum of the masses of the daughters [GeV]. */
double bd_decay_threshold(const struct bd_decay *decay);

#endif
