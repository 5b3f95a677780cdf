#include "src/core/data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum bd_status bd_data_path(const char *relative, char *path, size_t size, struct bd_error *err)
{
    const char *const roots[] = {getenv("BEAMDUMP_DATA"), BD_INSTALL_DATA_DIR, BD_SOURCE_DATA_DIR};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (roots[i] == NULL)
            continue;
        const int n = snprintf(path, size, "%s/%s", roots[i], relative);
        if (n < 0 || (size_t)n >= size)
            return bd_fail(err, BD_IO, "path of data file '%s' is too long", relative);
        if (access(path, R_OK) == 0)
            return BD_OK;
    }
    return bd_fail(err, BD_IO, "data file '%s' is in none of: $BEAMDUMP_DATA, %s, %s", relative,
                   BD_INSTALL_DATA_DIR, BD_SOURCE_DATA_DIR);
}

enum bd_status bd_data_read_text(const char *path, char **text, size_t *length, struct bd_error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return bd_fail(err, BD_IO, "%s: %s", path, strerror(errno));
    size_t used = 0, size = 1 << 16;
    char *buffer = malloc(size);
    for (size_t n = 0; buffer != NULL; used += n) {
        n = fread(buffer + used, 1, size - used - 1, file);
        if (n == 0)
            break;
        if (used + n == size - 1) {
            char *larger = realloc(buffer, size *= 2);
            if (larger == NULL)
                free(buffer);
            buffer = larger;
        }
    }
    const int failed = ferror(file), cause = errno; /* a folder opens, but does not read */
    (void)fclose(file);
    if (buffer == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    if (failed) {
        free(buffer);
        return bd_fail(err, BD_IO, "%s: %s", path, strerror(cause));
    }
    buffer[used] = '\0';
    *text = buffer;
    if (length != NULL)
        *length = used;
    return BD_OK;
}

unsigned long long bd_data_hash(unsigned long long hash, const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * 1099511628211ULL;
    return hash;
}
