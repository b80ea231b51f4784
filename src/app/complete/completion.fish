# fish completion for convtool. The program itself says what fits: `convtool completion words`.

function __convtool_candidates
    set -l words (commandline -opc)
    set -l word (commandline -ct | string replace -r '^[\'"]' '')
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l lines ($program completion words -- $words[2..-1] "$word" 2>/dev/null)
    set -l files $lines[1]
    set -l prefix $lines[2]
    set -l candidates (string replace ' '\t \t -- $lines[3..-1])

    # fish adds a blank to an only candidate; where more can follow, the same with a comma is
    # offered too, to prevent that.
    if test (count $candidates) -eq 1
        set -l parts (string split \t -- $candidates[1])
        if test "$lines[3]" = "$candidates[1]"; and not string match -qr '[:=]$' -- $parts[1]
            set -a candidates "$parts[1],"\t"add another stage"
        end
    end
    for candidate in $candidates
        echo -- $prefix$candidate
    end

    test "$files" = none; and return
    set -l typed (string sub -s (math (string length -- "$prefix") + 1) -- "$word")
    set -l found (complete -C "__fish_command_without_completions $typed")
    if test "$files" = image # these first
        set -p found (string match -r '(?i).*\.(?:png|jpe?g|p[gpna]m|pfm)$' -- $found)
    end
    if test "$files" = model
        set found (string match -r '(?i).*(?:\.onnx|/)$' -- $found)
    end
    for file in $found
        echo -- $prefix$file
    end
end

complete -c convtool -f -k -a '(__convtool_candidates)'
