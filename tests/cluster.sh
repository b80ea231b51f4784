#!/bin/sh
# samples/cluster at work, on a cluster of this machine alone: a Slurm array on two nodes, GNU
# parallel through two ssh servers, and Snakemake. In the middle one node is killed, and one server;
# at the end every image must be there, written once, the same as in a plain run. Programs that
# aren't installed are skipped. All files are in a temporary folder; nothing keeps running.
set -u
cd "$(dirname "$0")/.." || exit 1
CONVTOOL=$(realpath "${CONVTOOL:-${BUILD:-build}/convtool}")
export CONVTOOL
cluster=$PWD/samples/cluster
PATH=$PATH:/usr/sbin
here=$(mktemp -d) || exit 1
passed=0 failed=0
images=2000 shares=6
# Some milliseconds for each image, so that there is a middle to be killed in.
chain=kirsch
for _ in 1 2 3 4 5 6 7; do
    chain=$chain,gaussian:9,kirsch
done

# shellcheck source=tests/cluster/processes.sh
. tests/cluster/processes.sh
# shellcheck source=tests/cluster/slurm.sh
. tests/cluster/slurm.sh
# shellcheck source=tests/cluster/ssh.sh
. tests/cluster/ssh.sh

check() { # WHAT COMMAND...: counts whether the command succeeds, and says so
    what=$1
    shift
    if "$@" >"$here/check" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $what"
        head -n 20 "$here/check"
        return 1
    fi
}

is_not() {
    ! "$@"
}

skip() {
    echo "skipped: cluster.sh: $1"
}

# check_all NAME: the images and reports of a run.
check_all() {
    check "$1: no image is missing" "$cluster/merge" -0 --outputs list "$1"/reports/*.jsonl
    sed -n '$p' "$here/check"
    check "$1: the images are those of a plain run" diff -rq -x '.convtool-*.tmp' plain "$1/edges"
    cat "$1"/reports/*.jsonl | grep -o '^{"input":"[^"]*","output":"[^"]*","status":"written"' |
        sort | uniq -d >"$1/twice"
    check "$1: no image was written twice" test ! -s "$1/twice"
}

try_snakemake() {
    if ! command -v snakemake >/dev/null; then
        skip "no snakemake here (Debian: snakemake), so samples/cluster/Snakefile wasn't run"
        return
    fi
    mkdir snakemake
    cp list snakemake
    ln -s ../photos snakemake/photos
    check "snakemake: all rules" env XDG_CACHE_HOME="$here/cache" snakemake --directory snakemake \
        -s "$cluster/Snakefile" --cores 2 --config shares=$shares "chain=$chain" \
        "edges=edges/$names" "convtool=$CONVTOOL"
    check "snakemake: the summary" grep -x "$images images: .*, 0 failed, 0 missing; .*" \
        snakemake/summary.txt
    check "snakemake: the images are those of a plain run" diff -rq plain snakemake/edges
}

made_run=
clean_up() {
    trap '' INT TERM HUP
    stop_all
    [ -z "$made_run" ] || rmdir "$made_run" 2>/dev/null
    rm -rf "$here"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

# The images, and what must come out.
/usr/bin/python3 - "$here/photos" "$images" <<'END'
import os, random, sys
folder, count = sys.argv[1], int(sys.argv[2])
random.seed(count)
noise = random.randbytes(1 << 16)
for i in range(count):
    width, height, at = 60 + i % 41, 50 + i % 37, random.randrange(1 << 15)
    os.makedirs(f"{folder}/{i % 10}", exist_ok=True)
    with open(f"{folder}/{i % 10}/{i}.pgm", "wb") as file:
        file.write(b"P5 %d %d 255\n" % (width, height) + noise[at:at + width * height])
END
cd "$here" || exit 1
echo "$here" >folder
find photos -name '*.pgm' -print0 >list
names='{dir}/{stem}.png'
"$CONVTOOL" "$chain" -q -0 --files-from list -o "plain/$names" --mkdir || exit 1

for part in try_slurm try_ssh try_snakemake; do
    $part
    stop_all
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
