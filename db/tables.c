#include "db/tables.h"

#include <stdio.h>
#include <string.h>

#include "db/statement.h"

const struct bd_table bd_tables[] = {
    {"experiment", "experiment"},
    {"run", "run"},
    {"input", "run, name"},
    {"member", "run, experiment"},
    {"selection", "experiment, decay"},
    {"region", "experiment, decay, region"},
    {"observation", "experiment, decay, region"},
    {"background_limit", "experiment, decay, region, item"},
    {"candidate", "experiment, decay, region, item"},
    {"model", "model"},
    {"channel", "channel"},
    {"kernel", "experiment, channel, region, mass_gev"},
    {"yield", "experiment, benchmark, channel, region, mass_gev, coupling, width_gev"},
    {"point", "experiment, benchmark, method, pot, mass_gev, coupling"},
    {"contour", "experiment, benchmark, plane, kind, cl, method, pot"},
    {"polyline", "contour, polyline"},
    {"vertex", "contour, polyline, vertex"},
    {"driver", "contour, mass_gev, decay"},
    {NULL, NULL},
};

/* Columns of run that say who ran it where. They change no number, so they are not compared. */
static const char *const machine_columns[] = {"source_commit", "compiler", "build_type", "command_line",
                                              "threads",       "host",     "start_utc",  "end_utc"};

static int is_machine(const char *column)
{
    for (size_t i = 0; i < sizeof machine_columns / sizeof machine_columns[0]; i++)
        if (strcmp(machine_columns[i], column) == 0)
            return 1;
    return 0;
}

static enum bd_status append_columns(struct bd_statement *stmt, int with_machine, char *columns, size_t size,
                                     struct bd_error *err)
{
    size_t used = 0;
    int row;
    for (;;) {
        BD_TRY(bd_statement_step(stmt, &row, err));
        if (!row)
            return BD_OK;
        const char *column = bd_statement_text(stmt, 0);
        if (!with_machine && is_machine(column))
            continue;
        const int n = snprintf(columns + used, size - used, "%s%s", used > 0 ? ", " : "", column);
        if (n < 0 || (size_t)n >= size - used)
            return bd_fail(err, BD_DATABASE, "the columns of a table do not fit into %zu characters", size);
        used += (size_t)n;
    }
}

enum bd_status bd_tables_columns(struct bd_database *db, const struct bd_table *table, int with_machine,
                                 char *columns, size_t size, struct bd_error *err)
{
    struct bd_statement *stmt;
    BD_TRY(bd_statement_prepare(db, "SELECT name FROM pragma_table_info(:table) ORDER BY cid", &stmt, err));
    enum bd_status status = bd_statement_bind_text(stmt, ":table", table->name, err);
    if (status == BD_OK)
        status = append_columns(stmt, with_machine || strcmp(table->name, "run") != 0, columns, size, err);
    bd_statement_free(stmt);
    return status;
}
