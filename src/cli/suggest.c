#include "src/cli/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define WORD_MAX 48
#define NEAREST_MAX 3

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Number of letters to insert, delete, replace or exchange with their neighbour to turn a into b (Damerau's
 * restricted distance). Longer words are compared by their first WORD_MAX letters. */
static size_t distance(const char *a, const char *b)
{
    const size_t na = strnlen(a, WORD_MAX), nb = strnlen(b, WORD_MAX);
    size_t d[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= na; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= nb; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= na; i++)
        for (size_t j = 1; j <= nb; j++) {
            const int last_a = tolower((unsigned char)a[i - 1]), last_b = tolower((unsigned char)b[j - 1]);
            d[i][j] = smallest(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (last_a != last_b));
            if (i > 1 && j > 1 && last_a == tolower((unsigned char)b[j - 2]) &&
                last_b == tolower((unsigned char)a[i - 2]) && d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    return d[na][nb];
}

static int begins_with(const char *word, const char *start)
{
    const size_t n = strlen(start);
    return n >= 2 && strncmp(word, start, n) == 0;
}

const char *bd_suggest(const char *word, const char *const *known, size_t n, char *text, size_t size)
{
    const char *nearest[NEAREST_MAX];
    size_t n_nearest = 0, best = WORD_MAX;
    const size_t length = strlen(word), allowed = length < 3 ? 1 : (length + 2) / 3;
    for (size_t i = 0; i < n; i++) {
        const size_t d = begins_with(known[i], word) || begins_with(word, known[i]) ? 1 : distance(word, known[i]);
        if (d > allowed || d > best)
            continue;
        if (d < best)
            n_nearest = 0;
        best = d;
        if (n_nearest < NEAREST_MAX)
            nearest[n_nearest++] = known[i];
    }
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < n_nearest && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s'%s'%s", i == 0 ? " Did you mean " : " or ",
                                 nearest[i], i + 1 == n_nearest ? "?" : "");
    return text;
}
