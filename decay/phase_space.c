#include "decay/phase_space.h"

#include <gsl/gsl_integration.h>
#include <math.h>

#include "src/core/pdg.h"
#include "src/core/vector.h"

#define N_MEAN 64 /* Gauss-Legendre nodes per mass in the mean weight */

size_t bd_phase_space_dimensions(size_t n_daughter)
{
    return 3 * n_daughter - 4;
}

/* Momentum of a two-body decay; 0 at and below threshold. */
static double momentum(double m, double m1, double m2)
{
    const double product = (m - m1 - m2) * (m + m1 + m2) * (m - m1 + m2) * (m + m1 - m2);
    return product > 0.0 ? 0.5 * sqrt(product) / m : 0.0;
}

/* Product of the momenta of the chain for given masses of the pairs. */
static double chain_weight(const struct bd_phase_space *space, double m12, double m34)
{
    const double *m = space->daughter_mass;
    if (space->n_daughter == 2)
        return momentum(space->mass, m[0], m[1]);
    const double first = momentum(m12, m[0], m[1]);
    if (space->n_daughter == 3)
        return first * momentum(space->mass, m12, m[2]);
    return first * momentum(m34, m[2], m[3]) * momentum(space->mass, m12, m34);
}

static double square(double x)
{
    return x * x;
}

/* Squared matrix element; s23 from the sum of the three. */
static double matrix_element(const struct bd_phase_space *space, double s12, double s13)
{
    const double *m = space->daughter_mass;
    const double sum = square(space->mass) + square(m[0]) + square(m[1]) + square(m[2]);
    return space->matrix_element(space->mass, s12, s13, sum - s12 - s13);
}

/* Mean over the cosine between 1 and 3 in the frame of (1 2). */
static double mean_matrix_element(const struct bd_phase_space *space, double m12,
                                  gsl_integration_glfixed_table *table)
{
    const double *m = space->daughter_mass;
    const double e1 = (square(m12) + square(m[0]) - square(m[1])) / (2.0 * m12);
    const double e3 = (square(space->mass) - square(m12) - square(m[2])) / (2.0 * m12);
    const double p1 = momentum(m12, m[0], m[1]), p3 = momentum(space->mass, m12, m[2]) * space->mass / m12;
    double sum = 0.0;
    if (space->matrix_element == NULL)
        return 1.0;
    for (size_t i = 0; i < N_MEAN; i++) {
        double c, weight;
        (void)gsl_integration_glfixed_point(-1.0, 1.0, i, &c, &weight, table);
        sum += 0.5 * weight *
               matrix_element(space, square(m12), square(m[0]) + square(m[2]) + 2.0 * (e1 * e3 - p1 * p3 * c));
    }
    return sum;
}

/* Two vectors in (1 3) and (2 4): in this chain the angles of epsilon^2 = (m P p13 p24 sin sin sin)^2 average to
 * 2/9, and the mean over phase space does not depend on the chain. */
static double vector_pair_weight(const struct bd_phase_space *space, double m13, double m24)
{
    const double *m = space->daughter_mass;
    const double p13 = momentum(m13, m[0], m[2]), p24 = momentum(m24, m[1], m[3]),
                 p = momentum(space->mass, m13, m24);
    return p * p13 * p24 * square(space->mass * p * p13 * p24) * 2.0 / 9.0 * space->line_shape(m13 * m13) *
           space->line_shape(m24 * m24);
}

static double mean_weight(const struct bd_phase_space *space, double free_mass,
                          gsl_integration_glfixed_table *table)
{
    const double *m = space->daughter_mass;
    double sum = 0.0;
    for (size_t i = 0; i < N_MEAN; i++) {
        double a, wa;
        (void)gsl_integration_glfixed_point(0.0, 1.0, i, &a, &wa, table);
        if (space->n_daughter == 3) {
            const double m12 = m[0] + m[1] + a * free_mass;
            sum += wa * chain_weight(space, m12, 0.0) * mean_matrix_element(space, m12, table);
            continue;
        }
        for (size_t j = 0; j < N_MEAN; j++) { /* a + b < 1 uniform: density 2 on the triangle */
            double b, wb;
            (void)gsl_integration_glfixed_point(0.0, 1.0 - a, j, &b, &wb, table);
            sum += 2.0 * wa * wb *
                   (space->line_shape != NULL
                        ? vector_pair_weight(space, m[0] + m[2] + a * free_mass, m[1] + m[3] + b * free_mass)
                        : chain_weight(space, m[0] + m[1] + a * free_mass, m[2] + m[3] + b * free_mass));
        }
    }
    return sum;
}

enum bd_status bd_phase_space_init(const struct bd_decay *decay, double mass_gev, struct bd_phase_space *space,
                                   struct bd_error *err)
{
    const double threshold = bd_decay_threshold(decay);
    if (!(mass_gev > threshold))
        return bd_fail(err, BD_BAD_INPUT, "%s: mass %g GeV is not above the threshold %g GeV", decay->name,
                       mass_gev, threshold);
    *space = (struct bd_phase_space){.n_daughter = bd_decay_n_daughter(decay), .mass = mass_gev};
    if (space->n_daughter == 3)
        space->matrix_element = decay->matrix_element;
    if (space->n_daughter == 4)
        space->line_shape = decay->line_shape;
    for (size_t i = 0; i < space->n_daughter; i++)
        space->daughter_mass[i] = bd_particle_find(decay->daughter[i])->mass_gev;
    if (space->n_daughter == 2) {
        space->mean_weight = chain_weight(space, 0.0, 0.0);
        return BD_OK;
    }
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N_MEAN);
    if (table == NULL)
        return bd_fail(err, BD_NO_MEMORY, "phase space: out of memory");
    space->mean_weight = mean_weight(space, mass_gev - threshold, table);
    gsl_integration_glfixed_table_free(table);
    return space->mean_weight > 0.0 ? BD_OK
                                    : bd_fail(err, BD_NUMERIC, "%s: the mean matrix element at %g GeV is %g",
                                              decay->name, mass_gev, space->mean_weight);
}

BD_VECTOR
void bd_phase_space_sincos(size_t n, const double *u, double *sine, double *cosine)
{
    for (size_t i = 0; i < n; i++) {
        const double x = u[i] - 0.5;             /* sin(2 pi u) = -sin(2 pi x), the same for cos */
        const double ax = fabs(x);               /* 0 to 1/2 */
        const double y = 0.25 - fabs(ax - 0.25); /* folded to 0 to 1/4 */
        const double t = 2.0 * BD_PI * y, t2 = t * t;
        /* Taylor series on 0 to pi/2. */
        const double s =
            t * (1.0 + t2 * (-1.0 / 6 +
                             t2 * (1.0 / 120 +
                                   t2 * (-1.0 / 5040 +
                                         t2 * (1.0 / 362880 +
                                               t2 * (-1.0 / 39916800 + t2 * (1.0 / 6227020800.0 +
                                                                             t2 * (-1.0 / 1307674368000.0))))))));
        const double c =
            1.0 +
            t2 * (-0.5 + t2 * (1.0 / 24 +
                               t2 * (-1.0 / 720 +
                                     t2 * (1.0 / 40320 +
                                           t2 * (-1.0 / 3628800 + t2 * (1.0 / 479001600 +
                                                                        t2 * (-1.0 / 87178291200.0 +
                                                                              t2 * (1.0 / 20922789888000.0))))))));
        sine[i] = x > 0.0 ? -s : s;
        cosine[i] = ax < 0.25 ? -c : c;
    }
}

/* Two-body decays in flight; the mass of the parent and of a may differ between configurations. */
BD_VECTOR
static void decay_in_flight(size_t n, const struct bd_momenta *parent, const double *mass, const double *mass_a,
                            const double *mass_b, const double *u_cos, const double *u_phi, struct bd_momenta *a,
                            struct bd_momenta *b, double *p_star)
{
    double sine[BD_BLOCK], cosine[BD_BLOCK];
    bd_phase_space_sincos(n, u_phi, sine, cosine);
    for (size_t i = 0; i < n; i++) {
        const double m = mass[i], ma = mass_a[i], mb = mass_b[i];
        const double product = (m - ma - mb) * (m + ma + mb) * (m - ma + mb) * (m + ma - mb);
        const double p = 0.5 * sqrt(product > 0.0 ? product : 0.0) / m;
        const double e_a = (m * m + (ma - mb) * (ma + mb)) / (2.0 * m); /* in the frame of the parent */
        const double c = 2.0 * u_cos[i] - 1.0, s = sqrt(1.0 - c * c);
        const double x = p * s * cosine[i], y = p * s * sine[i], z = p * c;
        const double dot = parent->px[i] * x + parent->py[i] * y + parent->pz[i] * z;
        const double boost = dot / (m * (parent->e[i] + m)) + e_a / m;
        a->px[i] = x + parent->px[i] * boost;
        a->py[i] = y + parent->py[i] * boost;
        a->pz[i] = z + parent->pz[i] * boost;
        a->e[i] = (parent->e[i] * e_a + dot) / m;
        b->px[i] = parent->px[i] - a->px[i];
        b->py[i] = parent->py[i] - a->py[i];
        b->pz[i] = parent->pz[i] - a->pz[i];
        b->e[i] = parent->e[i] - a->e[i];
        p_star[i] = p;
    }
}

static void fill(double value, double *array /* [BD_BLOCK] */)
{
    for (size_t i = 0; i < BD_BLOCK; i++)
        array[i] = value;
}

void bd_phase_space_two_body(size_t n, const struct bd_momenta *parent, double mass_gev, double mass_a_gev,
                             double mass_b_gev, const double *u_cos, const double *u_phi, struct bd_momenta *a,
                             struct bd_momenta *b)
{
    double mass[BD_BLOCK], mass_a[BD_BLOCK], mass_b[BD_BLOCK], p_star[BD_BLOCK];
    fill(mass_gev, mass);
    fill(mass_a_gev, mass_a);
    fill(mass_b_gev, mass_b);
    decay_in_flight(n, parent, mass, mass_a, mass_b, u_cos, u_phi, a, b, p_star);
}

static void apply_matrix_element(const struct bd_phase_space *space, size_t n, const double *m12,
                                 const struct bd_momenta *a, const struct bd_momenta *c, double *weight)
{
    const double *m = space->daughter_mass;
    for (size_t i = 0; i < n; i++) {
        const double dot = a->e[i] * c->e[i] - a->px[i] * c->px[i] - a->py[i] * c->py[i] - a->pz[i] * c->pz[i];
        weight[i] *= matrix_element(space, square(m12[i]), square(m[0]) + square(m[2]) + 2.0 * dot);
    }
}

/* epsilon(p1, p2, p3, p4): determinant of the four momenta. */
static double levi_civita(const struct bd_momenta *p, size_t i)
{
    double minor[3][3];
    double sum = 0.0;
    for (size_t skip = 0; skip < 4; skip++) { /* expansion in the energies */
        for (size_t k = 0, row = 0; k < 4; k++) {
            if (k == skip)
                continue;
            minor[row][0] = p[k].px[i];
            minor[row][1] = p[k].py[i];
            minor[row][2] = p[k].pz[i];
            row++;
        }
        const double determinant = minor[0][0] * (minor[1][1] * minor[2][2] - minor[1][2] * minor[2][1]) -
                                   minor[0][1] * (minor[1][0] * minor[2][2] - minor[1][2] * minor[2][0]) +
                                   minor[0][2] * (minor[1][0] * minor[2][1] - minor[1][1] * minor[2][0]);
        sum += (skip % 2 == 0 ? 1.0 : -1.0) * p[skip].e[i] * determinant;
    }
    return sum;
}

static double pair_square(const struct bd_momenta *a, const struct bd_momenta *b, double mass_a, double mass_b,
                          size_t i)
{
    const double dot = a->e[i] * b->e[i] - a->px[i] * b->px[i] - a->py[i] * b->py[i] - a->pz[i] * b->pz[i];
    return fmax(square(mass_a) + square(mass_b) + 2.0 * dot, square(mass_a + mass_b));
}

static void apply_vector_pair(const struct bd_phase_space *space, size_t n, const struct bd_momenta *daughter,
                              double *weight)
{
    const double *m = space->daughter_mass;
    for (size_t i = 0; i < n; i++)
        weight[i] *= square(levi_civita(daughter, i)) *
                     space->line_shape(pair_square(&daughter[0], &daughter[2], m[0], m[2], i)) *
                     space->line_shape(pair_square(&daughter[1], &daughter[3], m[1], m[3], i));
}

void bd_phase_space_decay(const struct bd_phase_space *space, size_t n, const double (*u)[BD_BLOCK],
                          const struct bd_momenta *x, struct bd_momenta *daughter, double *weight)
{
    const double *m = space->daughter_mass;
    double mass[BD_BLOCK], m1[BD_BLOCK], m2[BD_BLOCK], m3[BD_BLOCK], m4[BD_BLOCK];
    double m12[BD_BLOCK] = {0}, m34[BD_BLOCK] = {0}, p_first[BD_BLOCK], p_12[BD_BLOCK], p_34[BD_BLOCK];
    struct bd_momenta pair12, pair34;
    fill(space->mass, mass);
    fill(m[0], m1);
    fill(m[1], m2);
    if (space->n_daughter == 2) {
        decay_in_flight(n, x, mass, m1, m2, u[0], u[1], &daughter[0], &daughter[1], p_first);
        fill(1.0, weight);
        return;
    }
    fill(m[2], m3);
    if (space->n_daughter == 3) {
        const double free_mass = space->mass - m[0] - m[1] - m[2];
        for (size_t i = 0; i < n; i++)
            m12[i] = m[0] + m[1] + u[2][i] * free_mass;
        decay_in_flight(n, x, mass, m12, m3, u[0], u[1], &pair12, &daughter[2], p_first);
        decay_in_flight(n, &pair12, m12, m1, m2, u[3], u[4], &daughter[0], &daughter[1], p_12);
        for (size_t i = 0; i < n; i++)
            weight[i] = p_first[i] * p_12[i] / space->mean_weight;
        if (space->matrix_element != NULL)
            apply_matrix_element(space, n, m12, &daughter[0], &daughter[2], weight);
        return;
    }
    fill(m[3], m4);
    const double free_mass = space->mass - m[0] - m[1] - m[2] - m[3];
    for (size_t i = 0; i < n; i++) { /* uniform in the triangle */
        const double r = sqrt(u[2][i]);
        m12[i] = m[0] + m[1] + r * u[5][i] * free_mass;
        m34[i] = m[2] + m[3] + r * (1.0 - u[5][i]) * free_mass;
    }
    decay_in_flight(n, x, mass, m12, m34, u[0], u[1], &pair12, &pair34, p_first);
    decay_in_flight(n, &pair12, m12, m1, m2, u[3], u[4], &daughter[0], &daughter[1], p_12);
    decay_in_flight(n, &pair34, m34, m3, m4, u[6], u[7], &daughter[2], &daughter[3], p_34);
    for (size_t i = 0; i < n; i++)
        weight[i] = p_first[i] * p_12[i] * p_34[i] / space->mean_weight;
    if (space->line_shape != NULL)
        apply_vector_pair(space, n, daughter, weight);
}

void bd_phase_space_weight(const struct bd_phase_space *space, size_t n, const struct bd_momenta *daughter,
                           double *weight)
{
    const double *m = space->daughter_mass;
    double m12[BD_BLOCK] = {0};
    if (space->n_daughter == 2) {
        fill(1.0, weight);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const double m34 =
            space->n_daughter == 4 ? sqrt(pair_square(&daughter[2], &daughter[3], m[2], m[3], i)) : 0.0;
        m12[i] = sqrt(pair_square(&daughter[0], &daughter[1], m[0], m[1], i));
        weight[i] = chain_weight(space, m12[i], m34) / space->mean_weight;
    }
    if (space->matrix_element != NULL)
        apply_matrix_element(space, n, m12, &daughter[0], &daughter[2], weight);
    if (space->line_shape != NULL)
        apply_vector_pair(space, n, daughter, weight);
}
