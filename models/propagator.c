#include "models/propagator.h"

#include <math.h>

#include "src/core/pdg.h"

double complex bd_propagator_fixed(double s, double mass_gev, double width_gev)
{
    const double m2 = mass_gev * mass_gev;
    return m2 / (m2 - s - I * mass_gev * width_gev);
}

static double p_wave_space(double s, double sum, double difference)
{
    const double product = (1.0 - sum * sum / s) * (1.0 - difference * difference / s);
    return s > sum * sum && product > 0.0 ? product : 0.0;
}

double complex bd_propagator_p_wave(double s, double mass_gev, double width_gev, double m1_gev, double m2_gev)
{
    const double m2 = mass_gev * mass_gev, sum = m1_gev + m2_gev, difference = m1_gev - m2_gev;
    const double b = p_wave_space(s, sum, difference) / p_wave_space(m2, sum, difference);
    return m2 / (m2 - s - I * width_gev * (s / mass_gev) * b * sqrt(b));
}

/* Loop function h(s) of two pions, k their momentum. */
static double loop_h(double root_s, double k)
{
    return 2.0 / BD_PI * k / root_s * log((root_s + 2.0 * k) / (2.0 * BD_MASS_PI_CHARGED));
}

double complex bd_propagator_gounaris_sakurai(double s, double mass_gev, double width_gev)
{
    const double m_pi2 = BD_MASS_PI_CHARGED * BD_MASS_PI_CHARGED, m2 = mass_gev * mass_gev, root_s = sqrt(s);
    const double k02 = 0.25 * m2 - m_pi2, k2 = 0.25 * s - m_pi2, k0 = sqrt(k02), k = sqrt(fmax(k2, 0.0));
    const double h0 = loop_h(mass_gev, k0);
    const double h0_slope = h0 * (0.125 / k02 - 0.5 / m2) + 0.5 / (BD_PI * m2);
    /* d makes the propagator 1 at s = 0. */
    const double log0 = log((mass_gev + 2.0 * k0) / (2.0 * BD_MASS_PI_CHARGED));
    const double d =
        3.0 / BD_PI * m_pi2 / k02 * log0 + mass_gev / (2.0 * BD_PI * k0) - m_pi2 * mass_gev / (BD_PI * k02 * k0);
    const double f = width_gev * m2 / (k02 * k0) * (k2 * (loop_h(root_s, k) - h0) + (m2 - s) * k02 * h0_slope);
    const double ratio = k / k0;
    return m2 * (1.0 + d * width_gev / mass_gev) /
           (m2 - s + f - I * m2 * width_gev * ratio * ratio * ratio / root_s);
}
