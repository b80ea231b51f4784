#!/bin/bash
# PNGs that we write, checked by pngcheck and read back by ImageMagick; and PNGs that ImageMagick
# writes, read by us. Without those programs nothing is checked.
set -u
cd "$(dirname "$0")/.." || exit 1
CONVTOOL=${CONVTOOL:-${BUILD:-build}/convtool}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0 failed=0

check() { # what is checked, and a command that should succeed
    local what=$1
    shift
    if "$@" >"$folder/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$what:"
        cat "$folder/log"
    fi
}

# The images are the same, sample for sample.
same() {
    [ "$(compare -metric AE "$1" "$2" null: 2>&1)" = 0 ]
}

# Our output as PNG and as PAM: ImageMagick must read the same from both.
try() { # name, chain, input, options
    local name=$1 chain=$2 input=$3
    shift 3
    check "$name is written" "$CONVTOOL" -q "$chain" "$@" "$input" "$folder/$name.png"
    check "$name as PAM" "$CONVTOOL" -q "$chain" "$input" "$folder/$name.pam" "${depth[@]}"
    if command -v pngcheck >/dev/null; then
        check "pngcheck of $name" pngcheck -q "$folder/$name.png"
    fi
    if command -v compare >/dev/null; then
        check "ImageMagick's reading of $name" same "$folder/$name.png" "$folder/$name.pam"
    fi
}

depth=()
for level in 0 1 2 3 4 5 6 7 8 9; do
    try "edges-$level" sobel samples/chelsea.png --compression "$level"
    try "sharp-$level" sharpen samples/chelsea.png --compression "$level"
done
if "$CONVTOOL" --version | grep -q 'png .*ISA-L'; then
    depth=(--depth 16)
    try "deep-gray" gaussian:2,gray samples/chelsea.png --depth 16
    try "deep-colour" gaussian:2 samples/chelsea.png --depth 16 --compression 9
fi
depth=()
if command -v convert >/dev/null; then
    for kind in PNG8 PNG24 PNG32 PNG48 PNG64; do
        for interlace in None PNG; do
            convert samples/chelsea.png -interlace "$interlace" "$kind:$folder/theirs.png"
            check "ImageMagick's $kind, interlace $interlace" \
                "$CONVTOOL" -q identity "$folder/theirs.png" "$folder/theirs.pam"
            check "pixels of ImageMagick's $kind, interlace $interlace" \
                same "$folder/theirs.png" "$folder/theirs.pam"
        done
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
