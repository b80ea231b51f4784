#!/bin/sh
# What samples/cluster/merge makes of reports: whole ones, damaged ones, several of one image.
cd "$(dirname "$0")/.." || exit 1
CONVTOOL=$(realpath "${CONVTOOL:-${BUILD:-build}/convtool}")
merge=$PWD/samples/cluster/merge
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
passed=0 failed=0

expect() { # WHAT STATUS OUTPUT ARGUMENT...: what merge prints, but for the time, and its status
    what=$1 status=$2 output=$3
    shift 3
    "$merge" "$@" >printed 2>&1
    got=$(echo "status $?" | sed 's/, [0-9.]* s of work$//' printed -)
    if [ "$got" = "$output
status $status" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n--- got\n%s\n--- expected\n%s\nstatus %s\n' "$what" "$got" "$output" "$status"
    fi
}

# Four images, of which c is damaged; share 1 gets a and d, share 2 b and c.
for name in a b c d; do
    printf 'P2 2 1 9 1 2\n' >$name.pgm
    echo $name.pgm >>list
done
echo e.pgm >other
echo 'P2 2 1' >c.pgm
mkdir out
share() { # NAME...: the report of a run
    printf '%s.pgm\n' "$@" | "$CONVTOOL" box -qn --json --files-from - out 2>/dev/null
}
share a d >r1
share b c >r2
expect "all reports" 1 "failed: c.pgm: $(sed -n 's/.*"error":"c.pgm: \([^"]*\)".*/\1/p' r2)
4 images: 3 written, 0 kept, 1 failed, 0 missing; 2 of 2 reports whole" list r1 r2

# c becomes whole, and a second run does it; a second report of a says that it is kept.
cp a.pgm c.pgm
share a b c d >r3
expect "the same image in two reports: written" 0 \
    "4 images: 4 written, 0 kept, 0 failed, 0 missing; 3 of 3 reports whole" list r1 r2 r3
expect "a failure doesn't undo an earlier success" 0 \
    "4 images: 4 written, 0 kept, 0 failed, 0 missing; 3 of 3 reports whole" list r1 r3 r2
expect "kept, if no report is left that wrote it" 0 \
    "4 images: 1 written, 3 kept, 0 failed, 0 missing; 1 of 1 reports whole" list r3

expect "a report that isn't there" 1 "merge: none: No such file or directory
missing: b.pgm: in no report
missing: c.pgm: in no report
4 images: 2 written, 0 kept, 0 failed, 2 missing; 1 of 2 reports whole" list r1 none
expect "no report" 1 "missing: a.pgm: in no report
missing: b.pgm: in no report
missing: c.pgm: in no report
missing: d.pgm: in no report
4 images: 0 written, 0 kept, 0 failed, 4 missing; 0 of 0 reports whole" list

expect "other images" 1 "merge: other: without 4 images that the reports have, such as a.pgm
missing: e.pgm: in no report
1 image: 0 written, 0 kept, 0 failed, 1 missing; 3 of 3 reports whole" other r1 r2 r3
rm -r out
mkdir out
"$CONVTOOL" box -q --json --dry-run --files-from list out 2>/dev/null >planned
expect "a plan isn't an image" 1 "missing: a.pgm: only planned
missing: b.pgm: only planned
missing: c.pgm: only planned
missing: d.pgm: only planned
4 images: 0 written, 0 kept, 0 failed, 4 missing; 1 of 1 reports whole" list planned

# With {map} an image has several outputs: all of them have to be there.
echo a.pgm >one
"$CONVTOOL" bank:sobel2 -q --json --files-from one -o 'out/{stem}-{map}.pgm' >maps 2>/dev/null
expect "maps" 0 "1 image: 1 written, 0 kept, 0 failed, 0 missing; 1 of 1 reports whole" \
    --outputs one maps
rm out/a-1.pgm
expect "a map that is gone" 1 "missing: a.pgm: out/a-1.pgm: No such file or directory
1 image: 0 written, 0 kept, 0 failed, 1 missing; 1 of 1 reports whole" --outputs one maps

# A report that is cut anywhere counts as far as its lines are whole.
share a d >r1
share b c >r2
first=$(head -n 1 r1 | wc -c)
second=$(head -n 2 r1 | wc -c)
for at in 0 1 100 $((first - 2)) $((first - 1)) $first $((first + 1)) $((second - 2)) \
    $((second - 1)) $((second + 20)) $(($(wc -c <r1) - 2)); do
    head -c "$at" r1 >short
    lines=2 images=images missing=
    if [ "$at" -lt $((second - 1)) ]; then
        lines=1 images=image missing="missing: d.pgm: in no report
"
    fi
    if [ "$at" -lt $((first - 1)) ]; then
        lines=0 images=images missing="missing: a.pgm: in no report
$missing"
    fi
    expect "cut after $at bytes" $((lines < 2)) "merge: short: cut off after $lines $images
${missing}4 images: $((lines + 2)) written, 0 kept, 0 failed, $((2 - lines)) missing; \
1 of 2 reports whole" list short r2
done
head -c 100 r1 | cat - r2 r1 >glued
expect "a damaged line in the middle" 1 "merge: glued: line 1 is damaged; 3 images
missing: b.pgm: in no report
4 images: 3 written, 0 kept, 0 failed, 1 missing; 0 of 1 reports whole" list glued
printf '%s\n' '[]' '"input"' 7 null '{"input":4}' '{"input":"a.pgm"}' '{' '' >strange
expect "lines that convtool doesn't write" 0 "merge: strange: line 1 is damaged; 0 images
4 images: 4 written, 0 kept, 0 failed, 0 missing; 2 of 3 reports whole" list strange r1 r2

# The outputs themselves.
expect "all outputs are there" 0 \
    "4 images: 4 written, 0 kept, 0 failed, 0 missing; 2 of 2 reports whole" --outputs list r1 r2
"$CONVTOOL" box -q --depth 16 --json b.pgm out/b.pgm >wide 2>/dev/null
expect "the last report that wrote an image counts" 0 \
    "4 images: 4 written, 0 kept, 0 failed, 0 missing; 3 of 3 reports whole" \
    --outputs list r1 r2 wide
bytes=$(wc -c <out/c.pgm)
cp out/a.pgm out/b.pgm
rm out/a.pgm
echo more >>out/b.pgm
: >out/c.pgm
share d c >r3 # kept
expect "outputs that aren't whole" 1 "missing: a.pgm: out/a.pgm: No such file or directory
missing: b.pgm: out/b.pgm has $((bytes + 5)) bytes; expected $bytes
missing: c.pgm: out/c.pgm has 0 bytes; expected $bytes
4 images: 1 written, 0 kept, 0 failed, 3 missing; 3 of 3 reports whole" --outputs list r1 r2 r3
expect "an empty output that was kept" 1 "missing: a.pgm: in no report
missing: b.pgm: in no report
missing: c.pgm: out/c.pgm has 0 bytes; expected more
4 images: 0 written, 1 kept, 0 failed, 3 missing; 1 of 1 reports whole" --outputs list r3

# A list of what is left to do; names with anything in them.
odd=$(printf 'new\nline \377.pgm')
cp a.pgm "$odd"
printf '%s\0' a.pgm "$odd" b.pgm >list0
printf '%s\0' "$odd" b.pgm >left
share a >3a
expect "a name of several lines" 1 "missing: new\\nline \\xff.pgm: in no report
missing: b.pgm: in no report
3 images: 1 written, 0 kept, 0 failed, 2 missing; 1 of 1 reports whole" \
    -0 --redo redo list0 3a
cmp redo left && "$CONVTOOL" box -qf --json -0 --files-from redo out >3b
expect "the list, done again" 0 \
    "3 images: 3 written, 0 kept, 0 failed, 0 missing; 2 of 2 reports whole" \
    -0 list0 3a 3b
expect "no list" 2 "merge: none: No such file or directory" none r1
expect "a list that can't be written" 2 \
    "4 images: 4 written, 0 kept, 0 failed, 0 missing; 2 of 2 reports whole
merge: none/list: No such file or directory" --redo none/list list r1 r2

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
