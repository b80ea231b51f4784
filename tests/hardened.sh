#!/bin/sh
# The program has the hardening that the Makefile asks for, and so has every object of it. readelf
# tells, from the program and its objects; without readelf nothing is checked.
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

# look yes|no PROGRAM: checks what the linker did. A program that is linked otherwise on purpose may
# have its place.
look() {
    placed=$1
    case " $(sed -n 2p "$BUILD/flags") " in
    *" -static "* | *" -no-pie "*) placed=no ;;
    esac
    expect "$placed" "$2: can be loaded anywhere" 'Type: *DYN' "$(readelf -hW "$2")"
    dynamic=$(readelf -dW "$2")
    segments=$(readelf -lW "$2")
    expect "$1" "$2: immediate binding" 'FLAGS_1.*NOW' "$dynamic"
    expect "$1" "$2: relocations that become read-only" 'GNU_RELRO' "$segments"
    expect yes "$2: a stack that isn't executable" 'GNU_STACK .* RW ' "$segments"
}

# look_inside STACK FORTIFIED WHAT OBJECT...: checks what the compiler did, which the libraries' own
# symbols in the program would hide; STACK and FORTIFIED are yes or no.
look_inside() {
    stack=$1 fortified=$2 what=$3
    shift 3
    symbols=$(readelf -sW "$@")
    expect "$stack" "$what: a stack protector" 'UND __stack_chk_fail' "$symbols"
    expect "$fortified" "$what: _FORTIFY_SOURCE" 'UND __v?snprintf_chk' "$symbols"
}

# Whether _FORTIFY_SOURCE does anything: it needs optimisation, and a C library that has the checked
# functions.
can_fortify() {
    sed -n 1p "$BUILD/flags" | grep -q -e ' -O[^0 ]' &&
        echo 'int __snprintf_chk(void); int main(void) { return __snprintf_chk(); }' |
        ${CC:-cc} -w -x c - -o "$bare" 2>/dev/null
}

# protects FLAG COMMAND: whether the command has the flag, and none that takes it back.
protects() {
    case " $2 " in
    *" -fno-stack-"* | *" -fno-PIE "* | *" -fno-pie "* | *" -no-pie "*) false ;;
    *" -f"*"=none "* | *" -mbranch-protection=none "*) false ;;
    *" -D_FORTIFY_SOURCE="*" -U_FORTIFY_SOURCE "* | *" -D_FORTIFY_SOURCE=0 "*) false ;;
    *" $1 "*) true ;;
    *) false ;;
    esac
}

# keeps FLAG COMMANDS WHAT: every line of the commands has it.
keeps() {
    lost=$(printf '%s\n' "$2" | while IFS= read -r command; do
        protects "$1" "$command" || echo "$command"
    done)
    expect no "$3: without $1: $lost" . "$lost"
}

if ! command -v readelf >/dev/null; then
    echo "no readelf here, so nothing was looked at"
    echo "1 passed, 0 failed"
    exit 0
fi

bare=$BUILD/tests/bare
if can_fortify; then fortify=yes; else fortify=no; fi

# The checks must notice a program without hardening.
printf '%s\n' '#include <stdio.h>' \
    'int main(int n, char **v) { char a[99]; return snprintf(a, sizeof a, v[0], n) + a[n]; }' \
    >"$bare.c"
${CC:-cc} -O2 -U_FORTIFY_SOURCE -fno-stack-protector -fcf-protection=none -w \
    -no-pie -Wl,-z,norelro,-z,lazy -o "$bare" "$bare.c" || exit 1
look no "$bare"
look_inside no no "$bare" "$bare"
look yes "$CONVTOOL"

set -- # the objects of existing sources, no old ones
for source in src/*/*.c src/*/*/*.c third_party/*.c; do
    [ -e "$BUILD/${source%.c}.o" ] && set -- "$@" "$BUILD/${source%.c}.o"
done
for object in "$BUILD"/src/conv/rows/rows-*.o; do
    set -- "$@" "$object"
done
look_inside yes "$fortify" "all objects together" "$@"

# An object without arrays needs no stack protector, and shows nothing; but the compiler was called
# with the flag. make says how it would be called for each object, and gcc -g has written down how
# it was.
commands=$(make -nB V=1 BUILD="$BUILD" all 2>/dev/null |
    sed -e ':more' -e '/\\$/{N;s/\\\n//;b more' -e '}' | grep -e ' -c -o ')
expect yes "make: the command for each object" 'src/app/main.c' "$commands"
written=$(for object in "$@"; do
    readelf -p .debug_str "$object" 2>/dev/null | sed -n "s:.*GNU C.* -g .*:& $object:p"
done)
flags=$(sed -n 1p "$BUILD/flags" |
    grep -Eo -e ' -f(stack|cf)-[^ ]*| -fPIE| -mbranch-[^ ]*| -D_FORTIFY_[^ ]*')
for flag in $flags; do
    keeps "$flag" "$commands" "make"
    case $flag in
    -fstack-* | -fPIE) [ -z "$written" ] || keeps "$flag" "$written" "gcc" ;;
    esac
done
for command in "cc -c a.c" "cc -fstack-protector-strong -fno-stack-protector -c a.c" \
    "cc -fstack-protector-strong -D_FORTIFY_SOURCE=3 -U_FORTIFY_SOURCE -c a.c"; do
    expect no "$command" hardened "$(protects -fstack-protector-strong "$command" && echo hardened)"
done

# A linker marks the program only if every object is marked; ours are, Debian's crt1.o isn't.
if grep -q -e -fcf-protection "$BUILD/flags"; then
    expect no "$bare: control-flow protection" 'IBT, SHSTK' "$(readelf -nW "$bare")"
    for object in "$@"; do
        expect yes "$object: control-flow protection" 'IBT, SHSTK' "$(readelf -nW "$object")"
    done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
