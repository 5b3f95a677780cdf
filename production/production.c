#include "production/production.h"

#include <stdio.h>
#include <string.h>

#define BD_PRODUCTION(name) extern const struct bd_production bd_production_##name;
#include "production/channels.def"
#undef BD_PRODUCTION

static const struct bd_production *const channels[] = {
#define BD_PRODUCTION(name) &bd_production_##name,
#include "production/channels.def"
#undef BD_PRODUCTION
};

const struct bd_production *bd_production_at(size_t i)
{
    return i < sizeof channels / sizeof channels[0] ? channels[i] : NULL;
}

static int has_variant(const struct bd_production *channel, const char *variant)
{
    if (*variant == '\0') /* the default, unless the channel has only states */
        return channel->variants == NULL || channel->model != NULL;
    for (size_t i = 0; channel->variants != NULL && channel->variants[i] != NULL; i++)
        if (strcmp(channel->variants[i], variant) == 0)
            return 1;
    return 0;
}

static void add_text(char *list, size_t size, const char *text)
{
    const size_t used = strlen(list);
    (void)snprintf(list + used, size - used, "%s", text);
}

/* "b_decay (dark_scalar), b_decay:K, b_decay:K0*700, ..." */
static void list_known(char *list, size_t size)
{
    list[0] = '\0';
    for (size_t i = 0; bd_production_at(i) != NULL; i++) {
        const struct bd_production *channel = bd_production_at(i);
        char entry[128];
        if (has_variant(channel, "")) {
            (void)snprintf(entry, sizeof entry, "%s%s%s%s%s", list[0] != '\0' ? ", " : "", channel->name,
                           channel->model != NULL ? " (" : "", channel->model != NULL ? channel->model : "",
                           channel->model != NULL ? ")" : "");
            add_text(list, size, entry);
        }
        for (size_t k = 0; channel->variants != NULL && channel->variants[k] != NULL; k++) {
            (void)snprintf(entry, sizeof entry, "%s%s:%s", list[0] != '\0' ? ", " : "", channel->name,
                           channel->variants[k]);
            add_text(list, size, entry);
        }
    }
}

enum bd_status bd_production_find(const char *spec, const char *model, const struct bd_production **production,
                                  const char **variant, struct bd_error *err)
{
    const char *colon = strchr(spec, ':');
    const size_t length = colon != NULL ? (size_t)(colon - spec) : strlen(spec);
    *variant = colon != NULL ? colon + 1 : "";
    const int any_model = model == NULL || *model == '\0';
    const struct bd_production *owner = NULL; /* a channel of that name that belongs to a model */
    int n_owner = 0;
    for (size_t i = 0; bd_production_at(i) != NULL; i++) {
        const struct bd_production *channel = bd_production_at(i);
        if (strlen(channel->name) != length || strncmp(channel->name, spec, length) != 0 ||
            !has_variant(channel, *variant))
            continue;
        if (channel->model == NULL || (!any_model && strcmp(channel->model, model) == 0)) {
            *production = channel;
            return BD_OK;
        }
        if (n_owner++ == 0)
            owner = channel;
    }
    if (any_model && n_owner == 1) {
        *production = owner;
        return BD_OK;
    }
    if (any_model && n_owner > 1)
        return bd_fail(err, BD_BAD_INPUT, "production '%s' needs a model, such as %s", spec, owner->model);
    char known[900];
    list_known(known, sizeof known);
    return bd_fail(err, BD_BAD_INPUT, "there is no production '%s'%s%s; known are: %s", spec,
                   any_model ? "" : " of ", any_model ? "" : model, known);
}
