#include "src/cli/calculator.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* In the order of bd_background_prior and bd_limit_signal_prior. */
const char *const bd_calculator_nuisances[] = {
    "auto", "none", "gamma", "lognormal-mean", "lognormal-median", "split-lognormal", "onoff", NULL};
const char *const bd_calculator_signal_nuisances[] = {"lognormal", "gamma", "gaussian", NULL};

#define SYMMETRIC 0.15 /* as in src/scan/background.h */

static int has_no_nuisance(const struct bd_options *options)
{
    return bd_options_choice(options, "nuisance") == BD_BACKGROUND_EXACT;
}

enum bd_status bd_calculator_read_background(const struct bd_options *options, struct bd_background *background,
                                             struct bd_error *err)
{
    struct bd_measurement b;
    BD_TRY(bd_options_blame("background", bd_measurement_parse(bd_options_text(options, "background"), &b, err),
                            err));
    *background =
        (struct bd_background){b.value, b.err_up, b.err_down, bd_options_number(options, "background-cl"),
                               (enum bd_background_prior)bd_options_choice(options, "nuisance")};
    BD_TRY(bd_options_blame("background", bd_background_check(background, err), err));
    if (has_no_nuisance(options))
        background->err_up = background->err_down = 0.0;
    return BD_OK;
}

/* --signal or --ses: positive, with one error. */
static enum bd_status read_positive(const struct bd_options *options, const char *name,
                                    struct bd_measurement *measurement, struct bd_error *err)
{
    const char *text = bd_options_text(options, name);
    if (text == NULL)
        return BD_OK;
    BD_TRY(bd_options_blame(name, bd_measurement_parse(text, measurement, err), err));
    if (!(measurement->value > 0.0))
        return bd_fail(err, BD_USAGE, "--%s: %g must be above 0", name, measurement->value);
    if (measurement->err_up != measurement->err_down || measurement->err_up > measurement->value)
        return bd_fail(err, BD_USAGE, "--%s: expected one error, not above the value, found '%s'", name, text);
    return BD_OK;
}

static enum bd_status read_signal(const struct bd_options *options, struct bd_calculator *calculator,
                                  struct bd_error *err)
{
    BD_TRY(read_positive(options, "signal", &calculator->signal, err));
    BD_TRY(read_positive(options, "ses", &calculator->ses, err));
    if (calculator->signal.value > 0.0 && calculator->ses.value > 0.0)
        return bd_fail(err, BD_USAGE, "either --signal or --ses, not both");
    const struct bd_measurement *given = calculator->ses.value > 0.0 ? &calculator->ses : &calculator->signal;
    if (given->value > 0.0)
        calculator->signal_rel_unc = given->err_up / given->value;
    if (bd_options_given(options, "signal-unc")) {
        if (calculator->signal_rel_unc > 0.0)
            return bd_fail(err, BD_USAGE, "the error of the signal is given twice, by --signal-unc too");
        calculator->signal_rel_unc = bd_options_number(options, "signal-unc");
    }
    if (has_no_nuisance(options))
        calculator->signal_rel_unc = 0.0;
    calculator->signal_prior = (enum bd_limit_signal_prior)bd_options_choice(options, "signal-nuisance");
    return BD_OK;
}

enum bd_status bd_calculator_read(const struct bd_options *options, struct bd_calculator *calculator,
                                  struct bd_error *err)
{
    *calculator = (struct bd_calculator){.cl = bd_options_number(options, "cl")};
    if (!(calculator->cl > 0.0 && calculator->cl < 1.0))
        return bd_fail(err, BD_USAGE, "--cl: %g is not between 0 and 1 (0.9 is 90%%)", calculator->cl);
    if (!bd_counts_given(options))
        BD_TRY(bd_calculator_read_background(options, &calculator->background, err));
    return read_signal(options, calculator, err);
}

enum bd_status bd_calculator_refuse(const struct bd_options *options, const char *const *names, const char *here,
                                    struct bd_error *err)
{
    for (; *names != NULL; names++)
        if (bd_options_given(options, *names))
            return bd_fail(err, BD_USAGE, "--%s has no meaning %s", *names, here);
    return BD_OK;
}

static enum bd_status check_alone(const struct bd_options *options, struct bd_error *err)
{
    static const char *const alone[] = {"background", "background-cl", "signal", "ses", NULL};
    BD_TRY(bd_calculator_refuse(options, alone, "with several channels: each has its own", err));
    if (bd_options_choice(options, "signal-nuisance") != BD_LIMIT_LOGNORMAL)
        return bd_fail(err, BD_USAGE, "--signal-nuisance: channels together know lognormal only");
    return BD_OK;
}

enum bd_status bd_calculator_combine(const struct bd_options *options, const struct bd_counts *counts,
                                     struct bd_combine_channel *channel, struct bd_error *err)
{
    const size_t nuisance = bd_options_choice(options, "nuisance");
    BD_TRY(check_alone(options, err));
    if (nuisance > BD_BACKGROUND_GAMMA)
        return bd_fail(err, BD_USAGE, "--nuisance: channels together know gamma and none only");
    for (size_t i = 0; i < counts->n; i++) {
        const struct bd_counts_channel *from = &counts->channel[i];
        const double up = from->background.err_up, down = from->background.err_down;
        const int ignored = nuisance == BD_BACKGROUND_EXACT;
        if (from->signal.err_up > 0.0 && !ignored)
            return bd_fail(err, BD_USAGE,
                           "channel %s: errors of a signal are for the fit of `significance`; here: --signal-unc",
                           from->name);
        if (fabs(up - down) > SYMMETRIC * fmax(up, down) && nuisance == BD_BACKGROUND_AUTO)
            (void)fprintf(stderr, "note: channel %s: the errors +%g -%g enter as a gamma prior of their mean\n",
                          from->name, up, down);
        channel[i] = (struct bd_combine_channel){from->signal.value, from->background.value,
                                                 ignored ? 0.0 : 0.5 * (up + down), from->n_observed};
    }
    return BD_OK;
}

const char *bd_calculator_combined_nuisance(const struct bd_combine_channel *channel, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (channel[i].n_background_err > 0.0)
            return bd_calculator_nuisances[BD_BACKGROUND_GAMMA];
    return bd_calculator_nuisances[BD_BACKGROUND_EXACT];
}

const char *bd_calculator_engine_name(enum bd_combine_engine engine)
{
    static const char *const names[] = {
        [BD_COMBINE_CLOSED_FORM] = "closed_form",
        [BD_COMBINE_ENUMERATION] = "enumeration",
        [BD_COMBINE_LATTICE] = "lattice",
    };
    return names[engine];
}

const char *bd_calculator_nuisance_name(const struct bd_background *background)
{
    return bd_calculator_nuisances[bd_background_prior_used(background)];
}

const char *bd_calculator_signal_nuisance_name(const struct bd_calculator *calculator)
{
    return calculator->signal_rel_unc > 0.0 ? bd_calculator_signal_nuisances[calculator->signal_prior] : "none";
}

const char *bd_calculator_engine(const struct bd_background *background, double signal_rel_unc)
{
    const enum bd_background_prior prior = bd_background_prior_used(background);
    if (signal_rel_unc > 0.0)
        return "quadrature";
    if (prior == BD_BACKGROUND_EXACT)
        return "poisson";
    return prior == BD_BACKGROUND_GAMMA || prior == BD_BACKGROUND_ONOFF ? "negative_binomial" : "quadrature";
}

void bd_calculator_add(struct bd_calculator_columns *columns, const char *name, enum bd_column_kind kind)
{
    assert(columns->n < sizeof columns->column / sizeof columns->column[0]);
    columns->column[columns->n++] = (struct bd_column){name, kind};
}

void bd_calculator_add_background(struct bd_calculator_columns *columns)
{
    bd_calculator_add(columns, "background", BD_COLUMN_NUMBER);
    bd_calculator_add(columns, "background_err_up", BD_COLUMN_NUMBER);
    bd_calculator_add(columns, "background_err_down", BD_COLUMN_NUMBER);
}

void bd_calculator_write_background(struct bd_output *output, const struct bd_background *background)
{
    bd_output_number(output, background->n_event);
    bd_output_number(output, background->err_up);
    bd_output_number(output, background->err_down);
}

void bd_calculator_add_signal(struct bd_calculator_columns *columns, const struct bd_calculator *calculator)
{
    if (calculator->signal.value > 0.0)
        bd_calculator_add(columns, "signal", BD_COLUMN_NUMBER);
    if (calculator->ses.value > 0.0)
        bd_calculator_add(columns, "ses", BD_COLUMN_NUMBER);
}

void bd_calculator_write_signal(struct bd_output *output, const struct bd_calculator *calculator)
{
    if (calculator->signal.value > 0.0)
        bd_output_number(output, calculator->signal.value);
    if (calculator->ses.value > 0.0)
        bd_output_number(output, calculator->ses.value);
}

void bd_calculator_add_method(struct bd_calculator_columns *columns, const struct bd_calculator_method *method)
{
    if (!isnan(method->cl))
        bd_calculator_add(columns, "cl", BD_COLUMN_NUMBER);
    bd_calculator_add(columns, "method", BD_COLUMN_TEXT);
    bd_calculator_add(columns, "nuisance", BD_COLUMN_TEXT);
    if (method->signal_nuisance != NULL) {
        bd_calculator_add(columns, "signal_nuisance", BD_COLUMN_TEXT);
        bd_calculator_add(columns, "signal_rel_unc", BD_COLUMN_NUMBER);
    }
    bd_calculator_add(columns, "engine", BD_COLUMN_TEXT);
    bd_calculator_add(columns, "tolerance", BD_COLUMN_NUMBER);
}

void bd_calculator_write_method(struct bd_output *output, const struct bd_calculator_method *method)
{
    if (!isnan(method->cl))
        bd_output_number(output, method->cl);
    bd_output_text(output, method->method);
    bd_output_text(output, method->nuisance);
    if (method->signal_nuisance != NULL) {
        bd_output_text(output, method->signal_nuisance);
        bd_output_number(output, method->signal_rel_unc);
    }
    bd_output_text(output, method->engine);
    bd_output_number(output, method->tolerance);
}
