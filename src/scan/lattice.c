#include "src/scan/lattice.h"

#include <complex.h>
#include <gsl/gsl_fft_complex.h>
#include <gsl/gsl_math.h>
#include <math.h>
#include <stdlib.h>

#include "src/scan/tail.h"

#define LENGTH ((size_t)1 << 17) /* 2^14 is wrong by 0.4% where 1000 outcomes lie close to the threshold */
#define TILT 26.0                /* mass beyond the end comes back times exp(-26); rounding grows by exp(13) */
#define EVENTS_MAX 16384         /* more, and weights would be rounded to nothing */

struct lattice {
    size_t multiple[BD_COMBINE_CHANNELS_MAX]; /* m_i; channels with m_i >= LENGTH hold no accepted event */
    double *circle;                           /* [LENGTH][2], exp(-2 pi i t/LENGTH) */
    double complex *background, *signal;      /* [LENGTH/2 + 1], characteristic functions of the tilted X */
};

static void lattice_free(struct lattice *lattice)
{
    free(lattice->circle);
    free(lattice->background);
    free(lattice->signal);
}

static enum bd_status lattice_init(const struct bd_tail_problem *problem, double x_max, struct lattice *lattice,
                                   struct bd_error *err)
{
    const size_t n_half = LENGTH / 2 + 1;
    const double n_event = fmax(problem->n_observed, problem->n_background);
    if (n_event > EVENTS_MAX)
        return bd_fail(err, BD_BAD_INPUT, "combination: %.0f events are too many for an exact limit; at most %d",
                       n_event, EVENTS_MAX);
    *lattice = (struct lattice){.circle = malloc(2 * LENGTH * sizeof(double)),
                                .background = malloc(n_half * sizeof(double complex)),
                                .signal = malloc(n_half * sizeof(double complex))};
    if (lattice->circle == NULL || lattice->background == NULL || lattice->signal == NULL) {
        lattice_free(lattice);
        return bd_fail(err, BD_NO_MEMORY, "combination: no memory for the lattice");
    }
    for (size_t t = 0; t < LENGTH; t++) {
        const double angle = 2.0 * M_PI * (double)t / (double)LENGTH;
        lattice->circle[2 * t] = cos(angle);
        lattice->circle[2 * t + 1] = -sin(angle);
    }
    const double step = 2.0 * x_max / (double)LENGTH;
    double tilt[BD_COMBINE_CHANNELS_MAX]; /* 0: an event of this channel is never accepted */
    for (size_t i = 0; i < problem->n_channel; i++) {
        lattice->multiple[i] = (size_t)fmin(problem->channel[i].weight / step + 0.5, (double)LENGTH);
        tilt[i] = lattice->multiple[i] < LENGTH ? exp(-TILT * (double)lattice->multiple[i] / (double)LENGTH) : 0.0;
    }
    for (size_t t = 0; t < n_half; t++) {
        double complex ln_background = 0.0, signal = 0.0;
        for (size_t i = 0; i < problem->n_channel; i++) {
            const struct bd_tail_channel *c = &problem->channel[i];
            const size_t at = (t * lattice->multiple[i]) & (LENGTH - 1);
            const double complex event =
                tilt[i] * lattice->circle[2 * at] + I * (tilt[i] * lattice->circle[2 * at + 1]);
            signal += c->share * event;
            const double k = c->gamma_shape;
            ln_background +=
                k > 0.0 ? -k * clog(1.0 + c->n_background * (1.0 - event) / k) : c->n_background * (event - 1.0);
        }
        lattice->background[t] = cexp(ln_background);
        lattice->signal[t] = signal;
    }
    return BD_OK;
}

/* sum_{m=0}^{top} z^m with z = exp(TILT/LENGTH + 2 pi i t/LENGTH); z - 1 without cancellation. */
static double complex step_function(size_t t, size_t top)
{
    const double tilt = TILT / (double)LENGTH, angle = 2.0 * M_PI * (double)t / (double)LENGTH;
    const double half = sin(0.5 * angle);
    const double complex z_minus_1 = expm1(tilt) * cos(angle) - 2.0 * half * half + I * exp(tilt) * sin(angle);
    const size_t turn = (t * (top + 1)) & (LENGTH - 1);
    const double turn_angle = 2.0 * M_PI * (double)turn / (double)LENGTH;
    const double growth = exp(tilt * (double)(top + 1));
    return (growth * (cos(turn_angle) + I * sin(turn_angle)) - 1.0) / z_minus_1;
}

/* p_j = sum_{X <= top} P(X | j) by Parseval: one product per frequency instead of one transform per j. */
static enum bd_status lattice_tails(struct lattice *lattice, const size_t *top, size_t n_threshold, size_t n_power,
                                    struct bd_tails *tails, struct bd_error *err)
{
    BD_TRY(bd_tail_reserve(tails, n_threshold, n_power, err));
    tails->engine = BD_COMBINE_LATTICE;
    double *const p = tails->p;
    for (size_t f = 0; f <= LENGTH / 2; f++) {
        const double copies = f == 0 || f == LENGTH / 2 ? 1.0 : 2.0; /* the other half is the complex conjugate */
        double complex step[BD_TAIL_THRESHOLDS_MAX];
        for (size_t t = 0; t < n_threshold; t++)
            step[t] = step_function(f, top[t]);
        double complex value = lattice->background[f] * copies / (double)LENGTH;
        for (size_t j = 0; j < n_power && fabs(creal(value)) + fabs(cimag(value)) > 1e-24; j++) {
            for (size_t t = 0; t < n_threshold; t++)
                p[t * n_power + j] += creal(value) * creal(step[t]) - cimag(value) * cimag(step[t]);
            value *= lattice->signal[f];
        }
    }
    for (size_t t = 0; t < n_threshold; t++) {
        const double clb = fmax(p[t * n_power], 1e-300); /* rounding: absolute, about 1e-11 */
        tails->ln_clb[t] = log(clb);
        for (size_t j = 0; j < n_power; j++)
            p[t * n_power + j] = fmax(p[t * n_power + j] / clb, 0.0);
    }
    return BD_OK;
}

enum bd_status bd_lattice_observed(const struct bd_tail_problem *problem, double signal_scale,
                                   struct bd_tails *tails, struct bd_error *err)
{
    struct lattice lattice;
    BD_TRY(lattice_init(problem, problem->x_observed, &lattice, err));
    size_t top = 0; /* in integers, as the outcomes: no ties */
    for (size_t i = 0; i < problem->n_channel; i++)
        top += (size_t)problem->channel[i].n_observed * lattice.multiple[i];
    const size_t n_power = bd_tail_n_power(problem, problem->x_observed, signal_scale);
    const enum bd_status status = lattice_tails(&lattice, &top, 1, n_power, tails, err);
    lattice_free(&lattice);
    return status;
}

/* P(X | background) at every X of the lattice, into values[LENGTH]; it has room for twice as many. */
static enum bd_status background_distribution(const struct lattice *lattice, double *values, struct bd_error *err)
{
    for (size_t f = 0; f <= LENGTH / 2; f++) {
        values[2 * f] = creal(lattice->background[f]);
        values[2 * f + 1] = cimag(lattice->background[f]);
        if (f == 0)
            continue;
        values[2 * (LENGTH - f)] = values[2 * f];
        values[2 * (LENGTH - f) + 1] = -values[2 * f + 1];
    }
    BD_TRY(bd_check_gsl(err, gsl_fft_complex_radix2_inverse(values, 1, LENGTH), "lattice"));
    for (size_t m = 0; m < LENGTH; m++)
        values[m] = fmax(values[2 * m] * exp(TILT * (double)m / (double)LENGTH), 0.0);
    return BD_OK;
}

size_t bd_lattice_thresholds(const double *p, size_t n, const double *quantile, size_t n_quantile, size_t *top,
                             double *cumulative, double *point)
{
    size_t n_threshold = 0;
    double sum = 0.0;
    for (size_t m = 0, q = 0; m < n && q < n_quantile; m++) {
        sum += p[m];
        if (sum < quantile[q] && m + 1 < n)
            continue;
        while (q < n_quantile && quantile[q] <= sum)
            q++;
        top[n_threshold] = m;
        cumulative[n_threshold] = sum;
        point[n_threshold++] = p[m];
    }
    return n_threshold;
}

enum bd_status bd_lattice_background(const struct bd_tail_problem *problem, const double *quantile,
                                     size_t n_quantile, double signal_scale, struct bd_tails *tails,
                                     double *cumulative, double *point, struct bd_error *err)
{
    double mean = 0.0, variance = 0.0;
    for (size_t i = 0; i < problem->n_channel; i++) {
        const struct bd_tail_channel *c = &problem->channel[i];
        const double overdispersion = c->gamma_shape > 0.0 ? 1.0 + c->n_background / c->gamma_shape : 1.0;
        mean += c->weight * c->n_background;
        variance += c->weight * c->weight * c->n_background * overdispersion;
    }
    const double x_max = mean + 6.0 * sqrt(variance);
    struct lattice lattice;
    BD_TRY(lattice_init(problem, x_max, &lattice, err));
    double *values = malloc(2 * LENGTH * sizeof *values);
    enum bd_status status = values != NULL ? background_distribution(&lattice, values, err)
                                           : bd_fail(err, BD_NO_MEMORY, "combination: no memory for the lattice");
    if (status == BD_OK) {
        size_t top[BD_TAIL_THRESHOLDS_MAX];
        const size_t n_threshold =
            bd_lattice_thresholds(values, LENGTH, quantile, n_quantile, top, cumulative, point);
        status =
            lattice_tails(&lattice, top, n_threshold, bd_tail_n_power(problem, x_max, signal_scale), tails, err);
    }
    free(values);
    lattice_free(&lattice);
    return status;
}
