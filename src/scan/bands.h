/* src/scan/bands.h - limits expected if there is only background: median and bands of 1 and 2 standard deviations.
 *
 * The quantiles are those of all background-only outcomes in the order of src/scan/combine.h. With 0.04 background
 * events expected, 96% of them are empty: the statistical median and its lower bands coincide. Published bands are
 * wider because the pseudo-experiments also redraw the measured number of protons.
 *
 * Exact where few outcomes matter, as in NA62 with its 9 channels; many channels that share rare events are put on
 * a coarse lattice (src/scan/coarse.h: ln mu_up to about 0.2%), many events on a fine one. */
#ifndef BD_SCAN_BANDS_H
#define BD_SCAN_BANDS_H

#include "src/scan/combine.h"

#define BD_BANDS_N 5 /* quantiles at -2, -1, 0, +1, +2 standard deviations; + is the weaker limit */

enum bd_bands_mode {
    BD_BANDS_STAT_NUIS = 0, /* counts and the common signal factor (log-normal, median 1) fluctuate */
    BD_BANDS_STAT,          /* counts only */
};

struct bd_bands {
    double ln_mu_up[BD_BANDS_N]; /* as in struct bd_combine_result */
    double cls[BD_BANDS_N];      /* of the counts alone, at the tested signal */
    enum bd_combine_engine engine;
};

/* n_observed of the channels is ignored. Errors as bd_combine_cls. */
enum bd_status bd_bands_expected(const struct bd_combine *combine, const struct bd_combine_channel *channels,
                                 size_t n, enum bd_bands_mode mode, struct bd_bands *bands,
                                 struct bd_error *err) BD_MUST_CHECK;

#endif
