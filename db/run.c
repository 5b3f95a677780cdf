#include "db/run.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/channel.h"
#include "db/kernel_store.h"
#include "db/statement.h"
#include "src/core/data.h"
#include "src/core/pdg.h"

void bd_run_info_init(struct bd_run_info *info)
{
    *info = (struct bd_run_info){
        .version = BD_VERSION, .commit = BD_COMMIT, .build_type = BD_BUILD_TYPE, .command_line = ""};
    if (gethostname(info->host, sizeof info->host - 1) != 0)
        info->host[0] = '\0';
#if defined(__clang__)
    info->compiler = __VERSION__; /* says "Clang" itself */
#else
    info->compiler = "gcc " __VERSION__;
#endif
}

/* All that determines the numbers, as text: its hash is the key of the run. */
static void write_plan(FILE *out, const struct bd_plan *plan, const struct bd_run_info *info,
                       const struct bd_run *run)
{
    (void)fprintf(out, "version %s\npdg %s\n", info->version, BD_PDG_EDITION);
    for (size_t i = 0; i < info->n_input; i++)
        (void)fprintf(out, "input %s %016llx\n", info->input[i].name, info->input[i].hash);
    for (size_t i = 0; i < info->n_member; i++)
        (void)fprintf(out, "member %s %s of %s\n", info->member[i].experiment, info->member[i].run,
                      info->combination);
    (void)fprintf(out, "experiment %s %016llx\n", plan->experiment->id, plan->experiment->hash);
    for (size_t i = 0; i < run->n_region; i++)
        (void)fprintf(out, "region %s %.17g\n", run->region[i].name, run->region[i].weight);
    for (size_t i = 0; i < plan->n_production; i++) {
        const struct bd_plan_production *production = &plan->production[i];
        (void)fprintf(out, "production %s%s%s%s%s%s%s\n", production->channel->name,
                      production->variant[0] != '\0' ? ":" : "", production->variant,
                      production->settings_text[0] != '\0' ? " " : "", production->settings_text,
                      production->model[0] != '\0' ? " of " : "", production->model);
    }
    for (size_t i = 0; i < plan->n_decay; i++)
        (void)fprintf(out, "decay %s\n", plan->decay[i]);
    (void)fprintf(out, "precision %.17g\nmax_points %u\nseed %llu\n", plan->precision, plan->max_points,
                  plan->seed);
    (void)fprintf(out, "nodes ln_s %.17g + %.17g k\n", plan->nodes.ln_s_min, plan->nodes.ln_s_step);
    (void)fprintf(
        out, "grid ln_p %.17g + %.17g k < %zu, theta_rad %.17g + %.17g k < %zu, reach ln_p %.17g + %.17g k\n",
        plan->grid.ln_p_min, plan->grid.ln_p_step, plan->grid.n_p, plan->grid.theta_min_rad,
        plan->grid.theta_step_rad, plan->grid.n_theta, plan->grid.ln_reach_p_min, plan->grid.ln_reach_p_step);
    for (size_t i = 0; i < plan->n_mass; i++)
        (void)fprintf(out, "mass_gev %.17g\n", plan->mass_gev[i]);
}

/* The caller frees; NULL: out of memory. */
static char *make_plan_text(const struct bd_plan *plan, const struct bd_run_info *info, const struct bd_run *run)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    write_plan(out, plan, info, run);
    const int failed = ferror(out);
    if (fclose(out) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

/* Without one there is no trigger efficiency, hence no number of events. */
static int has_selection(const struct bd_experiment *experiment, const char *decay)
{
    for (size_t i = 0; i < experiment->n_state; i++)
        if (strcmp(experiment->state[i].name, decay) == 0)
            return 1;
    return 0;
}

static enum bd_status init_run(const struct bd_plan *plan, const struct bd_run_info *info, struct bd_run *run,
                               struct bd_error *err)
{
    size_t n_region = info->n_region;
    const struct bd_region *region =
        n_region > 0 ? info->region : bd_experiment_signal_regions(plan->experiment, &n_region);
    if (info->n_region > BD_REGIONS_MAX)
        return bd_fail(err, BD_BAD_INPUT, "%s: %zu signal regions, at most %d", plan->experiment->id,
                       info->n_region, BD_REGIONS_MAX);
    if (bd_experiment_has_kernels(plan->experiment) &&
        (plan->n_production == 0 || plan->n_decay == 0 || plan->n_mass == 0))
        return bd_fail(err, BD_BAD_INPUT,
                       "%s: the plan has %zu productions, %zu decays and %zu masses: nothing to do",
                       plan->experiment->id, plan->n_production, plan->n_decay, plan->n_mass);
    if (plan->seed > LLONG_MAX)
        return bd_fail(err, BD_BAD_INPUT, "seed %llu is larger than %lld", plan->seed, LLONG_MAX);
    for (size_t i = 0; i < plan->n_decay; i++)
        if (!has_selection(plan->experiment, plan->decay[i]))
            return bd_fail(err, BD_BAD_INPUT, "%s: the card has no selection for the decay %s",
                           plan->experiment->id, plan->decay[i]);
    *run = (struct bd_run){.plan = plan, .n_region = n_region};
    memcpy(run->region, region, n_region * sizeof *region);
    return BD_OK;
}

/* -- refusals ----------------------------------------------------------------------------------------------------
 */

static enum bd_status check_version(struct bd_database *db, const struct bd_run_info *info, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db, "SELECT program_version FROM run WHERE program_version <> :version LIMIT 1",
                                &stmt, err));
    int row;
    enum bd_status status = bd_statement_bind_text(stmt, ":version", info->version, err);
    if (status == BD_OK)
        status = bd_statement_step(stmt, &row, err);
    if (status == BD_OK && row)
        status =
            bd_fail(err, BD_BAD_INPUT,
                    "%s has kernels of beamdump %s, this is %s: their numbers may differ, take another database",
                    bd_database_path(db), bd_statement_text(stmt, 0), info->version);
    bd_statement_free(stmt);
    return status;
}

static enum bd_status check_input(struct bd_statement *stmt, const char *path, const struct bd_run_input *input,
                                  struct bd_error *err)
{
    char hash[17];
    (void)snprintf(hash, sizeof hash, "%016llx", input->hash);
    bd_statement_reset(stmt);
    BD_TRY(bd_statement_bind_text(stmt, ":name", input->name, err));
    BD_TRY(bd_statement_bind_text(stmt, ":hash", hash, err));
    int row;
    BD_TRY(bd_statement_step(stmt, &row, err));
    if (row)
        return bd_fail(
            err, BD_BAD_INPUT,
            "%s has kernels from another version of the input %s (hash %s, now %s): take another database", path,
            input->name, bd_statement_text(stmt, 0), hash);
    return BD_OK;
}

static enum bd_status check_inputs(struct bd_database *db, const struct bd_run_info *info, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db, "SELECT hash FROM input WHERE name = :name AND hash <> :hash LIMIT 1", &stmt,
                                err));
    enum bd_status status = BD_OK;
    for (size_t i = 0; status == BD_OK && i < info->n_input; i++)
        status = check_input(stmt, bd_database_path(db), &info->input[i], err);
    bd_statement_free(stmt);
    return status;
}

/* An unfinished run, if there is one, must be this one, and be meant. */
static enum bd_status check_unfinished(struct bd_database *db, const struct bd_run *run, int resume,
                                       struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(
        db, "SELECT run, start_utc, command_line FROM run WHERE end_utc IS NULL ORDER BY run", &stmt, err));
    enum bd_status status;
    int row;
    while ((status = bd_statement_step(stmt, &row, err)) == BD_OK && row) {
        const int is_this = strcmp(bd_statement_text(stmt, 0), run->id) == 0;
        if (is_this && resume)
            continue;
        status =
            bd_fail(err, BD_BAD_INPUT,
                    is_this ? "%s: this scan was interrupted (run %s, begun %s): continue it with --resume: %s"
                            : "%s: another scan is not finished (run %s, begun %s): continue it with --resume "
                              "first, or take another database: %s",
                    bd_database_path(db), bd_statement_text(stmt, 0), bd_statement_text(stmt, 1),
                    bd_statement_text(stmt, 2));
        break;
    }
    bd_statement_free(stmt);
    return status;
}

/* -- rows --------------------------------------------------------------------------------------------------------
 */

static enum bd_status bind_run(struct bd_statement *stmt, const struct bd_run *run, const struct bd_run_info *info,
                               const char *plan_text, struct bd_error *err)
{
    const struct bd_plan *plan = run->plan;
    BD_TRY(bd_statement_bind_text(stmt, ":run", run->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":experiment", plan->experiment->id, err));
    BD_TRY(bd_statement_bind_text(stmt, ":version", info->version, err));
    BD_TRY(bd_statement_bind_text(stmt, ":pdg", BD_PDG_EDITION, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":seed", (long long)plan->seed, err));
    BD_TRY(bd_statement_bind_double(stmt, ":precision", plan->precision, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":max_points", plan->max_points, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":n_task", (long long)(plan->n_decay * plan->n_mass), err));
    BD_TRY(bd_statement_bind_text(stmt, ":plan", plan_text, err));
    BD_TRY(bd_statement_bind_text(stmt, ":commit", info->commit, err));
    BD_TRY(bd_statement_bind_text(stmt, ":compiler", info->compiler, err));
    BD_TRY(bd_statement_bind_text(stmt, ":build_type", info->build_type, err));
    BD_TRY(bd_statement_bind_text(stmt, ":command_line", info->command_line, err));
    BD_TRY(bd_statement_bind_integer(stmt, ":threads", plan->threads, err));
    return bd_statement_bind_text(stmt, ":host", info->host, err);
}

static enum bd_status insert_run(struct bd_database *db, const struct bd_run *run, const struct bd_run_info *info,
                                 const char *plan_text, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db,
                                "INSERT INTO run VALUES (:run, :experiment, :version, :pdg, :seed, :precision,"
                                " :max_points, :n_task, :plan, :commit, :compiler, :build_type, :command_line,"
                                " :threads, :host, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), NULL)"
                                " ON CONFLICT (run) DO NOTHING",
                                &stmt, err));
    enum bd_status status = bind_run(stmt, run, info, plan_text, err);
    if (status == BD_OK)
        status = bd_statement_run(stmt, err);
    bd_statement_free(stmt);
    return status;
}

static enum bd_status insert_inputs(struct bd_database *db, const struct bd_run *run,
                                    const struct bd_run_info *info, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db, "INSERT INTO input VALUES (:run, :name, :hash) ON CONFLICT DO NOTHING", &stmt,
                                err));
    enum bd_status status = bd_statement_bind_text(stmt, ":run", run->id, err);
    for (size_t i = 0; status == BD_OK && i < info->n_input; i++) {
        char hash[17];
        (void)snprintf(hash, sizeof hash, "%016llx", info->input[i].hash);
        status = bd_statement_bind_text(stmt, ":name", info->input[i].name, err);
        if (status == BD_OK)
            status = bd_statement_bind_text(stmt, ":hash", hash, err);
        if (status == BD_OK)
            status = bd_statement_run(stmt, err);
    }
    bd_statement_free(stmt);
    return status;
}

static enum bd_status insert_members(struct bd_database *db, const struct bd_run *run,
                                     const struct bd_run_info *info, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(
        db, "INSERT INTO member VALUES (:run, :experiment, :member_run) ON CONFLICT DO NOTHING", &stmt, err));
    enum bd_status status = bd_statement_bind_text(stmt, ":run", run->id, err);
    for (size_t i = 0; status == BD_OK && i < info->n_member; i++) {
        status = bd_statement_bind_text(stmt, ":experiment", info->member[i].experiment, err);
        if (status == BD_OK)
            status = bd_statement_bind_text(stmt, ":member_run", info->member[i].run, err);
        if (status == BD_OK)
            status = bd_statement_run(stmt, err);
    }
    bd_statement_free(stmt);
    return status;
}

static enum bd_status count_done(struct bd_database *db, const struct bd_run *run, size_t *n_done,
                                 struct bd_error *err)
{
    unsigned char *done = malloc(run->plan->n_decay * run->plan->n_mass + 1);
    if (done == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", bd_database_path(db));
    const enum bd_status status = bd_kernel_store_find_done(db, run, done, n_done, err);
    free(done);
    return status;
}

/* Finished is what has no missing task; the time of the first finish is kept. */
static enum bd_status set_end(struct bd_database *db, const struct bd_run *run, int is_finished,
                              struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db,
                                "UPDATE run SET end_utc = iif(:is_finished, coalesce(end_utc,"
                                " strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), NULL) WHERE run = :run",
                                &stmt, err));
    enum bd_status status = bd_statement_bind_text(stmt, ":run", run->id, err);
    if (status == BD_OK)
        status = bd_statement_bind_integer(stmt, ":is_finished", is_finished, err);
    if (status == BD_OK)
        status = bd_statement_run(stmt, err);
    bd_statement_free(stmt);
    return status;
}

static enum bd_status store_run(struct bd_database *db, const struct bd_run *run, const struct bd_run_info *info,
                                const char *plan_text, int resume, struct bd_error *err)
{
    BD_TRY(check_version(db, info, err));
    BD_TRY(check_inputs(db, info, err));
    BD_TRY(check_unfinished(db, run, resume, err));
    BD_TRY(bd_experiment_store_save(db, run->plan, run->region, run->n_region, err));
    BD_TRY(insert_run(db, run, info, plan_text, err));
    BD_TRY(insert_inputs(db, run, info, err));
    BD_TRY(insert_members(db, run, info, err));
    BD_TRY(bd_channel_save_all(db, run->plan, info->model, info->n_model, err));
    size_t n_done = 0; /* a finished run may have lost kernels to a later one */
    BD_TRY(count_done(db, run, &n_done, err));
    return n_done < run->plan->n_decay * run->plan->n_mass ? set_end(db, run, 0, err) : BD_OK;
}

enum bd_status bd_run_begin(struct bd_database *db, const struct bd_plan *plan, const struct bd_run_info *info,
                            int resume, struct bd_run *run, struct bd_error *err)
{
    BD_TRY(init_run(plan, info, run, err));
    char *plan_text = make_plan_text(plan, info, run);
    if (plan_text == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", bd_database_path(db));
    (void)snprintf(run->id, sizeof run->id, "%016llx", bd_data_hash(BD_HASH_START, plan_text, strlen(plan_text)));
    enum bd_status status = bd_database_begin(db, err);
    if (status == BD_OK)
        status = bd_database_end(db, store_run(db, run, info, plan_text, resume, err), err);
    free(plan_text);
    return status;
}

enum bd_status bd_run_finish(struct bd_database *db, const struct bd_run *run, size_t *n_missing,
                             struct bd_error *err)
{
    const size_t n_task = run->plan->n_decay * run->plan->n_mass;
    size_t n_done = 0;
    BD_TRY(count_done(db, run, &n_done, err));
    if (n_missing != NULL)
        *n_missing = n_task - n_done;
    return n_done == n_task ? set_end(db, run, 1, err) : BD_OK;
}
