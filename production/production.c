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

static int is_named(const struct bd_production *channel, const char *spec, size_t length)
{
    return strlen(channel->name) == length && strncmp(channel->name, spec, length) == 0;
}

static void add_entry(char *list, size_t size, const char *name, const char *colon, const char *variant)
{
    char entry[128];
    (void)snprintf(entry, sizeof entry, "%s%s%s%s", list[0] != '\0' ? ", " : "", name, colon, variant);
    add_text(list, size, entry);
}

static int serves(const struct bd_production *channel, const char *model)
{
    return channel->model == NULL || model == NULL || *model == '\0' || strcmp(channel->model, model) == 0;
}

/* Of a model's channels the variants of a name that there is, "b_decay:K, b_decay:K0*700, ..."; otherwise all
 * names, each once. */
static void list_known(const char *spec, size_t length, const char *model, char *list, size_t size)
{
    const struct bd_production *channel;
    const char *before = "";
    list[0] = '\0';
    for (size_t i = 0; (channel = bd_production_at(i)) != NULL; i++) {
        const char *const *variant = channel->variants;
        for (; is_named(channel, spec, length) && serves(channel, model) && variant != NULL && *variant != NULL;
             variant++)
            add_entry(list, size, channel->name, ":", *variant);
    }
    const int all = list[0] == '\0';
    for (size_t i = 0; all && (channel = bd_production_at(i)) != NULL; i++)
        if (serves(channel, model) && strcmp(channel->name, before) != 0) {
            before = channel->name;
            add_entry(list, size, channel->name, "", "");
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
        if (!is_named(channel, spec, length) || !has_variant(channel, *variant))
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
    list_known(spec, length, model, known, sizeof known);
    return bd_fail(err, BD_BAD_INPUT, "there is no production '%s'%s%s; known are: %s", spec,
                   any_model ? "" : " of ", any_model ? "" : model, known);
}
