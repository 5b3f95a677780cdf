#include "src/cli/counts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/core/csv.h"
#include "src/core/setting.h"

#define COUNT_MAX 1000000.0
#define EVENTS_MAX 1e9

int bd_counts_given(const struct bd_options *options)
{
    return bd_options_given(options, "counts") || bd_options_given(options, "channel");
}

/* Room for one more, whose name is new. */
static enum bd_status add(struct bd_counts *counts, const char *name, struct bd_error *err)
{
    if (counts->n == BD_COMBINE_CHANNELS_MAX)
        return bd_fail(err, BD_BAD_INPUT, "more than %d channels", BD_COMBINE_CHANNELS_MAX);
    struct bd_counts_channel *channel = &counts->channel[counts->n];
    *channel = (struct bd_counts_channel){.n_observed = 0};
    if (name[0] == '\0' || strlen(name) >= sizeof channel->name)
        return bd_fail(err, BD_BAD_INPUT, "channel: expected a name of 1 to %zu characters, found '%.60s'",
                       sizeof channel->name - 1, name);
    (void)snprintf(channel->name, sizeof channel->name, "%s", name);
    for (size_t i = 0; i < counts->n; i++)
        if (strcmp(counts->channel[i].name, name) == 0)
            return bd_fail(err, BD_BAD_INPUT, "channel: '%s' is there twice", name);
    counts->n++;
    return BD_OK;
}

static enum bd_status check(const struct bd_counts_channel *channel, struct bd_error *err)
{
    const struct bd_measurement *b = &channel->background, *s = &channel->signal;
    if (!(b->value >= 0.0 && b->value <= EVENTS_MAX))
        return bd_fail(err, BD_BAD_INPUT, "b: background %g events is outside 0 to %g", b->value, EVENTS_MAX);
    if (b->err_down > b->value)
        return bd_fail(err, BD_BAD_INPUT, "b_err_down: the lower error %g is above the background, %g events",
                       b->err_down, b->value);
    if (b->err_up > 0.0 && !(b->value > 0.0))
        return bd_fail(err, BD_BAD_INPUT, "b_err_up: background 0 with the error %g events has no prior",
                       b->err_up);
    if (!(s->value >= 0.0 && s->value <= EVENTS_MAX))
        return bd_fail(err, BD_BAD_INPUT, "s: signal %g events is outside 0 to %g", s->value, EVENTS_MAX);
    if (s->err_down > s->value)
        return bd_fail(err, BD_BAD_INPUT, "s: the error %g is above the signal, %g events", s->err_down, s->value);
    return BD_OK;
}

/* ---- --channel [NAME:]N,B,S ---- */

static enum bd_status read_item(const char *item, size_t i, struct bd_counts *counts, struct bd_error *err)
{
    char words[256], name[64], *rest = NULL;
    const char *colon = strchr(item, ':');
    if (colon != NULL)
        (void)snprintf(name, sizeof name, "%.*s", (int)(colon - item), item);
    else
        (void)snprintf(name, sizeof name, "%zu", i + 1);
    BD_TRY(add(counts, name, err));
    struct bd_counts_channel *channel = &counts->channel[counts->n - 1];
    (void)snprintf(words, sizeof words, "%s", colon != NULL ? colon + 1 : item);
    const char *part[4] = {strtok_r(words, ",", &rest)};
    for (size_t k = 1; k < 4; k++)
        part[k] = part[k - 1] != NULL ? strtok_r(NULL, ",", &rest) : NULL;
    if (part[2] == NULL || part[3] != NULL)
        return bd_fail(err, BD_BAD_INPUT, "expected [NAME:]N,B,S, found '%.60s'", item);
    double n;
    if (!bd_setting_parse_number(part[0], &n) || n != floor(n) || n < 0.0 || n > COUNT_MAX)
        return bd_fail(err, BD_BAD_INPUT, "n: expected a whole number from 0 to %.0f, found '%.40s'", COUNT_MAX,
                       part[0]);
    channel->n_observed = (int)n;
    BD_TRY(bd_add_context(err, bd_measurement_parse(part[1], &channel->background, err), "b"));
    BD_TRY(bd_add_context(err, bd_measurement_parse(part[2], &channel->signal, err), "s"));
    return check(channel, err);
}

/* ---- --counts FILE ---- */

enum { CHANNEL, N, B, B_ERR_UP, B_ERR_DOWN, S };
static const char *const columns[] = {"channel", "n", "b", "b_err_up", "b_err_down", "s", NULL};

static enum bd_status read_row(const struct bd_csv *csv, size_t row, struct bd_counts *counts,
                               struct bd_error *err)
{
    double n;
    BD_TRY(
        bd_add_context(err, add(counts, bd_csv_text(csv, row, CHANNEL), err), "%s:%u", csv->path, csv->line[row]));
    struct bd_counts_channel *channel = &counts->channel[counts->n - 1];
    BD_TRY(bd_csv_number(csv, row, N, 0.0, COUNT_MAX, &n, err));
    if (n != floor(n))
        return bd_csv_fail(csv, row, err, "n: expected a whole number, found '%s'", bd_csv_text(csv, row, N));
    channel->n_observed = (int)n;
    BD_TRY(bd_csv_number(csv, row, B, 0.0, EVENTS_MAX, &channel->background.value, err));
    BD_TRY(bd_csv_number(csv, row, B_ERR_UP, 0.0, EVENTS_MAX, &channel->background.err_up, err));
    BD_TRY(bd_csv_number(csv, row, B_ERR_DOWN, 0.0, EVENTS_MAX, &channel->background.err_down, err));
    BD_TRY(bd_csv_number(csv, row, S, 0.0, EVENTS_MAX, &channel->signal.value, err));
    return bd_add_context(err, check(channel, err), "%s:%u", csv->path, csv->line[row]);
}

static enum bd_status read_file(const char *path, struct bd_counts *counts, struct bd_error *err)
{
    struct bd_csv *csv = NULL;
    BD_TRY(bd_csv_read(path, columns, &csv, err));
    enum bd_status status = BD_OK;
    for (size_t row = 0; status == BD_OK && row < csv->n_row; row++)
        status = read_row(csv, row, counts, err);
    bd_csv_free(csv);
    return status;
}

enum bd_status bd_counts_read(const struct bd_options *options, struct bd_counts *counts, struct bd_error *err)
{
    const char *path = bd_options_text(options, "counts");
    const size_t n = bd_options_count(options, "channel");
    counts->n = 0;
    if (path != NULL && n > 0)
        return bd_fail(err, BD_USAGE, "either --counts or --channel, not both");
    if (path != NULL)
        return read_file(path, counts, err);
    for (size_t i = 0; i < n; i++)
        BD_TRY(
            bd_options_blame("channel", read_item(bd_options_item(options, "channel", i), i, counts, err), err));
    return BD_OK;
}
