/* src/core/data.h - where the program's own data files are.
 *
 * The data keep the layout of the source tree: decay/experiments/, production/spectra/, models/data/, db/, plots/.
 * Looked for in $BEAMDUMP_DATA, then in the installed data folder, then in the source tree the program was built
 * from. */
#ifndef BD_CORE_DATA_H
#define BD_CORE_DATA_H

#include <stddef.h>

#include "src/core/error.h"

/* Path of a data file, e.g. "models/data/benchmarks.yaml". BD_IO, with all places tried, if it is nowhere. */
enum bd_status bd_data_path(const char *relative, char *path, size_t size, struct bd_error *err) BD_MUST_CHECK;

/* Whole text of a file, NUL-terminated; the caller frees. length may be NULL. */
enum bd_status bd_data_read_text(const char *path, char **text, size_t *length,
                                 struct bd_error *err) BD_MUST_CHECK;

/* 64-bit FNV-1a hash, for provenance and for seeds; not cryptographic. Start with hash = BD_HASH_START. */
#define BD_HASH_START 14695981039346656037ULL
unsigned long long bd_data_hash(unsigned long long hash, const void *bytes, size_t length);

#endif
