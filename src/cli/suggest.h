/* src/cli/suggest.h - "did you mean": the known words nearest to a misspelt one. */
#ifndef BD_CLI_SUGGEST_H
#define BD_CLI_SUGGEST_H

#include <stddef.h>

/* " Did you mean 'a' or 'b'?" with the (up to three) nearest of known[n], or "" if none is near: at most a third
 * of the letters changed, exchanged, missing or added, or one word begins with the other. Upper case counts as
 * lower case. Returns text. */
const char *bd_suggest(const char *word, const char *const *known, size_t n, char *text, size_t size);

#endif
