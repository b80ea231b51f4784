#!/bin/sh
# A Slurm array. Each task does a share of a list of images, and writes a report:
#   sbatch --array=1-8 samples/cluster/array.sh CHAIN LIST EDGES REPORTS
# LIST has names separated by NUL, as find -print0 writes them. EDGES is where the results go: a
# folder, or a template such as 'edges/{dir}/{stem}.png'. REPORTS is a folder for the reports. All
# nodes must see all of these, and the images, under the same names. $CONVTOOL is the program, if it
# isn't in the path.
#
# A task that Slurm runs again, because its node died or it was preempted, keeps the images that it
# has already made, and writes a report of its own next to the first one. samples/cluster/merge
# adds them up.
#SBATCH --job-name=convtool
#SBATCH --cpus-per-task=4
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=convtool-%A-%a.log
set -eu

if [ $# -ne 4 ]; then
    echo "usage: sbatch --array=1-N array.sh CHAIN LIST EDGES REPORTS" >&2
    exit 2
fi
chain=$1 list=$2 edges=$3 reports=$4
run=$SLURM_ARRAY_JOB_ID-$SLURM_ARRAY_TASK_ID-${SLURM_RESTART_COUNT:-0}

mkdir -p "$reports"
exec "${CONVTOOL:-convtool}" "$chain" -0 --files-from "$list" -o "$edges" --mkdir --no-clobber \
    --shard auto --jobs "${SLURM_CPUS_PER_TASK:-1}" --quiet --json >"$reports/$run.jsonl"
