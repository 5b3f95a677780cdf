/* src/core/pdg.h - constants of nature, in one place.
 *
 * Source: Particle Data Group, Review of Particle Physics 2024 (Phys. Rev. D 110, 030001), particle listings and
 * tables 1.1 (physical constants), unless said. Masses in GeV, lifetimes in s. Parameters of a fit (masses inside
 * a form factor, quark masses in a coupling) are not here: they stay with their formula. */
#ifndef BD_CORE_PDG_H
#define BD_CORE_PDG_H

#define BD_PDG_EDITION "2024"

#define BD_PI 3.14159265358979323846
#define BD_HBAR_GEV_S 6.582119569e-25
#define BD_HBARC_GEV_M 1.973269804e-16
#define BD_HBARC2_GEV2_MB 0.3893793721 /* (hbar c)^2 */
#define BD_ALPHA_EM (1.0 / 137.035999)
#define BD_G_FERMI 1.1663788e-5 /* GeV^-2 */
#define BD_HIGGS_VEV 246.21965  /* (sqrt2 G_F)^(-1/2) */
#define BD_SPEED_OF_LIGHT_M_S 2.99792458e8

#define BD_MASS_ELECTRON 0.00051099895
#define BD_MASS_MUON 0.1056583755
#define BD_MASS_TAU 1.77693
#define BD_MASS_PI_CHARGED 0.13957039
#define BD_MASS_PI0 0.1349768
#define BD_MASS_ETA 0.547862
#define BD_MASS_ETAP 0.95778
#define BD_MASS_RHO 0.77526
#define BD_MASS_RHO_CHARGED 0.77511
#define BD_MASS_OMEGA 0.78266
#define BD_MASS_PHI 1.019461
#define BD_MASS_K_CHARGED 0.493677
#define BD_MASS_K0 0.497611
#define BD_MASS_D_CHARGED 1.86966
#define BD_MASS_D0 1.86484
#define BD_MASS_DS 1.96835
#define BD_MASS_B_CHARGED 5.27934
#define BD_MASS_B0 5.27966
#define BD_MASS_BS 5.36692
#define BD_MASS_PROTON 0.93827208816
#define BD_MASS_HIGGS 125.2
#define BD_MASS_W 80.379 /* PDG 2022; the loop of h -> gamma gamma is insensitive to it */

#define BD_WIDTH_RHO 0.1474
#define BD_WIDTH_OMEGA 0.00868
#define BD_WIDTH_PHI 0.004249
#define BD_WIDTH_HIGGS 4.1e-3 /* Standard Model, m_h = 125.2 GeV (LHC Higgs cross section working group) */

#define BD_LIFETIME_B_CHARGED_S 1.638e-12
#define BD_LIFETIME_B0_S 1.519e-12
#define BD_LIFETIME_BS_S 1.520e-12
#define BD_LIFETIME_K_CHARGED_S 1.238e-8
#define BD_LIFETIME_KL_S 5.116e-8
#define BD_LIFETIME_KS_S 0.8954e-10

#define BD_BR_PI0_GAMMAGAMMA 0.98823
#define BD_BR_ETA_GAMMAGAMMA 0.3936
#define BD_BR_ETAP_GAMMAGAMMA 0.02307

#endif
