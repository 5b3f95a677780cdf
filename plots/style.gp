# plots/style.gp - terminal, fonts and colours that all pictures share.
#
# The caller sets: terminal ("svg", "png", "pdf"), output_file, program (name and version), and what the picture shows,
# NaN or "" where it is not known: cl (confidence level), n_pot (protons on target). wide, if it is set and not 0: room for
# a legend on the right.
# Colours: Okabe and Ito, then Tol, distinguishable for colour-blind readers, and black. Fills are the same at low opacity.

broad = exists("wide") ? wide : 0
if (terminal eq "svg") set terminal svg size (broad ? 1040 : 800),600 dynamic enhanced background "white" font "Liberation Sans,17" linewidth 1.2
if (terminal eq "png") set terminal pngcairo size (broad ? 2080 : 1600),1200 enhanced background "white" font "Liberation Sans,17" fontscale 2 linewidth 2.4
if (terminal eq "pdf") set terminal pdfcairo size (broad ? 20.8 : 16)cm,12cm enhanced background "white" font "Liberation Sans,12" linewidth 1.6
set output output_file
set encoding utf8

array palette[24] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x8C6D1F, 0x332288, \
                     0x999933, 0x882255, 0x44AA99, 0xAA4499, 0x661100, 0x7F7F7F, 0xB8A000, 0x66CCEE, \
                     0xFF6F61, 0x117733, 0x9A86FD, 0x5B8C00, 0xE7298A, 0x1B4F72, 0xA0522D, 0x00B3B3]
colour(k) = k > 0 ? palette[1 + (k - 1) % 24] : 0x000000 # number 0: black
faint(k) = colour(k) + (broad ? 0xD8000000 : 0xB0000000) # alpha 0xB0: 31% opaque; many regions lie on each other: 16%

grid_grey = 0xD9D9D9
set border 15 linecolor rgb 0x404040 linewidth 1.2
set xtics in mirror scale 1.3,0.7 textcolor rgb 0x202020
set ytics in mirror scale 1.3,0.7 textcolor rgb 0x202020
set grid xtics ytics linewidth 0.7 dashtype 1 linecolor rgb grid_grey
set logscale xy
set format x "%h"
set format y "10^{%T}"
set mxtics 10
set mytics 10
set lmargin 10.5
set rmargin 2.5
set bmargin 4.6
set key Left reverse samplen 2.2 spacing 1.15 noenhanced

# 1.4e17 as 1.4 x 10^17
exponent(x) = floor(log10(x) + 1e-9)
power(x) = sprintf("%g × 10^{%d}", x / 10**exponent(x), exponent(x))
comma(a, b) = strlen(a) && strlen(b) ? a.", ".b : a.b
footer = comma(comma(cl == cl ? sprintf("%g%% CL", 100 * cl) : "", \
                     n_pot == n_pot ? "{/:Italic N}_{POT} = ".power(n_pot) : ""), program)
set label 1 footer at screen 0.985,0.025 right font ",11" textcolor rgb 0x606060

# Labels at 2 and 5, for a mass axis of less than 2.5 decades.
more_mass_tics = 'do for [e=-4:2] { do for [d=2:5:3] { x = d * 10.0**e; set xtics add (sprintf("%g", x) x) } }'
# And at 3, 4, 6, 7, 8 for one of less than a factor of 6.
yet_more_mass_tics = 'do for [e=-4:2] { do for [d in "3 4 6 7 8"] { x = d * 10.0**e; set xtics add (sprintf("%g", x) x) } }'

# Names of columns and couplings as physicists write them.
symbol(name) = \
  name eq "eps" || name eq "epsilon" ? "kinetic mixing {/:Italic ε}" : \
  name eq "theta" ? "mixing angle {/:Italic θ}" : \
  name eq "g_agg" ? "{/:Italic g}_{aγγ}" : \
  name eq "mass_gev" ? "mass {/:Italic m_X}" : \
  name eq "ctau_m" ? "{/:Italic cτ}" : \
  name eq "branching_ratio" ? "branching ratio of the production" : \
  name eq "strength" ? "strength of the production" : \
  name eq "lambda" ? "pair coupling {/:Italic λ}" : \
  name eq "C_GG/Lambda" ? "{/:Italic C}_{GG} / Λ" : \
  name eq "C_ff/Lambda" ? "{/:Italic C}_{ff} / Λ" : \
  name[1:2] eq "C_" ? "{/:Italic C}_{".name[3:]."} / Λ" : name
per_unit(unit) = unit eq "1" || unit eq "" ? "" : unit eq "GeV^-1" || unit eq "1/GeV" ? " [GeV^{-1}]" : " [".unit."]"
