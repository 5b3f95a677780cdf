# tests/cli/expect.sh - what the shell tests share, to be sourced: an empty folder to work in, and how faults are counted.
# The caller sets `program` before, and ends with a failure if `faults` is not 0.
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
export LC_ALL=C
faults=0
fault() {
    echo "FAILED: $*"
    faults=$((faults + 1))
}

# expect CODE WORDS ARGUMENT... : the exit code, and words that stand in stdout or stderr.
expect() {
    local code=$1 words=$2 text
    shift 2
    text=$("$program" "$@" 2>&1)
    local got=$?
    [ "$got" -eq "$code" ] || fault "beamdump $*: exit code $got, not $code: $text"
    [[ $text == *"$words"* ]] || fault "beamdump $*: '$words' is not in: $text"
}
