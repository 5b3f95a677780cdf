#include "models/model.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "src/core/pdg.h"

static const struct bd_model *const models[] = {
#define BD_MODEL(name) &bd_##name##_model,
#include "models/models.def"
#undef BD_MODEL
    NULL,
};

const struct bd_model *bd_model_find(const char *name)
{
    for (size_t i = 0; models[i] != NULL; i++)
        if (strcmp(models[i]->name, name) == 0)
            return models[i];
    return NULL;
}

const struct bd_model *bd_model_at(size_t i)
{
    return i < sizeof models / sizeof models[0] ? models[i] : NULL;
}

size_t bd_model_n_coupling(const struct bd_model *model)
{
    size_t n = 0;
    while (model->coupling_names[n] != NULL)
        n++;
    return n;
}

size_t bd_model_n_mode(const struct bd_model *model)
{
    size_t n = 0;
    while (model->modes[n].name != NULL)
        n++;
    return n;
}

int bd_model_coupling_index(const struct bd_model *model, const char *name)
{
    for (int i = 0; model->coupling_names[i] != NULL; i++)
        if (strcmp(model->coupling_names[i], name) == 0)
            return i;
    return -1;
}

int bd_model_mode_index(const struct bd_model *model, const char *name)
{
    for (int i = 0; model->modes[i].name != NULL; i++)
        if (strcmp(model->modes[i].name, name) == 0)
            return i;
    return -1;
}

const struct bd_strength *bd_model_strength(const struct bd_model *model, const char *production)
{
    for (const struct bd_strength *strength = model->strengths; strength->production != NULL; strength++)
        if (strcmp(strength->production, production) == 0)
            return strength;
    return NULL;
}

enum bd_status bd_model_open(const struct bd_model *model, void **data, struct bd_error *err)
{
    *data = NULL;
    if (model->load == NULL)
        return BD_OK;
    return bd_add_context(err, model->load(data, err), "model %s", model->name);
}

void bd_model_close(const struct bd_model *model, void *data)
{
    if (model->unload != NULL)
        model->unload(data);
}

static enum bd_status check_point(const struct bd_model *model, const struct bd_model_point *at,
                                  struct bd_error *err)
{
    assert(model->load == NULL || at->data != NULL);
    if (!(at->mass_gev >= model->mass_min_gev && at->mass_gev <= model->mass_max_gev))
        return bd_fail(err, BD_BAD_INPUT, "%s: mass %g GeV is outside the range of the formulas, %g to %g GeV",
                       model->name, at->mass_gev, model->mass_min_gev, model->mass_max_gev);
    for (size_t i = 0; model->coupling_names[i] != NULL; i++)
        if (!isfinite(at->coupling[i]))
            return bd_fail(err, BD_BAD_INPUT, "%s: coupling %s = %g [%s] is not a finite number", model->name,
                           model->coupling_names[i], at->coupling[i], model->coupling_unit);
    return BD_OK;
}

/* At a point that was checked. contributes: 1 where the mode is open and its formula is used. */
static enum bd_status mode_width(const struct bd_model *model, const struct bd_decay_mode *mode,
                                 const struct bd_model_point *at, struct bd_model_value *width, int *contributes,
                                 struct bd_error *err)
{
    const double m = at->mass_gev;
    const int open = m > mode->threshold_gev;
    *contributes = open && m >= mode->start_gev && (mode->end_gev <= 0.0 || m < mode->end_gev);
    *width = (struct bd_model_value){.flag = open ? BD_FLAG_OUTSIDE : BD_FLAG_CLOSED};
    if (!*contributes)
        return BD_OK;
    width->flag = BD_FLAG_OK;
    enum bd_status status = mode->partial_width(mode, at, width, err);
    if (status == BD_OK && !(isfinite(width->value) && width->value >= 0.0))
        status = bd_fail(err, BD_NUMERIC, "the width is %g GeV", width->value);
    return bd_add_context(err, status, "%s: %s at %g GeV", model->name, mode->name, m);
}

enum bd_status bd_model_width(const struct bd_model *model, size_t mode, const struct bd_model_point *at,
                              struct bd_model_value *width, struct bd_error *err)
{
    int contributes;
    BD_TRY(check_point(model, at, err));
    return mode_width(model, &model->modes[mode], at, width, &contributes, err);
}

enum bd_status bd_model_widths(const struct bd_model *model, const struct bd_model_point *at,
                               struct bd_model_value *width, struct bd_model_value *total, struct bd_error *err)
{
    BD_TRY(check_point(model, at, err));
    *total = (struct bd_model_value){.flag = BD_FLAG_OK};
    for (size_t i = 0; model->modes[i].name != NULL; i++) {
        int contributes;
        BD_TRY(mode_width(model, &model->modes[i], at, &width[i], &contributes, err));
        total->value += width[i].value;
        if (contributes && width[i].flag > total->flag)
            total->flag = width[i].flag;
    }
    if (model->total_width == NULL)
        return BD_OK;
    enum bd_status status = model->total_width(at, width, total, err);
    if (status == BD_OK && !(isfinite(total->value) && total->value >= 0.0))
        status = bd_fail(err, BD_NUMERIC, "the total width is %g GeV", total->value);
    return bd_add_context(err, status, "%s at %g GeV", model->name, at->mass_gev);
}

enum bd_status bd_model_kappa(const struct bd_model *model, const struct bd_strength *strength,
                              const struct bd_model_point *at, struct bd_model_value *kappa, struct bd_error *err)
{
    BD_TRY(check_point(model, at, err));
    *kappa = (struct bd_model_value){.flag = BD_FLAG_OK};
    enum bd_status status = strength->kappa(at, kappa, err);
    if (status == BD_OK && !(isfinite(kappa->value) && kappa->value >= 0.0))
        status = bd_fail(err, BD_NUMERIC, "the strength is %g", kappa->value);
    return bd_add_context(err, status, "%s: %s at %g GeV", model->name, strength->production, at->mass_gev);
}

double bd_model_decay_length(double width_gev)
{
    return BD_HBARC_GEV_M / width_gev;
}
