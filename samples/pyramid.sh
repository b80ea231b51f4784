#!/bin/sh
# What the layers of a small network see: edges, then half the size again and again by max pooling.
#   samples/pyramid.sh IMAGE DIRECTORY
set -eu

if [ $# -ne 2 ]; then
    echo "usage: pyramid.sh IMAGE DIRECTORY" >&2
    exit 2
fi
convtool=${CONVTOOL:-convtool}
mkdir -p "$2"
chain=gray,sobel
for layer in 1 2 3 4; do
    "$convtool" -q "$chain" "$1" "$2/layer$layer.png"
    echo "$2/layer$layer.png: $chain"
    chain=$chain,maxpool:2
done
