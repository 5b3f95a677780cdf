/* A database file: made, opened, refused, locked, and the statements on it. */
#include "fixture.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include "db/statement.h"
#include "src/core/flag.h"

static void write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    (void)fclose(file);
}

/* SQL in a file by SQLite alone, to make files which are not ours. */
static void execute_raw(const char *path, const char *sql)
{
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void new_file_has_our_tables(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_database *db;
    struct toy_rows rows;
    toy_init(&toy);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    assert_string_equal(toy_query(db, "PRAGMA user_version", &rows), "2\n");
    assert_int_equal(BD_SCHEMA_VERSION, 2);
    assert_string_equal(toy_query(db, "PRAGMA journal_mode", &rows), "wal\n");
    assert_string_equal(toy_query(db, "PRAGMA foreign_keys", &rows), "1\n");
    expect_ok(bd_database_check(db, NULL, NULL, &err), err);
    bd_database_close(db);
    for (int mode = BD_DATABASE_READ; mode <= BD_DATABASE_CREATE; mode++) { /* and it opens again */
        expect_ok(bd_database_open(toy.path, (enum bd_database_mode)mode, &db, &err), err);
        assert_string_equal(toy_query(db, "SELECT count(*) FROM kernel", &rows), "0\n");
        bd_database_close(db);
    }
    toy_free(&toy);
}

static void every_table_is_strict_and_every_view_runs(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_database *db;
    struct toy_rows rows;
    expect_ok(bd_database_open(":memory:", BD_DATABASE_CREATE, &db, &err), err);
    assert_string_equal(toy_query(db,
                                  "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict"
                                  " AND name NOT LIKE 'sqlite_%'",
                                  &rows),
                        "");
    static const char *const views[] = {"v_kernel",       "v_channel",      "v_yield",   "v_total",
                                        "v_best_channel", "v_contour_list", "v_contour", "v_driver"};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        char sql[64];
        (void)snprintf(sql, sizeof sql, "SELECT * FROM %s", views[i]);
        assert_string_equal(toy_query(db, sql, &rows), "");
    }
    (void)toy_query(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'view'", &rows);
    assert_int_equal(strtoul(rows.text, NULL, 10), sizeof views / sizeof views[0]);
    bd_database_close(db);
}

static void words_of_status_are_those_of_the_program(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_database *db;
    struct toy_rows rows;
    char expected[256] = "";
    for (int flag = BD_FLAG_OK; flag <= BD_FLAG_OUTSIDE; flag++)
        (void)snprintf(expected + strlen(expected), sizeof expected - strlen(expected), "%s|%d\n",
                       bd_flag_name((enum bd_flag)flag), flag);
    expect_ok(bd_database_open(":memory:", BD_DATABASE_CREATE, &db, &err), err);
    assert_string_equal(toy_query(db, "SELECT status, severity FROM status ORDER BY severity", &rows), expected);
    bd_database_close(db);
}

static void missing_files_and_folders_are_named(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_database *db = NULL;
    toy_init(&toy);
    expect_fails(bd_database_open(toy.path, BD_DATABASE_READ, &db, &err), BD_DATABASE, toy.path, err);
    assert_non_null(strstr(err.message, "cannot be opened: No such file"));
    expect_fails(bd_database_open(toy.path, BD_DATABASE_WRITE, &db, &err), BD_DATABASE, "No such file", err);
    assert_int_not_equal(access(toy.path, F_OK), 0); /* and none was made */
    expect_fails(bd_database_open("/nowhere/at/all.db", BD_DATABASE_CREATE, &db, &err), BD_DATABASE,
                 "/nowhere/at/all.db cannot be opened: No such file", err);
    expect_fails(bd_database_open(toy.folder, BD_DATABASE_CREATE, &db, &err), BD_DATABASE, "cannot be opened",
                 err);
    expect_fails(bd_database_open("/proc/beamdump.db", BD_DATABASE_CREATE, &db, &err), BD_DATABASE,
                 "/proc/beamdump.db", err);
    expect_fails(bd_database_open("", BD_DATABASE_CREATE, &db, &err), BD_BAD_INPUT, "empty", err);
    assert_null(db);
    toy_free(&toy);
}

static void files_that_are_not_ours_are_refused_and_left_alone(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_database *db;
    toy_init(&toy);
    static const char card[] =
        "experiment: {id: na62}\n# a card, given as --db by mistake; long enough to be read as a "
        "header of a database, which has one hundred bytes\n";
    write_file(toy.path, card, sizeof card - 1);
    for (int mode = BD_DATABASE_READ; mode <= BD_DATABASE_CREATE; mode++)
        expect_fails(bd_database_open(toy.path, (enum bd_database_mode)mode, &db, &err), BD_DATABASE,
                     "is not a database", err);
    char *text;
    expect_ok(bd_data_read_text(toy.path, &text, NULL, &err), err);
    assert_string_equal(text, card);
    free(text);

    (void)unlink(toy.path);
    execute_raw(toy.path, "CREATE TABLE bookmark (url TEXT)");
    expect_fails(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), BD_DATABASE,
                 "is a database of another program", err);
    (void)unlink(toy.path);
    write_file(toy.path, "", 0);
    expect_fails(bd_database_open(toy.path, BD_DATABASE_READ, &db, &err), BD_DATABASE, "is empty", err);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err); /* as mktemp leaves it */
    bd_database_close(db);
    toy_free(&toy);
}

static void other_versions_of_the_tables_are_refused(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_database *db;
    toy_init(&toy);
    expect_ok(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), err);
    bd_database_close(db);
    execute_raw(toy.path, "PRAGMA user_version = 3");
    expect_fails(bd_database_open(toy.path, BD_DATABASE_WRITE, &db, &err), BD_DATABASE,
                 "version 3 of the tables, this program knows version 2: it needs a newer beamdump", err);
    execute_raw(toy.path, "PRAGMA user_version = 1");
    expect_fails(bd_database_open(toy.path, BD_DATABASE_CREATE, &db, &err), BD_DATABASE, "written by an older",
                 err);
    toy_free(&toy);
}

struct faults {
    int n;
    char text[1024];
};

static void note_fault(void *context, const char *fault)
{
    struct faults *faults = context;
    faults->n++;
    (void)snprintf(faults->text + strlen(faults->text), sizeof faults->text - strlen(faults->text), "%s\n", fault);
}

static void damage_is_found(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run);
    bd_database_close(db); /* puts the log into the file */
    char *bytes;
    size_t size;
    expect_ok(bd_data_read_text(toy.path, &bytes, &size, &err), err);
    assert_true(size > 65536);

    write_file(toy.path, bytes, size / 2 / 4096 * 4096); /* as after a broken download */
    expect_fails(bd_database_open(toy.path, BD_DATABASE_READ, &db, &err), BD_DATABASE, "is damaged or cut off",
                 err);

    char *broken = malloc(size);
    assert_non_null(broken);
    memcpy(broken, bytes, size);
    memset(broken + 4096, 0x55, size - 2 * 4096); /* the first page is good, so it opens */
    write_file(toy.path, broken, size);
    enum bd_status status = bd_database_open(toy.path, BD_DATABASE_READ, &db, &err);
    if (status == BD_OK) {
        status = bd_database_check(db, NULL, NULL, &err);
        bd_database_close(db);
    }
    assert_int_equal(status, BD_DATABASE);
    assert_non_null(strstr(err.message, "is damaged"));
    free(broken);

    write_file(toy.path, bytes, size); /* whole, but a run is gone that kernels refer to */
    free(bytes);
    execute_raw(toy.path, "PRAGMA foreign_keys = OFF; DELETE FROM run");
    expect_ok(bd_database_open(toy.path, BD_DATABASE_READ, &db, &err), err);
    expect_fails(bd_database_check(db, NULL, NULL, &err), BD_DATABASE, "missing row of run", err);
    bd_database_close(db);

    /* All faults are told, not only the first: also a number outside of its range. */
    execute_raw(toy.path, "PRAGMA ignore_check_constraints = ON; UPDATE selection SET a_trig = 2");
    struct faults faults = {0, ""};
    expect_ok(bd_database_open(toy.path, BD_DATABASE_READ, &db, &err), err);
    expect_fails(bd_database_check(db, note_fault, &faults, &err), BD_DATABASE,
                 "is damaged: 3 faults, the first: CHECK", err);
    assert_int_equal(faults.n, 3);
    assert_non_null(strstr(faults.text, "CHECK constraint failed in selection, 3 times\n"));
    assert_non_null(strstr(faults.text, "12 rows of kernel refer to a missing row of run\n"));
    assert_non_null(strstr(faults.text, "a row of input refers to a missing row of run\n"));
    bd_database_close(db);
    toy_free(&toy);
}

/* Root may write anywhere: the test is then done as `nobody`. */
static void folder_without_write_permission_can_be_read(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    bd_database_close(toy_database(&toy, &run));
    assert_int_equal(chmod(toy.folder, 0555), 0);
    assert_int_equal(chmod(toy.path, 0444), 0);
    const int is_root = geteuid() == 0;
    if (is_root)
        assert_int_equal(seteuid(65534), 0);
    struct bd_database *db = NULL, *other = NULL;
    const enum bd_status write_status = bd_database_open(toy.path, BD_DATABASE_WRITE, &other, &err);
    bd_database_close(other);
    char new_path[128];
    (void)snprintf(new_path, sizeof new_path, "%s/new.db", toy.folder);
    struct bd_error new_err, read_err = {.message = ""};
    const enum bd_status new_status = bd_database_open(new_path, BD_DATABASE_CREATE, &other, &new_err);
    const enum bd_status read_status = bd_database_open(toy.path, BD_DATABASE_READ, &db, &read_err);
    if (read_status == BD_OK)
        (void)toy_query(db, "SELECT count(*) FROM kernel", &rows);
    if (is_root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(toy.folder, 0755), 0);
    assert_int_equal(write_status, BD_DATABASE);
    assert_non_null(strstr(err.message, "toy.db cannot be written"));
    assert_int_equal(new_status, BD_DATABASE);
    assert_non_null(strstr(new_err.message, "its folder does not exist or cannot be written"));
    assert_string_equal(read_err.message, "");
    assert_string_equal(rows.text, "12\n");
    bd_database_close(db);
    toy_free(&toy);
}

static void second_writer_waits_and_then_says_so(void **state)
{
    (void)state;
    struct toy toy;
    struct bd_error err;
    struct bd_run run;
    struct toy_rows rows;
    toy_init(&toy);
    struct bd_database *db = toy_database(&toy, &run), *other;
    expect_ok(bd_database_open(toy.path, BD_DATABASE_WRITE, &other, &err), err);
    expect_ok(bd_database_begin(db, &err), err);
    bd_database_set_timeout(other, 20);
    expect_fails(bd_database_begin(other, &err), BD_DATABASE, "toy.db is in use by another program", err);
    assert_string_equal(toy_query(other, "SELECT count(*) FROM kernel", &rows),
                        "12\n"); /* readers are not kept out */
    expect_ok(bd_database_end(db, BD_OK, &err), err);
    expect_ok(bd_database_begin(other, &err), err);
    assert_int_equal(bd_database_end(other, BD_INTERRUPTED, &err), BD_INTERRUPTED);
    bd_database_close(other);
    bd_database_close(db);
    toy_free(&toy);
}

static void failed_transaction_leaves_nothing(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_database *db;
    struct toy_rows rows;
    expect_ok(bd_database_open(":memory:", BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_database_begin(db, &err), err);
    (void)toy_query(db, "INSERT INTO model VALUES ('alp', '', '', '1')", &rows);
    assert_int_equal(bd_database_end(db, BD_NUMERIC, &err), BD_NUMERIC);
    assert_string_equal(toy_query(db, "SELECT count(*) FROM model", &rows),
                        "1\n"); /* the empty one of the schema */
    bd_database_close(db);
}

static void nan_and_unknown_parameters_are_refused(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_database *db;
    struct bd_statement *stmt;
    int row;
    expect_ok(bd_database_open(":memory:", BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_statement_prepare(db, "SELECT :x, :blob", &stmt, &err), err);
    expect_fails(bd_statement_bind_double(stmt, ":x", NAN, &err), BD_NUMERIC, ":x is nan", err);
    expect_fails(bd_statement_bind_double(stmt, ":x", -INFINITY, &err), BD_NUMERIC, ":x is -inf", err);
    expect_fails(bd_statement_bind_optional(stmt, ":x", INFINITY, &err), BD_NUMERIC, ":x is inf", err);
    const double bad[] = {1.0, NAN};
    expect_fails(bd_statement_bind_doubles(stmt, ":blob", bad, 2, &err), BD_NUMERIC, ":blob[1] is nan", err);
    expect_fails(bd_statement_bind_double(stmt, ":y", 1.0, &err), BD_DATABASE, "bind :y", err);
    expect_ok(bd_statement_bind_optional(stmt, ":x", NAN, &err), err);
    expect_ok(bd_statement_step(stmt, &row, &err), err);
    assert_true(row && isnan(bd_statement_double(stmt, 0)));
    assert_int_equal(bd_statement_integer(stmt, 0, -1), -1);
    bd_statement_free(stmt);
    expect_fails(bd_statement_prepare(db, "SELECT bogus", &stmt, &err), BD_DATABASE, "no such column", err);
    bd_database_close(db);
}

static void doubles_keep_every_bit(void **state)
{
    (void)state;
    const double values[] = {1.0 / 3.0, -0.0, 5e-324, 1.7976931348623157e308, -1e-300};
    double back[5];
    struct bd_error err;
    struct bd_database *db;
    struct bd_statement *stmt;
    int row;
    expect_ok(bd_database_open(":memory:", BD_DATABASE_CREATE, &db, &err), err);
    expect_ok(bd_statement_prepare(db, "SELECT :blob, hex(:one)", &stmt, &err), err);
    expect_ok(bd_statement_bind_doubles(stmt, ":blob", values, 5, &err), err);
    const double one = 1.0;
    expect_ok(bd_statement_bind_doubles(stmt, ":one", &one, 1, &err), err);
    expect_ok(bd_statement_step(stmt, &row, &err), err);
    expect_ok(bd_statement_doubles(stmt, 0, back, 5, &err), err);
    assert_memory_equal(back, values, sizeof values);
    assert_string_equal(bd_statement_text(stmt, 1), "000000000000F03F"); /* little-endian on any machine */
    expect_fails(bd_statement_doubles(stmt, 0, back, 4, &err), BD_DATABASE, "40 bytes instead of 32", err);
    bd_statement_free(stmt);
    bd_database_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_file_has_our_tables),
        cmocka_unit_test(every_table_is_strict_and_every_view_runs),
        cmocka_unit_test(words_of_status_are_those_of_the_program),
        cmocka_unit_test(missing_files_and_folders_are_named),
        cmocka_unit_test(files_that_are_not_ours_are_refused_and_left_alone),
        cmocka_unit_test(other_versions_of_the_tables_are_refused),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(folder_without_write_permission_can_be_read),
        cmocka_unit_test(second_writer_waits_and_then_says_so),
        cmocka_unit_test(failed_transaction_leaves_nothing),
        cmocka_unit_test(nan_and_unknown_parameters_are_refused),
        cmocka_unit_test(doubles_keep_every_bit),
    };
    return run_all_tests(tests);
}
