/* src/core/catmull_rom.h - a smooth curve through values at equal steps.
 *
 * Catmull-Rom cubics: the slope at a node is that of its two neighbours. A node missing at an end is the linear
 * extrapolation of the last two; outside the nodes the curve is the straight line through them. Linear in the
 * values, so tables whose error was measured with it keep that error. */
#ifndef BD_CORE_CATMULL_ROM_H
#define BD_CORE_CATMULL_ROM_H

#include <stddef.h>

/* Value at x of the curve through y[i] at x_first + i * step, i < n, n >= 2. */
double bd_catmull_rom_at(const double *y, size_t n, double x_first, double step, double x);

#endif
