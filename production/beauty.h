/* production/beauty.h - B mesons from protons on a target: numbers per proton and spectra.
 *
 * N_B per proton = (sigma_bb / sigma_pp) A^(1/3) n_B: sigma_bb grows as A, the absorption of protons as A^(2/3).
 * sigma_bb(400 GeV) = 2.63 +- 0.76 nb per nucleon (arXiv:2407.08673); sigma_pp is the total cross section, 39.85
 * mb at 400 GeV (PDG fit): the inelastic one would raise the number by 21%. n_B: hadrons and antihadrons per b
 * bbar event, PYTHIA 8.3 at 400 GeV. */
#ifndef BD_PRODUCTION_BEAUTY_H
#define BD_PRODUCTION_BEAUTY_H

#include "production/parent.h"
#include "production/production.h"

#define BD_BEAUTY_SPECTRUM "production/spectra/pp_%gGeV_beauty.csv"

enum bd_beauty_hadron { BD_BEAUTY_B_CHARGED, BD_BEAUTY_B0, BD_BEAUTY_BS, BD_BEAUTY_HADRONS };

struct bd_beauty {
    struct bd_parent *parent[BD_BEAUTY_HADRONS]; /* owned */
    double n_per_pot[BD_BEAUTY_HADRONS];
};

/* The settings of every channel that starts from B mesons: the channel's own table may be this one. */
extern const struct bd_setting bd_beauty_settings[];

/* Spectra of `n_hadron` species (2: B+-, B0; 3: also Bs). Settings in the order of bd_beauty_settings.
 * No parents (NULL) if sigma_bb is 0 or the beam below the threshold. BD_BAD_INPUT: no spectrum for this beam. */
enum bd_status bd_beauty_open(const struct bd_production_request *request, int n_hadron, struct bd_beauty *beauty,
                              struct bd_error *err) BD_MUST_CHECK;
void bd_beauty_close(struct bd_beauty *beauty);

#endif
