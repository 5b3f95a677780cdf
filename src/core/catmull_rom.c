#include "src/core/catmull_rom.h"

double bd_catmull_rom_at(const double *y, size_t n, double x_first, double step, double x)
{
    const double u = (x - x_first) / step;
    if (u <= 0.0)
        return y[0] + u * (y[1] - y[0]);
    if (u >= (double)(n - 1))
        return y[n - 1] + (u - (double)(n - 1)) * (y[n - 1] - y[n - 2]);
    const size_t i = (size_t)u;
    const double t = u - (double)i, y0 = y[i], y1 = y[i + 1];
    const double before = i > 0 ? y[i - 1] : 2.0 * y0 - y1, behind = i + 2 < n ? y[i + 2] : 2.0 * y1 - y0;
    return 0.5 * (2.0 * y0 + t * (y1 - before +
                                  t * (2.0 * before - 5.0 * y0 + 4.0 * y1 - behind +
                                       t * (3.0 * y0 - before - 3.0 * y1 + behind))));
}
