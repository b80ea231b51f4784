#!/bin/sh
# Makes the README's pictures from the samples, with convtool itself:
#   make && CONVTOOL=build/convtool samples/make-images.sh
set -eu
cd "$(dirname "$0")/.."
convtool=${CONVTOOL:-convtool}
out=samples/images
mkdir -p "$out"

# NAME CHAIN INPUT [OPTION]...
picture() {
    name=$1 chain=$2 input=$3
    shift 3
    "$convtool" -qf "$chain" --strip --quality 80 "$@" "$input" "$out/$name.jpg"
}

cat=samples/chelsea.png coffee=samples/coffee.jpg
picture original identity "$cat"
picture sobel sobel "$cat"
picture scharr scharr "$cat" --scale 1/4
picture kirsch kirsch "$cat" --scale 1/3
picture laplacian laplacian "$cat" --map signed
picture dog dog:1:3 "$cat" --map minmax
picture sobel-x sobel:x "$cat" --map signed
picture angle sobel:angle "$cat"
picture emboss emboss "$cat"
picture gaussian gaussian:4 "$cat"
picture unsharp unsharp:2:1.5 "$cat"
picture motion conv:samples/kernels/motion-blur.txt "$cat"
picture coffee identity "$coffee" --pool nearest:2
picture chain gray,gaussian:1.4,sobel,threshold:60 "$cat"
picture maps resize:45%,bank:edges8 "$cat" --maps --grid 4x2
picture layer net:samples/networks/digits-cnn.onnx:out=conv1 samples/networks/digits/7.png --maps \
    --grid 8x2
"$convtool" -q crop:150x100:130:60 "$cat" - |
    "$convtool" compare -f --strip --quality 80 --grid 2x1 --no-original resize:200% \
        net:samples/networks/upscale2.onnx - "$out/network.jpg"
"$convtool" compare -f --strip --quality 80 --grid 3x1 --no-original canny:10%:25%:1.4 \
    log:2,zerocross:1 gray,threshold:otsu "$cat" "$out/compare.jpg"
