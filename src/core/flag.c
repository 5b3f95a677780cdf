#include "src/core/flag.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {"ok", "precision", "clipped", "masked", "closed", "outside"};

const char *bd_flag_name(enum bd_flag flag)
{
    return names[flag];
}

int bd_flag_find(const char *name, enum bd_flag *flag)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) {
            *flag = (enum bd_flag)i;
            return 1;
        }
    return 0;
}
