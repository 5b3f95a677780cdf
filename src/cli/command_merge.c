/* beamdump merge: shards of one scan, or scans of several experiments, into one database. */
#include <stdio.h>

#include "db/merge.h"
#include "src/cli/command.h"
#include "src/cli/query_table.h"

static const struct bd_option options_merge[] = {
    {.name = "FILE",
     .kind = BD_OPTION_LIST,
     .unit = "FILE",
     .positional = 1,
     .required = 1,
     .help = "databases to take over; they are not changed"},
    {.name = "db",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .required = 1,
     .help = "the database they are merged into; it is made if it does not exist"},
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump merge --db na62.db shard1.db shard2.db",
    NULL,
};

/* A missing or foreign file is found before the first change. */
static enum bd_status check_files(const struct bd_options *options, struct bd_error *err)
{
    for (size_t i = 0; i < bd_options_count(options, "FILE"); i++) {
        struct bd_database *db = NULL;
        BD_TRY(bd_database_open(bd_options_item(options, "FILE", i), BD_DATABASE_READ, &db, err));
        bd_database_close(db);
    }
    return BD_OK;
}

static enum bd_status report(struct bd_database *db, size_t n_file, struct bd_error *err)
{
    long long n_kernel, n_run, n_open;
    BD_TRY(bd_query_table_count(db, "SELECT count(*) FROM kernel", NULL, 0, &n_kernel, err));
    BD_TRY(bd_query_table_count(db, "SELECT count(*) FROM run", NULL, 0, &n_run, err));
    BD_TRY(bd_query_table_count(db, "SELECT count(*) FROM run WHERE end_utc IS NULL", NULL, 0, &n_open, err));
    (void)fprintf(stderr, "beamdump merge: %zu file%s; %s now has %lld kernels of %lld run%s, %lld not finished\n",
                  n_file, n_file == 1 ? "" : "s", bd_database_path(db), n_kernel, n_run, n_run == 1 ? "" : "s",
                  n_open);
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    const size_t n = bd_options_count(options, "FILE");
    struct bd_database *db = NULL;
    BD_TRY(check_files(options, err));
    enum bd_status status = bd_database_open(bd_options_text(options, "db"), BD_DATABASE_CREATE, &db, err);
    for (size_t i = 0; status == BD_OK && i < n; i++)
        status = bd_merge_database(db, bd_options_item(options, "FILE", i), err);
    if (status == BD_OK)
        status = report(db, n, err);
    bd_database_close(db);
    return status;
}

const struct bd_command command_merge = {
    .name = "merge",
    .summary = "put databases together: shards of one scan, or several experiments",
    .description =
        "Rows that are missing are copied. The same kernel with other numbers is an error: of that file\n"
        "nothing is taken over.",
    .options = options_merge,
    .examples = examples,
    .run = run,
};
