#!/bin/sh
# Every file compiles with clang too, with warnings as errors; `make check-clang` runs the results.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
unset MAKEFLAGS # those of the make that runs the tests
if make -s -j"$(nproc)" CC=clang BUILD="$BUILD/clang" CFLAGS=-O1 all tests; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
