#!/bin/bash
# Runs every fuzz target on the files of its kind: the seeds, and whatever ever broke something;
# then MUTATIONS files with random damage through the readers, and some through the whole program.
#   BUILD=DIRECTORY tests/fuzz/replay.sh        ends with "N passed, N failed"
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
export CONVTOOL=${CONVTOOL:-$build/convtool}
mutations=${MUTATIONS:-100000} # 3 s, and under sanitizers some 20

passed=0 failed=0
run() {
    local name=$1 output status line
    shift
    output=$("$@" 2>&1)
    status=$?
    line=$(echo "$output" | tail -n 1)
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    fi
    if [[ $status -ne 0 ]]; then
        echo "---- $name: status $status"
        echo "$output" | tail -n 100
        [[ ${BASH_REMATCH[2]:-0} -gt 0 ]] || failed=$((failed + 1))
    fi
}

tests/fuzz/seeds.py --to "$build/seeds" net onnx || failed=1
for source in tests/fuzz/fuzz_*.c; do
    name=$(basename "$source" .c)
    kind=${name#fuzz_}
    kind=${kind%%_*}
    run "$name" "$build/tests/fuzz/$name" \
        {tests/fuzz/corpus,"$build/seeds",tests/fuzz/crashers}/"$kind"
done
run mutations "$build/tests/fuzz/mutations" "$mutations" 1 tests/fuzz/corpus/{png,jpeg}
run "the program" tests/fuzz/program.py

echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
