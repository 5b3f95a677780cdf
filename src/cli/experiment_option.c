#include "src/cli/experiment_option.h"

#include <omp.h>
#include <stdio.h>
#include <string.h>

#include "db/query.h"

struct names {
    size_t n;
    char first[BD_NAME_SIZE], all[512];
};

static enum bd_status add_name(void *context, size_t n, const struct bd_value *values, struct bd_error *err)
{
    struct names *names = context;
    const size_t used = strlen(names->all);
    (void)n;
    (void)err;
    if (names->n == 0)
        (void)snprintf(names->first, sizeof names->first, "%s", values[0].text);
    (void)snprintf(names->all + used, sizeof names->all - used, "%s%s", names->n > 0 ? ", " : "", values[0].text);
    names->n++;
    return BD_OK;
}

static const char kernels_sql[] =
    "SELECT experiment FROM experiment WHERE mode NOT IN ('" BD_EXPERIMENT_LIMIT_TABLE
    "', '" BD_EXPERIMENT_COMBINATION "') ORDER BY experiment";

enum bd_status bd_experiment_option_read(const struct bd_options *options, struct bd_database *db,
                                         char name[static BD_NAME_SIZE], struct bd_error *err)
{
    const char *given = bd_options_text(options, "experiment");
    if (given != NULL) {
        (void)snprintf(name, BD_NAME_SIZE, "%s", given);
        return BD_OK;
    }
    struct names names = {0};
    const struct bd_query_sink sink = {NULL, add_name, &names};
    BD_TRY(bd_query_run(db, kernels_sql, 0, NULL, 0, &sink, err));
    if (names.n != 1)
        return bd_fail(err, BD_USAGE, "--experiment is needed: %s has %s%s", bd_database_path(db),
                       names.n == 0 ? "no experiment with kernels" : "several: ", names.all);
    (void)snprintf(name, BD_NAME_SIZE, "%s", names.first);
    return BD_OK;
}

enum bd_status bd_experiment_option_load(const struct bd_options *options, struct bd_experiment **experiment,
                                         struct bd_error *err)
{
    const char *name = bd_options_text(options, "experiment");
    const enum bd_status status = bd_experiment_load(name, experiment, err);
    return strpbrk(name, "/.") == NULL ? bd_options_blame("experiment", status, err) : status;
}

int bd_experiment_option_threads(const struct bd_options *options)
{
    const long long threads = bd_options_whole(options, "threads");
    if (threads > 0)
        omp_set_num_threads((int)threads);
    return omp_get_max_threads();
}
