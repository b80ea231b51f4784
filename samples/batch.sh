#!/bin/sh
# Runs a chain over every PNG and JPEG of a folder, into another folder, keeping the names.
#   samples/batch.sh CHAIN FROM TO
# Existing outputs are kept: run it again after adding images.
set -eu

if [ $# -ne 3 ]; then
    echo "usage: batch.sh CHAIN FROM TO" >&2
    exit 2
fi
convtool=${CONVTOOL:-convtool}
chain=$1 from=$2 to=$3

mkdir -p "$to"
set --
for image in "$from"/*.png "$from"/*.jpg "$from"/*.jpeg; do
    if [ -f "$image" ]; then
        set -- "$@" "$image"
    fi
done
if [ $# -eq 0 ]; then
    echo "batch.sh: $from: no PNG or JPEG files" >&2
    exit 1
fi
exec "$convtool" "$chain" --no-clobber "$@" "$to"
