/* src/core/vector.h - marks a hot loop that should exist for several processors.
 *
 * No fused multiply-add is used (-ffp-contract=off), so every version gives the same bits; a test checks it. */
#ifndef BD_CORE_VECTOR_H
#define BD_CORE_VECTOR_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&          \
    !defined(__SANITIZE_THREAD__) && !defined(BD_NO_VECTOR_CLONES)
#define BD_VECTOR __attribute__((target_clones("avx2", "default")))
#else
#define BD_VECTOR
#endif

#endif
