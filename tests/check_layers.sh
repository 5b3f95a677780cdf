#!/usr/bin/env bash
# tests/check_layers.sh [LIBRARY]: who may include whom, and the prefix of exported names.
#
#   src/main, src/cli -> db -> src/scan -> production | decay -> models -> src/core
#
# A folder includes itself and what stands to its right; production and decay never include each other, except that
# decay sees the interface of a spectrum. Each library has one user. src/core/version.c asks all for their version.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
library=${1:-build/dev/libbeamdump.a}
faults=0
fault() {
    echo "check_layers: $*" >&2
    faults=$((faults + 1))
}

# layer_of PATH: the folder a file belongs to, also as it stands in an #include.
layer_of() {
    case $1 in
    src/main.c | src/cli/*) echo cli ;;
    db/*) echo db ;;
    src/scan/*) echo scan ;;
    production/*) echo production ;;
    decay/*) echo decay ;;
    models/*) echo models ;;
    src/core/*) echo core ;;
    *) echo unknown ;;
    esac
}

declare -A allowed=(
    [cli]="cli db scan production decay models core"
    [db]="db scan production decay models core"
    [scan]="scan production decay models core"
    [production]="production models core"
    
    [decay]="decay models core"
    [models]="models core"
    [core]="core"
)

# The only files that may include a library's header.
declare -A user=(
    [sqlite3.h]='db/*'
    [csv.h]='src/core/csv.c'
    [yaml.h]='src/core/card.c'
)

while IFS=: read -r file line text; do
    layer=$(layer_of "$file")
    case $text in
    *\"*\"*)
        name=${text#*\"}
        name=${name%%\"*}
        target=$(layer_of "$name")
        [[ $name == */* ]] || target=unknown # includes start at the root
        [[ $name == *.def ]] && target=$layer
        [[ " ${allowed[$layer]} " == *" $target "* ]] ||
            fault "$file:$line: $layer may not include \"$name\" ($target)"
        ;;
    *\<*\>*)
        name=${text#*<}
        name=${name%%>*}
        pattern=${user[$name]:-}
        # shellcheck disable=SC2053 # a pattern is meant
        [[ -z $pattern || $file == $pattern || $file == src/core/version.c ]] ||
            fault "$file:$line: <$name> is for $pattern alone"
        ;;
    esac
done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' $(git ls-files -co --exclude-standard -- \
    'src/*.[ch]' 'db/*.[ch]' 'production/*.[ch]' 'decay/*.[ch]' 'models/*.[ch]'))

# A name in the library is bd_<module>_..., the module being the first word of one of its files.
if [ ! -f "$library" ]; then
    fault "$library is not built"
else
    modules=$(ar t "$library" | sed 's/[_.].*//' | sort -u | paste -sd'|')
    # bd_fail and bd_add_context of error.c, bd_contour of result.c, bd_check_gsl: words that are used everywhere.
    names="^(bd_($modules|contour|check_gsl|fail|add_context)(_|$)|_)"
    while read -r _ type name; do
        case $type in
        [TDR]) [[ $name =~ $names ]] || fault "exported name without bd_<module>: $name" ;;
        [Bb]) [[ $name == requested || $name == _* ]] || fault "global that can change: $name" ;; # interrupt.c
        esac
    done < <(nm --defined-only "$library" 2>/dev/null | grep -E '^[0-9a-f]+ [TBDRb] ')
fi

[ "$faults" -eq 0 ] || { echo "check_layers: $faults fault(s)" >&2; exit 1; }
echo "check_layers: no fault"
