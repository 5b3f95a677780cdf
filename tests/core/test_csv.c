/* Tables: comments, quotes and line ends are read; every fault names file, line, column and value. */
#include "expect.h"

#include <stdlib.h>
#include <unistd.h>

#include "src/core/csv.h"

static const char *const columns[] = {"name", "mass_gev", "note", NULL};

/* Write text to a temporary file, read it as a table, remove the file. */
static enum bd_status read_bytes(const char *text, size_t length, struct bd_csv **csv, struct bd_error *err)
{
    char path[] = "/tmp/bd_csv_XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_int_equal(write(handle, text, length), length);
    assert_int_equal(close(handle), 0);
    const enum bd_status status = bd_csv_read(path, columns, csv, err);
    assert_int_equal(unlink(path), 0);
    return status;
}

static enum bd_status read_text(const char *text, struct bd_csv **csv, struct bd_error *err)
{
    return read_bytes(text, strlen(text), csv, err);
}

static void rows_comments_and_quotes_are_read(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_csv *csv;
    double mass;
    expect_ok(read_text("# source: somebody\n"
                        "name,mass_gev,note\n"
                        "\n"
                        "pi0, 0.135 ,\n"
                        "#second\n"
                        "K,-4.9e-1,\"a, \"\"b\"\"\"",
                        &csv, &err),
              err);
    assert_int_equal(csv->n_row, 2);
    assert_int_equal(csv->n_comment, 2);
    assert_string_equal(csv->comment[0], "source: somebody");
    assert_string_equal(csv->comment[1], "second");
    assert_string_equal(csv->column[1], "mass_gev");
    assert_string_equal(bd_csv_text(csv, 0, 0), "pi0");
    assert_string_equal(bd_csv_text(csv, 0, 2), "");
    assert_string_equal(bd_csv_text(csv, 1, 2), "a, \"b\"");
    assert_int_equal(csv->line[0], 4);
    assert_int_equal(csv->line[1], 6);
    expect_ok(bd_csv_number(csv, 0, 1, 0.0, 1.0, &mass, &err), err);
    assert_true(mass == 0.135);
    expect_ok(bd_csv_number(csv, 1, 1, -1.0, 1.0, &mass, &err), err);
    assert_true(mass == -0.49);
    bd_csv_free(csv);
}

static void windows_line_ends_and_byte_order_mark_are_ignored(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_csv *csv;
    expect_ok(read_text("\xef\xbb\xbfname,mass_gev,note\r\n#c\r\n\r\nK,1,last\r\n", &csv, &err), err);
    assert_int_equal(csv->n_row, 1);
    assert_string_equal(csv->comment[0], "c");
    assert_string_equal(bd_csv_text(csv, 0, 2), "last");
    bd_csv_free(csv);
}

static void a_wrong_table_is_refused_with_its_line(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_csv *csv;
    expect_fails(read_text("name,mass_mev,note\nK,1,x\n", &csv, &err), BD_BAD_INPUT,
                 ":1: expected the header 'name,mass_gev,note', found 'name,mass_mev,note'", err);
    expect_fails(read_text("name,mass_gev\nK,1\n", &csv, &err), BD_BAD_INPUT, "found 'name,mass_gev'", err);
    expect_fails(read_text("name,mass_gev,note,x\nK,1,,\n", &csv, &err), BD_BAD_INPUT, "(4 columns)", err);
    expect_fails(read_text("name,mass_gev,note\nK,1,x\nK,1\n", &csv, &err), BD_BAD_INPUT,
                 ":3: expected 3 fields, found 2", err);
    expect_fails(read_text("name,mass_gev,note\nK,1,x,\n", &csv, &err), BD_BAD_INPUT,
                 ":2: expected 3 fields, found 4", err);
    expect_fails(read_text("name,mass_gev,note\n\"K,1,x\nK,1,x\n", &csv, &err), BD_BAD_INPUT, ":2: a quote", err);
    expect_fails(read_text("name,mass_gev,note\nK\"a,1,x\n", &csv, &err), BD_BAD_INPUT, ":2: a quote", err);
    expect_fails(read_bytes("name,mass_gev,note\nK\0a,1,x\n", 27, &csv, &err), BD_BAD_INPUT, ":2: a NUL byte",
                 err);
    expect_fails(read_text("name,mass_gev,note\n", &csv, &err), BD_BAD_INPUT, "no rows", err);
    expect_fails(read_text("", &csv, &err), BD_BAD_INPUT, "no rows", err);
    expect_fails(bd_csv_read("/nowhere/table.csv", columns, &csv, &err), BD_IO, "/nowhere/table.csv", err);
}

static void a_wrong_number_names_line_column_value_and_range(void **state)
{
    (void)state;
    struct bd_error err;
    struct bd_csv *csv;
    double mass;
    expect_ok(read_text("name,mass_gev,note\nK,0.5 GeV,\nK,,\nK,nan,\nK,7,\n", &csv, &err), err);
    expect_fails(bd_csv_number(csv, 0, 1, 0.0, 1.0, &mass, &err), BD_BAD_INPUT,
                 ":2: mass_gev: expected a number, found '0.5 GeV'", err);
    expect_fails(bd_csv_number(csv, 1, 1, 0.0, 1.0, &mass, &err), BD_BAD_INPUT, ":3: mass_gev: expected a number",
                 err);
    expect_fails(bd_csv_number(csv, 2, 1, 0.0, 1.0, &mass, &err), BD_BAD_INPUT, "found 'nan'", err);
    expect_fails(bd_csv_number(csv, 3, 1, 0.0, 1.0, &mass, &err), BD_BAD_INPUT,
                 ":5: mass_gev: 7 is outside the allowed range 0 to 1", err);
    expect_fails(bd_csv_fail(csv, 3, &err, "no '%s' here", "K"), BD_BAD_INPUT, ":5: no 'K' here", err);
    bd_csv_free(csv);
    bd_csv_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_comments_and_quotes_are_read),
        cmocka_unit_test(windows_line_ends_and_byte_order_mark_are_ignored),
        cmocka_unit_test(a_wrong_table_is_refused_with_its_line),
        cmocka_unit_test(a_wrong_number_names_line_column_value_and_range),
    };
    return run_all_tests(tests);
}
