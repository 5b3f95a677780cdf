#include "production/cross_section.h"

#include <math.h>

double bd_cross_section_pp_total(double s)
{
    const double l = log(s / 28.94);
    return 35.45 + 0.308 * l * l + 42.53 * pow(s, -0.458) - 33.34 * pow(s, -0.545);
}

double bd_cross_section_pp_nsd(double s)
{
    return 1.76 + 19.8 * pow(s, 0.057);
}

double bd_cross_section_pp_inelastic(double beam_p_gev)
{
    return 31.5 + (32.9 - 31.5) * log(beam_p_gev / 30.0) / log(400.0 / 30.0);
}
