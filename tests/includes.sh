#!/bin/bash
# The include rules: which room may include which, and who may include third-party headers.
# Checks the tree, after showing on a bad one that it would notice.
set -u
cd "$(dirname "$0")/.." || exit 1

# room: the rooms whose headers it may include. To add a room: a line here.
allowed='
base: base
conv: conv base
filter: filter conv base
codec: codec base
flow: flow codec conv base
app: app flow codec filter conv base
third_party: third_party codec base
'
# The C library and the system, as every room may include them (and <sys/...>).
system='assert complex ctype errno fcntl fenv float getopt inttypes limits locale math poll pthread
signal stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings time unistd
dirent fnmatch glob immintrin langinfo libgen sched termios wchar wctype'

# Prints every include of the tree $1 that breaks a rule.
broken_includes() {
    (cd "$1" && grep -rn --include='*.[ch]' -E '^[[:space:]]*#[[:space:]]*include' src third_party) |
        awk -v allowed="$allowed" -v system_headers="$system" '
        BEGIN {
            n = split(allowed, lines, "\n")
            for (i = 1; i <= n; i++) {
                m = split(lines[i], words, /[: ]+/)
                for (k = 2; k <= m; k++) may[words[1], words[k]] = 1
                if (m) rooms[words[1]] = 1
            }
            n = split(system_headers, words, /[ \n]+/)
            for (i = 1; i <= n; i++) is_system[words[i] ".h"] = 1
        }
        {
            split($0, field, ":")
            split(field[1], path, "/")
            room = path[1] == "third_party" ? "third_party" : path[2]
            header = $0
            quoted = header ~ /include[ \t]*"/
            sub(/^.*include[ \t]*["<]/, "", header)
            sub(/[">].*$/, "", header)
            split(header, part, "/")
            if (!(room in rooms)) why = "is in a folder that has no rule"
            else if (quoted && (room, part[1]) in may) next
            else if (!quoted && (header in is_system || part[1] == "sys")) next
            else if (quoted && part[1] in rooms) why = "includes upward"
            else if (room == "codec" || room == "third_party") next
            else why = "includes a header that only src/codec and third_party may"
            print field[1] ":" field[2] ": " why ": " header
        }'
}

passed=0 failed=0
expect() { # what is checked, how many broken includes there should be, the tree
    local found count
    found=$(broken_includes "$3")
    count=$(printf %s "$found" | grep -c .)
    if [ "$count" -eq "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$1: $count broken includes, expected $2"
        printf '%s\n' "$found"
    fi
}

bad=$(mktemp -d)
trap 'rm -rf "$bad"' EXIT
try() { # one include line in one file of a tree that has nothing else
    rm -rf "${bad:?}"/*
    mkdir -p "$bad/$(dirname "$1")" "$bad/src" "$bad/third_party"
    echo "$2" >"$bad/$1"
    expect "'$2' in $1" "$3" "$bad"
}
try src/conv/a.c '#include "conv/conv.h"' 0
try src/flow/a.c '#include "codec/codec.h"' 0
try src/codec/a.c '#include <stb/stb_image.h>' 0
try src/base/a.c '#  include <stdio.h>' 0
try src/conv/a.c '#include "filter/filter.h"' 1
try src/base/a.h '#include "conv/conv.h"' 1
try src/filter/a.c '#include "codec/codec.h"' 1
try src/codec/a.c '#include "conv/conv.h"' 1
try src/codec/a.c '#include "flow/flow.h"' 1
try src/flow/a.c '#include "filter/filter.h"' 1
try src/flow/a.c ' # include "app/options.h"' 1
try src/app/a.c '#include <stb/stb_image.h>' 1
try src/conv/a.c '#include "stb_image.h"' 1
try src/new/a.c '#include <stdio.h>' 1

expect "this tree" 0 .
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
