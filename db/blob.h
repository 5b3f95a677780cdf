/* db/blob.h - doubles as little-endian bytes, whatever the machine. */
#ifndef BD_DB_BLOB_H
#define BD_DB_BLOB_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void bd_blob_put(const double *values, size_t n, unsigned char *bytes /* [8 n] */)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        for (size_t k = 0; k < 8; k++)
            bytes[8 * i + k] = (unsigned char)(bits >> (8 * k));
    }
}

static inline void bd_blob_get(const unsigned char *bytes /* [8 n] */, size_t n, double *values)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = 0;
        for (size_t k = 0; k < 8; k++)
            bits |= (uint64_t)bytes[8 * i + k] << (8 * k);
        memcpy(&values[i], &bits, sizeof bits);
    }
}

#endif
