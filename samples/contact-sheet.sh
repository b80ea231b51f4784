#!/bin/sh
# Shows the results of most edge filters on an image in one picture, 4 in a row.
#   samples/contact-sheet.sh IMAGE OUTPUT.png
# Needs netpbm (Debian: apt-get install netpbm) to put the pictures together.
set -eu

if [ $# -ne 2 ]; then
    echo "usage: contact-sheet.sh IMAGE OUTPUT" >&2
    exit 2
fi
if ! command -v pnmcat >/dev/null 2>&1; then
    echo "contact-sheet.sh: pnmcat is missing; it comes with netpbm" >&2
    exit 1
fi
convtool=${CONVTOOL:-convtool}
image=$1 output=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

n=0
# The factors compensate for the kernels' different weights.
for chain in gray sobel scharr,scale:1/4 prewitt roberts,scale:3 kirsch,scale:1/3 robinson \
    laplacian,scale:2; do
    "$convtool" -q "gray,$chain" --map abs --format pgm "$image" "$work/$n.pgm"
    n=$((n + 1))
done
pnmcat -lr "$work/0.pgm" "$work/1.pgm" "$work/2.pgm" "$work/3.pgm" >"$work/top.pgm"
pnmcat -lr "$work/4.pgm" "$work/5.pgm" "$work/6.pgm" "$work/7.pgm" >"$work/bottom.pgm"
pnmcat -tb "$work/top.pgm" "$work/bottom.pgm" >"$work/sheet.pgm"
"$convtool" -q identity "$work/sheet.pgm" "$output"
echo "gray sobel scharr prewitt / roberts kirsch robinson laplacian: $output"
