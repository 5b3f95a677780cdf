/* Catmull-Rom cubics: what they reproduce exactly, and their ends. */
#include "expect.h"

#include "src/core/catmull_rom.h"

static double parabola(double x)
{
    return 3.0 - 2.0 * x + 0.5 * x * x;
}

/* The slope from two neighbours is exact for a parabola. */
static void a_parabola_is_exact_inside(void **state)
{
    (void)state;
    double y[6];
    for (int i = 0; i < 6; i++)
        y[i] = parabola(1.0 + 0.25 * i);
    for (double x = 1.25; x < 2.0; x += 0.01)
        expect_close(bd_catmull_rom_at(y, 6, 1.0, 0.25, x), parabola(x), 1e-14);
}

static void nodes_and_straight_lines_are_exact_everywhere(void **state)
{
    (void)state;
    const double y[] = {1.0, 4.0, 2.0, 7.0}, line[] = {1.0, 3.0};
    for (int i = 0; i < 4; i++)
        expect_close(bd_catmull_rom_at(y, 4, -2.0, 0.5, -2.0 + 0.5 * i), y[i], 1e-15);
    expect_close(bd_catmull_rom_at(y, 4, -2.0, 0.5, -2.5), -2.0, 1e-15);
    expect_close(bd_catmull_rom_at(y, 4, -2.0, 0.5, 0.0), 12.0, 1e-15);
    expect_close(bd_catmull_rom_at(line, 2, 0.0, 1.0, 0.5), 2.0, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parabola_is_exact_inside),
        cmocka_unit_test(nodes_and_straight_lines_are_exact_everywhere),
    };
    return run_all_tests(tests);
}
