#!/bin/sh
# Every file compiles with clang too, warnings being errors, and the engine agrees with the oracle.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
if make -s CC=clang BUILD="$BUILD/clang" CFLAGS=-O1 all tests; then
    echo "1 passed, 0 failed"
else
    echo "0 passed, 1 failed"
    exit 1
fi
