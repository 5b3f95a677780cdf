/* src/cli/list_channels.h - `beamdump list channels`: pairs of production and decay. */
#ifndef BD_CLI_LIST_CHANNELS_H
#define BD_CLI_LIST_CHANNELS_H

#include "src/cli/options.h"

/* All pairs of the models (or of --model) with the card --experiment, or those of --analysis. */
enum bd_status bd_list_channels(const struct bd_options *options, struct bd_error *err) BD_MUST_CHECK;

#endif
