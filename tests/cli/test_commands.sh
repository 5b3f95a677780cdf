#!/usr/bin/env bash
# tests/cli/test_commands.sh PROGRAM: the built program as a user meets it. Help and its examples, wrong usage, full
# disks, closed pipes, the environment without gnuplot.
set -uo pipefail
program=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

# Files that the examples speak of.
mkdir -p bin out
ln -s "$program" bin/beamdump
for name in na62.csv charm.csv out/bc4_na62.csv; do
    cp "$root/tests/plots/contour_toy.csv" "$name"
done
cp "$root/decay/experiments/na62.yaml" my_experiment.yaml
cp "$root/production/spectra/pp_400GeV_beauty.csv" my_spectrum.csv

commands=$("$program" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ -n "$commands" ] || fault "--help names no command"
for command in $commands; do
    expect 0 "Usage: beamdump $command" "$command" --help
    expect 0 "Usage: beamdump $command" help "$command"
    expect 2 "there is no option --no-such-option" "$command" --no-such-option
    # Examples, as typed; those with a database have their own tests.
    while IFS= read -r example; do
        [[ $example == *.db* ]] && continue
        text=$(PATH="$place/bin:$PATH" bash -c "$example" 2>&1) || fault "example: $example: $text"
    done < <("$program" help "$command" | sed -n '/^Examples:/,$ s/^  \(beamdump .*\)/\1/p')
done

expect 0 "running with GSL" --version
expect 0 "Usage: beamdump COMMAND" help
expect 2 "a command is missing"
expect 2 "there is no command 'wdiths'. Did you mean 'widths'?" wdiths
expect 2 "there is no command 'nothing'" help nothing
expect 2 "known are --help and --version" --verbose

bc4=(widths --benchmark BC4 --mass 0.5 --coupling 1e-4)
expect 0 "total" "${bc4[@]}"
expect 2 "Did you mean 'mass'?" widths --mas 0.5
expect 2 "--mass: expected a number [GeV]" widths --benchmark BC4 --coupling 1e-4 --mass 0.5GeV
expect 2 "mass 100 GeV is outside the range" widths --benchmark BC4 --coupling 1e-4 --mass 100
expect 2 "Did you mean 'BC4'?" widths --benchmark BC44 --coupling 1e-4 --mass 0.5
expect 2 "exactly one of --benchmark and --model" widths --coupling 1e-4 --mass 0.5
expect 2 "--coupling: one value is expected, theta [1]" widths --benchmark BC4 --mass 0.5
expect 2 "the axis of BC4 is theta" widths --benchmark BC4 --mass 0.5 --coupling lambda=1
expect 2 "normalisation '1/fa' of C_GG is not one of: C/Lambda, c/f, 1/f_a, 1/f_G" widths --model alp --mass 0.5 --coupling C_GG=1 --coupling-norm 1/fa
expect 2 "has one convention only" widths --model dark_scalar --mass 0.5 --coupling theta=1 --coupling-norm c/f
expect 2 "the axis of a benchmark has its own unit" widths --benchmark BC11 --mass 0.5 --coupling 1 --coupling-norm c/f
expect 2 "Did you mean 'theta'?" widths --model dark_scalar --mass 0.5 --coupling thta=1
expect 2 "--set: 'form_factor' is not one of" "${bc4[@]}" --set form_factor=A
expect 2 "'cvs' is not one of: table, csv, json. Did you mean 'csv'?" "${bc4[@]}" --format cvs

# The columns that other programs read.
head -n 1 <("$program" "${bc4[@]}" --format csv) | grep -qx 'decay,width_gev,branching_ratio' || fault "columns of widths"
head -n 1 <("$program" "${bc4[@]}" --format csv --ctau) | grep -qx 'decay,width_gev,branching_ratio,ctau_m' ||
    fault "columns of widths --ctau"
# c tau = hbar c / Gamma, in the row `total` and only there; the branching ratios add up to 1.
"$program" "${bc4[@]}" --format csv --ctau | awk -F, '
    NR > 1 && $1 != "total" { sum += $3; if ($4 != "") exit 1 }
    $1 == "total" { seen = 1; if ($4 * $2 / 1.973269804e-16 - 1 > 1e-12 || 1 - $4 * $2 / 1.973269804e-16 > 1e-12) exit 1 }
    END { if (!seen || sum < 1 - 1e-12 || sum > 1 + 1e-12) exit 1 }' || fault "c tau or the sum of widths"

# A result that cannot be written is an error, and no half of it stays.
expect 1 "No space left on device" "${bc4[@]}" --output /dev/full
for arguments in "--help" "--version" "${bc4[*]}" "${bc4[*]} --format csv" "${bc4[*]} --format json"; do
    # shellcheck disable=SC2086 # words are meant
    text=$("$program" $arguments 2>&1 >/dev/full)
    code=$?
    [[ $code -eq 1 && $text == *"No space left"* ]] || fault "beamdump $arguments >/dev/full: exit code $code: $text"
done
mkdir clean
expect 2 "outside" widths --benchmark BC4 --coupling 1e-4 --mass 0.5,100 --output clean/w.csv
[ -z "$(ls clean)" ] || fault "a failed run left $(ls clean)"
{ sleep 0.2; "$program" "${bc4[@]}" 2>pipe.txt; echo $? >code.txt; } | true # the reader is gone by then
[[ $(cat code.txt) -eq 1 && $(cat pipe.txt) == *"Broken pipe"* ]] || fault "closed pipe: exit code $(cat code.txt)"

# Pictures.
expect 2 ".svg, .png or .pdf" plot --contour na62.csv --output picture.gif
sed '4s/,1,0$/,2,0/' na62.csv >broken.csv
expect 1 "broken.csv:4" plot --contour broken.csv --output x.svg
expect 1 "No such file" plot --contour nothing.csv --output x.svg
[ ! -e x.svg ] || fault "a failed plot left a picture"
if command -v gnuplot >/dev/null; then
    expect 0 "" plot --contour 'A_b=na62.csv' --cl 0.9 --pot 1.4e17 --output picture.svg
    grep -q '>A_b<' picture.svg || fault "the legend is not in the picture"
    grep -q '90% CL' picture.svg || fault "the confidence level is not in the picture"
    expect 0 "" plot --contour "'; print 'x=na62.csv" --output quote.svg # text of a user is never a command
    expect 1 "no contour of the wanted --kind" plot --contour na62.csv --kind projection --output x.svg
fi
text=$(PATH=$place/bin "$program" plot --contour na62.csv --output x.svg 2>&1)
code=$?
[[ $code -eq 1 && $text == *"gnuplot is not installed"* ]] || fault "without gnuplot: exit code $code: $text"

# Spectra: the summary is the integral of the grid, and a production that needs a model says so.
na62=(spectrum --experiment na62 --mass 1)
expect 2 "needs a model, such as dark_" "${na62[@]}" --production bremsstrahlung
expect 2 "needs a model, such as dark_" "${na62[@]}" --production bremsstrahlung
expect 2 "there is no production 'b_deca'" "${na62[@]}" --production b_deca --model dark_scalar
expect 2 "there is no production 'b_deca'" "${na62[@]}" --production b_deca --model dark_scalar
expect 2 "Did you mean 'sigma_bb_nb'?" "${na62[@]}" --production b_decay:K --set sigma_bb=1
expect 2 "sigma_bb_nb: -1 is outside" "${na62[@]}" --production b_decay:K --set sigma_bb_nb=-1
expect 2 "there is no model 'axion'" "${na62[@]}" --production b_decay --model axion
expect 2 "there is no experiment 'na63'" spectrum --experiment na63 --production b_decay:K --mass 1
expect 0 "closed" spectrum --experiment na62 --production b_decay:K --mass 4.9 --summary
"$program" "${na62[@]}" --production b_decay:K --format csv >grid.csv
head -n 1 grid.csv | grep -qx 'p_gev,theta_rad,density_per_gev_sr' || fault "columns of spectrum"
"$program" "${na62[@]}" --production b_decay:K --summary --format csv >summary.csv
head -n 1 summary.csv | grep -qx 'experiment,production,mass_gev,chi_per_pot,in_window,mean_p_gev,status' ||
    fault "columns of spectrum --summary"
# The trapezoidal rule on the 17 x 121 nodes, to 1%; twice sigma_bb is twice the X.
awk -F, 'FNR == 1 { next }
    NR == FNR { if ($1 != p) { last = p; p = $1 } if (step == 0) step = $2
                s += $3 * $1 * sin($2) * ($2 > 15.5 * step && step > 0 ? 0.5 : 1); next }
    { ratio = s * log(p / last) * step * 6.283185307 / ($4 * $5); if (ratio < 0.99 || ratio > 1.01) exit 1 }' \
    grid.csv summary.csv || fault "spectrum --summary is not the integral of the grid"
chi() { "$program" "${na62[@]}" --production b_decay:K --summary --format csv "$@" | awk -F, 'NR == 2 { print $4 }'; }
awk -v a="$(chi --set sigma_bb_nb=1)" -v b="$(chi --set sigma_bb_nb=2)" 'BEGIN { exit !(a > 0 && b / a > 1.999999 && b / a < 2.000001) }' ||
    fault "chi is not proportional to sigma_bb"

# Lists name what the other commands take; a decay without a selection is in the widths only.
expect 0 "dark_scalar" list models --format csv
expect 0 "BC4,dark_scalar,theta,1," list benchmarks --format csv
expect 0 "na62,data," list experiments --format csv
expect 0 "form_factors" list settings --format csv
"$program" list channels --model dark_scalar --format csv >channels.csv || fault "list channels"
grep -q '^dark_scalar,b_decay,mu+mu-,.*,counted,' channels.csv || fault "mu+mu- is counted at NA62"
grep -q '^dark_scalar,b_decay,tau+tau-,.*,widths only,' channels.csv || fault "tau+tau- has no selection at NA62"
grep -q '^dark_scalar,kaon_decay:K+,mu+mu-,.*,no spectrum,' channels.csv || fault "kaon decays have no spectrum in a dump"
grep -q '^dark_scalar,b_decay,gammagamma,.*,projection,' channels.csv || fault "gammagamma is a projection at NA62"
head -n 1 channels.csv | grep -qx 'model,production,decay,mass_min_gev,mass_max_gev,unit_strength,use,production_source,decay_source,selection_source' ||
    fault "columns of list channels"
expect 0 "b_decay,dark_scalar," list productions --format csv
expect 0 "dark_scalar,b_decay,sigma_bb_nb,nb,2.63," list settings --format csv
# The published pairs: 8 + 3 + 25 = 36. Each has a selection; all are counted once the ALP has its productions.
"$program" list channels --analysis na62-hadronic --format csv >pairs.csv || fault "list channels --analysis"
[ "$(tail -n +2 pairs.csv | wc -l)" -eq 36 ] || fault "na62-hadronic has $(tail -n +2 pairs.csv | wc -l) pairs, not 36"
[ "$(cut -d, -f 1 pairs.csv | sort | uniq -c | awk '{ print $1 $2 }' | paste -sd' ')" = "25alp 8dark_photon 3dark_scalar 1model" ] ||
    fault "pairs of each model"
uses=$("$program" list productions --format csv | grep -q '^primakoff,' && echo counted || echo 'counted|no spectrum')
[ "$(grep -cE ",($uses)," pairs.csv)" -eq 36 ] || fault "a pair of na62-hadronic is not counted"
[ "$("$program" list channels --analysis na62-hadronic --model dark_scalar --format csv | cut -d, -f 1-3,7 | tail -n +2 | paste -sd' ')" = \
    "dark_scalar,b_decay,pi+pi-,counted dark_scalar,b_decay,pi+pi-pi0pi0,counted dark_scalar,b_decay,K+K-,counted" ] ||
    fault "pairs of na62-hadronic"
expect 2 "'na62-leptonic' is not one of: na62-hadronic" list channels --analysis na62-leptonic
expect 2 "leave --experiment out" list channels --analysis na62-hadronic --experiment na62
expect 2 "'model' is not one of: models, benchmarks" list model
expect 2 "there is no model 'axion'" list channels --model axion

# Every fault of a file, with its line.
expect 0 "no fault" check my_experiment.yaml
sed -e 's/pot: 1.40e+17/pot: 1_4e+17/' -e 's/p_gev: 400.0/p_gev: fast/' my_experiment.yaml >broken.yaml
expect 1 "found '1_4e+17'" check broken.yaml
expect 1 "found 'fast'" check broken.yaml
sed -e 's/photons: 1, a_trig/photons: 2, a_trig/' my_experiment.yaml >broken.yaml
expect 1 "pi+pi-gamma: selects 2 tracks and 2 photons, the decay has 2 and 1" check broken.yaml
sed -e '6s/,[^,]*$/,many/' -e '7s/^[^,]*/1.5/' -e '/^# events/d' my_spectrum.csv >broken.csv
expect 1 "broken.csv:5" check broken.csv
expect 1 "broken.csv:6: pdg: not a whole number" check broken.csv
expect 1 "'# events: N' is missing" check broken.csv
expect 1 "3 faults" check broken.csv
expect 1 "No such file" check nothing.yaml
expect 2 "say --as" check my_experiment.txt

# The invented experiment of README, as it is printed there.
sed -n '/^```yaml$/,/^```$/p' "$root/README.md" | grep -v '^```' >mine.yaml
expect 0 "card of mine, 2 final states, 2 planes: no fault" check mine.yaml
expect 0 "BC4 at mine, projection:" scan --experiment ./mine.yaml --benchmark BC4 --precision 0.3 --max-points 256 --db mine.db

[ "$faults" -eq 0 ] || { echo "$faults fault(s)"; exit 1; }
echo "commands: no fault"
