# plots/contour.gp - excluded regions in the plane of mass and coupling, or in another one.
#
# The caller sets what style.gp wants, and: style (path of style.gp), picture_title, x_axis_name, x_axis_unit, axis_name,
# axis_unit (of y), n_curve,
# label[n_curve], tint[n_curve] (number of the colour, 0: black), dash[n_curve] (dash type, 0: no line), width[n_curve] (of
# the line), wide (1: many curves, with the legend on the right), caption (of the dashes, "" for none), filled[n_curve] (0: not,
# 1: faint colour, 2: yellow, 3: green, 4: white),
# x_min, x_max, y_min, y_max (the range; NaN: from the data), and the block $contours: data set 2(k-1) is the outline
# of the filled region of curve k (holes run the other way round, so that they stay empty), 2k-1 its lines.
load style

set xlabel symbol(x_axis_name).per_unit(x_axis_unit)
set ylabel symbol(axis_name).per_unit(axis_unit) offset 0.6,0

dash_of(k) = dash[k] ? dash[k] : 1
fill_of(k) = filled[k] == 2 ? 0xffe680 : filled[k] == 3 ? 0x8fd18f : filled[k] == 4 ? 0xffffff : faint(tint[k])

# Title and, below it, the legend in as many columns as its longest entry allows: neither hides a region.
longest = 0
entries = 0
do for [k=1:n_curve] {
  if (strlen(label[k]) > longest) { longest = strlen(label[k]) }
  if (strlen(label[k]) > 0) { entries = entries + 1 }
}
columns = wide ? 1 : longest <= 16 ? 3 : longest <= 26 ? 2 : 1
if (columns > entries) columns = entries
set tmargin wide ? 3.0 : 2.6 + 1.15 * ceil(entries / (1.0 * columns))
full_size = terminal eq "pdf" ? 12.0 : 17.0
title_size = strlen(picture_title) > 60 ? full_size * 60 / strlen(picture_title) : full_size
set label 2 picture_title at screen 0.5,0.965 center noenhanced font sprintf(",%.3g", title_size)
if (wide) {
  unset key # would be broken into columns
  set rmargin at screen 0.745
  set label 3 caption at screen 0.015,0.025 left font ",11" textcolor rgb 0x606060
  row = 0
  step = entries > 21 ? 0.84 / entries : 0.04
  do for [k=1:n_curve] {
    if (strlen(label[k]) > 0) {
      y = 0.885 - step * row
      row = row + 1
      if (dash[k]) {
        set arrow 100+k from screen 0.755,y to screen 0.79,y nohead front linewidth width[k] \
            linecolor rgb colour(tint[k]) dashtype dash_of(k)
      } else {
        set object 100+k rectangle center screen 0.7725,y size screen 0.035,0.02 fillcolor rgb fill_of(k) fillstyle solid
      }
      set label 100+k label[k] at screen 0.797,y left noenhanced font ",13"
    }
  }
} else {
  set key at screen 0.5,0.945 center top horizontal maxcols columns width 1
}

stats $contours using (log10($1)) nooutput name "X"
stats $contours using (log10($2)) nooutput name "Y"
# gnuplot counts an empty data set behind the last separator.
if (X_blocks != 2 * n_curve + 1) exit error "contour.gp: data sets and names do not agree"
# The range of the data and a bit more, where none is asked for.
pad(low, high) = 0.05 * (high - low) + 0.01
if (x_min != x_min) x_min = 10**(X_min - pad(X_min, X_max))
if (x_max != x_max) x_max = 10**(X_max + pad(X_min, X_max))
if (y_min != y_min) y_min = 10**(Y_min - pad(Y_min, Y_max))
if (y_max != y_max) y_max = 10**(Y_max + pad(Y_min, Y_max))
set xrange [x_min:x_max]
set yrange [y_min:y_max]
if (x_axis_name ne "mass_gev") set format x "10^{%T}"
if (x_axis_name eq "mass_gev" && x_max < 300 * x_min) eval more_mass_tics
if (x_axis_name eq "mass_gev" && x_max < 6 * x_min) eval yet_more_mass_tics


plot for [k=1:n_curve] $contours index 2*(k-1) using (filled[k] ? $1 : NaN):2 with filledcurves closed \
       fillcolor rgb fill_of(k) fillstyle solid noborder title (filled[k] > 1 ? label[k] : ""), \
     for [k=1:n_curve] $contours index 2*k-1 using (dash[k] ? $1 : NaN):2 with lines \
       linewidth width[k] linecolor rgb colour(tint[k]) dashtype dash_of(k) title (filled[k] > 1 ? "" : label[k])
