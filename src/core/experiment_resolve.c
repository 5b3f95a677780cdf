/* From a card as written to an experiment: names become indices, defaults are filled in, all is cross-checked. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/core/experiment_card.h"

#define A_TRIG_TOLERANCE 0.01 /* printed values are rounded to three digits */

/* A card being checked. Every check adds its faults and goes on, so that the user sees all of them. */
struct check {
    const struct bd_experiment_card *card;
    struct bd_experiment *experiment;
    struct bd_card_faults faults;
    int track_default[BD_PLANES_MAX], photon_default[BD_PLANES_MAX]; /* 1 for the planes of the defaults */
};

#define FAULT(check, line, ...) bd_card_fault(&(check)->faults, line, 0, __VA_ARGS__)

static int find_plane(const struct bd_experiment *experiment, const char *name)
{
    for (size_t i = 0; i < experiment->n_plane; i++)
        if (strcmp(experiment->plane[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int find_state(const struct bd_experiment *experiment, const char *name)
{
    for (size_t i = 0; i < experiment->n_state; i++)
        if (strcmp(experiment->state[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int find_part(const struct bd_experiment *experiment, const char *name)
{
    for (size_t i = 0; i < experiment->n_part; i++)
        if (strcmp(experiment->part[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int find_region(const struct bd_experiment *experiment, const char *name)
{
    for (size_t i = 0; i < experiment->n_region; i++)
        if (strcmp(experiment->region[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int find_count(const struct bd_experiment_card *card, const char *state)
{
    for (size_t i = 0; i < card->n_count; i++)
        if (strcmp(card->count[i].state, state) == 0)
            return (int)i;
    return -1;
}

static void check_range(struct check *check, unsigned line, const char *what, double min, double max)
{
    if (!(min < max))
        FAULT(check, line, "%s: the minimum, %.12g, is not below the maximum, %.12g", what, min, max);
}

static void check_shape(struct check *check, const struct bd_plane *plane, const struct bd_shape *shape)
{
    if (shape->kind == BD_SHAPE_OCTAGON &&
        (shape->diag_m <= shape->half_m || shape->diag_m >= 2.0 * shape->half_m))
        FAULT(check, plane->line, "planes %s: octagon: diag_m %g must be between half_m and 2 half_m, %g and %g m",
              plane->name, shape->diag_m, shape->half_m, 2.0 * shape->half_m);
}

static void check_planes(struct check *check)
{
    const struct bd_experiment *experiment = check->experiment;
    for (size_t i = 0; i < experiment->n_plane; i++) {
        const struct bd_plane *plane = &experiment->plane[i];
        check_shape(check, plane, &plane->outer);
        for (size_t k = 0; k < plane->n_hole; k++)
            check_shape(check, plane, &plane->hole[k]);
        if (find_plane(experiment, plane->name) != (int)i)
            FAULT(check, plane->line, "planes %s: there are two planes of this name", plane->name);
        if (i > 0 && plane->z_m < plane[-1].z_m)
            FAULT(check, plane->line, "planes %s: z_m %.12g is before %s at %.12g m; planes are listed in z order",
                  plane->name, plane->z_m, plane[-1].name, plane[-1].z_m);
    }
    for (size_t i = 1; i < experiment->n_magnet; i++) {
        const struct bd_magnet *magnet = &experiment->magnet[i];
        if (magnet->z_m < magnet[-1].z_m)
            FAULT(check, magnet->line,
                  "magnets %s: z_m %.12g is before %s at %.12g m; magnets are listed in z order", magnet->name,
                  magnet->z_m, magnet[-1].name, magnet[-1].z_m);
    }
}

static int is_given(const struct bd_z_range *range)
{
    return range->z_min_m != 0.0 || range->z_max_m != 0.0;
}

static const struct bd_z_range *volume_of(const struct bd_experiment *experiment,
                                          const struct bd_final_state *state)
{
    return state->neutral_volume ? &experiment->neutral_volume : &experiment->charged_volume;
}

/* Slabs and shape reach into a volume. */
static void check_inside(struct check *check, const char *what, double z_min, double z_max)
{
    const struct bd_z_range *const volume[] = {&check->experiment->charged_volume,
                                               &check->experiment->neutral_volume};
    for (size_t i = 0; i < 2; i++)
        if (is_given(volume[i]) && z_min < volume[i]->z_max_m && z_max > volume[i]->z_min_m)
            return;
    FAULT(check, check->card->volume_line, "decay_volume.%s: %.12g to %.12g m is outside the volume", what, z_min,
          z_max);
}

static void check_volumes(struct check *check)
{
    const struct bd_experiment *experiment = check->experiment;
    const struct bd_z_range *const volume[] = {&experiment->charged_volume, &experiment->neutral_volume};
    const char *const name[] = {"decay_volume.charged", "decay_volume.neutral"};
    for (size_t i = 0; i < 2; i++) {
        if (!is_given(volume[i]))
            continue;
        check_range(check, check->card->volume_line, name[i], volume[i]->z_min_m, volume[i]->z_max_m);
        if (volume[i]->z_min_m < experiment->impact_m[2])
            FAULT(check, check->card->volume_line, "%s: z_min_m %.12g is before the production point, z = %.12g m",
                  name[i], volume[i]->z_min_m, experiment->impact_m[2]);
    }
    if (!is_given(volume[0]) && !is_given(volume[1]))
        FAULT(check, check->card->volume_line, "decay_volume: neither charged nor neutral is given");
    const struct bd_volume_shape *shape = &experiment->volume_shape;
    if (shape->kind == BD_VOLUME_ANNULUS)
        check_range(check, check->card->volume_line, "decay_volume.shape.annulus", shape->r_min_m, shape->r_max_m);
    if (shape->kind == BD_VOLUME_PYRAMID)
        check_range(check, check->card->volume_line, "decay_volume.shape.pyramid.z_m", shape->z_m[0],
                    shape->z_m[1]);
    if (shape->kind == BD_VOLUME_VERTICAL_CYLINDER)
        check_inside(check, "shape.vertical_cylinder", shape->z_m[0] - shape->r_max_m,
                     shape->z_m[0] + shape->r_max_m);
    for (size_t i = 0; i < experiment->n_excluded; i++) {
        const struct bd_z_range *slab = &experiment->excluded[i];
        check_range(check, check->card->volume_line, "decay_volume.exclude_z_m", slab->z_min_m, slab->z_max_m);
        check_inside(check, "exclude_z_m", slab->z_min_m, slab->z_max_m);
    }
    if (is_given(&experiment->vertex))
        check_range(check, check->card->vertex_line, "vertex", experiment->vertex.z_min_m,
                    experiment->vertex.z_max_m);
}

/* Volumes one behind the other: each is a signal region. */
static void fill_parts(struct check *check)
{
    struct bd_experiment *experiment = check->experiment;
    if (check->card->n_part > 0 && experiment->pi0.n_box > 0) { /* whose regions are there already */
        FAULT(check, check->card->part[0].part.line, "decay_volume.parts: not together with pi0_reconstruction");
        return;
    }
    for (size_t i = 0; i < check->card->n_part; i++) {
        struct bd_part *part = &experiment->part[i];
        *part = check->card->part[i].part;
        experiment->n_part = i + 1;
        check_range(check, part->line, "decay_volume.parts: z_m", part->z_m[0], part->z_m[1]);
        check_inside(check, "parts", part->z_m[0], part->z_m[1]);
        if (find_part(experiment, part->name) != (int)i)
            FAULT(check, part->line, "decay_volume.parts %s: there are two parts of this name", part->name);
        if (i > 0 && part->z_m[0] < part[-1].z_m[1])
            FAULT(check, part->line, "decay_volume.parts %s: begins at %.12g m, before %s ends at %.12g m",
                  part->name, part->z_m[0], part[-1].name, part[-1].z_m[1]);
        part->plane = find_plane(experiment, check->card->part[i].plane);
        if (part->plane < 0)
            FAULT(check, part->line, "decay_volume.parts %s: there is no plane '%s'", part->name,
                  check->card->part[i].plane);
        else if (experiment->plane[part->plane].z_m < part->z_m[1])
            FAULT(check, part->line, "decay_volume.parts %s: plane %s at %.12g m is inside it", part->name,
                  check->card->part[i].plane, experiment->plane[part->plane].z_m);
        struct bd_region *region = &experiment->signal_region[experiment->n_signal_region++];
        (void)snprintf(region->name, sizeof region->name, "%s", part->name);
        region->weight = 1.0;
    }
}

/* Mark the planes of a list of names. */
static void mark_planes(struct check *check, const struct bd_experiment_card_planes *planes, int *marked,
                        unsigned line, const char *owner, const char *what)
{
    for (size_t i = 0; i < planes->n; i++) {
        const int index = find_plane(check->experiment, planes->name[i]);
        if (index < 0)
            FAULT(check, line, "%s: %s: there is no plane '%s'", owner, what, planes->name[i]);
        else
            marked[index] = 1;
    }
}

static size_t list_marked(const int *marked, int *index)
{
    size_t n = 0;
    for (int i = 0; i < BD_PLANES_MAX; i++)
        if (marked[i])
            index[n++] = i;
    return n;
}

/* Species, number, thresholds and planes of the tracks. */
static void fill_tracks(struct check *check, const struct bd_experiment_card_state *from,
                        struct bd_final_state *state, const char *owner)
{
    const struct bd_experiment_card *card = check->card;
    for (size_t i = 0; bd_experiment_card_species[i] != NULL; i++) {
        if (from->tracks.n[i] < 0)
            continue;
        if (state->n_track > 0)
            FAULT(check, state->line, "%s: tracks: expected exactly one of e, mu, pi, k", owner);
        state->n_track = from->tracks.n[i];
        (void)snprintf(state->track, sizeof state->track, "%s", bd_experiment_card_species[i]);
    }
    const int given = from->tracks.planes.n > 0 || from->tracks.extra_planes.n > 0;
    if (state->n_track == 0) {
        if (given || from->tracks.p_min_gev >= 0.0 || from->tracks.e_min_gev >= 0.0 ||
            from->tracks.e_sum_min_gev > 0.0 || from->tracks.kinetic_min_gev > 0.0 ||
            from->tracks.angle_max_rad > 0.0)
            FAULT(check, state->line, "%s: tracks: expected exactly one of e, mu, pi, k", owner);
        return;
    }
    state->track_p_min_gev = from->tracks.p_min_gev >= 0.0 ? from->tracks.p_min_gev : card->track_p_min_gev;
    state->track_e_sum_min_gev = from->tracks.e_sum_min_gev;
    state->track_kinetic_min_gev = from->tracks.kinetic_min_gev;
    state->track_angle_max_rad = from->tracks.angle_max_rad;
    state->track_angle_kinetic_gev = from->tracks.angle_kinetic_gev;
    state->track_e_min_gev = from->tracks.e_min_gev >= 0.0 ? from->tracks.e_min_gev : card->track_e_min_gev;
    int marked[BD_PLANES_MAX] = {0};
    if (from->tracks.planes.n > 0)
        mark_planes(check, &from->tracks.planes, marked, state->line, owner, "planes");
    else if (card->track_line > 0)
        memcpy(marked, check->track_default, sizeof marked);
    else
        FAULT(check, state->line, "%s: tracks: no planes here and no track_defaults", owner);
    mark_planes(check, &from->tracks.extra_planes, marked, state->line, owner, "extra_planes");
    state->n_track_plane = list_marked(marked, state->track_plane);
    if (state->n_track_plane == 0 && card->track_line > 0 && check->experiment->n_part == 0 &&
        check->experiment->volume_shape.kind == BD_VOLUME_OPEN)
        FAULT(check, state->line, "%s: tracks: seen without a plane only where decay_volume has a shape", owner);
}

/* A key that is given where it says nothing. */
static void refuse(struct check *check, int given, const struct bd_final_state *state, const char *owner,
                   const char *key, const char *why)
{
    if (given)
        FAULT(check, state->line, "%s: %s: %s", owner, key, why);
}

static void fill_photons(struct check *check, const struct bd_experiment_card_state *from,
                         struct bd_final_state *state, const char *owner)
{
    const struct bd_experiment_card *card = check->card;
    if (from->n_shower > 0) {
        if (state->n_photon > 0 || state->n_track > 0)
            FAULT(check, state->line, "%s: showers: instead of photons and tracks, not beside them", owner);
        state->showers = 1;
        state->n_photon = from->n_shower;
    }
    if (state->n_photon_min > state->n_photon)
        FAULT(check, state->line, "%s: photons_min: %d of %d photons", owner, state->n_photon_min,
              state->n_photon);
    if (state->n_photon_min == 0) {
        refuse(check, state->photons_each, state, owner, "photons_each", "only with photons_min");
        refuse(check, state->n_photon_max > 0, state, owner, "photons_max", "only with photons_min");
        refuse(check, state->photon_efficiency > 0.0, state, owner, "photon_efficiency", "only with photons_min");
    }
    if (state->n_photon_max > 0 && state->n_photon_max < state->n_photon_min)
        FAULT(check, state->line, "%s: photons_max: %d is below photons_min, %d", owner, state->n_photon_max,
              state->n_photon_min);
    if (state->n_cluster > 0 && (state->n_photon_min > 0 || state->n_cluster > state->n_photon))
        FAULT(check, state->line, "%s: clusters: %d of %d photons, and not together with photons_min", owner,
              state->n_cluster, state->n_photon);
    if (2 * from->n_pair > (size_t)state->n_photon)
        FAULT(check, state->line, "%s: pair_mass: %zu pairs need %zu photons, there are %d", owner, from->n_pair,
              2 * from->n_pair, state->n_photon);
    if (state->n_photon == 0) {
        refuse(check, state->e_sum_min_gev > 0.0, state, owner, "e_sum_min_gev", "the state has no photons");
        refuse(check, from->photon_e_min_gev >= 0.0, state, owner, "photon_e_min_gev", "the state has no photons");
        refuse(check, from->photon_merge_m >= 0.0, state, owner, "merge_m", "the state has no photons");
        return;
    }
    if (card->photon_line == 0) {
        FAULT(check, state->line, "%s: photons: there are no photon_defaults", owner);
        return;
    }
    if (card->photon_planes.n == 0 && check->experiment->n_part == 0)
        FAULT(check, card->photon_line, "photon_defaults: planes: photons are seen on a plane");
    state->n_photon_plane = list_marked(check->photon_default, state->photon_plane);
    state->photon_e_min_gev = from->photon_e_min_gev >= 0.0 ? from->photon_e_min_gev : card->photon_e_min_gev;
    state->photon_e_max_gev = card->photon_e_max_gev;
    if (state->photon_e_max_gev > 0.0)
        check_range(check, from->photon_e_min_gev >= 0.0 ? state->line : card->photon_line,
                    "photon_defaults: e_min_gev, e_max_gev", state->photon_e_min_gev, state->photon_e_max_gev);
    state->photon_merge_m = from->photon_merge_m >= 0.0 ? from->photon_merge_m : card->photon_merge_m;
    state->photon_sep_track_m = state->n_track > 0 ? card->photon_sep_track_m : 0.0;
}

/* The volume of a state ends before the first plane that must be hit. */
static void check_state_volume(struct check *check, const struct bd_final_state *state, const char *owner)
{
    const struct bd_experiment *experiment = check->experiment;
    const struct bd_z_range *volume = volume_of(experiment, state);
    if (!is_given(volume)) {
        FAULT(check, state->line, "%s: decay_volume.%s is not given", owner,
              state->neutral_volume ? "neutral" : "charged");
        return;
    }
    if (state->vertex_cut && !is_given(&experiment->vertex))
        FAULT(check, state->line, "%s: vertex_cut: the card has no vertex range", owner);
    const int *const first[] = {state->n_track_plane > 0 ? state->track_plane : NULL,
                                state->n_photon_plane > 0 ? state->photon_plane : NULL};
    for (size_t i = 0; i < 2; i++)
        if (first[i] != NULL && experiment->plane[*first[i]].z_m < volume->z_max_m)
            FAULT(check, state->line, "%s: plane %s at %.12g m is inside the decay volume, which ends at %.12g m",
                  owner, experiment->plane[*first[i]].name, experiment->plane[*first[i]].z_m, volume->z_max_m);
}

/* a_trig counts; the factors beside it explain it, so they must give the same number. A factor `signal_region`
 * applies only to states that are counted in a region. */
static void check_a_trig(struct check *check, const struct bd_final_state *state, const char *owner)
{
    double product = 1.0;
    for (size_t i = 0; i < check->card->n_factor; i++) {
        const struct bd_experiment_card_factor *factor = &check->card->factor[i];
        if (strcmp(factor->name, "signal_region") == 0 && find_count(check->card, state->name) < 0)
            continue;
        const int power[] = {1, state->n_track, state->n_photon};
        product *= pow(factor->value, power[factor->per]);
    }
    if (check->card->n_factor > 0 && fabs(state->a_trig / product - 1.0) > A_TRIG_TOLERANCE)
        FAULT(check, state->line, "%s: a_trig %.4g is not the product of the efficiency factors that apply, %.4g",
              owner, state->a_trig, product);
}

/* Angles between particles; where the volume has parts, these say on which plane they are seen. */
static void fill_opening(struct check *check, const struct bd_experiment_card_state *from,
                         struct bd_final_state *state, const char *owner)
{
    const int in_parts = check->experiment->n_part > 0;
    refuse(check, in_parts && state->n_track_plane + state->n_photon_plane > 0, state, owner, "planes",
           "none where decay_volume has parts, which have a plane each");
    refuse(check, in_parts && from->sep_plane[0] != '\0', state, owner, "sep_tracks",
           "not where decay_volume has parts");
    refuse(check, state->opening_min_rad > 0.0 && (state->n_photon_min > 0 || state->n_cluster > 0), state, owner,
           "opening", "not together with photons_min or clusters");
    refuse(check, state->opening_min_rad > 0.0 && state->n_track < 2 && state->n_photon < 2, state, owner,
           "opening", "needs two tracks or two photons");
    state->opening_part = find_part(check->experiment, from->opening_part);
    if (from->opening_part[0] != '\0' && state->opening_part < 0)
        FAULT(check, state->line, "%s: opening: there is no part '%s' of decay_volume", owner, from->opening_part);
}

static void fill_states(struct check *check)
{
    struct bd_experiment *experiment = check->experiment;
    for (size_t i = 0; i < check->card->n_state; i++) {
        const struct bd_experiment_card_state *from = &check->card->state[i];
        struct bd_final_state *state = &experiment->state[i];
        *state = from->state;
        experiment->n_state = i + 1;
        char owner[BD_NAME_SIZE + 16];
        (void)snprintf(owner, sizeof owner, "final_states %s", state->name);
        if (find_state(experiment, state->name) != (int)i)
            FAULT(check, state->line, "%s: there are two states of this name", owner);
        fill_tracks(check, from, state, owner);
        fill_photons(check, from, state, owner);
        fill_opening(check, from, state, owner);
        if (state->n_track == 0 && state->n_photon == 0)
            FAULT(check, state->line, "%s: neither tracks nor photons", owner);
        state->vertex_cut = from->vertex_cut >= 0 ? from->vertex_cut : is_given(&experiment->vertex);
        state->sep_tracks_plane = from->sep_plane[0] != '\0' ? find_plane(experiment, from->sep_plane) : -1;
        if (from->sep_plane[0] != '\0' && state->sep_tracks_plane < 0)
            FAULT(check, state->line, "%s: sep_tracks: there is no plane '%s'", owner, from->sep_plane);
        if (state->sep_tracks_plane >= 0 && state->n_track < 2)
            FAULT(check, state->line, "%s: sep_tracks: needs two tracks", owner);
        check_state_volume(check, state, owner);
        check_a_trig(check, state, owner);
    }
}

/* The vertex range lies inside the volume of the states it cuts; one fault is enough for all of them. */
static void check_vertex(struct check *check)
{
    const struct bd_experiment *experiment = check->experiment;
    const struct bd_z_range *vertex = &experiment->vertex;
    for (size_t i = 0; i < experiment->n_state && is_given(vertex); i++) {
        const struct bd_final_state *state = &experiment->state[i];
        const struct bd_z_range *volume = volume_of(experiment, state);
        if (state->vertex_cut && is_given(volume) &&
            (vertex->z_min_m < volume->z_min_m || vertex->z_max_m > volume->z_max_m)) {
            FAULT(check, check->card->vertex_line,
                  "vertex: %.12g to %.12g m is not inside the decay volume of %s, %.12g to %.12g m",
                  vertex->z_min_m, vertex->z_max_m, state->name, volume->z_min_m, volume->z_max_m);
            return;
        }
    }
}

static void check_regions(struct check *check)
{
    for (size_t i = 0; i < check->experiment->n_region; i++) {
        const struct bd_pointing_region *region = &check->experiment->region[i];
        if (find_region(check->experiment, region->name) != (int)i)
            FAULT(check, region->line, "regions %s: there are two regions of this name", region->name);
        const struct bd_pointing *const pointing[] = {&region->sr, &region->cr};
        for (size_t k = 0; k < 2; k++)
            if (pointing[k]->kind == 1) {
                check_range(check, region->line, "regions: box.z_m", pointing[k]->box_z_m[0],
                            pointing[k]->box_z_m[1]);
                check_range(check, region->line, "regions: box.cda_m", pointing[k]->box_cda_m[0],
                            pointing[k]->box_cda_m[1]);
            }
    }
}

static void check_box(struct check *check, const struct bd_pi0_box *box)
{
    check_range(check, box->line, "pi0_reconstruction: z_m", box->z_m[0], box->z_m[1]);
    check_range(check, box->line, "pi0_reconstruction: pt_gev", box->pt_gev[0], box->pt_gev[1]);
}

/* Boxes of one name are one signal region. */
static void fill_signal_regions(struct check *check)
{
    struct bd_experiment *experiment = check->experiment;
    struct bd_pi0_reconstruction *pi0 = &experiment->pi0;
    for (size_t i = 0; i < pi0->n_exclude; i++)
        check_box(check, &pi0->exclude[i]);
    for (size_t i = 0; i < pi0->n_box; i++) {
        struct bd_pi0_box *box = &pi0->box[i];
        size_t r = 0;
        check_box(check, box);
        while (r < experiment->n_signal_region && strcmp(experiment->signal_region[r].name, box->region) != 0)
            r++;
        if (r == BD_REGIONS_MAX) {
            FAULT(check, box->line, "pi0_reconstruction: more than %d regions", BD_REGIONS_MAX);
            return;
        }
        struct bd_region *region = &experiment->signal_region[r];
        if (r == experiment->n_signal_region) {
            (void)snprintf(region->name, sizeof region->name, "%s", box->region);
            region->weight = box->weight;
            experiment->n_signal_region++;
        } else if (region->weight != box->weight) {
            FAULT(check, box->line, "pi0_reconstruction: region %s has two weights, %g and %g", box->region,
                  region->weight, box->weight);
        }
        box->index = (int)r;
    }
    if (pi0->r_max_m > 0.0 && pi0->n_box > 0)
        check_range(check, pi0->box[0].line, "pi0_reconstruction: r_min_m, r_max_m", pi0->r_min_m, pi0->r_max_m);
}

/* b with its errors: [b, +error, -error]. */
static void fill_background(struct check *check, const double *from, double *b, double *up, double *down,
                            const struct bd_count *count, const char *what)
{
    *b = from[0];
    *up = from[1];
    *down = from[2];
    if (*down > *b)
        FAULT(check, count->line, "counts: %s: the lower error, %g, is larger than the background, %g", what,
              *down, *b);
}

static void fill_counts(struct check *check)
{
    struct bd_experiment *experiment = check->experiment;
    const int data = strcmp(experiment->status, "data") == 0;
    for (size_t i = 0; i < check->card->n_count; i++) {
        const struct bd_experiment_card_count *from = &check->card->count[i];
        struct bd_count *count = &experiment->count[i];
        *count = from->count;
        fill_background(check, from->sr, &count->b_sr, &count->b_sr_err_up, &count->b_sr_err_down, count, "sr");
        fill_background(check, from->cr, &count->b_cr, &count->b_cr_err_up, &count->b_cr_err_down, count, "cr");
        for (size_t k = 0; k < count->n_ul90; k++)
            count->ul90[k] = from->ul90[k].n;
        count->window_m_min_gev = from->window_m_gev[0];
        count->window_m_max_gev = from->window_m_gev[1];

        count->state = find_state(experiment, from->state);
        if (count->state < 0)
            FAULT(check, count->line, "counts: state: there is no final state '%s'", from->state);
        if (find_region(experiment, count->region) < 0 && strcmp(count->region, BD_REGION_ALL) != 0)
            FAULT(check, count->line, "counts: region: there is no region '%s'", count->region);
        for (size_t k = 0; k < i; k++)
            if (strcmp(check->card->count[k].state, from->state) == 0 &&
                strcmp(check->card->count[k].count.region, count->region) == 0)
                FAULT(check, count->line, "counts: %s in %s is given twice, first in line %u", from->state,
                      count->region, check->card->count[k].count.line);
        if (data && count->n_sr < 0)
            FAULT(check, count->line, "counts: n_sr is missing: the status of the card is data");
        if (strcmp(experiment->status, BD_EXPERIMENT_PROJECTION) == 0 && (count->n_sr >= 0 || count->n_cr >= 0))
            FAULT(check, count->line, "counts: a projection has no observed events n_sr, n_cr");
        if (count->n_candidate > 0 && (int)count->n_candidate != count->n_sr)
            FAULT(check, count->line, "counts: m_obs_gev: %zu masses for n_sr = %d events", count->n_candidate,
                  count->n_sr);
        if (count->window_n_sigma > 0.0) {
            check_range(check, count->line, "counts: window.m_gev", count->window_m_min_gev,
                        count->window_m_max_gev);
            if (experiment->mass_resolution_rel <= 0.0)
                FAULT(check, count->line, "counts: window: the card has no resolution.mass_rel");
            if (count->n_sr > 0 && count->n_candidate == 0)
                FAULT(check, count->line, "counts: window: needs m_obs_gev, the masses of the observed events");
        }
    }
    experiment->n_count = check->card->n_count;
}

static void fill_limit(struct check *check)
{
    struct bd_experiment *experiment = check->experiment;
    for (size_t i = 0; i < check->card->n_combine; i++) {
        experiment->combine[i] = find_state(experiment, check->card->combine[i]);
        if (experiment->combine[i] < 0)
            FAULT(check, check->card->limit_line, "limit.combine: there is no final state '%s'",
                  check->card->combine[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(check->card->combine[k], check->card->combine[i]) == 0)
                FAULT(check, check->card->limit_line, "limit.combine: '%s' is given twice",
                      check->card->combine[i]);
    }
    experiment->n_combine = check->card->n_combine;
}

enum bd_status bd_experiment_resolve(const char *path, const struct bd_experiment_card *card,
                                     struct bd_experiment *experiment, struct bd_error *err)
{
    struct check check = {.card = card, .experiment = experiment, .faults = {.path = path, .err = err}};
    for (size_t i = 0; i < 2; i++)
        experiment->impact_m[i] -= experiment->frame_offset_m[i];
    check_planes(&check);
    check_volumes(&check);
    check_regions(&check);
    fill_signal_regions(&check);
    fill_parts(&check);
    mark_planes(&check, &card->track_planes, check.track_default, card->track_line, "track_defaults", "planes");
    mark_planes(&check, &card->photon_planes, check.photon_default, card->photon_line, "photon_defaults",
                "planes");
    fill_states(&check);
    check_vertex(&check);
    fill_counts(&check);
    fill_limit(&check);
    return bd_card_finish(&check.faults);
}
