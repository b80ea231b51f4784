#!/bin/sh
# Writes the page's pictures, digits and networks as JSON: embed.sh NETWORK...
set -eu
cd "$(dirname "$0")/../../samples"

base64_of() {
    base64 -w 0 "$1"
}

printf '{"pictures":{"cat":"data:image/png;base64,%s",' "$(base64_of chelsea.png)"
printf '"coffee":"data:image/jpeg;base64,%s"},' "$(base64_of coffee.jpg)"
printf '"digits":['
for digit in 0 1 2 3 4 5 6 7 8 9; do
    [ "$digit" -eq 0 ] || printf ,
    printf '"%s"' "$(base64_of networks/digits/$digit.png)"
done
printf '],"networks":{'
between=
for network in "$@"; do
    printf '%s"%s":"%s"' "$between" "$network" "$(base64_of "networks/digits-$network.onnx")"
    between=,
done
printf '}}\n'
