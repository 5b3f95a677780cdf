#!/usr/bin/env bash
# tests/cli/test_scan.sh PROGRAM DUMP: scans that are killed, interrupted and run out of disk, and continue to the same
# canonical dump; the same dump for any number of threads; wrong input ends with a message and the right exit code.
set -uo pipefail
program=$(realpath "$1")
dump=$(realpath "$2")
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

plan=(scan --experiment na62 --benchmark BC4 --decay mu+mu- --decay pi+pi- --decay pi+pi-pi0pi0 --mass 0.2:2:20
    --precision 0.03 --max-points 2048 --no-contour)
same_as_reference() {
    "$dump" "$1" >dump.txt || fault "$2: the database is broken"
    cmp -s reference.txt dump.txt || fault "$2: another dump: $(diff reference.txt dump.txt | head -c 300)"
}
# Until some kernels are stored: the log of the database grows by a page and more for each task.
wait_for_tasks() {
    for _ in $(seq 400); do
        [ -e "$1-wal" ] && [ "$(stat -c %s "$1-wal")" -gt 120000 ] && return
        sleep 0.02
    done
    fault "$1: no kernels after 8 s"
}

"$program" "${plan[@]}" --threads 1 --db one.db 2>one.log || fault "scan: $(cat one.log)"
"$dump" one.db >reference.txt || fault "no reference"
[ "$(wc -l <reference.txt)" -gt 60 ] || fault "the reference has $(wc -l <reference.txt) lines"
for threads in 2 7; do
    "$program" "${plan[@]}" --threads $threads --db threads.db 2>threads.log || fault "scan: $(cat threads.log)"
    same_as_reference threads.db "$threads threads"
    rm -f threads.db*
done

# Killed without warning: what was finished is there, and --resume makes the rest.
"$program" "${plan[@]}" --threads 1 --db killed.db 2>killed.log &
child=$!
wait_for_tasks killed.db
kill -9 $child
wait $child 2>/dev/null
"$dump" killed.db >half.txt || fault "kill -9: the database is broken"
cmp -s reference.txt half.txt && fault "kill -9 came too late to test anything"
[ "$(wc -l <half.txt)" -gt 5 ] || fault "kill -9: nothing was kept"
"$program" "${plan[@]}" --threads 2 --db killed.db --resume 2>killed.log || fault "--resume after kill -9: $(cat killed.log)"
same_as_reference killed.db "kill -9"

# Interrupted: exit code 1 and a message that says how to go on.
"$program" "${plan[@]}" --threads 2 --db interrupted.db 2>interrupted.log &
child=$!
wait_for_tasks interrupted.db
kill -INT $child
wait $child
code=$?
[ $code -eq 1 ] || fault "SIGINT: exit code $code"
grep -q 'interrupted after [0-9]* of 60 kernels.*interrupted.db.*--resume' interrupted.log ||
    fault "SIGINT: $(cat interrupted.log)"
"$program" "${plan[@]}" --threads 1 --db interrupted.db --resume 2>interrupted.log ||
    fault "--resume after SIGINT: $(cat interrupted.log)"
same_as_reference interrupted.db "SIGINT"

# A complete one has nothing left to do.
"$program" "${plan[@]}" --threads 1 --db one.db --resume 2>one.log || fault "--resume of a complete scan: $(cat one.log)"
same_as_reference one.db "--resume of a complete scan"

# A full disk, where the test may mount a small one.
mkdir small
if unshare -m sh -c "mount -t tmpfs -o size=300k none small" 2>/dev/null; then
    unshare -m sh -c 'mount -t tmpfs -o size=300k none small && "$@" 2>full.log; echo $? >full.code; cp small/full.db* .' sh \
        "$program" "${plan[@]}" --threads 2 --db small/full.db 2>/dev/null
    [ "$(cat full.code)" -eq 1 ] || fault "full disk: exit code $(cat full.code)"
    grep -q 'full' full.log || fault "full disk: $(cat full.log)"
    "$program" "${plan[@]}" --threads 2 --db full.db --resume 2>full.log || fault "--resume after a full disk: $(cat full.log)"
    same_as_reference full.db "full disk"
else
    echo "skipped: full disk (mounting a small file system is not permitted here)"
fi

# Several benchmarks at once: X decays only as its model says.
both=(--experiment na62 --decay pi+pi- --decay pi+pi-gamma --mass 0.5 --precision 0.03 --max-points 1024 --no-contour)
"$program" scan "${both[@]}" --benchmark BC4 --benchmark BC11 --db both.db 2>both.log || fault "two benchmarks: $(cat both.log)"
pairs=$("$program" sql --db both.db --format csv "SELECT DISTINCT model, decay FROM v_channel ORDER BY 1, 2" | tr '\n' ' ')
[ "$pairs" = "model,decay alp,pi+pi-gamma dark_scalar,pi+pi- " ] || fault "two benchmarks: pairs $pairs"
expect 0 "--benchmark BC4 --benchmark BC11 --decay pi+pi- --decay pi+pi-gamma --mass 0.5" sql --db both.db --format csv \
    "SELECT command_line FROM run"
expect 2 "no model of this scan decays to 'pi+pi-gamma'" scan --experiment na62 --benchmark BC4 --decay pi+pi-gamma --db x.db
expect 1 "pp_800GeV_beauty.csv' is in none of" scan --experiment nutev --benchmark BC4 --db x.db
expect 2 "--mass: na62_kpi_inv has published limits, no kernels" scan --experiment na62_kpi_inv --benchmark BC4 --mass 0.1 --db x.db
[ ! -e x.db ] || fault "a scan that cannot be made left a database"
expect 2 "BC44" scan --experiment na62 --benchmark BC4 --benchmark BC44 --db x.db

# Files that are no database of this program.
echo "mass_gev,coupling" >text.db
expect 1 "text.db is not a database" "${plan[@]}" --db text.db
expect 1 "cannot be opened" "${plan[@]}" --db nowhere/x.db
expect 1 "" "${plan[@]}" --db "$place"
: >empty.db
"$program" "${plan[@]}" --mass 0.5 --db empty.db >/dev/null 2>&1
[ $? -eq 2 ] || fault "--mass twice is wrong usage"
if command -v sqlite3 >/dev/null; then
    sqlite3 foreign.db 'CREATE TABLE person (name TEXT);'
    expect 1 "foreign.db" "${plan[@]}" --db foreign.db
fi

# Wrong input: exit code 2.
wrong() {
    local words=$1
    shift
    expect 2 "$words" scan --db wrong.db "$@"
}
na62=(--experiment na62 --benchmark BC4)
wrong "there is no benchmark 'BC44'; known: BC" --experiment na62 --benchmark BC44
wrong "has no selection for decay 'mumu'" "${na62[@]}" --decay mumu
wrong "has no selection for decay 'tau+tau-'" "${na62[@]}" --decay tau+tau-
wrong "--mass: 7 GeV is outside the range of BC4, 0.01 to 4.8 GeV" "${na62[@]}" --mass 7
wrong "--mass: -1 is outside the allowed range" "${na62[@]}" --mass -1
wrong "expected a number [GeV]" "${na62[@]}" --mass nan
wrong "--precision" "${na62[@]}" --precision 0
wrong "--precision" "${na62[@]}" --precision nan
wrong "--max-points" "${na62[@]}" --max-points 10
wrong "setting 'form_factor'" "${na62[@]}" --set form_factor=1
wrong "expected KEY=VALUE" "${na62[@]}" --set nothing
expect 2 "there is no experiment 'na63'; known: " scan --experiment na63 --benchmark BC4 --db wrong.db
expect 1 "No such file" scan --experiment ./nothing.yaml --benchmark BC4 --db wrong.db

yields=(yields --db one.db --model dark_scalar --production b_decay --decay mu+mu- --format csv)
expect 0 "mass_gev" "${yields[@]}" --mass 0.5 --width 1e-16
expect 2 "--width: -1 is outside" "${yields[@]}" --mass 0.5 --width -1
expect 2 "--width: 0 is outside" "${yields[@]}" --mass 0.5 --width 0
expect 2 "--width: expected a number [GeV]" "${yields[@]}" --mass 0.5 --width nan
expect 2 "--mass: -0.5 is outside" "${yields[@]}" --mass -0.5 --width 1e-16
expect 0 "outside" "${yields[@]}" --mass 3.9 --width 1e-16
expect 0 "closed" "${yields[@]}" --mass 0.205 --width 1e-16

# all: what an experiment cannot do is left out, and said.
expect 0 "BC1 is left out: experiment koto_pnn selects no decay of dark_photon" scan --experiment koto_pnn --benchmark all \
    --mass 0.1 --precision 0.5 --max-points 256 --db all.db
expect 0 "dark_scalar,b_decay,closed" sql --db all.db --format csv "SELECT model, production, status FROM v_kernel"

[ "$faults" -eq 0 ] || { echo "$faults fault(s)"; exit 1; }
echo "scan: no fault"
