#!/bin/sh
# Unpacks Debian's Check library for arm64 below DIRECTORY, without touching the machine's own
# packages: apt runs with its own lists, status and architecture.
#   tests/arm64-check.sh DIRECTORY
set -eu
here=$(mkdir -p "$1" && cd "$1" && pwd)
[ -e "$here/usr/lib/aarch64-linux-gnu/libcheck.a" ] && exit 0

mkdir -p "$here/apt/lists/partial" "$here/apt/cache/archives/partial"
: >"$here/apt/status"
cat >"$here/apt/apt.conf" <<EOF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "";
Dir::State "$here/apt";
Dir::State::status "$here/apt/status";
Dir::State::lists "$here/apt/lists";
Dir::Cache "$here/apt/cache";
EOF
cd "$here/apt"
export APT_CONFIG="$here/apt/apt.conf"
apt-get -q update
apt-get -q download check libsubunit-dev
for package in *.deb; do
    dpkg-deb -x "$package" "$here"
done
rm -rf "$here/apt"
