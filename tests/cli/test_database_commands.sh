#!/usr/bin/env bash
# tests/cli/test_database_commands.sh PROGRAM TOY_DATABASE: the commands that read a database, on one with known
# contents: sql, export, merge, check, plot.
set -uo pipefail
program=$(realpath "$1")
toy=$(realpath "$2")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"

# rows N ARGUMENT... : number of rows of the csv, without its header.
rows() {
    local n=$1 got
    shift
    got=$("$program" "$@" --format csv 2>/dev/null | tail -n +2 | wc -l)
    [ "$got" -eq "$n" ] || fault "beamdump $*: $got rows, not $n"
}

# head_is COLUMNS ARGUMENT... : the header of the csv.
head_is() {
    local columns=$1 got
    shift
    got=$("$program" "$@" --format csv 2>/dev/null | head -n 1)
    [ "$got" = "$columns" ] || fault "beamdump $*: columns $got"
}

"$toy" toy.db || { echo "the toy database was not made"; exit 1; }

# sql: types, parameters, the functions of the program, and who may change what.
expect 0 "[
  {\"a\": 1, \"b\": 2.5, \"c\": \"x\", \"d\": null}
]" sql --db toy.db "SELECT 1 AS a, 2.5 AS b, 'x' AS c, NULL AS d" --format json
expect 0 "<1648 bytes>" sql --db toy.db "SELECT weight FROM kernel LIMIT 1"
[ "$("$program" sql --db toy.db "SELECT x'00ff10' AS b" --format csv | tail -n 1)" = 00ff10 ] || fault "hex of a BLOB"
rows 3 sql --db toy.db "SELECT * FROM v_kernel WHERE decay = :decay AND model = :m" --param decay=mu+mu- --param m=dark_scalar
rows 0 sql --db toy.db "SELECT * FROM v_kernel WHERE decay = 'e+e-'"
expect 1 "has no parameter 'dcay'; it has: :decay" sql --db toy.db "SELECT :decay" --param dcay=e+e-
expect 2 "expected NAME=VALUE" sql --db toy.db "SELECT :decay" --param decay
echo "SELECT count(*) AS n FROM kernel -- from a file" >count.sql
expect 0 "12" sql --db toy.db --file count.sql
expect 1 "nothing.sql: No such file" sql --db toy.db --file nothing.sql
expect 2 "exactly one of STATEMENT, --file and --query" sql --db toy.db
expect 2 "exactly one of STATEMENT, --file and --query" sql --db toy.db "SELECT 1" --query best_channel
expect 1 "would change toy.db" sql --db toy.db "DELETE FROM contour"
expect 1 "no such column" sql --db toy.db "SELECT no_column"
expect 1 "one statement at a time" sql --db toy.db "SELECT 1; SELECT 2"
expect 1 "nothing.db" sql --db nothing.db "SELECT 1"
[ ! -e nothing.db ] || fault "reading made a database"
cp toy.db copy.db
expect 0 "" sql --db copy.db --write "UPDATE run SET host = 'elsewhere'"
expect 0 "elsewhere" sql --db copy.db "SELECT host FROM run"
expect 1 "FOREIGN KEY" sql --db copy.db --write "DELETE FROM experiment"

# Queries that come with the program: each runs, and each is named in the help.
help=$("$program" sql --help | tr -s ' \n' ' ')
for query in "$root"/db/queries/*.sql; do
    query=$(basename "$query" .sql)
    expect 0 "experiment" sql --db toy.db --query "$query"
    [[ $help == *"$query"* ]] || fault "query $query is not in sql --help"
done
rows 1 sql --db toy.db --query best_channel --param benchmark=BC4
rows 6 sql --db toy.db --query yield_against_mass --param decay=pi+pi- --param width_gev=1e-15
expect 2 "Did you mean 'best_channel'?" sql --db toy.db --query best_chanel
expect 2 "is not one of: best_channel" sql --db toy.db --query ../schema

# export: the columns other programs read; of several contours the one of the card, or the one that is asked for.
head_is experiment,benchmark,kind,polyline,vertex,mass_gev,coupling,closed,hole export contour --db toy.db
rows 3 export contour --db toy.db --benchmark BC4 --experiment toy --kind observed
[ "$("$program" export contour --db toy.db --kind observed --format csv 2>/dev/null | tail -n 1)" = toy,BC4,observed,0,2,0.3,0.001,1,0 ] ||
    fault "the contour of the card's protons"
[ "$("$program" export contour --db toy.db --pot 1e18 --format csv 2>/dev/null | tail -n 1)" = toy,BC4,observed,0,2,0.3,0.002,1,0 ] ||
    fault "the contour of 1e18 protons"
expect 0 "toy BC4 observed: 95% CL, cls, 1e+17 protons" export contour --db toy.db --cl 0.95
expect 0 "expected+2sigma: 90% CL, cls, 1e+17 protons: nothing is excluded" export contour --db toy.db
"$program" export contour --db toy.db --format csv 2>/dev/null >exported.csv
"$program" sql --db toy.db "SELECT * FROM v_contour" --format csv >view.csv
cmp exported.csv view.csv || fault "export contour is not v_contour"
expect 1 "toy.db has no contour of this kind" export contour --db toy.db --benchmark BC5
expect 1 "toy.db has no contour of this kind" export contour --db toy.db --cl 0.99
head_is "$("$program" sql --db toy.db "SELECT * FROM v_yield" --format csv | head -n 1)" export yields --db toy.db
for what in yields totals best points; do
    rows 1 export $what --db toy.db --benchmark BC4 --experiment toy
    rows 0 export $what --db toy.db --benchmark BC5
done
rows 12 export kernels --db toy.db
rows 3 export kernels --db toy.db --decay mu+mu- --model dark_scalar
rows 4 export channels --db toy.db
rows 1 export runs --db toy.db
rows $((12 * 206)) export nodes --db toy.db --experiment toy
# The nodes are the kernel: their sum is n_events per proton and trigger efficiency (1e17, 0.8).
"$program" export nodes --db toy.db --experiment toy --decay mu+mu- --format csv >nodes.csv
sum=$(awk -F, 'NR > 1 && $2 ~ /^dark_scalar/ && $4 == 0.5 { g = 1e-16 / 1.973269804e-16; n += g * $7 * exp(-0.5 * $6 * g) }
    END { printf "%.9e", n * 1e17 * 0.8 }' nodes.csv)
events=$("$program" sql --db toy.db --query yield_against_mass --param decay=mu+mu- --format csv |
    awk -F, '$2 == "dark_scalar" && $8 == 0.5 { printf "%.9e", $10 }')
[ "$sum" = "$events" ] || fault "export nodes: $sum events, n_events(): $events"
expect 2 "--experiment is missing" export nodes --db toy.db
expect 2 "--kind does not apply to runs" export runs --db toy.db --kind observed
expect 2 "--decay does not apply to totals" export totals --db toy.db --decay mu+mu-
expect 2 "--plane does not apply to kernels" export kernels --db toy.db --plane mass_gev,ctau_m
expect 2 "'contours' is not one of: contour, points" export contours --db toy.db

# merge: two shards are the run; a missing one is reported, a foreign file refused before anything is made.
"$toy" shard1.db 0 1 2 && "$toy" shard2.db 3 4 5
expect 0 "merged.db now has 6 kernels of 1 run, 1 not finished" merge --db merged.db shard1.db
expect 0 "merged.db now has 12 kernels of 1 run, 0 not finished" merge --db merged.db shard2.db
rows 0 sql --db merged.db "SELECT 1 FROM run WHERE end_utc IS NULL"
echo "no database" >text.db
expect 1 "text.db" merge --db new.db shard1.db text.db
[ ! -e new.db ] || fault "a failed merge made a database"
expect 2 "FILE is missing" merge --db new.db
cp shard1.db changed.db
"$program" sql --db changed.db --write "UPDATE kernel SET chi_per_pot = 1" || fault "changing a kernel"
expect 1 "nothing was merged" merge --db merged.db changed.db

# check
expect 0 "1 experiments, 1 runs, 0 runs not finished, 12 kernels, 2 kernels that miss their precision, 4 contours: no fault" \
    check toy.db
cp toy.db noname
expect 0 "no fault" check noname
expect 1 "text.db" check text.db
head -c 20000 toy.db >torn.db
expect 1 "torn.db" check torn.db
expect 1 "missing.db" check missing.db

# contour: stores which decay drives each kind, the same for any number of threads.
"$program" scan --experiment na62 --benchmark BC4 --decay mu+mu- --decay pi+pi- --mass 0.25:0.5:3 --precision 0.05 \
    --no-contour --db real.db >/dev/null 2>&1 || fault "a small scan"
"$program" contour --db real.db --benchmark BC4 --expected --threads 1 >one.txt 2>/dev/null || fault "contour"
"$program" sql --db real.db "SELECT * FROM v_driver" --format csv >one.csv
"$program" contour --db real.db --benchmark BC4 --expected --threads 2 >two.txt 2>/dev/null || fault "contour"
"$program" sql --db real.db "SELECT * FROM v_driver" --format csv >two.csv
cmp -s one.txt two.txt && cmp -s one.csv two.csv || fault "contours of 1 and 2 threads differ"
rows 36 sql --db real.db "SELECT * FROM v_driver" # 6 kinds, 3 masses, 2 decays
rows 3 sql --db real.db --query drivers
rows 6 sql --db real.db "SELECT * FROM v_driver WHERE mass_gev = 0.25 AND drives = (decay = 'mu+mu-') AND decay = 'mu+mu-'"
rows 0 sql --db real.db "SELECT * FROM v_driver JOIN yield USING (mass_gev) WHERE yield.coupling <> v_driver.coupling"

# plot: CL and protons are those of the stored contour.
expect 2 "--contour or --db is missing" plot --output x.svg
expect 2 "--benchmark is missing" plot --db toy.db --output x.svg
expect 2 "--db is missing" plot --contour exported.csv --benchmark BC4 --output x.svg
if command -v gnuplot >/dev/null; then
    expect 0 "" plot --db toy.db --benchmark BC4 --experiment toy --output toy.svg
    grep -q '90% CL' toy.svg || fault "plot --db: the confidence level is not in the picture"
    grep -q '1 × 10' toy.svg || fault "plot --db: the protons are not in the picture"
    expect 0 "" plot --db toy.db --benchmark BC4 --cl 0.95 --output cl95.svg
    grep -q '95% CL' cl95.svg || fault "plot --db --cl 0.95"
    expect 0 "" plot --db toy.db --benchmark BC4 --contour FILE=exported.csv --output both.svg
    grep -q 'toy, 90% CL, 1e+17 protons' both.svg || fault "beside a file, the legend says what the footer cannot"
    expect 1 "toy.db has no such contour of ship BC4" plot --db toy.db --benchmark BC4 --experiment ship --output x.svg
    expect 1 "nothing is excluded" plot --db toy.db --benchmark BC4 --kind expected+2sigma --output x.svg
fi
[ ! -e x.svg ] || fault "a failed plot left a picture"

# Published limits: no kernels; stored like any contour, by scan or contour, the same bytes.
expect 0 "BC4 at na62_kpi_inv, observed: 2 polylines at 90% CL, in kaon.db" scan --experiment na62_kpi_inv --benchmark BC4 --db kaon.db
"$program" export contour --db kaon.db --benchmark BC4 --format csv >scanned.csv 2>note.txt || fault "export of published limits"
grep -qx 'beamdump export: na62_kpi_inv BC4 observed: 90% CL, table' note.txt || fault "note of published limits: $(cat note.txt)"
"$program" contour --db other.db --experiment na62_kpi_inv --benchmark BC4 --format csv >printed.csv || fault "contour of published limits"
cmp -s scanned.csv printed.csv || fault "scan and contour of published limits differ"
"$program" contour --db none.db --experiment na62_kpi_inv --benchmark BC4 --no-store --format csv | cmp -s - printed.csv || fault "--no-store"
[ ! -e none.db ] || fault "--no-store made a database"
[ "$("$program" sql --db kaon.db "SELECT r.n_task, i.name FROM run AS r JOIN input AS i USING (run)" --format csv | tail -n 1)" = 0,na62_kpi_inv.csv ] ||
    fault "run and input of published limits"
expect 0 "BC2 is left out" scan --experiment koto_kl_pi0x --benchmark all --db kaon.db
expect 0 "no fault" check kaon.db
expect 0 "2 experiments" check kaon.db
expect 0 "" merge --db other.db kaon.db
expect 0 "limits on kaon_decay:K+, X -> mu+mu-, at 19 masses: no fault" check "$root/decay/experiments/na62_kpi_mumu.yaml"
expect 0 "1.881 times the limit: excluded at 90% CL" explain --experiment na62_kpi_inv --benchmark BC2 --mass 0.2 --coupling 3e-4
expect 0 "na62_kpi_inv has no limit at this mass" explain --experiment na62_kpi_inv --benchmark BC2 --mass 0.13 --coupling 3e-4
expect 2 "--db is missing" explain --experiment na62 --benchmark BC4 --mass 0.5 --coupling 1e-4
both=(--experiment na62_kpi_inv --with na62_pi0_inv --benchmark BC2)
expect 0 "combined:union,BC2,observed,0,0,0.001," contour --db none.db "${both[@]}" --format csv --no-store
[ ! -e none.db ] || fault "--no-store of a union made a database"
# A combination is stored with the runs of its members, once, and drawn and exported as any contour.
"$program" contour --db union.db "${both[@]}" --format csv >union.csv 2>union.log || fault "union: $(cat union.log)"
grep -q "method union: na62_kpi_inv (published limits), na62_pi0_inv (published limits)" union.log || fault "union: $(cat union.log)"
"$program" contour --db union.db "${both[@]}" >/dev/null 2>&1 || fault "union, again"
expect 0 "combined:union,union,na62_kpi_inv na62_pi0_inv,0.001,0.36" sql --db union.db --format csv \
    "SELECT experiment, method, members, x_min, x_max FROM v_contour_list"
expect 0 "--experiment na62_kpi_inv --benchmark BC2 --with na62_pi0_inv --combine union" sql --db union.db --format csv \
    "SELECT command_line FROM run WHERE experiment = 'combined:union'"
rows 1 sql --db union.db "SELECT DISTINCT experiment FROM v_contour"
"$program" export contour --db union.db --benchmark BC2 --format csv | cmp -s - union.csv || fault "export of a union"
expect 0 "no fault" check union.db
expect 1 "combined:union is a combination of experiments: it has no kernels" contour --db union.db --experiment combined:union --benchmark BC4
expect 0 "" merge --db merged.db union.db
rows 2 sql --db merged.db "SELECT * FROM member"
expect 2 "--with: na62_kpi_inv is there already" contour --db none.db "${both[@]}" --with na62_kpi_inv --no-store
expect 2 "needs two experiments with counts" contour --db none.db "${both[@]}" --combine likelihood --no-store
expect 2 "--combine goes with --with" contour --db none.db --experiment na62_kpi_inv --benchmark BC2 --combine union
[ ! -e none.db ] || fault "wrong usage of --with made a database"
for store in "" --no-store; do
    expect 1 "there is no card 'na62_pi' with published limits, and no database none.db" contour --db none.db --experiment na62_kpi_inv \
        --with na62_pi --benchmark BC4 $store
done
[ ! -e none.db ] || fault "a union that cannot be made left a database"
expect 2 "no expected union" contour --db none.db --experiment na62_kpi_inv --with na62_pi0_inv --benchmark BC4 --expected
expect 2 "are published at 0.9, not at 0.95" contour --db kaon.db --experiment na62_kpi_inv --benchmark BC4 --cl 0.95
expect 2 "--expected: na62_kpi_inv has published limits" contour --db kaon.db --experiment na62_kpi_inv --benchmark BC4 --expected
expect 2 "--pot: na62_kpi_inv has published limits" contour --db kaon.db --experiment na62_kpi_inv --benchmark BC4 --pot 1e18
expect 1 "model dark_photon has no branching ratio 'kaon_decay:KL'" contour --db kaon.db --experiment koto_kl_pi0x --benchmark BC2

[ "$faults" -eq 0 ] || { echo "$faults fault(s)"; exit 1; }
echo "database commands: no fault"
