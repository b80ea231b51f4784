#!/bin/sh
# The program has the hardening that the Makefile asks for. readelf tells, from the program and its
# objects; without readelf nothing is checked.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
CONVTOOL=${CONVTOOL:-$BUILD/convtool}
passed=0 failed=0

# expect yes|no WHAT PATTERN TEXT: whether a line of the text matches.
expect() {
    if printf '%s\n' "$4" | grep -Eq "$3"; then found=yes; else found=no; fi
    if [ $found = "$1" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$2: found: $found; expected: $1"
    fi
}

# look yes|no PROGRAM: checks what the linker did.
look() {
    dynamic=$(readelf -dW "$2")
    segments=$(readelf -lW "$2")
    expect "$1" "$2: immediate binding" 'FLAGS_1.*NOW' "$dynamic"
    expect "$1" "$2: relocations that become read-only" 'GNU_RELRO' "$segments"
    expect yes "$2: a stack that isn't executable" 'GNU_STACK .* RW ' "$segments"
}

# look_inside yes|no WHAT OBJECT...: checks what the compiler did, which the libraries' own symbols
# in the program would hide.
look_inside() {
    expected=$1 what=$2
    shift 2
    symbols=$(readelf -sW "$@")
    expect "$expected" "$what: a stack protector" 'UND __stack_chk_fail' "$symbols"
    expect "$expected" "$what: _FORTIFY_SOURCE" 'UND __v?snprintf_chk' "$symbols"
}

if ! command -v readelf >/dev/null; then
    echo "no readelf here, so nothing was looked at"
    echo "1 passed, 0 failed"
    exit 0
fi

# The checks must notice a program without hardening.
bare=$BUILD/tests/bare
printf '%s\n' '#include <stdio.h>' \
    'int main(int n, char **v) { char a[99]; return snprintf(a, sizeof a, v[0], n) + a[n]; }' \
    >"$bare.c"
${CC:-cc} -O2 -U_FORTIFY_SOURCE -fno-stack-protector -fcf-protection=none -w \
    -Wl,-z,norelro,-z,lazy -o "$bare" "$bare.c" || exit 1
look no "$bare"
look_inside no "$bare" "$bare"
look yes "$CONVTOOL"

set -- # the objects of existing sources, no old ones
for source in src/*/*.c src/*/*/*.c; do
    [ -e "$BUILD/${source%.c}.o" ] && set -- "$@" "$BUILD/${source%.c}.o"
done
for object in "$BUILD"/src/conv/rows/rows-*.o; do
    set -- "$@" "$object"
done
look_inside yes "all objects together" "$@"

# A linker marks the program only if every object is marked; ours are, Debian's crt1.o isn't.
if grep -q -e -fcf-protection "$BUILD/flags"; then
    expect no "$bare: control-flow protection" 'IBT, SHSTK' "$(readelf -nW "$bare")"
    for object in "$@"; do
        expect yes "$object: control-flow protection" 'IBT, SHSTK' "$(readelf -nW "$object")"
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
