#!/bin/sh
# Shows what each layer of the networks that read digits makes of a seven: a picture for each
# network, its layers side by side, and what the network takes the seven for.
#   samples/networks/seven.sh DIRECTORY [IMAGE]
# IMAGE is another digit of 8x8 pixels. Needs netpbm (Debian: apt-get install netpbm) to put the
# pictures together.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: seven.sh DIRECTORY [IMAGE]" >&2
    exit 2
fi
if ! command -v pnmcat >/dev/null 2>&1; then
    echo "seven.sh: pnmcat is missing; it comes with netpbm" >&2
    exit 1
fi
convtool=${CONVTOOL:-convtool}
here=$(dirname "$0")
directory=$1 image=${2:-$here/digits/7.png}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$directory"

# NETWORK LAYER:COLUMNS...    the columns of each layer's sheet make four rows of it
sheets() {
    network=$1
    shift
    n=10
    for layer in "$@"; do
        # Blue is below 0, red above.
        "$convtool" -qf "net:$here/digits-$network.onnx:out=${layer%:*}" --maps \
            --grid "${layer#*:}" --colormap coolwarm --format ppm "$image" "$work/$n.ppm"
        n=$((n + 1))
    done
    pnmcat -lr -jtop -black "$work"/*.ppm >"$work/all.pnm"
    "$convtool" -qf identity "$work/all.pnm" "$directory/$network.png"
    rm "$work"/*
    echo "$directory/$network.png: $*"
    "$convtool" net "$here/digits-$network.onnx" "$image" --labels "$here/labels.txt" --top 3
}

sheets cnn conv1:4 pool1:4 conv2:8 pool2:8
sheets residual relu:4 block1:4 block2:6 block3:6
sheets attention patches:8 attention:1
sheets rnn hidden:1
sheets lstm hidden:1
