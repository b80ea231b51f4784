# bash completion for convtool. The program itself says what fits: `convtool completion words`.

# What the shell would pass to the program for a piece of the line, whose quote may still be open.
_convtool_unquoted() {
    local piece=$1
    case $piece in
    \'*)
        piece=${piece#\'}
        REPLY=${piece%\'}
        ;;
    \"*)
        piece=${piece#\"}
        REPLY=${piece%\"}
        ;;
    *) # drop a backslash, keep the character after it
        piece=${piece//\\\\/$'\1'}
        piece=${piece//\\/}
        REPLY=${piece//$'\1'/\\}
        ;;
    esac
}

# The words up to the cursor. bash also splits at ':' and '=': pieces with no blank between them are
# one word.
_convtool_words() {
    local rest=$COMP_LINE blanks piece at i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        blanks=${rest%%[![:blank:]]*}
        rest=${rest#"$blanks"}
        piece=${COMP_WORDS[i]}
        at=$((COMP_POINT - ${#COMP_LINE} + ${#rest}))
        rest=${rest#"$piece"}
        if ((i == COMP_CWORD)); then
            piece=${piece:0:at < 0 ? 0 : at}
        fi
        _convtool_unquoted "$piece"
        if [[ $i -eq 0 || -n $blanks ]]; then
            words+=("$REPLY")
        else
            words[${#words[@]} - 1]+=$REPLY
        fi
    done
}

_convtool() {
    local REPLY words files prefix line candidates=() found=() first=()
    _convtool_words
    local word=${words[${#words[@]} - 1]} program=${words[0]/#\~\//$HOME/}
    {
        IFS= read -r files
        IFS= read -r prefix
        while IFS= read -r line; do
            candidates+=("${line%%$'\t'*}")
        done
    } < <("$program" completion words -- "${words[@]:1}" 2>/dev/null)

    if [[ $files != none ]]; then
        while IFS= read -r line; do
            case $files:${line,,} in
            model:*)
                if [[ ${line,,} == *.onnx || -d ${line/#\~\//$HOME/} ]]; then
                    found+=("$line")
                fi
                ;;
            image:*.png | image:*.jp*g | image:*.p[gpnaf]m) first+=("$line") ;;
            *) found+=("$line") ;;
            esac
        done < <(compgen -f -- "${word#"$prefix"}")
    fi
    found=("${first[@]}" "${found[@]}")
    if ((${#found[@]})); then
        # Quoted where they need it, a slash after folders, images first.
        compopt -o filenames -o nosort 2>/dev/null
        candidates=("${candidates[@]% }" "${found[@]}")
    else
        compopt -o nospace 2>/dev/null # a complete candidate ends in a blank
    fi

    # readline replaces only the last piece of the word.
    _convtool_unquoted "$2"
    local keep=${word%"$REPLY"}
    COMPREPLY=()
    for line in "${candidates[@]}"; do
        line=$prefix$line
        COMPREPLY+=("${line#"$keep"}")
    done
}
complete -F _convtool convtool
