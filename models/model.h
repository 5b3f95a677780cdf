/* models/model.h - what the rest of the program may ask of a model.
 *
 * A model turns (mass, couplings, settings) into partial widths and production strengths. It knows no beam and no
 * detector. Units: mass and widths in GeV; couplings in coupling_unit.
 *
 * Every width and every strength is a polynomial of second degree in the couplings (rates are amplitudes squared):
 * the program relies on it to follow a coupling axis from three evaluations. A model that breaks this needs a
 * change of src/scan/yield. */
#ifndef BD_MODELS_MODEL_H
#define BD_MODELS_MODEL_H

#include <stddef.h>

#include "src/core/error.h"
#include "src/core/flag.h"
#include "src/core/setting.h"

#define BD_COUPLINGS_MAX 8
#define BD_MODES_MAX 48

/* Where a model is evaluated. */
struct bd_model_point {
    double mass_gev;
    const double *coupling; /* [n_coupling], in the order of coupling_names */
    const double *setting;  /* [n_setting], in the order of settings */
    const void *data;       /* tables of the model, from bd_model_open */
};

/* A width or a strength and what it is worth. A flag of BD_FLAG_CLOSED or worse means: the number is 0. */
struct bd_model_value {
    double value;
    enum bd_flag flag;
};

struct bd_decay_mode {
    const char *name;     /* "e+e-", as on the command line; NULL ends the list */
    double threshold_gev; /* sum of the masses of the daughters */
    double start_gev;     /* the formula of this mode is used from this mass on; 0: from the threshold */
    double end_gev;       /* and below this mass; 0: no end */
    const char *source;   /* paper and equation */
    /* Partial width [GeV] in value. Called by bd_model_width, and only at masses above the threshold where the
     * formula is used. Thread-safe. BD_NUMERIC: the computation failed. */
    enum bd_status (*partial_width)(const struct bd_decay_mode *mode, const struct bd_model_point *at,
                                    struct bd_model_value *width, struct bd_error *err);
};

struct bd_strength {
    const char *production; /* name of a production channel, "b_decay", or a state of one, "kaon_decay:K+", where
                               each state has its own strength; NULL ends the list */
    const char *unit;       /* the coupling at which kappa = 1: "theta = 1" */
    const char *source;
    /* Strength relative to the reference coupling of the channel, in value. Called by bd_model_kappa. */
    enum bd_status (*kappa)(const struct bd_model_point *at, struct bd_model_value *kappa, struct bd_error *err);
};

/* A narrow structure of the widths against the mass, which a grid of masses must resolve. */
struct bd_resonance {
    double mass_gev; /* 0 ends the list */
    double width_gev;
};

struct bd_model {
    const char *name;                  /* key on the command line and in the database */
    const char *title;                 /* one line for people */
    const char *source;                /* papers */
    const char *const *coupling_names; /* "theta", "lambda"; NULL ends the list */
    const char *coupling_unit;         /* "1" or "GeV^-1" */
    double mass_min_gev, mass_max_gev; /* where the cited formulas hold */
    const struct bd_setting *settings; /* named variants and parameters; NULL: none */
    const struct bd_decay_mode *modes;
    const struct bd_strength *strengths;
    /* A coupling given in a convention of other papers in that of the model; NULL: there is one convention only.
     */
    enum bd_status (*normalise)(const char *convention, const char *coupling, double value, double *converted,
                                struct bd_error *err);
    /* The total where it is known better than the sum of the modes, from the widths of all modes; NULL: the sum.
     */
    enum bd_status (*total_width)(const struct bd_model_point *at,
                                  const struct bd_model_value *width /* [n_mode] */, struct bd_model_value *total,
                                  struct bd_error *err);
    const struct bd_resonance *resonances; /* NULL: none */
    /* Read the tables of the model; NULL: it has none. */
    enum bd_status (*load)(void **data, struct bd_error *err);
    void (*unload)(void *data); /* accepts NULL */
};

#define BD_MODEL(name) extern const struct bd_model bd_##name##_model;
#include "models/models.def"
#undef BD_MODEL

/* Borrowed pointer to a static model, or NULL if there is no model of that name. */
const struct bd_model *bd_model_find(const char *name);
/* The i-th model, NULL behind the last one. */
const struct bd_model *bd_model_at(size_t i);

size_t bd_model_n_coupling(const struct bd_model *model);
size_t bd_model_n_mode(const struct bd_model *model);
/* Index of a coupling or a mode, or -1. */
int bd_model_coupling_index(const struct bd_model *model, const char *name);
int bd_model_mode_index(const struct bd_model *model, const char *name);
/* Strength of a production channel or of one of its states, or NULL: this model does not make X that way. */
const struct bd_strength *bd_model_strength(const struct bd_model *model, const char *production);

/* Tables of the model for bd_model_point, NULL if it has none; read once, then shared by all threads. The caller
 * gives them back with bd_model_close. */
enum bd_status bd_model_open(const struct bd_model *model, void **data, struct bd_error *err) BD_MUST_CHECK;
void bd_model_close(const struct bd_model *model, void *data); /* accepts NULL */

/* One partial width [GeV]. 0 with BD_FLAG_CLOSED up to the threshold, with BD_FLAG_OUTSIDE where the formula of
 * the mode is not used. BD_BAD_INPUT: mass outside [mass_min_gev, mass_max_gev], or a coupling that is not finite.
 */
enum bd_status bd_model_width(const struct bd_model *model, size_t mode, const struct bd_model_point *at,
                              struct bd_model_value *width, struct bd_error *err) BD_MUST_CHECK;

/* All partial widths [GeV] and their sum, or the total of the model if it has one. The flag of the total is the
 * most severe one of the modes that are open and whose formula is used here: a mode that another one replaces
 * (pi+pi- by gg, ss) does not spoil it. Errors as above. */
enum bd_status bd_model_widths(const struct bd_model *model, const struct bd_model_point *at,
                               struct bd_model_value *width /* [n_mode] */, struct bd_model_value *total,
                               struct bd_error *err) BD_MUST_CHECK;

/* Strength of a production channel at a point. Errors as above. */
enum bd_status bd_model_kappa(const struct bd_model *model, const struct bd_strength *strength,
                              const struct bd_model_point *at, struct bd_model_value *kappa,
                              struct bd_error *err) BD_MUST_CHECK;

/* c tau [m] = hbar c / Gamma. Infinity if the width is 0. */
double bd_model_decay_length(double width_gev);

/* A benchmark is data (models/data/benchmarks.csv): a line in the coupling space of a model, and what is summed.
 */
struct bd_benchmark {
    char name[32]; /* "BC4", "BC4:na62" */
    char title[160];
    char source[160];
    const struct bd_model *model;
    struct bd_setting_values settings;
    double fixed[BD_COUPLINGS_MAX]; /* couplings = fixed + axis * direction */
    double direction[BD_COUPLINGS_MAX];
    char axis_name[32], axis_unit[16]; /* "theta", "1" */
    double axis_min, axis_max;         /* scanned range, in axis_unit */
    double mass_min_gev, mass_max_gev;
    int n_mass; /* equal steps in ln m */
    /* Production channels with variant and settings as on the command line: "b_decay",
     * "bremsstrahlung:ww form_factor=none". */
    size_t n_production;
    char production[16][96];
};

/* Read a table of benchmarks; its columns are explained in models/data/benchmarks.csv. The caller frees the array
 * with free(). BD_BAD_INPUT names file, line, column and value. */
enum bd_status bd_benchmark_read(const char *path, struct bd_benchmark **benchmarks, size_t *n,
                                 struct bd_error *err) BD_MUST_CHECK;
/* The built-in ones. */
enum bd_status bd_benchmark_load_all(struct bd_benchmark **benchmarks, size_t *n,
                                     struct bd_error *err) BD_MUST_CHECK;
/* One of them by name; BD_BAD_INPUT lists the known names. */
enum bd_status bd_benchmark_load(const char *name, struct bd_benchmark *benchmark,
                                 struct bd_error *err) BD_MUST_CHECK;

#endif
