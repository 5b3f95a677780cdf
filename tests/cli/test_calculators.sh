#!/usr/bin/env bash
# tests/cli/test_calculators.sh PROGRAM: limit, expected and significance against published numbers, and against what
# a user may type by mistake.
set -uo pipefail
program=$(realpath "$1")
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

# cell ROW COLUMN ARGUMENT... : one value of the csv, rows from 1.
cell() {
    local row=$1 column=$2
    shift 2
    "$program" "$@" --format csv 2>/dev/null | awk -F, -v row="$row" -v column="$column" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) c = i }
        NR == row + 1 && c { print $c }'
}

# close VALUE TOLERANCE COLUMN ARGUMENT... : relative comparison in the first row.
close() { row_close 1 "$@"; }
row_close() {
    local row=$1 wanted=$2 tolerance=$3 column=$4 got
    shift 4
    got=$(cell "$row" "$column" "$@")
    awk -v a="$got" -v b="$wanted" -v t="$tolerance" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a != "" && d <= t * (b < 0 ? -b : b)) }' ||
        fault "beamdump $*: $column is '$got', expected $wanted within $tolerance"
}

# Limits of one channel: Poisson (PDG, Statistics), CLs (= O. Helene, NIM 212 (1983) 319), Feldman and Cousins.
close 2.302585093 1e-9 limit_events limit --observed 0 --background 3.7
close 3.873879 1e-6 limit_events limit --observed 1 --background 0.016
close 5.6e-10 2e-3 limit_br limit --grossman-nir 13.0e-11+3.3e-11-3.0e-11
close 4.362388 1e-6 limit_events limit --observed 3 --background 3
close 4.113003 1e-6 limit_events limit --observed 1 --background 1 --cl 0.95
close 5.322320 1e-6 limit_events limit --observed 2 --method classical
close 12.407332 1e-6 limit_events limit --observed 10 --background 3 --method bayes
close 7.011840 1e-6 limit_events limit --observed 5 --background 2.5+-0.75
close 6.854489 1e-6 limit_events limit --observed 5 --background 2.5+-0.75 --nuisance none
close 13.50 1e-3 limit_events limit --observed 10 --background 3 --method fc
close 2.63 2e-3 lower_events limit --observed 10 --background 3 --method fc
close 1.08 6e-3 limit_events limit --observed 0 --background 3 --method fc # published, monotone; 0.95 without the repair
close 12.550 1e-4 limit_events limit --observed 50 --background 50 --method asymptotic
close 1.352772 1e-4 limit_events limit --observed 0 --method asymptotic --force # why it is refused
close 2.408575 1e-6 limit_events limit --observed 0 --signal 1+-0.2
close 2.411955 1e-6 limit_events limit --observed 0 --signal-unc 0.2 --signal-nuisance gamma
# CLs+b = P(<=1; 2.016), CLb = P(<=1; 0.016).
close 0.401692443 1e-8 clsb limit --observed 1 --background 0.016 --signal 2
close 0.401743321 1e-8 cls limit --observed 1 --background 0.016 --signal 2
close 1.9369395 1e-6 limit_strength limit --observed 1 --background 0.016 --signal 2

# Kaon experiments. KOTO 2.2e-9, 4.9e-9 and about 2.2e-10 expected (arXiv:2411.11237, 2012.07571), NA62 4.2e-11.
close 2.169e-9 3e-4 limit_br limit --observed 0 --ses 9.33e-10+-0.84e-10 --method classical --signal-nuisance gaussian
close 4.88659e-9 1e-4 limit_br limit --observed 3 --ses 7.20e-10+-0.662e-10 --method classical --signal-nuisance gaussian
close 4.23360e-11 1e-6 limit_br limit --observed 1 --background 0.91 --ses 1.28e-11
row_close 3 2.21e-10 1e-3 limit_br expected --background 2.5 --ses 6e-11
row_close 6 2.58e-10 1e-3 limit_br expected --background 2.5 --ses 6e-11
[ "$(for row in 1 2 3 4 5; do cell $row observed expected --background 2.5; done | paste -sd' ')" = "0 1 2 4 6" ] ||
    fault "counts of the expected band"
close 4.93 1e-3 z expected --signal 35 --background 40 --discovery
close 3.172973 1e-6 z expected --signal 50 --background 100+-10 --discovery
row_close 3 165.8 1e-3 limit_events expected --background 10000 # 1.66 sqrt(b)

# K+ -> pi+ nu nubar of 2016-18 and 2021-22, in one fit: 13.46 +3.32 -3.03, published 13.0 +3.3 -3.0, more than 5 sigma.
fit=(significance --reference 8.4e-11 --channel '20,7.03+1.05-0.82,10.01+-0.42' --channel '31,11.0+2.1-1.9,9.91+-0.34')
close 13.458e-11 1e-3 best_fit "${fit[@]}"
close 3.317e-11 1e-3 err_up "${fit[@]}"
close 3.034e-11 1e-3 err_down "${fit[@]}"
close 5.370 1e-3 z "${fit[@]}"
close 13.66e-11 1e-3 best_fit "${fit[@]}" --nuisance none

# The dimuon event of NA62: 1.59%, 2.4 sigma, so two-sided. On/off: physics/0702156.
close 0.01587268 1e-6 p significance --observed 1 --background 0.016
close 2.411830 1e-6 z significance --observed 1 --background 0.016
close 2.147602 1e-6 z significance --observed 1 --background 0.016 --sides one
close 1.664 5e-4 z_bi significance --observed 4 --off 5 --tau 5
close 3.023 5e-4 z_pl significance --observed 50 --off 55 --tau 2

# Events needed for 5 sigma in the hadronic channels (signal region, with control region), published:
published="pi+pi-,3,4 pi+pi-gamma,3,5 pi+pi-pi0,1,1 pi+pi-pi0pi0,1,1 pi+pi-eta,1,1 K+K-,1,2 K+K-pi0,1,1"
needed() { "$program" significance --experiment na62 --table --format csv "$@" | tail -n +2 | cut -d, -f 1-3 | paste -sd' '; }
[ "$(needed --mode onoff)" = "$published" ] || fault "N_obs, onoff: $(needed --mode onoff)"
[ "$(needed --mode windows)" = "$published" ] || fault "N_obs, windows: $(needed --mode windows)"
[ "$(needed)" = "${published/gamma,3,5/gamma,3,4}" ] || fault "N_obs, central: $(needed)" # 13 of 14: no errors
[ "$(needed --mode scan --window 0.01 --decay pi+pi-)" = "pi+pi-,2,3" ] || fault "N_obs, scan"
# P(>= 3; 0.016) = 6.7e-7, just above the 5.7e-7 of 5 sigma.
[ "$(needed --decay mu+mu-)" = "mu+mu-,4," ] || fault "a channel without control region"
[ "$(cell 1 n_obs significance --needed --background 0.02)" = 4 ] || fault "events needed above 0.02"

# Several channels: exact combination; from a file, and inline.
printf 'channel,n,b,b_err_up,b_err_down,s\n# a comment\na,1,0.016,0,0,1\nb,0,0.007,0,0,0.5\nc,0,4.6e-7,0,0,0.2\n' >counts.csv
close 0.359915819 1e-8 clsb limit --counts counts.csv
close 0.992898227 1e-8 clb limit --counts counts.csv
close 0.362490142 1e-8 cls limit --counts counts.csv
close 1.993161 1e-6 limit_strength limit --counts counts.csv
inline=(limit --channel 'a:1,0.016,1' --channel 'b:0,0.007,0.5' --channel 'c:0,4.6e-7,0.2')
[ "$("$program" limit --counts counts.csv --format csv)" = "$("$program" "${inline[@]}" --format csv)" ] || fault "--channel is not --counts"
close 0.176408522 1e-8 cls limit --channel 1,1,2 --channel 2,1,2 # = one channel with s = 4, b = 2, n = 3
close 0.102652246 1e-6 cls limit --channel 1,0.016,2 --channel 0,0.007,1 --channel 0,4.6e-7,0.5 --signal-unc 0.2
# A channel alone is that channel; the most important one raises the limit most when it is left out.
close "$(cell 1 limit_events limit --observed 1 --background 0.016)" 1e-8 limit_strength_alone limit --counts counts.csv --by-channel
[ "$("$program" limit --counts counts.csv --by-channel --format csv | wc -l)" -eq 4 ] || fault "rows of --by-channel"
row_close 3 0.045814475 1e-7 cls expected --channel 0,1.2,3 --channel 0,0.5,1 --channel 0,0.05,0.5 --bands stat
row_close 5 0.316476265 1e-7 cls expected --channel 0,1.2,3 --channel 0,0.5,1 --channel 0,0.05,0.5 --bands stat
expect 0 "that is a discovery, not a limit" limit --channel 1,0,2 --channel 0,0.1,1
expect 0 "enter as a gamma prior of their mean" limit --channel 1,0.5+0.4-0.1,2
expect 0 "there is no limit on its strength" limit --channel 1,0.5,0

# Every answer says how it was found.
method=cl,method,nuisance,signal_nuisance,signal_rel_unc,engine,tolerance
for arguments in "limit --observed 1" "limit --counts counts.csv" "limit --counts counts.csv --by-channel" "expected --background 1" \
    "expected --counts counts.csv"; do
    # shellcheck disable=SC2086 # words are meant
    [[ $("$program" $arguments --format csv | head -n 1) == *",$method" ]] || fault "beamdump $arguments does not end with $method"
done
for arguments in "significance --observed 1 --background 1" "significance --needed --background 1" \
    "significance --experiment na62 --table" "significance --counts counts.csv" "significance --observed 4 --off 5 --tau 5" \
    "expected --signal 3 --background 1 --discovery"; do
    # shellcheck disable=SC2086
    head=$("$program" $arguments --format csv | head -n 1)
    [[ $head == *",method,nuisance,engine,tolerance" && $head == *sides* ]] || fault "beamdump $arguments: columns $head"
done
[ "$(cell 1 nuisance limit --observed 1 --background 1+-0.1)" = gamma ] || fault "symmetric errors are gamma"
[ "$(cell 1 nuisance limit --observed 1 --background 1+0.5-0.1)" = split-lognormal ] || fault "asymmetric errors are split-lognormal"
[ "$(cell 1 nuisance limit --observed 1 --background 1+-0.1 --nuisance lognormal-median)" = lognormal-median ] || fault "--nuisance"
[ "$(cell 1 engine limit --counts counts.csv)" = enumeration ] || fault "engine"

# What a user may type by mistake.
expect 2 "expected a whole number [events] from 0 to 1e+06, found '1.5'" limit --observed 1.5
expect 2 "found 'nan'" limit --observed nan
expect 2 "--observed: -1 is outside" limit --observed -1
expect 2 "--observed is missing" limit --background 1
expect 2 "--background: background -1 events; it must be a finite number >= 0" limit --observed 1 --background -1
expect 2 "--background: expected VALUE, VALUE+-ERROR or VALUE+UP-DOWN, found 'nan'" limit --observed 1 --background nan
expect 2 "lower background error 0.2 is above the background, 0.1 events" limit --observed 1 --background 0.1+-0.2
expect 2 "lower background error 0.2 is above the background, 0.1 events" expected --background 0.1+0.1-0.2
expect 2 "background 0 with the error 0.1 events has no prior" limit --observed 1 --background 0+0.1-0
expect 2 "--signal: -3 must be above 0" limit --observed 1 --signal -3
expect 2 "--ses: expected VALUE" limit --observed 1 --ses inf
expect 2 "--ses: expected one error" limit --observed 1 --ses 1e-9+1e-10-2e-10
expect 2 "either --signal or --ses" limit --observed 1 --ses 1e-9 --signal 3
expect 2 "given twice, by --signal-unc too" limit --observed 1 --signal 3+-1 --signal-unc 0.2
for cl in 0 1; do
    expect 2 "--cl: $cl is not between 0 and 1 (0.9 is 90%)" limit --observed 1 --cl $cl
done
expect 2 "--cl: 90 is outside the allowed range 0 to 1" limit --observed 1 --cl 90
expect 2 "--cl: -0.1 is outside the allowed range 0 to 1" expected --background 1 --cl -0.1
expect 2 "--cl: expected a number" limit --observed 1 --cl nan
expect 2 "fc knows no errors" limit --observed 1 --background 1+-0.1 --method fc
expect 0 "fc" limit --observed 1 --background 1+-0.1 --method fc --nuisance none
expect 2 "below 20 the approximation excludes too much" limit --observed 1 --background 1 --method asymptotic
expect 1 "the limit would be negative, use CLs" limit --observed 0 --background 9 --method classical
expect 1 "5 events without any background have no significance" significance --observed 5
expect 2 "exactly one of --observed, --needed, --table and channels" significance --background 1
expect 2 "--window belongs to --mode scan" significance --needed --background 1 --mode scan
expect 2 "--mode has no meaning with --observed" significance --observed 1 --background 1 --mode scan
expect 2 "--background has no meaning with --table" significance --table --experiment na62 --background 1
expect 2 "--off and --tau belong together" significance --observed 1 --off 3
expect 2 "--experiment is missing" significance --table
expect 1 "na62 has no counts of e+mu-" significance --table --experiment na62 --decay e+mu-
expect 2 "channels together know cls only" limit --counts counts.csv --method bayes
expect 2 "--background has no meaning with several channels" limit --counts counts.csv --background 1
expect 2 "--observed has no meaning with several channels" limit --counts counts.csv --observed 1
expect 2 "--nuisance: channels together know gamma and none only" limit --counts counts.csv --nuisance onoff

# Files and inline channels: the line, the column and the value.
header=channel,n,b,b_err_up,b_err_down,s
# bad WORDS ROW... : a file with these rows is refused with these words.
bad() {
    local words=$1
    shift
    printf '%s\n' "$header" "$@" >bad.csv
    for command in limit expected significance; do
        expect 1 "$words" $command --counts bad.csv
    done
}
bad "bad.csv:3: n: expected a whole number, found '1.5'" a,0,1,0,0,1 b,1.5,1,0,0,1
bad "bad.csv:2: n: -1 is outside" a,-1,1,0,0,1
bad "bad.csv:2: b: -1 is outside" a,0,-1,0,0,1
bad "bad.csv:2: b: expected a number, found 'nan'" a,0,nan,0,0,1
bad "bad.csv:2: s: expected a number, found 'inf'" a,0,1,0,0,inf
bad "bad.csv:2: s: -2 is outside" a,0,1,0,0,-2
bad "bad.csv:2: b_err_down: the lower error 1.5 is above the background, 1 events" a,0,1,1,1.5,1
bad "bad.csv:2: b_err_up: background 0 with the error 1 events has no prior" a,0,0,1,0,1
bad "bad.csv:4: channel: 'a' is there twice" a,0,1,0,0,1 b,0,1,0,0,1 a,0,1,0,0,1
bad "bad.csv:2: channel: expected a name" ,0,1,0,0,1
bad "bad.csv:2" a,0,1,0,0
bad "bad.csv" # no rows
: >bad.csv
expect 1 "bad.csv" limit --counts bad.csv
printf 'n,b\n1,2\n' >bad.csv
expect 1 "bad.csv:1" limit --counts bad.csv
expect 1 "nothing.csv: No such file" limit --counts nothing.csv
expect 2 "either --counts or --channel" limit --counts counts.csv --channel 1,1,1
expect 2 "--channel: channel: 'a' is there twice" limit --channel a:1,1,1 --channel a:1,1,1
expect 2 "--channel: n: expected a whole number from 0 to 1000000, found '1.5'" limit --channel 1.5,1,1
expect 2 "--channel: expected [NAME:]N,B,S, found '1,1'" limit --channel 1,1
expect 2 "--channel: b: expected VALUE" limit --channel 1,x,1
expect 2 "--channel: s: signal -1 events is outside" limit --channel 1,1,-1
expect 2 "--channel: b_err_down: the lower error 2 is above" limit --channel 1,1+-2,1
expect 2 "errors of a signal are for the fit" limit --channel 1,1,1+-0.1

[ "$faults" -eq 0 ] || { echo "$faults fault(s)"; exit 1; }
echo "calculators: no fault"
