/* Tables: the same cells in three formats, and what happens when the disk is full. */
#include "expect.h"

#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/cli/output.h"
#include "src/cli/progress.h"
#include "src/core/data.h"

static const struct bd_column columns[] = {
    {"decay", BD_COLUMN_TEXT},
    {"width_gev", BD_COLUMN_NUMBER},
    {"n", BD_COLUMN_INTEGER},
};

/* Two rows with everything that needs care: a comma, quotes, NaN, infinity, 0.1, an empty cell. */
static enum bd_status write_rows(const char *path, enum bd_format format, enum bd_status status,
                                 struct bd_error *err)
{
    struct bd_output *output = NULL;
    BD_TRY(bd_output_create(path, format, columns, 3, &output, err));
    bd_output_text(output, "mu+mu-, \"flat\"");
    bd_output_number(output, 0.1);
    bd_output_integer(output, -7);
    bd_output_text(output, "\xce\xbc");
    bd_output_number(output, (double)NAN);
    bd_output_empty(output);
    return bd_output_close(output, status, err);
}

struct place {
    char folder[32], file[64];
};

static int make_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return -1;
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/bd_output_XXXXXX");
    *state = place;
    if (mkdtemp(place->folder) == NULL)
        return -1;
    (void)snprintf(place->file, sizeof place->file, "%s/out", place->folder);
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    (void)unlink(place->file);
    const int failed = rmdir(place->folder); /* fails if a temporary file stayed behind */
    free(place);
    return failed;
}

static char *text_of(const char *path)
{
    struct bd_error err;
    char *text = NULL;
    expect_ok(bd_data_read_text(path, &text, NULL, &err), err);
    return text;
}

static void csv_quotes_and_leaves_missing_numbers_empty(void **state)
{
    const struct place *place = *state;
    struct bd_error err;
    expect_ok(write_rows(place->file, BD_FORMAT_CSV, BD_OK, &err), err);
    char *text = text_of(place->file);
    assert_string_equal(text, "decay,width_gev,n\n\"mu+mu-, \"\"flat\"\"\",0.1,-7\n\xce\xbc,,\n");
    free(text);
}

static void json_is_an_array_of_objects_with_null_for_missing_numbers(void **state)
{
    const struct place *place = *state;
    struct bd_error err;
    expect_ok(write_rows(place->file, BD_FORMAT_JSON, BD_OK, &err), err);
    json_t *root = json_load_file(place->file, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    assert_int_equal(json_array_size(root), 2);
    const json_t *first = json_array_get(root, 0), *second = json_array_get(root, 1);
    assert_string_equal(json_string_value(json_object_get(first, "decay")), "mu+mu-, \"flat\"");
    assert_true(json_real_value(json_object_get(first, "width_gev")) == 0.1);
    assert_int_equal(json_integer_value(json_object_get(first, "n")), -7);
    assert_true(json_is_null(json_object_get(second, "width_gev")));
    json_decref(root);
}

static void a_table_is_aligned(void **state)
{
    const struct place *place = *state;
    struct bd_error err;
    expect_ok(write_rows(place->file, BD_FORMAT_TABLE, BD_OK, &err), err);
    char *text = text_of(place->file);
    assert_string_equal(text, "decay           width_gev   n\n"
                              "mu+mu-, \"flat\"        0.1  -7\n"
                              "\xce\xbc                       -   -\n");
    free(text);
}

/* Doubles that need 15, 16 and 17 digits read back as the same bits. */
static void numbers_of_csv_read_back_exactly(void **state)
{
    const struct place *place = *state;
    const double numbers[] = {1.0 / 3.0, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, -1e-12, 123456789.0};
    static const struct bd_column column = {"x", BD_COLUMN_NUMBER};
    struct bd_error err;
    struct bd_output *output = NULL;
    expect_ok(bd_output_create(place->file, BD_FORMAT_CSV, &column, 1, &output, &err), err);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        bd_output_number(output, numbers[i]);
    expect_ok(bd_output_close(output, BD_OK, &err), err);
    char *text = text_of(place->file);
    size_t end = strcspn(text, "\n"); /* of a line */
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_int_equal(text[end], '\n');
        assert_true(strtod(text + end + 1, NULL) == numbers[i]);
        end += 1 + strcspn(text + end + 1, "\n");
    }
    assert_non_null(strstr(text, "\n-1e-12\n"));
    free(text);
}

static void a_failed_run_leaves_the_old_file_and_no_other(void **state)
{
    const struct place *place = *state;
    struct bd_error err;
    expect_ok(write_rows(place->file, BD_FORMAT_CSV, BD_OK, &err), err);
    char *before = text_of(place->file);
    assert_int_equal(write_rows(place->file, BD_FORMAT_JSON, BD_NUMERIC, &err), BD_NUMERIC);
    char *after = text_of(place->file);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void a_full_disk_is_an_error_in_every_format(void **state)
{
    (void)state;
    struct bd_error err;
    for (enum bd_format format = BD_FORMAT_TABLE; format <= BD_FORMAT_JSON; format++)
        expect_fails(write_rows("/dev/full", format, BD_OK, &err), BD_IO, "/dev/full: No space left", err);
    struct stat info;
    assert_int_equal(stat("/dev/full", &info), 0);
    assert_true(S_ISCHR(info.st_mode)); /* not replaced by a file */
}

static void a_missing_folder_is_named(void **state)
{
    (void)state;
    struct bd_error err;
    expect_fails(write_rows("/nonexistent/out.csv", BD_FORMAT_CSV, BD_OK, &err), BD_IO,
                 "/nonexistent/out.csv: No such", err);
}

static void a_link_stays_a_link(void **state)
{
    const struct place *place = *state;
    struct bd_error err;
    char link[80];
    (void)snprintf(link, sizeof link, "%s/link", place->folder);
    expect_ok(write_rows(place->file, BD_FORMAT_CSV, BD_OK, &err), err);
    assert_int_equal(symlink(place->file, link), 0);
    expect_ok(write_rows(link, BD_FORMAT_JSON, BD_OK, &err), err);
    struct stat info;
    assert_int_equal(lstat(link, &info), 0);
    assert_int_equal(unlink(link), 0);
    assert_true(S_ISLNK(info.st_mode));
    char *text = text_of(place->file);
    assert_true(text[0] == '[');
    free(text);
}

static void text_that_is_not_utf8_is_refused_by_json(void **state)
{
    const struct place *place = *state;
    static const struct bd_column column = {"x", BD_COLUMN_TEXT};
    struct bd_error err;
    struct bd_output *output = NULL;
    expect_ok(bd_output_create(place->file, BD_FORMAT_JSON, &column, 1, &output, &err), err);
    bd_output_text(output, "\xff");
    expect_fails(bd_output_close(output, BD_OK, &err), BD_BAD_INPUT, "not UTF-8", err);
}

/* 12 of 36 done, 2 of them found: 10 took 25 s, so 24 more take 60 s. */
static void progress_counts_only_what_it_has_seen(void **state)
{
    (void)state;
    char text[80];
    bd_progress_text("kernels", 12, 36, 2, 25.0, text, sizeof text);
    assert_string_equal(text, "kernels 12/36 (33%), 1m00s left");
    bd_progress_text("kernels", 2, 36, 2, 25.0, text, sizeof text);
    assert_string_equal(text, "kernels 2/36 (5%)");
    bd_progress_text("kernels", 36, 36, 0, 25.0, text, sizeof text);
    assert_string_equal(text, "kernels 36/36 (100%)");
    bd_progress_text("kernels", 1, 101, 0, 72.0, text, sizeof text);
    assert_string_equal(text, "kernels 1/101 (0%), 2h00m left");
}

int main(void)
{
#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        IN_PLACE(csv_quotes_and_leaves_missing_numbers_empty),
        IN_PLACE(json_is_an_array_of_objects_with_null_for_missing_numbers),
        IN_PLACE(a_table_is_aligned),
        IN_PLACE(numbers_of_csv_read_back_exactly),
        IN_PLACE(a_failed_run_leaves_the_old_file_and_no_other),
        cmocka_unit_test(a_full_disk_is_an_error_in_every_format),
        cmocka_unit_test(a_missing_folder_is_named),
        IN_PLACE(a_link_stays_a_link),
        IN_PLACE(text_that_is_not_utf8_is_refused_by_json),
        cmocka_unit_test(progress_counts_only_what_it_has_seen),
    };
    return run_all_tests(tests);
}
