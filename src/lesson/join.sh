#!/bin/sh
# Puts the page into one file: join.sh PARTS EMBEDDED.json ENGINE.wasm >index.html
# PARTS is the folder of page.html. Each module becomes a function that returns what it exports, so
# that names stay its own; main.js comes last, as it is. No other tool is needed than awk.
set -eu
parts=$1 embedded=$2 engine=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# order FILE: the modules that it imports, before itself, each once.
order() {
    case " $done_ " in *" $1 "*) return ;; esac
    done_="$done_ $1"
    # shellcheck disable=SC2013 # words: file names without blanks
    for other in $(sed -n 's:.*from "\./\(.*\)";$:\1:p' "$parts/$1"); do
        order "$other"
    done
    echo "$1"
}

# module FILE: import {a, b} from "./x.js" becomes const {a, b} = in_x; export goes away.
module() {
    name=$(basename "$1" .js | tr - _)
    [ "$1" = main.js ] || echo "const in_$name = (() => {"
    awk '
        /^import / { holding = 1; text = "" }
        holding {
            text = text $0 " "
            if ($0 !~ /;$/) next
            holding = 0
            file = text
            sub(/.*from "\.\//, "", file); sub(/\.js".*/, "", file); gsub(/-/, "_", file)
            sub(/^import /, "const ", text); sub(/ from .*/, " = in_" file ";", text)
            print text
            next
        }
        /^export / {
            sub(/^export /, "")
            word = $0
            sub(/^(async )?(function|const|class|let) /, "", word)
            sub(/[^A-Za-z0-9_$].*/, "", word)
            exports = exports (exports ? ", " : "") word
        }
        /^ *\/\// { next }
        { print }
        END { if (exports) print "return { " exports " };" }
    ' "$parts/$1"
    [ "$1" = main.js ] || echo "})();"
}

done_=
for file in $(order main.js); do
    module "$file"
done >"$work/script"
cat "$parts"/*.css >"$work/css"
gzip -9 -n -c "$engine" | base64 -w 0 >"$work/engine"
cp "$embedded" "$work/embedded"

# The marks stand alone in their lines, or between tags.
awk -v work="$work" '
    match($0, /\/\*@[a-z]+@\*\//) {
        name = substr($0, RSTART + 3, RLENGTH - 6)
        printf "%s", substr($0, 1, RSTART - 1)
        while ((getline line < (work "/" name)) > 0) print line
        print substr($0, RSTART + RLENGTH)
        next
    }
    { print }
' "$parts/page.html"
