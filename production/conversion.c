#include "production/conversion.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "src/core/pdg.h"

#define FM (1.0 / (BD_HBARC_GEV_M * 1e15)) /* [GeV^-1] */
#define FIRST_ZERO 4.49                    /* of j1 */

void bd_conversion_init(double a, double z, int screening, struct bd_conversion *conversion)
{
    const double c = 1.23 * cbrt(a) - 0.6, surface = 0.52, skin = 0.9; /* fm */
    const double r2 = c * c + 7.0 / 3.0 * BD_PI * BD_PI * surface * surface - 5.0 * skin * skin;
    const double atom = 111.0 / cbrt(z) / BD_MASS_ELECTRON;
    *conversion = (struct bd_conversion){.radius2 = r2 * FM * FM,
                                         .skin2 = skin * skin * FM * FM,
                                         .screening = screening ? atom * atom : 0.0,
                                         .strength = BD_ALPHA_EM * z * z / 8.0};
    conversion->t_max = FIRST_ZERO * FIRST_ZERO / conversion->radius2;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(BD_CONVERSION_NODES);
    for (size_t i = 0; table != NULL && i < BD_CONVERSION_NODES; i++)
        (void)gsl_integration_glfixed_point(0.0, 1.0, i, &conversion->node[i], &conversion->weight[i], table);
    if (table != NULL)
        gsl_integration_glfixed_table_free(table);
}

double bd_conversion_t_min(double mass, double energy)
{
    const double ratio = mass * mass / (2.0 * energy);
    return ratio * ratio;
}

/* 3 j1(x)/x exp(-t s^2/2), squared; times the field of the electrons. */
static double form_factor_squared(const struct bd_conversion *conversion, double t)
{
    const double x2 = t * conversion->radius2, x = sqrt(x2);
    const double bessel = x < 0.01 ? 1.0 - x2 / 10.0 : 3.0 * (sin(x) - x * cos(x)) / (x * x2);
    const double atom =
        conversion->screening > 0.0 ? conversion->screening * t / (1.0 + conversion->screening * t) : 1.0;
    return bessel * bessel * exp(-t * conversion->skin2) * atom * atom;
}

double bd_conversion_per_ln_t(const struct bd_conversion *conversion, double t_min, double t)
{
    if (t <= t_min || t >= conversion->t_max)
        return 0.0;
    return conversion->strength * form_factor_squared(conversion, t) * (1.0 - t_min / t);
}

double bd_conversion_cross_section(const struct bd_conversion *conversion, double mass, double energy)
{
    const double t_min = bd_conversion_t_min(mass, energy);
    if (energy <= mass || t_min >= conversion->t_max)
        return 0.0;
    const double range = log(conversion->t_max / t_min);
    double sum = 0.0;
    for (int i = 0; i < BD_CONVERSION_NODES; i++)
        sum += conversion->weight[i] *
               bd_conversion_per_ln_t(conversion, t_min, t_min * exp(range * conversion->node[i]));
    return sum * range;
}
