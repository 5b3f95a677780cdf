#!/usr/bin/env bash
# Measures fixed jobs as whole processes (fixed plan and seed, 2 threads) and prints one row a job:
# date,commit,compiler,processor,threads,job,seconds,peak_mb. With --record the rows are added to history.csv.
# Wants an otherwise idle machine; no test asserts a time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/packages.sh
install_packages "${build_packages[@]}"
cmake --preset release >/dev/null
cmake --build --preset release --target beamdump measure bench_bands bench_plane >/dev/null

threads=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=$threads
program=$PWD/build/release/beamdump
measure=$PWD/build/release/tests/measure
about=$(date +%F),$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown),gcc\ $(cc -dumpfullversion)
about+=,$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1 | tr -d ','),$threads
rows=()

# job NAME REPEATS COMMAND...
job() {
    local name=$1 repeats=$2
    shift 2
    rows+=("$about,$name,$("$measure" "$repeats" "$@" 2>/dev/null | tail -n 1)")
    echo "${rows[-1]}"
}
# A scan starts from nothing each time.
fresh_scan() {
    echo 'rm -f "$0"; shift 0; exec "$@"'
}
scan=("$program" scan --experiment na62 --threads $threads --no-contour)
hadronic=(--decay pi+pi- --decay pi+pi-gamma --decay pi+pi-pi0 --decay pi+pi-pi0pi0 --decay pi+pi-eta --decay K+K-
    --decay K+K-pi0)

job bc4_kernels 3 bash -c "$(fresh_scan)" "$work/bc4.db" "${scan[@]}" --benchmark BC4 --db "$work/bc4.db"
job bc1_kernels 3 bash -c "$(fresh_scan)" "$work/bc1.db" "${scan[@]}" --benchmark BC1 --db "$work/bc1.db"
# The 36 pairs of production and decay of the hadronic analysis.
job hadronic_36_pairs_100_masses 1 bash -c "$(fresh_scan)" "$work/all.db" "${scan[@]}" --benchmark BC1 --benchmark BC4 \
    --benchmark BC11 --mass 0.285:3:100 "${hadronic[@]}" --db "$work/all.db"
job bc11_plane_601x201_hadronic 9 "$PWD/build/release/tests/bench_plane" "$work/all.db"
job bc4_contour 9 "$program" contour --db "$work/bc4.db" --benchmark BC4 --no-store --threads $threads
job bc4_contour_bands 3 "$program" contour --db "$work/bc4.db" --benchmark BC4 --expected --no-store --threads $threads
job bc1_contour 9 "$program" contour --db "$work/bc1.db" --benchmark BC1 --no-store --threads $threads
job cls_bands_200x200_40_channels 3 "$PWD/build/release/tests/bench_bands"

if [[ ${1:-} == --record ]]; then
    [[ -f tests/bench/history.csv ]] ||
        echo date,commit,compiler,processor,threads,job,seconds,peak_mb >tests/bench/history.csv
    printf '%s\n' "${rows[@]}" >>tests/bench/history.csv
fi
