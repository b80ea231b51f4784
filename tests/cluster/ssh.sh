# For tests/cluster.sh: GNU parallel through two ssh servers, of which one dies.

start_sshd() { # NAME PORT
    cat >"$1.conf" <<END
Port $2
ListenAddress 127.0.0.1
HostKey $here/key
PidFile none
AuthorizedKeysFile $here/key.pub
StrictModes no
UsePAM no
PasswordAuthentication no
END
    cat >>ssh.conf <<END
Host $1
    HostName 127.0.0.1
    Port $2
    User $(id -un)
    IdentityFile $here/key
    IdentitiesOnly yes
    UserKnownHostsFile $here/known
    StrictHostKeyChecking accept-new
    LogLevel ERROR
END
    start "$1" "$(command -v sshd)" -D -e -f "$here/$1.conf"
}

start_both_sshd() {
    if [ "$(id -u)" -eq 0 ] && mkdir -m 755 /run/sshd 2>/dev/null; then
        made_run=/run/sshd
    fi
    ssh-keygen -q -t ed25519 -N '' -f key
    # shellcheck disable=SC2046 # two numbers
    set -- $(free_ports 2)
    start_sshd m1 "$1"
    start_sshd m2 "$2"
    m2_pid=$!
    until_true 10 ssh -nF ssh.conf m1 true && until_true 10 ssh -nF ssh.conf m2 true
}

below_m2() {
    below "$m2_pid"
}

try_ssh() {
    for program in parallel sshd ssh; do
        if ! command -v $program >/dev/null; then
            skip "no $program here (Debian: parallel, openssh-server), so nothing went over ssh"
            return
        fi
    done
    export PARALLEL_HOME="$here/parallel" # not in the user's home
    if ! parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
        skip "parallel isn't GNU parallel, so nothing went over ssh"
        return
    fi
    check "ssh: both servers are up" start_both_sshd || return
    SSH="ssh -F $here/ssh.conf" "$cluster/over-ssh.sh" m1,m2 $shares \
        "$chain" list "ssh/edges/$names" ssh/reports >ssh.log 2>&1 &
    batch=$!
    check "ssh: a share on m2 was caught in the middle" until_true 60 stop_in_the_middle below_m2 ||
        return
    # m2 goes: the server and its sessions. The share may go on: it isn't told.
    # shellcheck disable=SC2046 # numbers
    kill -KILL "$m2_pid" $(sessions)
    kill -CONT "$victim"
    wait "$batch"
    check "ssh: all shares ended well" test $? -eq 0
    check "ssh: a share was begun again" \
        test "$(find ssh/reports -name '*.jsonl' | wc -l)" -gt "$shares"
    check_all ssh
    stop_all
    check "ssh: nothing is left running" nothing_runs
}

# The processes of m2's connections.
sessions() {
    for pid in $(below_m2); do
        ! grep -qs '^Name:.sshd' "/proc/$pid/status" || echo "$pid"
    done
}
