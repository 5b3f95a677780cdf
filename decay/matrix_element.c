#include "decay/matrix_element.h"

#include "models/three_meson.h"
#include "src/core/pdg.h"

double bd_matrix_element_vector_3pi(double mass_gev, double s12, double s13, double s23)
{
    static const double mass[] = {BD_MASS_PI_CHARGED, BD_MASS_PI_CHARGED, BD_MASS_PI0};
    return bd_three_meson_squared(BD_THREE_MESON_3PI, mass_gev, mass, s12, s13, s23);
}

double bd_matrix_element_vector_kkpi(double mass_gev, double s12, double s13, double s23)
{
    static const double mass[] = {BD_MASS_K_CHARGED, BD_MASS_K_CHARGED, BD_MASS_PI0};
    return bd_three_meson_squared(BD_THREE_MESON_KPKMPI0, mass_gev, mass, s12, s13, s23);
}
