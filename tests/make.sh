#!/bin/sh
# What `make` says, and what `make install` installs.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
unset MAKEFLAGS MAKELEVEL V # those of the make that runs the tests
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0 failed=0

expect() { # WHAT GOT EXPECTED
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n--- got\n%s\n--- expected\n%s\n' "$1" "$2" "$3"
    fi
}

one=$folder/src/base/error.o
expect "make" "$(make BUILD="$folder" "$one" 2>&1)" "  CC src/base/error.c"
rm "$one"
expect "make -s" "$(make -s BUILD="$folder" "$one" 2>&1)" ""
rm "$one"
expect "make V=1: a line, and what it names" \
    "$(make V=1 BUILD="$folder" "$one" 2>&1 | sed -n 's/.* -c -o .* \(src.*\)/\1/p')" \
    "src/base/error.c"
expect "make CFLAGS=...: compiled again" "$(make BUILD="$folder" CFLAGS=-O1 "$one" 2>&1)" \
    "  CC src/base/error.c"

# A packager's flags are added to what the program needs itself.
commands=$(make -n V=1 BUILD="$folder" CPPFLAGS=-DMORE LDFLAGS=-Wl,-O1 LDLIBS=-lrt all)
compiled=$(printf '%s\n' "$commands" | grep -e ' -c -o .*src/app/main.c')
linked=$(printf '%s\n' "$commands" | grep -e ' -o [^ ]*/convtool ')
expect "make CPPFLAGS=..." "$(echo "$compiled" | grep -Eo -e '-(Isrc|D_GNU_SOURCE|DMORE)')" "-Isrc
-D_GNU_SOURCE
-DMORE"
expect "make LDFLAGS=... LDLIBS=..." "$(echo "$linked" | grep -Eo -e '-(Wl,-O1|lm|lrt)')" "-Wl,-O1
-lm
-lrt"

warned="CPPFLAGS=-include $folder/warned.h"
echo 'static int unused;' >"$folder/warned.h"
rm "$one"
make -s BUILD="$folder" "$warned" "$one" 2>/dev/null
expect "make: a warning is an error" "$?" 2
make -s BUILD="$folder" "$warned" WERROR= "$one" 2>/dev/null
expect "make WERROR=: a warning isn't" "$?" 0

# Without libchafa: --view says what is missing.
cat >"$folder/view.c" <<'END'
#include <stdio.h>

#include "codec/terminal/terminal.h"

int main(void) {
    ct_error err;
    const codec_terminal_of of = {.columns = 80, .rows = 24};
    printf("%s\n", codec_terminal_library() ? codec_terminal_library() : "none");
    puts(codec_terminal_new(&of, &err) ? "a terminal" : err.text);
    return 0;
}
END
parts="base/error base/text base/number codec/terminal/canvas codec/terminal/terminal"
objects=$(for part in $parts; do echo "$folder/src/$part.o"; done)
# shellcheck disable=SC2086 # a list of words
make -s BUILD="$folder" VIEW=no $objects
# shellcheck disable=SC2086
cc -Isrc -o "$folder/view" "$folder/view.c" $objects -lm
expect "make VIEW=no" "$("$folder/view")" "none
not in this build, which has no libchafa; install libchafa-dev and libglib2.0-dev, and build again"

# Like a cross compiler's strip: it prints what it was called with.
# shellcheck disable=SC2016 # its own $1
printf '#!/bin/sh\nstrip "$1" && echo "stripped $1"\n' >"$folder/strip"
chmod +x "$folder/strip"
root=$folder/root
expect "make install" \
    "$(make BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr STRIP="$folder/strip" install 2>&1)" \
    "  installing into $root/usr
stripped $root/usr/bin/convtool"
page=
if [ -e "$BUILD/lesson/index.html" ]; then
    page="
./usr/share/convtool/lesson/index.html" # where `make lesson` built it
fi
expect "what is installed" "$(cd "$root" && find . -type f | sort)" "./usr/bin/convtool
./usr/share/bash-completion/completions/convtool$page
./usr/share/fish/vendor_completions.d/convtool.fish
./usr/share/man/man1/convtool.1
./usr/share/zsh/site-functions/_convtool"
expect "the installed program" "$("$root/usr/bin/convtool" --version | head -n 1)" \
    "$("${CONVTOOL:-$BUILD/convtool}" --version | head -n 1)"
expect "symbols in it" "$(nm "$root/usr/bin/convtool" 2>&1)" \
    "nm: $root/usr/bin/convtool: no symbols"
make -s BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr uninstall
expect "make uninstall" "$(find "$root" -type f)" ""
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
