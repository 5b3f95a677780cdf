# plots/regions.gp - accepted events in the plane of reconstructed vertex and pT, with the regions of the card.
#
# The caller sets what style.gp wants, and: style (path of style.gp), picture_title, z_min, z_max, pt_max, n_box, n_excluded
# (the first boxes: nothing is accepted in them), and of each box name[n_box], name_z[n_box], name_pt[n_box] (its upper right
# corner); the block $events: z, pT of the centre of a cell, its half widths, and the events in it; the block $boxes: data
# set k-1 is the outline of box k.
wide = 1
load style

unset logscale
unset grid
set logscale cb
set format y "%h"
set format cb "10^{%T}"
set mxtics 5
set mytics 5
set xrange [z_min:z_max]
set yrange [0:pt_max]
set xlabel "reconstructed vertex {/:Italic z} [m]" offset 0,0.4
set ylabel "reconstructed {/:Italic p}_T [GeV]"
set tmargin 2.6
set cblabel "events in a cell, at unit strength" offset 1,0
set rmargin at screen 0.80
set palette defined (0 "#f0f4fa", 0.5 "#a6cbe3", 1 "#3182bd")
set label 2 picture_title at screen 0.46,0.965 center noenhanced
do for [k=1:n_box] {
  set label 10+k name[k] at first name_z[k],name_pt[k] right offset -0.5,-0.75 front noenhanced textcolor rgb 0x202020
}
# The first of several regions stands out.
tint_of(k) = k == n_excluded + 1 && n_box > k ? colour(2) : 0x404040
dash_of(k) = k <= n_excluded ? 2 : 1

plot $events using 1:2:3:4:5 with boxxyerror fillcolor palette fillstyle solid noborder notitle, \
     for [k=1:n_box] $boxes index k-1 using 1:2 with lines linewidth 1.6 dashtype dash_of(k) \
       linecolor rgb tint_of(k) notitle
