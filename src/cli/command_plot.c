/* beamdump plot: pictures through gnuplot. What is drawn stands in plots/; here the data are put in its form. */
#include "src/cli/command.h"
#include "src/cli/plot.h"

static const char *const pictures[] = {"contour", "widths", "regions", NULL};

static const struct bd_option options_plot[] = {
    {.name = "WHAT",
     .kind = BD_OPTION_CHOICE,
     .initial = "contour",
     .choices = pictures,
     .positional = 1,
     .help =
         "excluded regions; or branching ratios and c tau against the mass; or accepted events in the regions of "
         "vertex and pT of an experiment"},
    {.name = "contour",
     .kind = BD_OPTION_LIST,
     .unit = "[LABEL=]FILE",
     .help = "exported contours (CSV) and their name in the legend"},
    {.name = "db",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .help = "a database with contours; those of --benchmark are drawn"},
    {.name = "benchmark", .kind = BD_OPTION_TEXT, .unit = "NAME", .help = "with --db: whose contours"},
    {.name = "plane",
     .kind = BD_OPTION_TEXT,
     .unit = "X,Y",
     .initial = "mass_gev,coupling",
     .help = "contours of another plane, as typed for `contour`: C_GG,C_BB or mass,ctau or br,ctau"},
    {.name = "experiment",
     .kind = BD_OPTION_LIST,
     .unit = "NAME",
     .help = "with --db: only of this experiment; without: of all. With `regions`: whose"},
    {.name = "kind",
     .kind = BD_OPTION_LIST,
     .unit = "KIND",
     .help =
         "draw only contours of this kind: observed, expected, projection, expected+1sigma, ...; without: all"},
    {.name = "widths",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .help = "CSV written by `beamdump widths --mass FROM:TO:COUNT --ctau --format csv`"},
    {.name = "events",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .help = "CSV written by `beamdump events --format csv`"},
    {.name = "output",
     .kind = BD_OPTION_TEXT,
     .unit = "FILE",
     .required = 1,
     .help = "picture: .svg, .png or .pdf"},
    {.name = "title",
     .kind = BD_OPTION_TEXT,
     .unit = "TEXT",
     .help = "above the picture; default: the benchmark's"},
    {.name = "cl",
     .kind = BD_OPTION_NUMBER,
     .unit = "1",
     .min = 0.5,
     .max = 0.9999,
     .help = "confidence level: with --db which contours, otherwise for the footer, as a CSV does not say it"},
    {.name = "pot",
     .kind = BD_OPTION_NUMBER,
     .unit = "protons",
     .min = 1.0,
     .max = 1e30,
     .help = "N_POT: with --db which contours, otherwise for the footer"},
    {.name = "mass-min",
     .kind = BD_OPTION_NUMBER,
     .unit = "GeV or that of X",
     .min = 1e-30,
     .max = 1e30,
     .help =
         "left end of the axis; with --plane of X. All four ends as they were scanned fill regions that are open "
         "at the border"},
    {.name = "mass-max",
     .kind = BD_OPTION_NUMBER,
     .unit = "GeV or that of X",
     .min = 1e-30,
     .max = 1e30,
     .help = "right end"},
    {.name = "coupling-min",
     .kind = BD_OPTION_NUMBER,
     .unit = "unit of the benchmark",
     .min = 1e-30,
     .max = 1e30,
     .help = "lower end"},
    {.name = "coupling-max",
     .kind = BD_OPTION_NUMBER,
     .unit = "unit of the benchmark",
     .min = 1e-30,
     .max = 1e30,
     .help = "upper end"},
    {.name = NULL},
};

static const char *const examples[] = {
    "beamdump plot --contour NA62=out/bc4_na62.csv --kind observed --output out/bc4.svg",
    "beamdump plot --db na62.db --benchmark BC4 --experiment na62 --output bc4.svg",
    "beamdump plot --contour NA62=na62.csv --contour CHARM=charm.csv --cl 0.9 --output both.pdf",
    "beamdump plot --db na62.db --plane C_GG,C_BB --output couplings.svg",
    "beamdump plot widths --widths widths.csv --title \"dark scalar, theta = 1e-4\" --output widths.png",
    "beamdump plot regions --events events.csv --experiment koto_pnn --output regions.svg",
    NULL,
};

/* Options that some pictures do not read. */
static const struct {
    const char *name;
    int is_read[3]; /* in the order of pictures */
} particular[] = {
    {"contour", {1, 0, 0}},  {"db", {1, 0, 0}},         {"benchmark", {1, 0, 0}},    {"plane", {1, 0, 0}},
    {"kind", {1, 0, 0}},     {"experiment", {1, 0, 1}}, {"widths", {0, 1, 0}},       {"events", {0, 0, 1}},
    {"mass-min", {1, 0, 0}}, {"mass-max", {1, 0, 0}},   {"coupling-min", {1, 0, 0}}, {"coupling-max", {1, 0, 0}},
};

static enum bd_status refuse_options(const struct bd_options *options, size_t picture, struct bd_error *err)
{
    for (size_t i = 0; i < sizeof particular / sizeof particular[0]; i++)
        if (!particular[i].is_read[picture] && bd_options_given(options, particular[i].name))
            return bd_fail(err, BD_USAGE, "--%s does not go with `plot %s`", particular[i].name,
                           pictures[picture]);
    return BD_OK;
}

static enum bd_status run(const struct bd_options *options, struct bd_error *err)
{
    static enum bd_status (*const draw[])(const struct bd_options *options, struct bd_error *err) = {
        bd_plot_contours, bd_plot_widths, bd_plot_regions}; /* in the order of pictures */
    const size_t picture = (size_t)bd_options_choice(options, "WHAT");
    BD_TRY(refuse_options(options, picture, err));
    return draw[picture](options, err);
}

const struct bd_command command_plot = {
    .name = "plot",
    .summary = "draw contours, branching ratios or accepted events (SVG, PNG, PDF) with gnuplot",
    .description = "Excluded regions are filled, holes stay empty, open ends at the border of the scan are lines.",
    .options = options_plot,
    .examples = examples,
    .run = run,
};
