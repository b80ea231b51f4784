# For tests/cluster.sh: starting, finding and ending processes. $here is the test's folder, and the
# current one.

# start NAME COMMAND...: starts a daemon in the background.
start() {
    log=$here/$1.log
    shift
    "$@" >"$log" 2>&1 &
}

# Numbers of TCP ports that nobody uses.
free_ports() {
    /usr/bin/python3 -c 'import socket, sys
sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in sockets])' "$1"
}

# The processes that PID started, and those that they started.
below() {
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (.*) [A-Za-z] / /' | awk -v top="$1" '
        { parent[$1] = $2 }
        END {
            for (p in parent)
                for (q = p; q in parent && q > 1; q = parent[q])
                    if (parent[q] == top) { print p; break }
        }'
}

# The processes that have our folder among their arguments or in their environment: all those of
# the daemons. None but ours can, as the folder's name is new; what looks for them has it in a file.
ours() {
    env -i PATH="$PATH" sh -c 'unset PWD
        grep -lsF -f folder /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr -dc "0-9\n" | sort -u'
}

nothing_runs() {
    for pid in $(ours); do
        [ ! -r "/proc/$pid/cmdline" ] || echo "$pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")"
    done >running
    cat running
    [ ! -s running ]
}

# Ends all of them, first by asking, and what they started.
stop_all() {
    for signal in TERM KILL KILL; do
        # shellcheck disable=SC2046 # numbers
        set -- $(for pid in $(ours); do echo "$pid" && below "$pid"; done)
        [ $# -gt 0 ] || break
        kill -CONT "$@" 2>/dev/null
        kill -"$signal" "$@" 2>/dev/null
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            [ -n "$(ours)" ] || break
            sleep 0.2
        done
    done
}

# until_true SECONDS COMMAND...: waits until the command succeeds.
until_true() {
    last=$(($(date +%s) + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt "$last" ] || return 1
        sleep 0.1
    done
}

# stop_in_the_middle CANDIDATES: stops a convtool that has done some of its share, but not all. Sets
# `victim`, its process, and `report`. CANDIDATES is a command that prints processes to try.
stop_in_the_middle() {
    for pid in $("$1"); do
        report=$(readlink "/proc/$pid/fd/1" 2>/dev/null) || continue
        case $report in "$here"/*.jsonl) ;; *) continue ;; esac
        grep -qs -e --shard "/proc/$pid/cmdline" || continue
        [ "$(wc -l <"$report")" -ge 20 ] || continue
        kill -STOP "$pid" || continue
        victim=$pid
        grep -q '"images":' "$report" || return 0
        kill -CONT "$pid"
    done
    return 1
}
