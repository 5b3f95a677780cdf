#include "models/three_meson.h"

#include <complex.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/propagator.h"
#include "src/core/catmull_rom.h"
#include "src/core/pdg.h"

#define BASIS_MAX 4
#define N_PRODUCT 16  /* BASIS_MAX^2, real numbers of a Hermitian matrix */
#define NODE_MARGIN 1 /* nodes outside the range of use, so that no end rule of the interpolation is seen */

/* The fit has 0.140 GeV for all pions, in widths, limits and momenta. */
#define M_PI_FIT 0.140

#define KKPI_START BD_THREE_MESON_KKPI_START_GEV

static const struct state {
    size_t n_basis;
    double mass[3];             /* of the fit */
    double start_gev, step_gev; /* of the table */
    unsigned n_quadrature;      /* points per axis */
    double factor;              /* charge states */
} states[BD_THREE_MESON_STATES] = {
    [BD_THREE_MESON_3PI] = {4, {M_PI_FIT, M_PI_FIT, M_PI_FIT}, BD_THREE_MESON_3PI_START_GEV, 0.02, 64, 1.0},
    [BD_THREE_MESON_KSKLPI0] = {2, {BD_MASS_K0, BD_MASS_K0, BD_MASS_PI0}, KKPI_START, 0.005, 48, 1.0},
    [BD_THREE_MESON_KPKMPI0] =
        {2, {BD_MASS_K_CHARGED, BD_MASS_K_CHARGED, BD_MASS_PI0}, KKPI_START, 0.005, 48, 1.0},
    [BD_THREE_MESON_K0KPI] = {2, {BD_MASS_K0, BD_MASS_K_CHARGED, BD_MASS_PI_CHARGED}, KKPI_START, 0.005, 48, 2.0},
};

struct bd_three_meson {
    struct table {
        double first_gev;
        size_t n;
        double *node[N_PRODUCT]; /* [n] integrals over the pairs, divided by (m - threshold)^4 */
    } table[BD_THREE_MESON_STATES];
};

/* ---- currents: F = sum_k coefficient_k(s) basis_k(s12, s13, s23) ---- */

static double complex polar(double modulus, double phase)
{
    return modulus * (cos(phase) + I * sin(phase));
}

/* One rho in each of the three pairs. */
static double complex three_rhos(double mass, double width, double s12, double s13, double s23)
{
    return bd_propagator_p_wave(s12, mass, width, M_PI_FIT, M_PI_FIT) +
           bd_propagator_p_wave(s13, mass, width, M_PI_FIT, M_PI_FIT) +
           bd_propagator_p_wave(s23, mass, width, M_PI_FIT, M_PI_FIT);
}

static void three_pi_basis(double s12, double s13, double s23, double complex *basis)
{
    basis[0] = three_rhos(0.77609, 0.14446, s12, s13, s23);
    basis[1] = three_rhos(1.465, 0.31, s12, s13, s23);
    basis[2] = three_rhos(1.7, 0.235, s12, s13, s23);
    basis[3] = bd_propagator_p_wave(s12, 0.77609, 0.14446, M_PI_FIT, M_PI_FIT) / (0.77609 * 0.77609) -
               0.1 * bd_propagator_p_wave(s12, 1.7, 0.26, M_PI_FIT, M_PI_FIT) / (1.7 * 1.7);
}

static void three_pi_coefficients(double s, double complex *coefficient)
{
    const double complex omega = bd_propagator_fixed(s, 0.7824, 0.00869),
                         phi = bd_propagator_fixed(s, 1.01924, 0.00414);
    const double complex omega1 = bd_propagator_fixed(s, 1.375, 0.250),
                         omega2 = bd_propagator_fixed(s, 1.631, 0.245);
    /* Isospin 1: rho -> omega pi. */
    const double g1 = 1.55 / sqrt(2.0) * 12.924 * 0.266 * 0.77609 * 0.77609 * 0.185; /* GeV */
    coefficient[0] = 18.20 * omega - 0.87 * phi - 0.77 * omega1 - 1.12 * omega2;     /* GeV^-3 */
    coefficient[1] = -0.72 * phi;
    coefficient[2] = -0.59 * omega2;
    coefficient[3] = g1 * bd_propagator_fixed(s, 0.78259, 0.00849) / (0.78259 * 0.78259);
}

#define M_KSTAR 0.8956

/* A K* in each of the two K pi pairs. */
static void kk_pi_basis(const double *mass, double s13, double s23, double complex *basis)
{
    basis[0] = bd_propagator_p_wave(s13, M_KSTAR, 0.0470, mass[0], mass[2]) / (M_KSTAR * M_KSTAR);
    basis[1] = bd_propagator_p_wave(s23, M_KSTAR, 0.0470, mass[1], mass[2]) / (M_KSTAR * M_KSTAR);
}

static void kk_pi_coefficients(enum bd_three_meson_state state, double s, double complex *coefficient)
{
    const double complex isoscalar = polar(0.233, 1.1e-7) * bd_propagator_fixed(s, 1.6334, 0.218) +
                                     polar(0.0405, 5.19) * bd_propagator_fixed(s, 1.957, 0.267);
    const double complex isovector = -2.34 * bd_propagator_fixed(s, 0.77526, 0.1491) +
                                     polar(0.594, 0.317) * bd_propagator_fixed(s, 1.470, 0.400) -
                                     polar(0.0179, 2.57) * bd_propagator_fixed(s, 1.720, 0.250);
    const double g = 2.0 * 5.373924 / sqrt(6.0);
    const double complex neutral = g * (isoscalar + isovector), charged = g * (isoscalar - isovector);
    coefficient[0] = state == BD_THREE_MESON_KPKMPI0 ? charged : neutral;
    coefficient[1] = state == BD_THREE_MESON_KSKLPI0 ? neutral : charged;
}

/* ---- kinematics ---- */

static double square(double x)
{
    return x * x;
}

/* |q1 x q2|^2 in the rest frame; 0 outside the Dalitz plot. */
static double cross_squared(double s, const double *mass, double s12, double s13, double s23)
{
    const double q1 = square(s + square(mass[0]) - s23) / (4.0 * s) - square(mass[0]);
    const double q2 = square(s + square(mass[1]) - s13) / (4.0 * s) - square(mass[1]);
    const double q3 = square(s + square(mass[2]) - s12) / (4.0 * s) - square(mass[2]);
    return fmax(q1 * q2 - square(0.5 * (q3 - q1 - q2)), 0.0);
}

static void basis_at(enum bd_three_meson_state state, double s12, double s13, double s23, double complex *basis)
{
    if (state == BD_THREE_MESON_3PI)
        three_pi_basis(s12, s13, s23, basis);
    else
        kk_pi_basis(states[state].mass, s13, s23, basis);
}

static void coefficients_at(enum bd_three_meson_state state, double s, double complex *coefficient)
{
    if (state == BD_THREE_MESON_3PI)
        three_pi_coefficients(s, coefficient);
    else
        kk_pi_coefficients(state, s, coefficient);
}

double bd_three_meson_squared(enum bd_three_meson_state state, double mass_gev, const double *daughter_mass_gev,
                              double s12, double s13, double s23)
{
    double complex basis[BASIS_MAX] = {0}, coefficient[BASIS_MAX] = {0}, f = 0.0;
    const double s = mass_gev * mass_gev;
    basis_at(state, s12, s13, s23, basis);
    coefficients_at(state, s, coefficient);
    for (size_t k = 0; k < states[state].n_basis; k++)
        f += coefficient[k] * basis[k];
    return cross_squared(s, daughter_mass_gev, s12, s13, s23) * (square(creal(f)) + square(cimag(f)));
}

/* ---- integrals over the pairs ---- */

/* product[k * n + l]: of basis k and basis l; k = l: the real integral, k < l: its real part, k > l: that of (l,
 * k), imaginary part. */
static void add_products(size_t n, const double complex *basis, double weight, double *product)
{
    for (size_t k = 0; k < n; k++) {
        product[k * n + k] += weight * (square(creal(basis[k])) + square(cimag(basis[k])));
        for (size_t l = k + 1; l < n; l++) {
            const double complex z = basis[k] * conj(basis[l]);
            product[k * n + l] += weight * creal(z);
            product[l * n + k] += weight * cimag(z);
        }
    }
}

static double threshold_of(enum bd_three_meson_state state)
{
    return states[state].mass[0] + states[state].mass[1] + states[state].mass[2];
}

/* s12 = lo + (hi - lo)(1 - cos t)/2 takes the square roots away from its ends; c: cosine between 1 and 3 in the
 * frame of (1 2), ds13 = 2 p1* p3* dc. */
static void integrate_products(enum bd_three_meson_state state, double m,
                               const gsl_integration_glfixed_table *gauss, size_t n_point, double *product)
{
    const double *mass = states[state].mass, s = m * m;
    const double lo = square(mass[0] + mass[1]), hi = square(m - mass[2]);
    memset(product, 0, N_PRODUCT * sizeof *product);
    for (size_t i = 0; i < n_point; i++) {
        double t, weight_t;
        (void)gsl_integration_glfixed_point(0.0, BD_PI, i, &t, &weight_t, gauss);
        const double s12 = lo + 0.5 * (hi - lo) * (1.0 - cos(t)), r = sqrt(s12);
        const double e1 = (s12 + square(mass[0]) - square(mass[1])) / (2.0 * r),
                     e3 = (s - s12 - square(mass[2])) / (2.0 * r);
        const double p1 = sqrt(fmax(square(e1) - square(mass[0]), 0.0)),
                     p3 = sqrt(fmax(square(e3) - square(mass[2]), 0.0));
        for (size_t j = 0; j < n_point; j++) {
            double c, weight_c;
            double complex basis[BASIS_MAX];
            (void)gsl_integration_glfixed_point(-1.0, 1.0, j, &c, &weight_c, gauss);
            const double s13 = square(mass[0]) + square(mass[2]) + 2.0 * (e1 * e3 - p1 * p3 * c);
            const double s23 = s + square(mass[0]) + square(mass[1]) + square(mass[2]) - s12 - s13;
            const double weight = weight_t * 0.5 * (hi - lo) * sin(t) * weight_c * 2.0 * p1 * p3;
            basis_at(state, s12, s13, s23, basis);
            add_products(states[state].n_basis, basis, weight * cross_squared(s, mass, s12, s13, s23), product);
        }
    }
}

static double ratio_of(enum bd_three_meson_state state, double m, const double *product)
{
    const size_t n = states[state].n_basis;
    double complex c[BASIS_MAX] = {0};
    double sum = 0.0;
    coefficients_at(state, m * m, c);
    for (size_t k = 0; k < n; k++) {
        sum += (square(creal(c[k])) + square(cimag(c[k]))) * product[k * n + k];
        for (size_t l = k + 1; l < n; l++) {
            const double complex z = c[k] * conj(c[l]);
            sum += 2.0 * (creal(z) * product[k * n + l] - cimag(z) * product[l * n + k]);
        }
    }
    return states[state].factor * sum / (64.0 * BD_PI * BD_PI * m * m);
}

enum bd_status bd_three_meson_ratio_direct(enum bd_three_meson_state state, double mass_gev, unsigned n,
                                           double *ratio, struct bd_error *err)
{
    double product[N_PRODUCT] = {0};
    gsl_integration_glfixed_table *gauss = gsl_integration_glfixed_table_alloc(n);
    if (gauss == NULL)
        return bd_fail(err, BD_NO_MEMORY, "three mesons: out of memory");
    integrate_products(state, mass_gev, gauss, n, product);
    *ratio = ratio_of(state, mass_gev, product);
    gsl_integration_glfixed_table_free(gauss);
    return BD_OK;
}

/* ---- tables ---- */

static enum bd_status fill_table(enum bd_three_meson_state state, struct table *table, struct bd_error *err)
{
    const size_t n_product = states[state].n_basis * states[state].n_basis;
    table->first_gev = states[state].start_gev - NODE_MARGIN * states[state].step_gev;
    table->n =
        (size_t)ceil((BD_THREE_MESON_END_GEV - table->first_gev) / states[state].step_gev) + 1 + NODE_MARGIN;
    double *node = malloc(n_product * table->n * sizeof *node);
    gsl_integration_glfixed_table *gauss = gsl_integration_glfixed_table_alloc(states[state].n_quadrature);
    table->node[0] = node;
    for (size_t k = 1; node != NULL && k < n_product; k++)
        table->node[k] = node + k * table->n;
    for (size_t i = 0; node != NULL && gauss != NULL && i < table->n; i++) {
        const double m = table->first_gev + (double)i * states[state].step_gev;
        double product[N_PRODUCT] = {0};
        integrate_products(state, m, gauss, states[state].n_quadrature, product);
        for (size_t k = 0; k < n_product; k++)
            table->node[k][i] = product[k] / square(square(m - threshold_of(state)));
    }
    const int complete = node != NULL && gauss != NULL;
    if (gauss != NULL)
        gsl_integration_glfixed_table_free(gauss);
    return complete ? BD_OK : bd_fail(err, BD_NO_MEMORY, "three mesons: out of memory");
}

enum bd_status bd_three_meson_create(struct bd_three_meson **tables, struct bd_error *err)
{
    struct bd_three_meson *created = calloc(1, sizeof *created);
    enum bd_status status = BD_OK;
    if (created == NULL)
        return bd_fail(err, BD_NO_MEMORY, "three mesons: out of memory");
    for (int state = 0; status == BD_OK && state < BD_THREE_MESON_STATES; state++)
        status = fill_table((enum bd_three_meson_state)state, &created->table[state], err);
    if (status == BD_OK)
        *tables = created;
    else
        bd_three_meson_free(created);
    return status;
}

void bd_three_meson_free(struct bd_three_meson *tables)
{
    for (int state = 0; tables != NULL && state < BD_THREE_MESON_STATES; state++)
        free(tables->table[state].node[0]); /* the others point into it */
    free(tables);
}

double bd_three_meson_ratio(const struct bd_three_meson *tables, enum bd_three_meson_state state, double mass_gev)
{
    const struct table *table = &tables->table[state];
    const size_t n_product = states[state].n_basis * states[state].n_basis;
    const double scale = square(square(mass_gev - threshold_of(state)));
    double product[N_PRODUCT] = {0};
    for (size_t k = 0; k < n_product; k++)
        product[k] = scale * bd_catmull_rom_at(table->node[k], table->n, table->first_gev, states[state].step_gev,
                                               mass_gev);
    return ratio_of(state, mass_gev, product);
}
