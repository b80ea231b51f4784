"""Completion, tried in the shells themselves: on a terminal, key by key. A shell that isn't
installed is skipped, and a line says so."""
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import fcntl
import termios
import time

import onnx_bytes
import support
from support import check, equal, ok

# What is typed, and the line after one press of TAB. Where more can follow, it has no blank at the
# end.
TYPED = [
    # stages: first, and after a comma
    ("sob", "sobel"),
    ("gray,gaus", "gray,gaussian"),
    ("gray,gaussian:1.4,max", "gray,gaussian:1.4,maxpool"),
    ("explain robi", "explain robinson"),
    ("explain gray,robi", "explain gray,robinson"),
    # arguments and their values
    ("sobel:mag", "sobel:magnitude"),
    ("sobel:out=l", "sobel:out=l1"),
    ("sobel:dil", "sobel:dilation="),
    ("sobel:padding=sym", "sobel:padding=symmetric"),
    ("sobel:padding=con", "sobel:padding=constant="),
    ("sobel:stride=2:anch", "sobel:stride=2:anchor="),
    ("maxpool:2:2:ce", "maxpool:2:2:ceil="),
    ("gray,avgpool:count_include_pad=n", "gray,avgpool:count_include_pad=no"),
    # kernels
    ("conv:motion", "conv:motion5"),
    ("gray,conv:kernel=motion", "gray,conv:kernel=motion5"),
    ("conv -k motion", "conv -k motion5 "),
    ("conv -kmotion", "conv -kmotion5 "),
    ("conv --kernel=motion", "conv --kernel=motion5 "),
    ("show motion", "show motion5 "),
    # options and their values, in both forms
    ("sobel --dil", "sobel --dilation "),
    ("sobel --map si", "sobel --map signed "),
    ("sobel --map=si", "sobel --map=signed "),
    ("sobel --ma=si", "sobel --ma=si"),  # ambiguous: --map, --max-...
    ("sobel --pool av", "sobel --pool avg:"),
    ("sobel --pool=av", "sobel --pool=avg:"),
    ("sobel -p sym", "sobel -p symmetric "),
    ("sobel --format=pf", "sobel --format=pfm "),
    ("sobel --depth 1", "sobel --depth 16 "),
    ("sobel --rec", "sobel --recursive "),
    ("sobel --shard au", "sobel --shard auto "),
    ("sobel --vi", "sobel --view"),  # or --view=both
    ("sobel --view=", "sobel --view=both "),
    ("sobel --view noise.pp", "sobel --view noise.ppm "),
    ("sobel --files-from noise.pp", "sobel --files-from noise.ppm "),
    # commands, and what they are asked about
    ("expl", "explain "),
    ("list pad", "list paddings "),
    ("help avg", "help avgpool "),
    ("help circ", "help circular "),
    ("help --poo", "help --pool "),
    ("completion fi", "completion fish "),
    # files, images or not
    ("sobel noise.pp", "sobel noise.ppm "),
    ("sobel in.pgm te", "sobel in.pgm text.txt "),
    ("sobel -q in.pgm -o edg", "sobel -q in.pgm -o edges/"),
    ("explain sobel rgb.", "explain sobel rgb.ppm "),
    ("sobel -- --od", "sobel -- --odd.pgm "),
    # networks
    ("net tw", "net two.onnx "),
    ("net net:tw", "net net:two.onnx "),
    ("gray,net:tw", "gray,net:two.onnx "),
    ("net:two.onnx:out=mid", "net:two.onnx:out=middle"),
    ("net:two.onnx:mid", "net:two.onnx:middle"),
    ("net:two.onnx:ord", "net:two.onnx:order="),
    ("net:two.onnx:order=b", "net:two.onnx:order=bgr"),
    ("net:two.onnx:range=0..255:lay", "net:two.onnx:range=0..255:layout="),
    ("net:two.onnx:layout=h", "net:two.onnx:layout=hwc"),
    ("net two.onnx noise.pp", "net two.onnx noise.ppm "),
    ("net two.onnx pict", "net two.onnx picture="),
    ("net two.onnx picture=noise.pp", "net two.onnx picture=noise.ppm "),
    ("net two.onnx -o mid", "net two.onnx -o middle="),
    ("net -q net:two.onnx:order=bgr pict", "net -q net:two.onnx:order=bgr picture="),
    # names with blanks
    ('conv -k "my ker', 'conv -k "my kernel.txt" '),
    ("conv -k my\\ ker", "conv -k my\\ kernel.txt "),
]
# What is typed, and all that fits.
OFFERED = [
    ("sobel --pool ", "max: avg: min: nearest:"),
    ("sobel:padding=", "mirror symmetric replicate wrap uneven zero constant= keep valid"),
    ("sobel --padding ", "mirror symmetric replicate wrap uneven zero constant= keep valid"),
    ("sobel --map=", "clamp abs signed minmax"),
    ("laplacian:", "4 8 neighbours= padding= pad= stride= dilation= anchor= flip= flip"),
    ("gray,conv:sharp", "sharpen sharpen8"),
    ("conv -k sharp", "sharpen sharpen8"),
    ("list ", "stages kernels banks paddings"),
    ("net:two.onnx:out=", "picture middle last"),
    ("invert:", ""),
    ("sobel noise", "noise.pgm noise.ppm"),
]


class Shell:
    """An interactive shell on a terminal. Its start-up binds C-x d to a function that writes the
    line to the file `line` and clears it, and C-x a to one that inserts all candidates."""

    def __init__(self, arguments, commands):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            environment = {**support.ENVIRONMENT, "HOME": os.getcwd(), "TERM": "xterm", "PS1": "> ",
                           "XDG_CONFIG_HOME": os.getcwd(), "XDG_DATA_HOME": os.getcwd(),
                           "INPUTRC": "/dev/null"}
            os.execvpe(arguments[0], arguments, environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.shown = b""
        self.type(commands + "\n")
        self.type("touch ready\n")
        self.wait_for("ready")

    def type(self, keys):
        os.write(self.terminal, keys.encode())

    def wait_for(self, path):
        """Waits for the file, and reads what the shell shows meanwhile, lest it block."""
        end = time.time() + 30
        while not os.path.exists(path):
            check(time.time() < end, "nothing happens; the shell shows %r" % self.shown[-2000:])
            if select.select([self.terminal], [], [], 0.01)[0]:
                self.shown += os.read(self.terminal, 65536)
        text = support.read(path).decode()
        os.unlink(path)
        return text[:-1]

    def line(self, keys):
        self.shown = b""
        self.type(keys + "\x18d")
        return self.wait_for("line")

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)


def bash():
    support.write("rc", ok("completion", "bash") + rb"""
keep() { printf '%s\n' "$READLINE_LINE" >line.part; mv line.part line; READLINE_LINE=; }
bind -x '"\C-xd": keep'
bind '"\C-xa": insert-completions'
bind 'set bell-style none'
""")
    return Shell(["bash", "--noprofile", "--rcfile", "rc", "-i"], ":")


def zsh():
    os.mkdir("functions")
    support.write("functions/_convtool", ok("completion", "zsh"))
    support.write(".zshrc", rb"""
fpath=($PWD/functions $fpath)
autoload -Uz compinit && compinit -D -u
keep() { print -r -- "$BUFFER" >line.part; mv line.part line; BUFFER=; }
zle -N keep
bindkey '^Xd' keep
zle -C all complete-word _generic
bindkey '^Xa' all
zstyle ':completion:all:*' completer _all_matches _complete
zstyle ':completion:all:*' insert true
unsetopt zle_bracketed_paste beep
""")
    return Shell(["zsh", "-d", "-i"], ":")


def fish():
    support.write("rc.fish", ok("completion", "fish") + rb"""
function keep; commandline -b >line.part; mv line.part line; commandline ''; end
bind \cxd keep
function fish_greeting; end
""")
    return Shell(["fish", "--no-config", "-C", "source rc.fish", "-i"], "true")


def prepare():
    os.mkdir("edges")
    support.write("two.txt", b"2")
    support.write("two.onnx", onnx_bytes.model(onnx_bytes.graph(
        [onnx_bytes.node("Relu", "picture", "middle"), onnx_bytes.node("Neg", "middle", "last")],
        [onnx_bytes.value("picture", [1, 1, "h", "w"])], [onnx_bytes.value("last")])))
    support.write("my kernel.txt", b"1 2 1\n")
    support.write("--odd.pgm", support.pgm(1, 1, [0]))


def try_all(name, start, offered):
    """Tries each line of TYPED, then what `offered` returns for each of OFFERED."""
    if not shutil.which(name):
        print("%s isn't here: its completion wasn't tried" % name)
        return
    prepare()
    shell = start()
    wrong = []
    try:
        for typed, expected in TYPED:
            got = shell.line("convtool " + typed + "\t")
            if got != "convtool " + expected:
                wrong.append("%s<TAB>: %s; expected %s" % (typed, got, expected))
        for typed, expected in OFFERED:
            got = offered(shell, typed)
            if sorted(got) != sorted(expected.split()):
                wrong.append("%s: %s; expected %s" % (typed, got, expected))
    finally:
        shell.close()
    equal(wrong, [], name)


def kept(typed):
    """What stays of the word being typed: up to its last separator."""
    word = typed[typed.rfind(" ") + 1:]
    return word[:max(word.rfind(sign) for sign in ":=,") + 1]


def inserted(shell, typed):
    """All candidates, which are in the line in place of one; each with or without what stays."""
    line = shell.line("convtool " + typed + "\x18a")
    stays = "convtool " + typed[:typed.rfind(" ") + 1] + kept(typed)
    check(line.startswith(stays), line)
    return [word.removeprefix(kept(typed)) for word in line[len(stays):].split()]


def test_bash_completes():
    try_all("bash", bash, inserted)


def test_zsh_completes():
    try_all("zsh", zsh, inserted)


def test_fish_completes():
    def asked(_, typed):
        script = "source rc.fish; complete -C %s" % repr("convtool " + typed)
        done = subprocess.run(["fish", "--no-config", "-c", script], check=True, text=True,
                              capture_output=True, env=support.ENVIRONMENT)
        equal(done.stderr, "", typed)
        return [line.split("\t")[0].removeprefix(kept(typed))
                for line in done.stdout.splitlines()]

    try_all("fish", fish, asked)
