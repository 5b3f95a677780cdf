#!/usr/bin/env bash
# The first contour, from a clean clone: NA62 in beam-dump mode, dark scalar mixing with the Higgs boson (BC4).
# Installs what is missing, builds the release preset, and writes out/na62.db, out/bc4_na62.csv, .svg and .png.
# With --all: one picture per benchmark with every experiment that applies to it, out/all_bc1.svg ..., NA62 of 2021 beside
# 1e18 protons, out/na62_bc1.svg ..., and their database out/all.db; what is there already is not computed again.
set -euo pipefail
[ $# -eq 0 ] || [ "$*" = --all ] || { echo "usage: plots/quickstart.sh [--all]" >&2; exit 2; }
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/packages.sh
install_packages "${build_packages[@]}" "${plot_packages[@]}"

cmake --preset release >/dev/null
cmake --build --preset release --target beamdump
PATH="$PWD/build/release:$PATH"
mkdir -p out

first_contour() {
    beamdump scan --experiment na62 --benchmark BC4 --expected --db out/na62.db
    beamdump export contour --db out/na62.db --benchmark BC4 --format csv --output out/bc4_na62.csv
    for picture in out/bc4_na62.svg out/bc4_na62.png; do
        beamdump plot --db out/na62.db --benchmark BC4 --output "$picture"
    done

    echo "Done:"
    printf '  %s\n' "$PWD"/out/na62.db "$PWD"/out/bc4_na62.{csv,svg,png}
}

# The names in a column of a list, of the rows that an awk condition chooses: no name of an experiment stands here.
choose() {
    beamdump list "$1" --format csv | awk -F, "NR > 1 && $2 { print \$1 }"
}

sql() {
    beamdump sql --db out/all.db --format csv "$1" --param benchmark="$2" | tail -n +2
}

# Contours of all data together: their union, and one CLs of those with counts.
combine() {
    local benchmark=$1 method=$2 members with
    members=$(sql "SELECT experiment FROM v_contour_list JOIN experiment USING (experiment) WHERE benchmark = :benchmark
        AND card_status = 'data' AND kind = 'observed' AND n_polyline > 0 AND shown
        ORDER BY method = 'table', experiment" "$benchmark")
    read -r -a members <<<"${members//$'\n'/ }"
    [ "${#members[@]}" -gt 1 ] || return 0
    with=()
    for member in "${members[@]:1}"; do with+=(--with "$member"); done
    beamdump contour --db out/all.db --experiment "${members[0]}" "${with[@]}" --combine "$method" --benchmark "$benchmark" \
        >/dev/null || echo "quickstart: note: no $method of $benchmark" >&2
}

# Coarser than the default: 10% in the number of events is 3% in the coupling, less than the width of a line.
all_contours() {
    local experiment model benchmarks benchmark picture
    for experiment in $(choose experiments '$2 != "comparison"'); do
        for model in $(beamdump list benchmarks --format csv | awk -F, 'NR > 1 { print $2 }' | sort -u); do
            benchmarks=()
            for benchmark in $(choose benchmarks "\$2 == \"$model\" && \$1 !~ /:/"); do
                benchmarks+=(--benchmark "$benchmark")
            done
            beamdump scan --experiment "$experiment" "${benchmarks[@]}" --precision 0.1 --max-points 2048 --resume \
                --db out/all.db || echo "quickstart: note: $experiment says nothing about $model" >&2
        done
    done
    for benchmark in $(choose benchmarks '$1 !~ /:/'); do
        combine "$benchmark" union
        combine "$benchmark" likelihood
        for picture in out/all_"${benchmark,,}".{svg,png}; do
            beamdump plot --db out/all.db --benchmark "$benchmark" --output "$picture"
        done
        echo "Done: $PWD/out/all_${benchmark,,}.svg and .png"
        for picture in out/na62_"${benchmark,,}".{svg,png}; do
            beamdump plot --db out/all.db --benchmark "$benchmark" --experiment na62 --experiment na62_1e18 \
                --output "$picture" 2>/dev/null || echo "quickstart: note: no $picture" >&2
        done
    done
}

if [ $# -eq 0 ]; then first_contour; else all_contours; fi
