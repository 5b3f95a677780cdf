/* The card reader: what is accepted, and what is said about everything else. */
#include "expect.h"
#include "replace.h"

#include <stdlib.h>

#include "src/core/card.h"

struct hole {
    int kind;
    double r_m, half_m;
};

struct plane {
    char name[8];
    double z_m;
    struct hole outer;
    unsigned line;
};

struct pair {
    char key[8];
    double value;
    unsigned line;
};

struct sample {
    double pot, unc, point[3], photon_e;
    int photons, cut, axis;
    char title[8], kind[8];
    size_t n_plane, n_pair, n_name;
    struct plane plane[3];
    struct pair pair[2];
    char name[4][8];
};

static const char *const axes[] = {"x", "y", NULL};
static const char *const kinds[] = {"dump", "beam", NULL};
static const char *const signs[] = {"charge", NULL};

static const struct bd_card_field circle[] = {
    {"r_m", BD_CARD_NUMBER, .offset = offsetof(struct hole, r_m), .min = 0.1, .max = 10.0, .required = 1},
    {.name = NULL},
};
static const struct bd_card_field square[] = {
    {"half_m", BD_CARD_NUMBER, .offset = offsetof(struct hole, half_m), .min = 0.1, .max = 10.0, .required = 1},
    {.name = NULL},
};
static const struct bd_card_field shapes[] = {
    {"circle", BD_CARD_BLOCK, .fields = circle},
    {"square", BD_CARD_BLOCK, .fields = square},
    {.name = NULL},
};
static const struct bd_card_field plane[] = {
    {"name", BD_CARD_TEXT, .offset = offsetof(struct plane, name), .size = 8, .required = 1},
    {"z_m", BD_CARD_NUMBER, .offset = offsetof(struct plane, z_m), .min = 0.0, .max = 1e3, .required = 1},
    {"outer", BD_CARD_ONE_OF, .offset = offsetof(struct plane, outer), .fields = shapes,
     .kind_offset = offsetof(struct hole, kind), .required = 1},
    {"line", BD_CARD_LINE, .offset = offsetof(struct plane, line)},
    {.name = NULL},
};
static const struct bd_card_field pair[] = {
    {"key", BD_CARD_TEXT, .offset = offsetof(struct pair, key), .size = 8},
    {"value", BD_CARD_NUMBER, .offset = offsetof(struct pair, value), .min = 0.0, .max = 10.0},
    {"line", BD_CARD_LINE, .offset = offsetof(struct pair, line)},
    {.name = NULL},
};
static const struct bd_card_field settings[] = {
    {"source", BD_CARD_NOTE, .required = 1},
    {"*", BD_CARD_BLOCK, .offset = offsetof(struct sample, pair), .fields = pair, .size = sizeof(struct pair),
     .list = 1, .n_max = 2, .n_offset = offsetof(struct sample, n_pair)},
    {.name = NULL},
};
static const struct bd_card_field photons[] = {
    {"e_gev", BD_CARD_NUMBER, .offset = offsetof(struct sample, photon_e), .max = 9.0, .initial = 1.0,
     .required = 1},
    {.name = NULL},
};
static const struct bd_card_field sample[] = {
    {"pot", BD_CARD_NUMBER, .offset = offsetof(struct sample, pot), .min = 1.0, .max = 1e25, .required = 1},
    {"unc", BD_CARD_NUMBER, .offset = offsetof(struct sample, unc), .max = 1.0, .initial = 0.25},
    {"photons", BD_CARD_WHOLE, .offset = offsetof(struct sample, photons), .max = 8.0, .initial = -1.0},
    {"cut", BD_CARD_BOOL, .offset = offsetof(struct sample, cut), .initial = 1.0},
    {"axis", BD_CARD_CHOICE, .offset = offsetof(struct sample, axis), .words = axes},
    {"kind", BD_CARD_TEXT, .offset = offsetof(struct sample, kind), .size = 8, .words = kinds},
    {"sign", BD_CARD_NOTE, .words = signs},
    {"title", BD_CARD_TEXT, .offset = offsetof(struct sample, title), .size = 8},
    {"point", BD_CARD_NUMBER, .offset = offsetof(struct sample, point), .min = -1e3, .max = 1e3, .list = 1,
     .n_min = 3, .n_max = 3},
    {"names", BD_CARD_TEXT, .offset = offsetof(struct sample, name), .size = 8, .list = 1, .n_min = 1, .n_max = 4,
     .n_offset = offsetof(struct sample, n_name)},
    {"planes", BD_CARD_BLOCK, .offset = offsetof(struct sample, plane), .fields = plane,
     .size = sizeof(struct plane), .list = 1, .n_max = 3, .n_offset = offsetof(struct sample, n_plane)},
    {"settings", BD_CARD_BLOCK, .fields = settings},
    {"photon", BD_CARD_BLOCK, .fields = photons},
    {.name = NULL},
};

static const char good[] = "pot: 1.40e+17\n"
                           "unc: 0.2\n"
                           "photons: 2\n"
                           "cut: false\n"
                           "axis: y\n"
                           "title: NA62\n"
                           "point: [0.0, -0.022, 23.07]\n"
                           "planes:\n"
                           "  - {name: straw1, z_m: 183.508, outer: {circle: {r_m: 1.0}}}\n"
                           "  - {name: lkr, z_m: 241.093, outer: {square: {half_m: 1.13}}}\n"
                           "settings: {source: S2, sigma: 2.63, a: 1}\n"
                           "names: [a, b]\n";

static enum bd_status read_text(const char *text, struct sample *out, struct bd_error *err)
{
    memset(out, 0, sizeof *out);
    return bd_card_read("na62.yaml", text, strlen(text), sample, out, err);
}

static void every_type_arrives_in_its_place(void **state)
{
    (void)state;
    struct bd_error err;
    struct sample out;
    expect_ok(read_text(good, &out, &err), err);
    assert_true(out.pot == 1.4e17 && out.unc == 0.2 && out.point[1] == -0.022 && out.point[2] == 23.07);
    assert_int_equal(out.photons, 2);
    assert_int_equal(out.cut, 0);
    assert_int_equal(out.axis, 1);
    assert_string_equal(out.title, "NA62");
    assert_int_equal(out.n_plane, 2);
    assert_string_equal(out.plane[1].name, "lkr");
    assert_true(out.plane[0].z_m == 183.508 && out.plane[1].outer.half_m == 1.13);
    assert_int_equal(out.plane[0].outer.kind, 1);
    assert_int_equal(out.plane[1].outer.kind, 2);
    assert_int_equal(out.plane[1].line, 10);
    assert_int_equal(out.n_pair, 2);
    assert_string_equal(out.pair[0].key, "sigma");
    assert_true(out.pair[0].value == 2.63 && out.pair[1].value == 1.0);
    assert_int_equal(out.pair[1].line, 11);
    assert_int_equal(out.n_name, 2);
    assert_string_equal(out.name[1], "b");
}

static void keys_left_out_have_their_initial_value(void **state)
{
    (void)state;
    struct bd_error err;
    struct sample out;
    expect_ok(read_text("pot: 1.40e17", &out, &err), err);
    assert_true(out.pot == 1.4e17 && out.unc == 0.25 && out.photon_e == 1.0);
    assert_int_equal(out.photons, -1);
    assert_int_equal(out.cut, 1);
    assert_int_equal(out.n_plane, 0);
}

/* Windows line ends, a byte order mark, an explicit document and aliases are plain YAML. */
static void other_spellings_of_yaml_are_read(void **state)
{
    (void)state;
    struct bd_error err;
    struct sample out;
    expect_ok(read_text("\xEF\xBB\xBFpot: 3.0\r\nunc: 0.5\r\n", &out, &err), err);
    assert_true(out.pot == 3.0 && out.unc == 0.5);
    expect_ok(read_text("--- # comment\npot: 3.0\n...\n", &out, &err), err);
    expect_ok(read_text("pot: 3.0\nplanes: [{name: a, z_m: 1, outer: &o {circle: {r_m: 2}}}, "
                        "{name: b, z_m: 2, outer: *o}]\n",
                        &out, &err),
              err);
    assert_true(out.plane[1].outer.r_m == 2.0);
}

/* A broken card: one line of the good one replaced, and the whole message. */
struct broken {
    const char *old, *new, *message;
};

#define NUMBER_CASE(text)                                                                                         \
    {                                                                                                             \
        "unc: 0.2", "unc: " text, "na62.yaml:2:6: unc: expected a number, found '" text "'"                       \
    }
static const struct broken broken[] = {
    /* numbers */
    NUMBER_CASE("194.066m"),
    NUMBER_CASE("194 m"),
    NUMBER_CASE("1 5"),
    NUMBER_CASE("1_4e+16"),
    NUMBER_CASE("1,5"),
    NUMBER_CASE("far"),
    NUMBER_CASE("nan"),
    NUMBER_CASE(".nan"),
    NUMBER_CASE("inf"),
    NUMBER_CASE("-.inf"),
    NUMBER_CASE("0x10"),
    NUMBER_CASE("1.40e+400"),
    NUMBER_CASE("1e-400"),
    NUMBER_CASE("1e"),
    NUMBER_CASE("~"),
    NUMBER_CASE("true"),
    {"unc: 0.2", "unc:", "na62.yaml:2:5: unc: expected a number, found ''"},
    {"unc: 0.2", "unc: ''", "na62.yaml:2:6: unc: expected a number, found ''"},
    {"unc: 0.2", "unc: \"0.2\\0\"", "na62.yaml:2:6: unc: expected a number, found '0.2'"},
    {"unc: 0.2", "unc: [0.2]", "na62.yaml:2:6: unc: expected a number, found a list"},
    {"unc: 0.2", "unc: {a: 1}", "na62.yaml:2:6: unc: expected a number, found a block"},
    {"unc: 0.2", "unc: -3", "na62.yaml:2:6: unc: -3 is outside the allowed range 0 to 1"},
    {"unc: 0.2", "unc: 1.0000001", "na62.yaml:2:6: unc: 1.0000001 is outside the allowed range 0 to 1"},
    {"pot: 1.40e+17", "pot: 0.5", "na62.yaml:1:6: pot: 0.5 is outside the allowed range 1 to 1e+25"},
    {"photons: 2", "photons: 1.5", "na62.yaml:3:10: photons: expected a whole number, found '1.5'"},
    {"photons: 2", "photons: 2e0", "na62.yaml:3:10: photons: expected a whole number, found '2e0'"},
    {"photons: 2", "photons: two", "na62.yaml:3:10: photons: expected a whole number, found 'two'"},
    {"photons: 2", "photons: -1", "na62.yaml:3:10: photons: -1 is outside the allowed range 0 to 8"},
    {"photons: 2", "photons: 99999999999",
     "na62.yaml:3:10: photons: 99999999999 is outside the allowed range 0 to 8"},
    /* words and texts */
    {"cut: false", "cut: none", "na62.yaml:4:6: cut: expected true or false, found 'none'"},
    {"cut: false", "cut: off", "na62.yaml:4:6: cut: expected true or false, found 'off'"},
    {"cut: false", "cut: 0", "na62.yaml:4:6: cut: expected true or false, found '0'"},
    {"axis: y", "axis: z", "na62.yaml:5:7: axis: 'z' is not one of: x, y"},
    {"axis: y", "axis: Y", "na62.yaml:5:7: axis: 'Y' is not one of: x, y"},
    {"axis: y", "axis: [x]", "na62.yaml:5:7: axis: expected a word, found a list"},
    {"axis: y", "kind: recast", "na62.yaml:5:7: kind: 'recast' is not one of: dump, beam"},
    {"axis: y", "sign: minus", "na62.yaml:5:7: sign: 'minus' is not one of: charge"},
    {"title: NA62", "title: NA62 2021", "na62.yaml:6:8: title: text is longer than 7 characters: 'NA62 2021'"},
    {"title: NA62", "title:", "na62.yaml:6:7: title: expected text, found ''"},
    {"title: NA62", "title: [NA62]", "na62.yaml:6:8: title: expected text, found a list"},
    /* lists */
    {"[0.0, -0.022, 23.07]", "[0.0, -0.022]", "na62.yaml:7:8: point: expected 3 values, found 2"},
    {"[0.0, -0.022, 23.07]", "[0.0, -0.022, 1, 2]", "na62.yaml:7:8: point: expected 3 values, found 4"},
    {"[0.0, -0.022, 23.07]", "0.0", "na62.yaml:7:8: point: expected a list [value, ...], found '0.0'"},
    {"[0.0, -0.022, 23.07]", "[0.0, -0.022, x]", "na62.yaml:7:22: point[2]: expected a number, found 'x'"},
    {"names: [a, b]", "names: []", "na62.yaml:12:8: names: expected 1 to 4 values, found 0"},
    {"names: [a, b]", "names: [a, b, c, d, e]", "na62.yaml:12:8: names: expected 1 to 4 values, found 5"},
    {"names: [a, b]", "names: [a, [b]]", "na62.yaml:12:12: names[1]: expected text, found a list"},
    /* blocks and keys */
    {"z_m: 241.093", "z_m: 241.093m", "na62.yaml:10:22: planes[1].z_m: expected a number, found '241.093m'"},
    {"z_m: 241.093", "z_mm: 241.093",
     "na62.yaml:10:17: planes[1]: unknown key 'z_mm'; known here: name, z_m, outer\n"
     "na62.yaml:10:5: planes[1]: required key 'z_m' is missing"},
    {"z_m: 241.093, ", "", "na62.yaml:10:5: planes[1]: required key 'z_m' is missing"},
    {"z_m: 241.093", "line: 7, z_m: 2",
     "na62.yaml:10:17: planes[1]: unknown key 'line'; known here: name, z_m, outer"},
    {"name: lkr", "name: lkr, name: muv",
     "na62.yaml:10:17: planes[1]: key 'name' is given twice, first in line 10"},
    {"  - {name: lkr", "  - lkr\n  - {name: lkr",
     "na62.yaml:10:5: planes[1]: expected a block {key: value}, found 'lkr'"},
    {"title: NA62", "pot: 2.0", "na62.yaml:6:1: card: key 'pot' is given twice, first in line 1"},
    {"title: NA62", "titel: NA62",
     "na62.yaml:6:1: card: unknown key 'titel'; known here: pot, unc, photons, cut, axis, kind, sign, title, "
     "point, "
     "names, planes, settings, photon"},
    {"title: NA62", "<<: {title: a}",
     "na62.yaml:6:1: card: unknown key '<<'; known here: pot, unc, photons, cut, axis, kind, sign, title, point, "
     "names, planes, settings, photon"},
    {"title: NA62", "? [a, b]\n: 1", "na62.yaml:6:3: card: expected a key, found a list"},
    {"pot: 1.40e+17", "#", "na62.yaml:2:1: card: required key 'pot' is missing"},
    {"title: NA62", "photon: {}", "na62.yaml:6:9: photon: required key 'e_gev' is missing"},
    {"source: S2, ", "", "na62.yaml:11:11: settings: required key 'source' is missing"},
    {"source: S2", "source: S2, S4",
     "na62.yaml:11:26: settings.S4: expected a number, found ''\nna62.yaml:11:41: settings.a: more than 2 keys"},
    {"sigma: 2.63", "sigma: 2.63nb", "na62.yaml:11:31: settings.sigma: expected a number, found '2.63nb'"},
    {"sigma: 2.63", "sigma: 2.63, sigma: 3",
     "na62.yaml:11:37: settings: key 'sigma' is given twice, first in line 11"},
    /* one of several shapes */
    {"{circle: {r_m: 1.0}}", "circle",
     "na62.yaml:9:41: planes[0].outer: expected a block {key: value}, found 'circle'"},
    {"{circle: {r_m: 1.0}}", "{circle: {r_m: 1}, square: {half_m: 1}}",
     "na62.yaml:9:41: planes[0].outer: expected exactly one of: circle, square; found 2 keys"},
    {"{circle: {r_m: 1.0}}", "{}",
     "na62.yaml:9:41: planes[0].outer: expected exactly one of: circle, square; found 0 keys"},
    {"{circle: {r_m: 1.0}}", "{disc: {r_m: 1}}",
     "na62.yaml:9:42: planes[0].outer: expected exactly one of: circle, square, found 'disc'"},
    {"{circle: {r_m: 1.0}}", "{circle: 1.0}",
     "na62.yaml:9:50: planes[0].outer.circle: expected a block {key: value}, found '1.0'"},
    {"{circle: {r_m: 1.0}}", "{circle: {r_m: 100}}",
     "na62.yaml:9:56: planes[0].outer.circle.r_m: 100 is outside the allowed range 0.1 to 10"},
    /* not YAML, or not one document */
    {"cut: false", "cut: false\n\taxis: 1",
     "na62.yaml:5:1: found a tab character that violates indentation, while scanning a plain scalar"},
    {"axis: y", "axis: {y", "na62.yaml:6:6: did not find expected ',' or '}', while parsing a flow mapping"},
    {"title: NA62", "title: S2: S4", "na62.yaml:6:10: mapping values are not allowed in this context"},
    {"title: NA62", "title: \xE9t\xE9", "na62.yaml:6:9: invalid trailing UTF-8 octet"},
    {"title: NA62", "title: *none", "na62.yaml:6:8: found undefined alias"},
    {"title: NA62", "title: NA62\n---\npot: 1", "na62.yaml:8:1: a second document: one card per file"},
};

static void every_fault_is_named_with_its_place(void **state)
{
    (void)state;
    size_t n_wrong = 0;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct bd_error err = {.message = ""};
        struct sample out;
        char *text = replace_text(good, broken[i].old, broken[i].new);
        const enum bd_status status = read_text(text, &out, &err);
        free(text);
        if (status == BD_BAD_INPUT && err.status == BD_BAD_INPUT && strcmp(err.message, broken[i].message) == 0)
            continue;
        n_wrong++;
        print_error("%s\n  gives    %s\n  expected %s\n", broken[i].new, err.message, broken[i].message);
    }
    assert_int_equal(n_wrong, 0);
}

static void an_empty_file_is_an_empty_card(void **state)
{
    (void)state;
    struct bd_error err;
    struct sample out;
    expect_fails(read_text("", &out, &err), BD_BAD_INPUT, "na62.yaml:1:1: empty card", err);
    expect_fails(read_text("# only a comment\n", &out, &err), BD_BAD_INPUT, "empty card", err);
    expect_fails(read_text("- a\n- b\n", &out, &err), BD_BAD_INPUT, "card: expected a block {key: value}", err);
    expect_fails(read_text("na62", &out, &err), BD_BAD_INPUT, "card: expected a block {key: value}", err);
}

static void all_faults_are_reported_and_the_rest_counted(void **state)
{
    (void)state;
    struct bd_error err;
    struct sample out;
    expect_fails(read_text("pot: a\nunc: b\nphotons: c\n", &out, &err), BD_BAD_INPUT,
                 "na62.yaml:1:6: pot: expected a number, found 'a'\n"
                 "na62.yaml:2:6: unc: expected a number, found 'b'\n"
                 "na62.yaml:3:10: photons: expected a whole number, found 'c'",
                 err);
    char text[600] = "pot: 1\n";
    for (int i = 0; i < 40; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "key%d: 1\n", i);
    expect_fails(read_text(text, &out, &err), BD_BAD_INPUT, "unknown key 'key0'", err);
    int n_listed = 0;
    for (const char *line = err.message; (line = strstr(line, "unknown key")) != NULL; line++)
        n_listed++;
    assert_non_null(strstr(err.message, "\nand "));
    const int n_more = (int)strtol(strstr(err.message, "\nand ") + 5, NULL, 10);
    assert_int_equal(n_listed + n_more, 40);
    assert_int_equal(read_text(text, &out, NULL), BD_BAD_INPUT);
}

/* A list inside a list, again and again: libyaml stops it, and the reader never goes deeper than its tables. */
static void deep_nesting_is_refused(void **state)
{
    (void)state;
    struct bd_error err;
    struct sample out;
    char text[20000] = "unc: ";
    memset(text + 5, '[', sizeof text - 6);
    assert_int_equal(read_text(text, &out, &err), BD_BAD_INPUT);
    expect_fails(read_text("pot: 1\nplanes: &a [*a]\n", &out, &err), BD_BAD_INPUT, "planes[0]: expected a block",
                 err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_arrives_in_its_place),
        cmocka_unit_test(keys_left_out_have_their_initial_value),
        cmocka_unit_test(other_spellings_of_yaml_are_read),
        cmocka_unit_test(every_fault_is_named_with_its_place),
        cmocka_unit_test(an_empty_file_is_an_empty_card),
        cmocka_unit_test(all_faults_are_reported_and_the_rest_counted),
        cmocka_unit_test(deep_nesting_is_refused),
    };
    return run_all_tests(tests);
}
