#!/usr/bin/env bash
# tests/cli/test_planes.sh PROGRAM: contours in other planes than (mass, coupling), and events in the plane of vertex and pT,
# from kernels to the picture.
set -uo pipefail
program=$(realpath "$1")
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

"$program" scan --experiment na62 --benchmark BC5 --production b_decay:K --decay mu+mu- --mass 0.3:0.6:4 \
    --precision 0.05 --max-points 1024 --no-contour --db k.db 2>scan.log || fault "scan: $(cat scan.log)"
expect 0 "b_decay,K," sql --db k.db --format csv "SELECT production, variant, decay FROM v_channel WHERE model = ''"

state=(--production b_decay:K --decay mu+mu-)
expect 0 "experiment,benchmark,kind,polyline,vertex,branching_ratio,ctau_m,closed,hole" \
    contour --db k.db --plane br,ctau --mass 0.45 "${state[@]}" --format csv
expect 0 "mass_gev,ctau_m" contour --db k.db --plane mass,ctau --strength 1e-5 "${state[@]}" --format csv
expect 0 "theta,lambda" contour --db k.db --plane theta,lambda --model dark_scalar --mass 0.45 --format csv
expect 0 "strength,ctau_m" contour --db k.db --plane strength,ctau --model dark_scalar --mass 0.45 --production b_decay \
    --decay mu+mu- --format csv
[ "$("$program" sql --db k.db --format csv "SELECT count(*) FROM contour WHERE n_polyline > 0" | tail -n 1)" = 4 ] ||
    fault "not 4 stored contours that exclude something"
expect 0 "b_decay:K mu+mu- mass=0.45" sql --db k.db "SELECT * FROM v_contour_list WHERE plane = 'branching_ratio,ctau_m'"
# Another thing that is fixed is another contour; the same one replaces itself.
for mass in 0.5 0.5; do
    "$program" contour --db k.db --plane br,ctau --mass $mass "${state[@]}" >/dev/null || fault "at $mass GeV"
done
[ "$("$program" sql --db k.db --format csv "SELECT count(*) FROM contour" | tail -n 1)" = 5 ] || fault "not 5 contours"
expect 0 "kind,polyline,vertex,branching_ratio,ctau_m,closed,hole" export contour --db k.db --plane br,ctau --format csv
before=$(sha256sum <k.db)
expect 0 "" contour --db k.db --plane br,ctau --mass 0.55 "${state[@]}" --no-store
[ "$before" = "$(sha256sum <k.db)" ] || fault "--no-store changed the database"

if command -v gnuplot >/dev/null; then
    expect 0 "" plot --db k.db --plane br,ctau --output br.svg
    grep -q 'branching ratio' br.svg || fault "plot: no name on the horizontal axis"
    grep -q 'mass=0.45' br.svg || fault "plot: two contours, and the legend does not tell them apart"
    "$program" contour --db k.db --plane br,ctau --mass 0.5 "${state[@]}" --no-store --format csv >br.csv
    expect 0 "" plot --contour NA62=br.csv --plane br,ctau --output file.svg
    expect 1 "br.csv" plot --contour NA62=br.csv --output x.svg # other columns
    expect 1 "no such contour of any experiment C_GG,C_BB" plot --db k.db --plane C_GG,C_BB --output x.svg
fi

# Of a combination the contour at the CL of its members is shown, whichever was stored first.
cp k.db two.db
"$program" scan --experiment charm --benchmark BC4 --decay mu+mu- --mass 0.3:0.6:4 --precision 0.3 --max-points 256 --no-contour \
    --db two.db 2>scan.log || fault "scan: $(cat scan.log)"
for cl in 0.95 0.9; do
    expect 0 "method likelihood: na62, charm" contour --db two.db --experiment na62 --with charm --combine likelihood --benchmark BC4 --cl $cl
done
expect 0 "cl,members
0.9,charm na62" sql --db two.db --format csv "SELECT cl, members FROM v_contour_list WHERE experiment = 'combined:likelihood' AND shown"
expect 2 "--decay: na62_kpi_inv has published limits" contour --db two.db --experiment na62 --with na62_kpi_inv --benchmark BC4 --decay mu+mu-

# Contours by other rules stand beside those by the defaults, which are shown.
for rules in "" "--nuisance none" "--nuisance none --mass-window none"; do
    expect 0 "" contour --db two.db --experiment na62 --benchmark BC4 $rules
done
expect 0 "method,shown
cls,1
\"cls,nuisance=none\",0
\"cls,nuisance=none,mass-window=none\",0" sql --db two.db --format csv "SELECT method, shown FROM v_contour_list
    WHERE experiment = 'na62' AND benchmark = 'BC4' AND kind = 'observed' ORDER BY length(method)"
expect 0 "method likelihood,nuisance=none: na62, charm" contour --db two.db --experiment na62 --with charm --combine likelihood \
    --benchmark BC4 --nuisance none

# Events: the same bytes for any number of threads; the regions of the card around them.
events=(events --experiment koto_pnn --production photon_from_meson --mass 0.1 --width 1e-16 --precision 0.3 --max-points 256
    --format csv)
OMP_NUM_THREADS=1 "$program" "${events[@]}" --output one.csv 2>sums.log || fault "events: $(cat sums.log)"
OMP_NUM_THREADS=2 "$program" "${events[@]}" --output two.csv 2>/dev/null || fault "events, 2 threads"
cmp -s one.csv two.csv || fault "events: 2 threads give other bytes"
[ "$(head -n 1 one.csv)" = z_vtx_m,pt_gev,weight,region ] || fault "events: columns"
grep -q "^beamdump events: r1: [1-9].* +- .* events, status ok" sums.log || fault "events: no sum"
expect 0 "r1: 0 +- 0 events, status closed" events --experiment koto_pnn --production photon_from_meson --mass 100 --width 1e-16
expect 1 "na62 reconstructs no pi0" events --experiment na62 --production photon_from_meson --mass 0.1 --width 1e-16
expect 2 "--decay: " events --experiment koto_pnn --production photon_from_meson --decay mu+mu- --mass 0.3 --width 1e-16
if command -v gnuplot >/dev/null; then
    expect 0 "" plot regions --events one.csv --experiment koto_pnn --output events.svg
    grep -q '>r8<' events.svg || fault "plot regions: no name of a region"
    expect 1 "na62 reconstructs no pi0" plot regions --events one.csv --experiment na62 --output x.svg
    expect 1 "br.csv" plot regions --events br.csv --experiment koto_pnn --output x.svg
fi
expect 2 "--events is missing" plot regions --experiment koto_pnn --output x.svg
expect 2 "--experiment: one is expected" plot regions --events one.csv --experiment koto_pnn --experiment koto2_pnn --output x.svg
expect 2 "--benchmark does not go with \`plot regions\`" plot regions --events one.csv --experiment koto_pnn --benchmark BC9 --output x.svg
expect 2 "--events does not go with \`plot contour\`" plot --events one.csv --contour x.csv --output x.svg
printf 'z_vtx_m,pt_gev,weight,region\n3,0.1,0,r1\n900,0.1,1,r1\n' >far.csv
expect 1 "far.csv: no event with a weight has z_vtx_m from" plot regions --events far.csv --experiment koto_pnn --output x.svg
expect 2 "--experiment: one is expected" plot regions --events one.csv --output x.svg

# Wrong input: exit code 2.
expect 2 "--with does not go with --plane" contour --db k.db --plane mass,ctau --production b_decay:K --decay mu+mu- --strength 1e-6 --with charm
wrong() {
    local words=$1
    shift
    expect 2 "$words" contour --db k.db "$@"
}
wrong "--benchmark is missing"
wrong "--mass goes with --plane" --benchmark BC4 --mass 0.5
wrong "expected two axes X,Y, found 'mass'" --plane mass
wrong "expected two axes X,Y" --plane mass,ctau,br
wrong "ctau goes with mass, br or strength, not with 'theta'" --plane theta,ctau
wrong "--model is needed for --plane theta,lambda" --plane theta,lambda --mass 0.5
wrong "--mass is needed for --plane theta,lambda" --plane theta,lambda --model dark_scalar
wrong "--strength does not go with --plane br,ctau" --plane br,ctau --mass 0.5 "${state[@]}" --strength 1
wrong "--benchmark does not go with --plane" --plane br,ctau --mass 0.5 "${state[@]}" --benchmark BC4
wrong "there is no model 'scalar'" --plane theta,lambda --model scalar --mass 0.5
wrong "'x' is not a coupling of dark_scalar: theta, lambda" --plane theta,x --model dark_scalar --mass 0.5
wrong "--coupling: theta is on an axis" --plane theta,lambda --model dark_scalar --mass 0.5 --coupling theta=1
wrong "--coupling: x is no coupling" --plane theta,lambda --model dark_scalar --mass 0.5 --coupling x=1
wrong "--y-range: expected FROM:TO" --plane br,ctau --mass 0.5 "${state[@]}" --y-range 1:0.1
wrong "the axis of this production is strength" --plane br,ctau --model dark_scalar --mass 0.5 --production b_decay \
    --decay mu+mu-
expect 1 "mass 1 GeV is outside the stored kernels, 0.3 to 0.6 GeV" contour --db k.db --plane br,ctau --mass 1 "${state[@]}"
expect 1 "no kernels of production 'b_decay:pi'" contour --db k.db --plane br,ctau --mass 0.5 --production b_decay:pi \
    --decay mu+mu-

[ "$faults" -eq 0 ] || { echo "$faults fault(s)"; exit 1; }
echo "planes: no fault"
