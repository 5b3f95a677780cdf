#include "db/channel.h"

#include <stdio.h>
#include <string.h>

#include "db/statement.h"

static enum bd_status save_model(struct bd_database *db, const struct bd_model *model, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(
        db, "INSERT INTO model VALUES (:model, :title, :source, :coupling_unit) ON CONFLICT DO NOTHING", &stmt,
        err));
    enum bd_status status = bd_statement_bind_text(stmt, ":model", model->name, err);
    if (status == BD_OK)
        status = bd_statement_bind_text(stmt, ":title", model->title, err);
    if (status == BD_OK)
        status = bd_statement_bind_text(stmt, ":source", model->source, err);
    if (status == BD_OK)
        status = bd_statement_bind_text(stmt, ":coupling_unit", model->coupling_unit, err);
    if (status == BD_OK)
        status = bd_statement_run(stmt, err);
    bd_statement_free(stmt);
    return status;
}

static enum bd_status save_channel(struct bd_statement *stmt, const struct bd_plan_production *production,
                                   const char *decay, struct bd_error *err)
{
    char name[BD_CHANNEL_SIZE];
    bd_plan_channel_name(production, decay, name);
    BD_TRY(bd_statement_bind_text(stmt, ":channel", name, err));
    BD_TRY(bd_statement_bind_text(stmt, ":model", production->model, err));
    BD_TRY(bd_statement_bind_text(stmt, ":production", production->channel->name, err));
    BD_TRY(bd_statement_bind_text(stmt, ":variant", production->variant, err));
    BD_TRY(bd_statement_bind_text(stmt, ":settings", production->settings_text, err));
    BD_TRY(bd_statement_bind_text(stmt, ":decay", decay, err));
    BD_TRY(bd_statement_bind_text(stmt, ":unit", production->channel->unit, err));
    BD_TRY(bd_statement_bind_text(stmt, ":title", production->channel->title, err));
    BD_TRY(bd_statement_bind_text(stmt, ":source", production->channel->source, err));
    return bd_statement_run(stmt, err);
}

static enum bd_status check_models(const struct bd_plan *plan, const struct bd_model *const *models,
                                   size_t n_model, struct bd_error *err)
{
    for (size_t i = 0; i < plan->n_production; i++) {
        const struct bd_plan_production *production = &plan->production[i];
        int found = production->model[0] == '\0';
        for (size_t k = 0; k < n_model; k++)
            found |= strcmp(models[k]->name, production->model) == 0;
        if (!found)
            return bd_fail(err, BD_BAD_INPUT, "production %s: model '%s' is not given to the run",
                           production->channel->name, production->model);
    }
    return BD_OK;
}

enum bd_status bd_channel_save_all(struct bd_database *db, const struct bd_plan *plan,
                                   const struct bd_model *const *models, size_t n_model, struct bd_error *err)
{
    BD_TRY(check_models(plan, models, n_model, err));
    for (size_t i = 0; i < n_model; i++)
        BD_TRY(save_model(db, models[i], err));
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db,
                                "INSERT INTO channel VALUES (:channel, :model, :production, :variant, :settings,"
                                " :decay, :unit, :title, :source) ON CONFLICT (channel) DO NOTHING",
                                &stmt, err));
    enum bd_status status = BD_OK;
    for (size_t d = 0; d < plan->n_decay; d++)
        for (size_t p = 0; status == BD_OK && p < plan->n_production; p++)
            if (bd_plan_has_pair(plan, p, d))
                status = save_channel(stmt, &plan->production[p], plan->decay[d], err);
    bd_statement_free(stmt);
    return status;
}
