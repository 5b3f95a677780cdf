/* tests/replace.h - a broken copy of a good text. */
#ifndef BD_TESTS_REPLACE_H
#define BD_TESTS_REPLACE_H

#include <stdlib.h>

#include "expect.h"

/* Copy of text with the first `old` replaced by `new`; fails if there is none. The caller frees. */
static inline char *replace_text(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    const size_t size = strlen(text) + strlen(new) + 1;
    char *result = calloc(1, size);
    if (at == NULL || result == NULL)
        fail_msg("the text has no '%s'", old);
    else
        (void)snprintf(result, size, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    return result;
}

#endif
