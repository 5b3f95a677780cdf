/* beamdump check FILE: reads a file as the program would and reports every fault. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "db/database.h"
#include "src/cli/command.h"
#include "src/cli/query_table.h"
#include "src/core/csv.h"
#include "src/core/data.h"
#include "src/core/experiment.h"
#include "src/scan/limit_table.h"
#include "src/scan/plan.h"

static const char *const kinds[] = {"auto", "card", "spectrum", "database", NULL};

static const struct bd_option options_check[] = {
    {.name = "FILE",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .positional = 1,
     .required = 1,
     .help = "an experiment card (YAML), a spectrum of parent particles (CSV) or a database"},
    {.name = "as",
     .kind = BD_OPTION_CHOICE,
     .initial = "auto",
     .choices = kinds,
     .help = "what the file should be; auto: from its name, a database from its first bytes"},
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump check my_experiment.yaml",
    "beamdump check --as spectrum my_spectrum.csv",
    "beamdump check na62.db",
    NULL,
};

static enum bd_status check_limits(const char *path, const struct bd_experiment *experiment, struct bd_error *err)
{
    struct bd_limit_table *table = NULL;
    BD_TRY(bd_limit_table_open(experiment, &table, err));
    (void)printf("%s: card of %s, limits on %s, X -> %s, at %zu masses: no fault\n", path, experiment->id,
                 experiment->search.production, experiment->search.decay, bd_limit_table_n_mass(table));
    bd_limit_table_free(table);
    return BD_OK;
}

static enum bd_status check_card(const char *path, struct bd_error *err)
{
    char file[4096];
    struct bd_experiment *experiment = NULL;
    /* A name with a '/' or ending in .yaml is a path; any other would be looked for among the built-in cards. */
    (void)snprintf(file, sizeof file, "%s%s", strchr(path, '/') == NULL ? "./" : "", path);
    BD_TRY(bd_experiment_load(file, &experiment, err));
    if (strcmp(experiment->mode, BD_EXPERIMENT_LIMIT_TABLE) == 0) {
        const enum bd_status status = check_limits(path, experiment, err);
        bd_experiment_free(experiment);
        return status;
    }
    struct bd_plan plan; /* a selection may be more than the program can do */
    const enum bd_status status = bd_plan_init(experiment, &plan, err);
    bd_plan_free(&plan);
    if (status == BD_OK)
        (void)printf("%s: card of %s, %zu final states, %zu planes: no fault\n", path, experiment->id,
                     experiment->n_state, experiment->n_plane);
    bd_experiment_free(experiment);
    return status;
}

enum { PDG, E_LO, E_HI, PT_LO, PT_HI, COUNT };
static const char *const spectrum_columns[] = {"pdg",       "E_lo_GeV", "E_hi_GeV", "pT_lo_GeV",
                                               "pT_hi_GeV", "count",    NULL};

/* One row of a spectrum; each fault is printed, so that one run shows them all. Returns their number. */
static size_t check_cell(const struct bd_csv *csv, size_t row)
{
    struct bd_error err;
    double cell[COUNT + 1] = {0.0};
    size_t n = 0;
    for (size_t column = PDG; column <= COUNT; column++) {
        const double min = column == PDG ? -9999999.0 : 0.0, max = column == COUNT ? 1e18 : 9999999.0;
        if (bd_csv_number(csv, row, column, min, max, &cell[column], &err) != BD_OK) {
            (void)fprintf(stderr, "%s\n", err.message);
            n++;
        }
    }
    const char *fault = n > 0                           ? NULL
                        : cell[PDG] != floor(cell[PDG]) ? "pdg: not a whole number"
                        : !(cell[E_HI] > cell[E_LO])    ? "E_hi_GeV is not above E_lo_GeV"
                        : !(cell[PT_HI] > cell[PT_LO])  ? "pT_hi_GeV is not above pT_lo_GeV"
                                                        : NULL;
    if (fault == NULL)
        return n;
    (void)bd_csv_fail(csv, row, &err, "%s", fault);
    (void)fprintf(stderr, "%s\n", err.message);
    return 1;
}

/* "# events: 3000000 ..." turns counts into particles per event. */
static int has_events(const struct bd_csv *csv)
{
    for (size_t i = 0; i < csv->n_comment; i++)
        if (strncmp(csv->comment[i], "events:", 7) == 0 && strtod(csv->comment[i] + 7, NULL) >= 1.0)
            return 1;
    return 0;
}

static enum bd_status check_spectrum(const char *path, struct bd_error *err)
{
    struct bd_csv *csv = NULL;
    BD_TRY(bd_csv_read(path, spectrum_columns, &csv, err));
    size_t n = 0;
    if (!has_events(csv)) {
        (void)fprintf(stderr, "%s: the line '# events: N' is missing: counts cannot be turned into yields\n",
                      path);
        n++;
    }
    for (size_t row = 0; row < csv->n_row; row++)
        n += check_cell(csv, row);
    if (n == 0)
        (void)printf("%s: spectrum of %zu cells: no fault\n", path, csv->n_row);
    bd_csv_free(csv);
    return n == 0 ? BD_OK : bd_fail(err, BD_BAD_INPUT, "%s: %zu fault%s", path, n, n > 1 ? "s" : "");
}

static enum bd_status count_rows(struct bd_database *db, const char *path, struct bd_error *err)
{
    static const struct {
        const char *sql, *name;
    } counts[] = {{"SELECT count(*) FROM experiment", "experiments"},
                  {"SELECT count(*) FROM run", "runs"},
                  {"SELECT count(*) FROM run WHERE end_utc IS NULL", "runs not finished"},
                  {"SELECT count(*) FROM kernel", "kernels"},
                  {"SELECT count(*) FROM kernel WHERE status = 'precision'", "kernels that miss their precision"},
                  {"SELECT count(*) FROM contour", "contours"}};
    (void)printf("%s: database of ", path);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        long long n;
        BD_TRY(bd_query_table_count(db, counts[i].sql, NULL, 0, &n, err));
        (void)printf("%s%lld %s", i > 0 ? ", " : "", n, counts[i].name);
    }
    (void)printf(": no fault\n");
    return BD_OK;
}

static void print_fault(void *context, const char *fault)
{
    (void)fprintf(stderr, "%s: %s\n", (const char *)context, fault);
}

static enum bd_status check_database(const char *path, struct bd_error *err)
{
    struct bd_database *db = NULL;
    enum bd_status status = bd_database_open(path, BD_DATABASE_READ, &db, err);
    if (status == BD_OK)
        status = bd_database_check(db, print_fault, (void *)path, err);
    if (status == BD_OK)
        status = count_rows(db, path, err);
    bd_database_close(db);
    return status;
}

static int is_database(const char *path)
{
    static const char magic[] = "SQLite format 3"; /* with the NUL: the first 16 bytes */
    char head[sizeof magic] = "";
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    const size_t n = fread(head, 1, sizeof head, file);
    (void)fclose(file);
    return n == sizeof head && memcmp(head, magic, sizeof head) == 0;
}

static enum bd_status find_kind(const char *path, const char **kind, struct bd_error *err)
{
    const char *dot = strrchr(path, '.');
    if (is_database(path) || (dot != NULL && strcmp(dot, ".db") == 0))
        *kind = "database";
    else if (dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
        *kind = "card";
    else if (dot != NULL && strcmp(dot, ".csv") == 0)
        *kind = "spectrum";
    else
        return bd_fail(err, BD_USAGE, "'%s' ends in none of .yaml, .yml, .csv, .db: say --as", path);
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    const char *path = bd_options_text(options, "FILE"), *kind = bd_options_text(options, "as");
    if (strcmp(kind, "auto") == 0)
        BD_TRY(find_kind(path, &kind, err));
    if (strcmp(kind, "database") == 0)
        return check_database(path, err);
    return strcmp(kind, "card") == 0 ? check_card(path, err) : check_spectrum(path, err);
}

const struct bd_command command_check = {
    .name = "check",
    .summary = "read a card, spectrum or database and report every fault",
    .options = options_check,
    .examples = examples,
    .run = run,
};
