/* beamdump sql: ask a database anything, in SQL. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "src/cli/command.h"
#include "src/cli/output.h"
#include "src/cli/query_table.h"
#include "src/cli/suggest.h"
#include "src/core/data.h"

#define QUERY_DIR "db/queries"
#define QUERY_SUFFIX ".sql"
#define PARAMETERS_MAX 32
#define NAMES_MAX 32
#define NAME_SIZE 64

static const struct bd_option options_sql[] = {
    {.name = "STATEMENT",
     .kind = BD_OPTION_TEXT,
     .unit = "STATEMENT",
     .positional = 1,
     .help = "one SQL statement; tables and views: SELECT name FROM sqlite_schema"},
    {.name = "db", .kind = BD_OPTION_TEXT, .unit = "FILE", .required = 1, .help = "the database"},
    {.name = "file", .kind = BD_OPTION_TEXT, .unit = "FILE", .help = "read the statement from a file"},
    {.name = "query",
     .kind = BD_OPTION_TEXT,
     .unit = "NAME",
     .help = "a query that comes with the program: best_channel, drivers, kernel_errors, limits_reach, "
             "provenance, yield_against_mass; what it does and its parameters stand at its top (db/queries)"},
    {.name = "param",
     .kind = BD_OPTION_LIST,
     .unit = "NAME=VALUE",
     .help = "value of a parameter :NAME of the statement; those that are not given are NULL"},
    {.name = "write", .kind = BD_OPTION_FLAG, .help = "allow a statement that changes the database"},
    BD_OPTIONS_OUTPUT,
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump sql --db na62.db \"SELECT * FROM v_channel\"",
    "beamdump sql --db na62.db --query best_channel --param benchmark=BC4 --format csv",
    "beamdump sql --db na62.db --query yield_against_mass --param width_gev=1e-16 --param decay=mu+mu-",
    NULL,
};

static int is_query(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name), suffix = strlen(QUERY_SUFFIX);
    return length > suffix && strcmp(entry->d_name + length - suffix, QUERY_SUFFIX) == 0;
}

/* "there is no query 'best'; known are: best_channel, ... Did you mean 'best_channel'?" */
static enum bd_status fail_unknown(const char *name, struct bd_error *err)
{
    char folder[4096], names[NAMES_MAX][NAME_SIZE], list[512] = "", hint[160];
    const char *known[NAMES_MAX];
    struct dirent **entry;
    size_t n = 0;
    BD_TRY(bd_data_path(QUERY_DIR, folder, sizeof folder, err));
    const int n_entry = scandir(folder, &entry, is_query, alphasort);
    for (int i = 0; i < n_entry; i++) {
        if (n < NAMES_MAX) {
            const int length = (int)(strlen(entry[i]->d_name) - strlen(QUERY_SUFFIX));
            const size_t used = strlen(list);
            (void)snprintf(names[n], sizeof names[n], "%.*s", length, entry[i]->d_name);
            (void)snprintf(list + used, sizeof list - used, "%s%s", n > 0 ? ", " : "", names[n]);
            known[n] = names[n];
            n++;
        }
        free(entry[i]);
    }
    if (n_entry >= 0)
        free(entry);
    return bd_fail(err, BD_USAGE, "--query: '%.60s' is not one of: %s.%s", name, list,
                   bd_suggest(name, known, n, hint, sizeof hint));
}

static enum bd_status read_query(const char *name, char **sql, struct bd_error *err)
{
    char relative[128], path[4096];
    const int n = snprintf(relative, sizeof relative, QUERY_DIR "/%s" QUERY_SUFFIX, name);
    if (strchr(name, '/') != NULL || n < 0 || (size_t)n >= sizeof relative ||
        bd_data_path(relative, path, sizeof path, err) != BD_OK)
        return fail_unknown(name, err);
    return bd_data_read_text(path, sql, NULL, err);
}

/* The statement from one of its three places; the caller frees. */
static enum bd_status read_sql(const struct bd_options *options, char **sql, struct bd_error *err)
{
    const char *typed = bd_options_text(options, "STATEMENT"), *file = bd_options_text(options, "file"),
               *query = bd_options_text(options, "query");
    if ((typed != NULL) + (file != NULL) + (query != NULL) != 1)
        return bd_fail(err, BD_USAGE, "exactly one of STATEMENT, --file and --query is needed");
    if (query != NULL)
        return read_query(query, sql, err);
    if (file != NULL)
        return bd_data_read_text(file, sql, NULL, err);
    *sql = strdup(typed);
    return *sql != NULL ? BD_OK : bd_fail(err, BD_NO_MEMORY, "SQL: out of memory");
}

static enum bd_status run_sql(const struct bd_options *options, const char *sql, struct bd_error *err)
{
    const size_t n = bd_options_count(options, "param");
    const int may_write = bd_options_flag(options, "write");
    struct bd_query_parameter parameter[PARAMETERS_MAX];
    char name[PARAMETERS_MAX][NAME_SIZE];
    struct bd_database *db = NULL;
    if (n > PARAMETERS_MAX)
        return bd_fail(err, BD_USAGE, "--param: at most %d of them", PARAMETERS_MAX);
    for (size_t i = 0; i < n; i++) {
        parameter[i].name = name[i];
        BD_TRY(bd_options_pair(options, "param", i, name[i], NAME_SIZE, &parameter[i].text, err));
    }
    enum bd_status status = bd_database_open(bd_options_text(options, "db"),
                                             may_write ? BD_DATABASE_WRITE : BD_DATABASE_READ, &db, err);
    if (status == BD_OK)
        status = bd_query_table_write(db, sql, may_write, parameter, n, options, NULL, err);
    bd_database_close(db);
    return status;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    char *sql = NULL;
    enum bd_status status = read_sql(options, &sql, err);
    if (status == BD_OK)
        status = run_sql(options, sql, err);
    free(sql);
    return status;
}

const struct bd_command command_sql = {
    .name = "sql",
    .summary = "ask a database in SQL",
    .description =
        "Beside what SQLite has there are n_events(kernel, width_gev), the events of a stored kernel at its\n"
        "mass and a width of X, at unit strength and BR = 1, and n_events_err(kernel, width_gev), their Monte\n"
        "Carlo error.",
    .options = options_sql,
    .examples = examples,
    .run = run,
};
