#include "production/proton_form_factor.h"

#include <math.h>
#include <stddef.h>

#include "models/propagator.h"
#include "src/core/catmull_rom.h"
#include "src/core/csv.h"
#include "src/core/data.h"

#define NODE_STEP_GEV 0.1

double complex bd_proton_form_factor_pole(double mass_gev)
{
    static const double mass[] = {0.770, 1.250, 1.450};
    static const double f_rho[] = {0.616, 0.223, -0.339}, width_rho[] = {0.150, 0.300, 0.500};
    static const double f_omega[] = {1.011, -0.881, 0.369}, width_omega[] = {0.0085, 0.300, 0.500};
    const double t = mass_gev * mass_gev;
    double complex sum = 0.0;
    for (size_t k = 0; k < 3; k++) {
        sum += f_rho[k] * bd_propagator_fixed(t, mass[k], width_rho[k]) +
               f_omega[k] * bd_propagator_fixed(t, mass[k], width_omega[k]);
    }
    return sum;
}

double bd_proton_form_factor_dipole_squared(double mass_gev)
{
    const double x = mass_gev * mass_gev / 0.71;
    return x > 1.0 ? pow(x, -4.0) : 1.0;
}

enum bd_status bd_proton_form_factor_load(struct bd_proton_form_factor_fit *fit, struct bd_error *err)
{
    static const char *const columns[] = {"mass_gev", "re_r1", "im_r1", "re_r2", "im_r2", NULL};
    char path[1024];
    struct bd_csv *csv = NULL;
    BD_TRY(bd_data_path("models/data/proton_form_factor_fit.csv", path, sizeof path, err));
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    enum bd_status status = csv->n_row == BD_PROTON_FORM_FACTOR_NODES
                                ? BD_OK
                                : bd_fail(err, BD_BAD_INPUT, "%s: expected %d rows, found %zu", path,
                                          BD_PROTON_FORM_FACTOR_NODES, csv->n_row);
    for (size_t i = 0; status == BD_OK && i < csv->n_row; i++) {
        double mass;
        status = bd_csv_number(csv, i, 0, 0.0, BD_PROTON_FORM_FACTOR_FIT_MAX_GEV, &mass, err);
        if (status == BD_OK && fabs(mass - (double)i * NODE_STEP_GEV) > 1e-9)
            status = bd_csv_fail(csv, i, err, "mass_gev: expected %g GeV, found %g GeV", (double)i * NODE_STEP_GEV,
                                 mass);
        for (size_t k = 0; status == BD_OK && k < 4; k++)
            status = bd_csv_number(csv, i, k + 1, -100.0, 100.0, &fit->rest[k][i], err);
    }
    bd_csv_free(csv);
    return status;
}

struct pole {
    double mass, width, re, im;
};

static double complex pole_sum(const struct pole *pole, size_t n, double t)
{
    double complex sum = 0.0;
    for (size_t k = 0; k < n; k++)
        sum += (pole[k].re + I * pole[k].im) * bd_propagator_fixed(t, pole[k].mass, pole[k].width);
    return sum;
}

static double rest_at(const double *rest, double mass_gev)
{
    return bd_catmull_rom_at(rest, BD_PROTON_FORM_FACTOR_NODES, 0.0, NODE_STEP_GEV, mass_gev);
}

void bd_proton_form_factor_at(const struct bd_proton_form_factor_fit *fit, double mass_gev, double complex *f1,
                              double complex *f2)
{
    static const struct pole pole1[] = {{0.78265, 0.00868, 2.16005, -0.01219},
                                        {1.01946, 0.00426, -3.12007, 0.00315},
                                        {0.77094, 0.14647, 0.70941, -0.27953},
                                        {1.67755, 0.13548, 1.20477, 0.62695}};
    static const struct pole pole2[] = {{1.01945, 0.00424, -1.26073, 0.00592},
                                        {0.77399, 0.12919, 3.50514, 0.28567},
                                        {1.69452, 0.1563, -1.83469, -3.23091}};
    const double t = mass_gev * mass_gev;
    *f1 = pole_sum(pole1, sizeof pole1 / sizeof pole1[0], t) + rest_at(fit->rest[0], mass_gev) +
          I * rest_at(fit->rest[1], mass_gev);
    *f2 = pole_sum(pole2, sizeof pole2 / sizeof pole2[0], t) + rest_at(fit->rest[2], mass_gev) +
          I * rest_at(fit->rest[3], mass_gev);
}
