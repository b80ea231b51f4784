#compdef convtool
# zsh completion for convtool. The program itself says what fits: `convtool completion words`.

_convtool() {
    local program=${(Q)words[1]} files prefix line text
    local -a lines open open_shown whole whole_shown
    program=${program/#\~\//$HOME/}
    lines=("${(@f)$("$program" completion words -- \
        "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
    files=$lines[1] prefix=$lines[2]

    # Candidates follow the prefix; a complete one ends in a blank.
    for line in "${(@)lines[3,-1]}"; do
        text=${line%%$'\t'*}
        line=${line#*$'\t'}
        if [[ $text == *' ' ]]; then
            whole+=("${text% }")
            whole_shown+=("${${:-${(r:18:)text} $line}[1,COLUMNS-1]}")
        elif [[ -n $text ]]; then
            open+=("$text")
            open_shown+=("${${:-${(r:18:)text} $line}[1,COLUMNS-1]}")
        fi
    done
    IPREFIX+=$PREFIX[1,$#prefix]
    PREFIX=$PREFIX[$#prefix+1,-1]

    local result=1
    ((${#open})) && compadd -S '' -l -d open_shown -a open && result=0
    ((${#whole})) && compadd -l -d whole_shown -a whole && result=0
    case $files in
    image) _convtool_images && result=0 ;;
    model) _convtool_models && result=0 ;;
    file) _files && result=0 ;;
    esac
    return result
}

# Images first, then everything else.
_convtool_images() {
    local images='*.(#i)(png|jpg|jpeg|pgm|ppm|pnm|pam|pfm)' result=1
    _path_files -V images -g "$images(-.)" && result=0
    _path_files -V folders -/ && result=0
    _path_files -V files -g "^$images(-.)" && result=0
    return result
}

_convtool_models() {
    local result=1
    _path_files -V models -g '*.(#i)onnx(-.)' && result=0
    _path_files -V folders -/ && result=0
    return result
}

if [[ $funcstack[1] == _convtool ]]; then _convtool "$@"; else compdef _convtool convtool; fi
