#!/bin/bash
# Lets libFuzzer search with every target for FUZZ_SECONDS, from the seeds and earlier finds, then
# runs 100000 mutations. What breaks something is left in BUILD/found: put it into
# tests/fuzz/crashers/KIND, so that it's replayed from then on, and fix the bug.
#   BUILD=DIRECTORY tests/fuzz/fuzz.sh [TARGET...]      ends with "N passed, N failed"
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build/fuzz}
seconds=${FUZZ_SECONDS:-60}
mkdir -p "$build/found"

passed=0 failed=0
count() {
    if [[ $1 -eq 0 ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

if [[ $# -eq 0 ]]; then
    for source in tests/fuzz/fuzz_*.c; do
        name=$(basename "$source" .c)
        set -- "$@" "${name#fuzz_}"
    done
fi
tests/fuzz/seeds.py --to "$build/seeds" net onnx || exit 1
for name in "$@"; do
    kind=${name%%_*}
    corpus=$build/corpus/$name
    seeds=()
    for folder in tests/fuzz/corpus "$build/seeds" tests/fuzz/crashers; do
        [[ ! -d $folder/$kind ]] || seeds+=("$folder/$kind")
    done
    mkdir -p "$corpus"
    options=(-max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=1024
        -print_final_stats=1 -artifact_prefix="$build/found/$name-")
    [[ ! -e tests/fuzz/$kind.dict ]] || options+=(-dict="tests/fuzz/$kind.dict")
    "$build/tests/fuzz/fuzz_$name" "${options[@]}" "$corpus" "${seeds[@]}" \
        >"$build/$name.log" 2>&1
    status=$?
    count $status
    echo "$name: status $status," \
        "$(sed -n 's/^stat::number_of_executed_units: */runs: /p' "$build/$name.log")," \
        "$(grep -o 'cov: [0-9]*' "$build/$name.log" | tail -n 1)"
    [[ $status -eq 0 ]] || tail -n 60 "$build/$name.log"
done
"$build/tests/fuzz/mutations" 100000 "$RANDOM" tests/fuzz/corpus/{png,jpeg}
count $?

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
