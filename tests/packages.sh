# tests/packages.sh - sourced: the Debian packages, installed only where one is missing.

build_packages=(build-essential cmake ninja-build pkg-config git libgsl-dev libsqlite3-dev libcsv-dev libyaml-dev
                libjansson-dev libcmocka-dev)
plot_packages=(gnuplot-nox fonts-liberation)

# install_packages PACKAGE... : apt-get, with sudo when not root; nothing happens if all are there.
install_packages() {
    local missing=() package as_root=()
    for package in "$@"; do
        if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "please install: ${missing[*]}" >&2
        return 1
    fi
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    echo "installing ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}
