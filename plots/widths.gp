# plots/widths.gp - branching ratios (above) and proper decay length (below) against the mass.
#
# The caller sets what style.gp wants, and: style (path of style.gp), picture_title, n_decay, decay[n_decay + 1],
# shown[n_decay + 1] (1: its branching ratio is above br_min somewhere), br_min, and the block $widths: data set i-1 is
# the branching ratio of decay i, data set n_decay is c tau [m].
load style

stats $widths using (log10($1)) nooutput name "X"

set xrange [10**X_min:10**X_max]
# gnuplot counts an empty data set behind the last separator.
if (X_blocks != n_decay + 2) exit error "widths.gp: data sets and names do not agree"
dashes = "1 2 4 5"
dash_of(i) = int(word(dashes, 1 + ((i - 1) / 7) % 4))
tint_of(i) = 1 + (i - 1) % 7

set multiplot
set lmargin at screen 0.125
set rmargin at screen 0.79
set tmargin at screen 0.93
set bmargin at screen 0.43
set title picture_title offset 0,-0.4 noenhanced
set ylabel "branching ratio" offset 0.6,0
set yrange [br_min:1.5]
set format x ""
set key at screen 0.80,0.94 left top vertical maxrows 24 samplen 1.6 spacing 0.95 font ",12"
plot for [i=1:n_decay] $widths index i-1 using 1:(shown[i] ? $2 : NaN) with lines linewidth 1.8 \
       linecolor rgb colour(tint_of(i)) dashtype dash_of(i) title (shown[i] ? decay[i] : "")

unset title
unset label 1
set tmargin at screen 0.40
set bmargin at screen 0.13
set format x "%h"
if (X_max - X_min < 2.5) eval more_mass_tics
set xlabel "mass {/:Italic m_X} [GeV]" offset 0,0.4
set ylabel "{/:Italic cτ} [m]" offset 0.6,0
set yrange [*:*]
unset mytics
unset key
plot $widths index n_decay using 1:2 with lines linewidth 1.8 linecolor rgb 0x202020 notitle
unset multiplot
