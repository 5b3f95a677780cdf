#!/usr/bin/env bash
# The first contour, from a clean clone: NA62 in beam-dump mode, dark scalar mixing with the Higgs boson (BC4).
# Installs what is missing, builds the release preset, and writes out/na62.db, out/bc4_na62.csv, .svg and .png.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/packages.sh
install_packages "${build_packages[@]}" "${plot_packages[@]}"

cmake --preset release >/dev/null
cmake --build --preset release --target beamdump
PATH="$PWD/build/release:$PATH"
mkdir -p out

beamdump scan --experiment na62 --benchmark BC4 --expected --db out/na62.db
beamdump export contour --db out/na62.db --benchmark BC4 --format csv --output out/bc4_na62.csv
for picture in out/bc4_na62.svg out/bc4_na62.png; do
    beamdump plot --db out/na62.db --benchmark BC4 --output "$picture"
done

echo "Done:"
printf '  %s\n' "$PWD"/out/na62.db "$PWD"/out/bc4_na62.{csv,svg,png}
