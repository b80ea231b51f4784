#!/bin/sh
# Installs the Debian packages that a task needs and that are missing.
#   third_party/install.sh build|test|train|lesson|browser|published|cluster|fuzz|bench|cross...
set -eu

# To add a package: name it in the group that needs it.
packages_of() {
    case $1 in
    build) echo gcc libc6-dev pkg-config libstb-dev libisal-dev libdeflate-dev \
        libjpeg62-turbo-dev libonnx-dev libprotobuf-c-dev protobuf-c-compiler \
        libchafa-dev libglib2.0-dev ;;
    test) echo binutils check clang clang-format ffmpeg mandoc netpbm shellcheck tmux zsh fish \
        libpng-dev pngcheck imagemagick libjpeg-turbo-progs golang-1.19-src \
        golang-github-disintegration-imaging-dev libonnx-testdata libvips-tools python3 \
        python3-matplotlib python3-numpy python3-onnx python3-opencv python3-pil python3-scipy \
        python3-skimage python3-torch ;;
    # For the scripts in samples/networks; the networks that they made lie there.
    train) echo python3 python3-numpy python3-onnx python3-pil python3-skimage python3-sklearn \
        python3-torch lomiri-wallpapers-16.04 ;;
    # The page's engine. clang 14, Debian 12's own, makes code for WebAssembly that is much slower.
    lesson) echo clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32 ;;
    browser) echo chromium fonts-dejavu-core fonts-wqy-zenhei ;;
    # Node.js from elsewhere brings npm along, and doesn't go with Debian's.
    published) command -v npm >/dev/null 2>&1 || echo nodejs npm ;;
    # Some of these start services where systemd runs, so they're installed only if asked for.
    cluster) echo munge openssh-server parallel slurm-wlm ;;
    fuzz) echo clang libclang-rt-14-dev ;;
    bench) echo python3 python3-numpy python3-onnx python3-opencv python3-pandas python3-pil \
        python3-torch ffmpeg libvips-tools graphicsmagick imagemagick lomiri-wallpapers-16.04 ;;
    cross) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user ;;
    *)
        echo "install.sh: unknown group '$1'; expected build, test, train, lesson," \
            "browser, published, cluster, fuzz, bench or cross" >&2
        return 2
        ;;
    esac
}

wanted=
for group in "$@"; do
    names=$(packages_of "$group")
    wanted="$wanted $names"
done

missing=
if command -v dpkg-query >/dev/null 2>&1; then
    # shellcheck disable=SC2086 # a list of words
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true)
    for package in $wanted; do
        echo "$installed" | grep -qx "installed $package" || missing="$missing $package"
    done
    if [ -z "$missing" ]; then
        exit 0
    fi
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "install.sh: no apt-get here, so nothing was installed; these Debian packages are" \
        "needed:$wanted" >&2
    exit 0
fi

root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "install.sh: as root, please install:$missing" >&2
        exit 1
    fi
    root=sudo
fi
echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words
if ! { $root apt-get -q update &&
    $root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "install.sh: apt-get couldn't install:$missing" >&2
    exit 1
fi
