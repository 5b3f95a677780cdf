/* production/cross_section.h - proton-proton cross sections [mb], s in GeV^2. */
#ifndef BD_PRODUCTION_CROSS_SECTION_H
#define BD_PRODUCTION_CROSS_SECTION_H

/* Total; fit of the Particle Data Group as used in arXiv:2108.05900. */
double bd_cross_section_pp_total(double s);

/* Without single diffraction: 1.76 + 19.8 s^0.057, arXiv:2108.05900. */
double bd_cross_section_pp_nsd(double s);

/* Inelastic, fixed target: 32.9 mb at 400 GeV, 31.5 mb at 30 GeV (PYTHIA 8.3), linear in ln p through them. */
double bd_cross_section_pp_inelastic(double beam_p_gev);

#endif
