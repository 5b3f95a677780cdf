#include "src/core/experiment.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/core/data.h"
#include "src/core/experiment_card.h"

#define CARD_DIR "decay/experiments"
#define CARD_SUFFIX ".yaml"

/* Read and check the text of experiment->path. */
static enum bd_status read_card(struct bd_experiment *experiment, size_t length, struct bd_error *err)
{
    struct bd_experiment_card *card = calloc(1, sizeof *card);
    if (card == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", experiment->path);
    char mode[BD_NAME_SIZE];
    bd_card_peek(experiment->text, length, "experiment", "mode", mode, sizeof mode);
    const int limits = strcmp(mode, BD_EXPERIMENT_LIMIT_TABLE) == 0;
    enum bd_status status =
        bd_card_read(experiment->path, experiment->text, length,
                     limits ? bd_experiment_card_limit_fields : bd_experiment_card_fields, card, err);
    if (status == BD_OK) {
        card->experiment.path = experiment->path;
        card->experiment.text = experiment->text;
        *experiment = card->experiment;
        status = limits ? bd_experiment_resolve_limits(experiment->path, card, experiment, err)
                        : bd_experiment_resolve(experiment->path, card, experiment, err);
    }
    free(card);
    return status;
}

static enum bd_status load_path(const char *path, struct bd_experiment **experiment, struct bd_error *err)
{
    struct bd_experiment *loaded = calloc(1, sizeof *loaded);
    if (loaded == NULL)
        return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    size_t length = 0;
    enum bd_status status = bd_data_read_text(path, &loaded->text, &length, err);
    loaded->path = strdup(path);
    if (status == BD_OK && loaded->path == NULL)
        status = bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
    if (status == BD_OK)
        status = read_card(loaded, length, err);
    if (status == BD_OK)
        loaded->hash = bd_data_hash(BD_HASH_START, loaded->text, length);
    if (status == BD_OK)
        *experiment = loaded;
    else
        bd_experiment_free(loaded);
    return status;
}

static enum bd_status fail_unknown(const char *name, struct bd_error *err)
{
    char **names = NULL;
    size_t n = 0;
    BD_TRY(bd_experiment_names(&names, &n, err));
    char known[600] = "";
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    bd_experiment_names_free(names, n);
    return bd_fail(err, BD_BAD_INPUT, "there is no experiment '%.100s'; known: %s; or give the path of a %s file",
                   name, known, CARD_SUFFIX);
}

static int has_suffix(const char *name)
{
    const size_t length = strlen(name), suffix = strlen(CARD_SUFFIX);
    return length > suffix && strcmp(name + length - suffix, CARD_SUFFIX) == 0;
}

enum bd_status bd_experiment_load(const char *name, struct bd_experiment **experiment, struct bd_error *err)
{
    *experiment = NULL;
    if (strchr(name, '/') != NULL || has_suffix(name))
        return load_path(name, experiment, err);
    char relative[256], path[4096];
    const int n = snprintf(relative, sizeof relative, "%s/%s%s", CARD_DIR, name, CARD_SUFFIX);
    if (n < 0 || (size_t)n >= sizeof relative || bd_data_path(relative, path, sizeof path, err) != BD_OK)
        return fail_unknown(name, err);
    return load_path(path, experiment, err);
}

void bd_experiment_free(struct bd_experiment *experiment)
{
    if (experiment == NULL)
        return;
    free(experiment->path);
    free(experiment->text);
    free(experiment);
}

const struct bd_final_state *bd_experiment_state(const struct bd_experiment *experiment, const char *decay)
{
    for (size_t i = 0; i < experiment->n_state; i++)
        if (strcmp(experiment->state[i].name, decay) == 0)
            return &experiment->state[i];
    return NULL;
}

struct bd_final_state bd_experiment_part_state(const struct bd_experiment *experiment,
                                               const struct bd_final_state *state, size_t i)
{
    struct bd_final_state in_part = *state;
    if (i >= experiment->n_part)
        return in_part;
    const struct bd_part *part = &experiment->part[i];
    in_part.part = (struct bd_z_range){part->z_m[0], part->z_m[1]};
    in_part.n_track_plane = state->n_track > 0;
    in_part.n_photon_plane = state->n_photon > 0;
    in_part.track_plane[0] = in_part.photon_plane[0] = part->plane;
    if (state->opening_part >= 0 && state->opening_part != (int)i)
        in_part.opening_min_rad = 0.0;
    return in_part;
}

const struct bd_region *bd_experiment_signal_regions(const struct bd_experiment *experiment, size_t *n)
{
    static const struct bd_region signal = {BD_REGION_SIGNAL, 1.0};
    *n = experiment->n_signal_region > 0 ? experiment->n_signal_region : 1;
    return experiment->n_signal_region > 0 ? experiment->signal_region : &signal;
}

int bd_experiment_has_kernels(const struct bd_experiment *experiment)
{
    return strcmp(experiment->mode, BD_EXPERIMENT_LIMIT_TABLE) != 0 &&
           strcmp(experiment->mode, BD_EXPERIMENT_COMBINATION) != 0;
}

static int is_card(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && has_suffix(entry->d_name);
}

enum bd_status bd_experiment_names(char ***names, size_t *n, struct bd_error *err)
{
    char path[4096];
    struct dirent **entries;
    BD_TRY(bd_data_path(CARD_DIR, path, sizeof path, err));
    const int n_entry = scandir(path, &entries, is_card, alphasort);
    if (n_entry < 0)
        return bd_fail(err, BD_IO, "%s: %s", path, strerror(errno));
    *n = 0;
    *names = calloc((size_t)n_entry + 1, sizeof **names);
    for (int i = 0; i < n_entry; i++) {
        const size_t length = strlen(entries[i]->d_name) - strlen(CARD_SUFFIX);
        char *name = *names != NULL ? strndup(entries[i]->d_name, length) : NULL;
        if (name != NULL)
            (*names)[(*n)++] = name;
        free(entries[i]);
    }
    free(entries);
    if (*names != NULL && *n == (size_t)n_entry)
        return BD_OK;
    bd_experiment_names_free(*names, *n);
    *names = NULL;
    *n = 0;
    return bd_fail(err, BD_NO_MEMORY, "%s: out of memory", path);
}

void bd_experiment_names_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}
