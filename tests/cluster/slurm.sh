# For tests/cluster.sh: a Slurm array on two nodes, of which one dies.

write_slurm_conf() { # PORT PORT PORT
    cat >slurm.conf <<END
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$1
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$here/munge.socket,cred_expire=10
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool-%n
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdTimeout=6
KillWait=2
SchedulerParameters=sched_interval=2
JobRequeue=1
NodeName=n1 NodeAddr=127.0.0.1 NodeHostname=$(hostname -s) Port=$2 CPUs=1
NodeName=n2 NodeAddr=127.0.0.1 NodeHostname=$(hostname -s) Port=$3 CPUs=1
PartitionName=p Nodes=ALL Default=YES MaxTime=10 State=UP
END
}

start_slurm() {
    # shellcheck disable=SC2046 # three numbers
    write_slurm_conf $(free_ports 3)
    export SLURM_CONF="$here/slurm.conf"
    mkdir state
    head -c 128 /dev/urandom >munge.key
    chmod 400 munge.key
    start munged munged -F --force --key-file "$here/munge.key" --socket "$here/munge.socket" \
        --pid-file "$here/munge.pid" --log-file "$here/munge.log" --seed-file "$here/munge.seed"
    until_true 10 test -S munge.socket
    start slurmctld slurmctld -D -c
    for node in n1 n2; do
        start "$node" slurmd -D -N "$node"
        node_pid=$! # n2's, which is the last
    done
    until_true 30 two_idle
}

two_idle() {
    [ "$(timeout 5 sinfo -h -N -o %T | grep -c '^idle$')" -eq 2 ]
}

queue_is_empty() {
    queue=$(timeout 5 squeue -h) && [ -z "$queue" ]
}

# What the nodes' jobs are told; a task that is run again waits for cred_expire's seconds.
on_n2() {
    # shellcheck disable=SC2046 # names of files
    grep -lsz '^SLURMD_NODENAME=n2$' $(ours | sed 's:.*:/proc/&/environ:') /dev/null |
        sed 's:/proc/\([0-9]*\)/.*:\1:'
}

try_slurm() {
    for program in munged slurmctld slurmd sbatch; do
        if ! command -v $program >/dev/null; then
            skip "no $program here (Debian: slurm-wlm, munge), so no Slurm array was run"
            return
        fi
    done
    if ! getent hosts "$(hostname)" >/dev/null; then
        skip "this host's name has no address, which Slurm needs, so no Slurm array was run"
        return
    fi
    check "slurm: both nodes are up" start_slurm || return
    mkdir -p slurm/logs
    array=$(sbatch --parsable --array=1-$shares --cpus-per-task=1 --time=5 \
        --output="$here/slurm/logs/%a" "$cluster/array.sh" "$chain" list "slurm/edges/$names" \
        slurm/reports)
    sbatch --parsable --dependency="afterany:$array" --time=5 --output="$here/slurm/merged" \
        --wrap "$cluster/merge -0 --outputs list slurm/reports/*.jsonl" >/dev/null
    check "slurm: a task on n2 was caught in the middle" until_true 60 stop_in_the_middle on_n2 ||
        return
    # n2 goes: slurmd, slurmstepd (the task's parent), the task.
    step=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$victim/status")
    [ "$step" -gt 1 ] && kill -KILL "$node_pid" "$step" "$victim"
    check "slurm: the array ended" until_true 120 queue_is_empty
    cut=$(basename "$report" .jsonl)
    check "slurm: the report of the killed task is cut" is_not grep '"images":' "$report"
    check "slurm: the task ran again" grep '"kept":[1-9][0-9]*,' "slurm/reports/${cut%-0}-1.jsonl"
    check_all slurm
    check "slurm: merge as a job that depends on the array" \
        grep -x "$images images: .*, 0 failed, 0 missing; .*" slurm/merged
    stop_all
    check "slurm: nothing is left running" nothing_runs
}
