#include "production/splitting.h"

#include <math.h>

#include "src/core/pdg.h"

#define MP2 (BD_MASS_PROTON * BD_MASS_PROTON)

double bd_splitting_h(double z, double pt2, double mass_gev)
{
    return pt2 + (1.0 - z) * mass_gev * mass_gev + z * z * MP2;
}

double bd_splitting_ww(double z, double pt2, double mass_gev, int printed)
{
    const double h = bd_splitting_h(z, pt2, mass_gev), m2 = mass_gev * mass_gev, y = 1.0 - z;
    const double bracket = (printed ? z : 1.0) + y * y;
    return BD_ALPHA_EM / (2.0 * BD_PI * h) *
           ((1.0 + y * y) / z - 2.0 * z * y * ((2.0 * MP2 + m2) / h - 2.0 * z * z * MP2 * MP2 / (h * h)) +
            2.0 * z * y * bracket * MP2 * m2 / (h * h) + 2.0 * z * y * y * m2 * m2 / (h * h));
}

double bd_splitting_qra(double z, double pt2, double mass_gev)
{
    const double h = bd_splitting_h(z, pt2, mass_gev), m2 = mass_gev * mass_gev;
    return BD_ALPHA_EM / (2.0 * BD_PI * h) * (z - z * (1.0 - z) * (2.0 * MP2 + m2) / h + h / (2.0 * z * m2));
}

void bd_splitting_improved(double z, double pt2, double mass_gev, double *w)
{
    const double h = bd_splitting_h(z, pt2, mass_gev), m2 = mass_gev * mass_gev, y = 1.0 - z;
    const double unit = BD_ALPHA_EM / (2.0 * BD_PI * h);
    w[0] = unit * ((1.0 + y * y) / z - z * y * (2.0 * MP2 + m2) / h);
    w[1] = w[0] + BD_ALPHA_EM / (4.0 * BD_PI * MP2) * (1.0 - y * (4.0 * MP2 + m2) / h) *
                      (1.0 / z - z / 4.0 * (4.0 * MP2 - m2) / h);
    w[2] = unit * (2.0 * z - 3.0 * z * y * m2 / h);
}

double bd_splitting_off_shell(double z, double pt2, double mass_gev, double lambda_gev)
{
    const double virtuality = bd_splitting_h(z, pt2, mass_gev) / z, lambda4 = pow(lambda_gev, 4.0);
    const double f = lambda4 / (lambda4 + virtuality * virtuality);
    return f * f;
}
