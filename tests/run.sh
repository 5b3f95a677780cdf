#!/usr/bin/env bash
# Builds and tests everything: preset dev (all labels), preset asan (label unit), the layers. The last line is a
# one-line summary. Works from any directory, may be repeated; what a test writes stays below build/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/packages.sh
install_packages "${build_packages[@]}" "${plot_packages[@]}" sqlite3

result=()
failed=0
# step NAME COMMAND... : run it, remember how it went.
step() {
    local name=$1
    shift
    echo "== $name"
    if "$@"; then
        result+=("$name ok")
    else
        result+=("$name FAILED")
        failed=1
    fi
}

# build_and_test PRESET
build_and_test() {
    cmake --preset "$1" >/dev/null && cmake --build --preset "$1" && ctest --preset "$1"
}

step dev build_and_test dev
step asan build_and_test asan
step layers tests/check_layers.sh build/dev/libbeamdump.a

summary=$(printf '%s, ' "${result[@]}")
echo "beamdump tests: ${summary%, }"
exit "$failed"
