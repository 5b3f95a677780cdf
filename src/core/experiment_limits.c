/* The second kind of card: published limits on a branching ratio against mass and lifetime, as a table. */
#include <stdio.h>
#include <string.h>

#include "src/core/card_table.h"
#include "src/core/experiment_card.h"
#include "src/core/pdg.h"

static const char *const sights[] = {"unseen", "seen", NULL}; /* in the order of bd_limit_sight */
static const char *const particles[] = {"gamma", "pi0", "pi+", "K+", "KL", NULL};
static const double particle_masses[] = {0.0, BD_MASS_PI0, BD_MASS_PI_CHARGED, BD_MASS_K_CHARGED, BD_MASS_K0};

#define HERE struct bd_mass_range
static const struct bd_card_field range_keys[] = {
    {"mass_gev", NUMBERS(mass_gev, 2, 0.0, ENERGY_MAX_GEV), REQUIRED},
    {"escape_z_m", NUMBER(escape_z_m, SIZE_MIN_M, FAR_M)},
    END,
};
#undef HERE

#define HERE struct bd_experiment_card
static const struct bd_card_field escape_keys[] = {
    {"parent", CHOICE(escape_parent, particles), REQUIRED},
    {"recoil", CHOICE(escape_recoil, particles), REQUIRED},
    {"p_gev", NUMBER(experiment.search.escape.p_gev, 0.0, ENERGY_MAX_GEV), REQUIRED},
    {"decay_z_m", NUMBERS(experiment.search.escape.decay_z_m, 2, -FAR_M, FAR_M), REQUIRED},
    {"recoil_p_gev", NUMBERS(experiment.search.escape.recoil_p_gev, 2, 0.0, ENERGY_MAX_GEV)},
    {"source", NOTE, REQUIRED},
    {"line", LINE(escape_line)},
    END,
};
static const struct bd_card_field search_keys[] = {
    {"production", TEXT(experiment.search.production), REQUIRED},
    {"decay", TEXT(experiment.search.decay), REQUIRED},
    {"x_is", CHOICE(sight, sights), REQUIRED},
    {"limits", TEXT(experiment.search.limits_path), REQUIRED},
    {"acceptance", TEXT(experiment.search.acceptance_path)},
    {"scale", NUMBER(experiment.search.scale, 1e-3, 1e3), DEFAULT(1.0)},
    {"seen_lifetime_ps", NUMBER(experiment.search.seen_lifetime_ps, 1e-6, 1e12)},
    {"ranges", BLOCKS(experiment.search.range, experiment.search.n_range, 1, BD_MASS_RANGES_MAX, range_keys),
     REQUIRED},
    {"escape", PART(escape_keys)},
    {"cl", NUMBER(experiment.limit_cl, 0.01, 0.9999), REQUIRED},
    {"source", NOTE, REQUIRED},
    {"line", LINE(search_line)},
    END,
};

const struct bd_card_field bd_experiment_card_limit_fields[] = {
    {"format", NOTE, .words = bd_experiment_card_formats, REQUIRED},
    {"experiment", PART(bd_experiment_card_identity), REQUIRED},
    {"search", PART(search_keys), REQUIRED},
    END,
};
#undef HERE

/* A file beside the card. */
static void resolve_path(struct bd_card_faults *faults, unsigned line, const char *card_path, char *path,
                         size_t size)
{
    char name[512];
    const char *slash = strrchr(card_path, '/');
    if (path[0] == '\0' || path[0] == '/' || slash == NULL)
        return;
    (void)snprintf(name, sizeof name, "%s", path);
    const int n = snprintf(path, size, "%.*s/%s", (int)(slash - card_path), card_path, name);
    if (n < 0 || (size_t)n >= size)
        bd_card_fault(faults, line, 0, "search: the path of '%s' is too long", name);
}

static void check_ranges(struct bd_card_faults *faults, unsigned line, const struct bd_limit_search *search)
{
    for (size_t i = 0; i < search->n_range; i++) {
        const double *mass = search->range[i].mass_gev;
        if (!(mass[0] < mass[1]))
            bd_card_fault(faults, line, 0, "search: ranges[%zu]: mass_gev: %g is not below %g GeV", i, mass[0],
                          mass[1]);
        if (i > 0 && mass[0] <= search->range[i - 1].mass_gev[1])
            bd_card_fault(faults, line, 0, "search: ranges[%zu]: begins at %g GeV, inside the range before it", i,
                          mass[0]);
        if (search->escape.is_given && search->range[i].escape_z_m <= search->escape.decay_z_m[1])
            bd_card_fault(
                faults, line, 0,
                "search: ranges[%zu]: escape_z_m: %g m is not beyond the decays of the parent, which end at "
                "%g m",
                i, search->range[i].escape_z_m, search->escape.decay_z_m[1]);
    }
}

enum bd_status bd_experiment_resolve_limits(const char *path, const struct bd_experiment_card *card,
                                            struct bd_experiment *experiment, struct bd_error *err)
{
    struct bd_card_faults faults = {.path = path, .err = err};
    struct bd_limit_search *search = &experiment->search;
    const unsigned line = card->search_line;
    search->sight = (enum bd_limit_sight)card->sight;
    search->escape.is_given = card->escape_line > 0;
    search->escape.parent_mass_gev = particle_masses[card->escape_parent];
    search->escape.recoil_mass_gev = particle_masses[card->escape_recoil];
    resolve_path(&faults, line, path, search->limits_path, sizeof search->limits_path);
    resolve_path(&faults, line, path, search->acceptance_path, sizeof search->acceptance_path);
    if (search->escape.is_given != (search->sight == BD_LIMIT_UNSEEN))
        bd_card_fault(&faults, line, 0, "search: escape belongs to x_is: unseen, and only there");
    const int n_seen = (search->seen_lifetime_ps > 0.0) + (search->acceptance_path[0] != '\0');
    if (n_seen != (search->sight == BD_LIMIT_SEEN))
        bd_card_fault(&faults, line, 0,
                      "search: x_is: seen needs exactly one of acceptance, seen_lifetime_ps; unseen none");
    if (search->escape.decay_z_m[0] > search->escape.decay_z_m[1])
        bd_card_fault(&faults, card->escape_line, 0, "search: escape: decay_z_m: %g is above %g m",
                      search->escape.decay_z_m[0], search->escape.decay_z_m[1]);
    if (search->escape.recoil_p_gev[0] > search->escape.recoil_p_gev[1])
        bd_card_fault(&faults, card->escape_line, 0, "search: escape: recoil_p_gev: %g is above %g GeV",
                      search->escape.recoil_p_gev[0], search->escape.recoil_p_gev[1]);
    check_ranges(&faults, line, search);
    return bd_card_finish(&faults);
}
