#!/bin/sh
# Does a list of images in shares on several machines, with GNU parallel over ssh:
#   samples/cluster/over-ssh.sh HOSTS SHARES CHAIN LIST EDGES REPORTS
# HOSTS is parallel's --sshlogin: names, or user@name, separated by commas; ':' is this machine.
# A few shares for each machine are enough. LIST has names separated by NUL, as find -print0 writes
# them. EDGES is where the results go: a folder, or a template such as 'edges/{dir}/{stem}.png'.
# REPORTS is a folder for the reports. All machines must see all of these, and the images, under the
# same names, and none may ask for a password. $CONVTOOL is the program, if it isn't in their path,
# $SSH the command to use instead of ssh.
#
# A share whose machine dies is done again on another, at most 5 times in all; it keeps the images
# that it has already made, and writes a report of its own. samples/cluster/merge adds them up.
set -eu

if [ $# -ne 6 ]; then
    echo "usage: over-ssh.sh HOSTS SHARES CHAIN LIST EDGES REPORTS" >&2
    exit 2
fi
hosts=$1 shares=$2 chain=$3 list=$4 edges=$5 reports=$6

# What the other machine runs, given all the names. Its process number tells attempts apart.
# shellcheck disable=SC2016 # it is expanded there
report='"$4/${5%/*}-$(hostname)-$$.jsonl"'
# shellcheck disable=SC2016
share='exec "$0" "$1" -0 --files-from "$2" -o "$3" --mkdir --no-clobber --shard "$5" --quiet'

# A machine that no longer answers is given up after 30 seconds. --halt never: shares that fail
# don't stop the others.
mkdir -p "$reports"
seq "$shares" | parallel --quote --sshlogin "$hosts" --jobs 1 --workdir "$PWD" \
    --retries 5 --halt never --joblog "$reports/joblog" \
    --ssh "${SSH:-ssh} -o BatchMode=yes -o ServerAliveInterval=10 -o ServerAliveCountMax=3" \
    sh -c "$share --json >$report" \
    "${CONVTOOL:-convtool}" "$chain" "$list" "$edges" "$reports" "{}/$shares"
