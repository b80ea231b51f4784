#!/usr/bin/python3
"""Runs ONNX's own test cases, as Debian's libonnx-testdata packages them, through src/net.

  tests/net_cases.py [WORD]     runs them, or those with WORD in their names, and compares the table
                                in src/net/OPERATORS.md; the closing line is "N passed, N failed"
  tests/net_cases.py --update   writes that table

A case is a model, inputs and the outputs that its operators must give. tests/tools/net_case.c runs
and compares; here the cases are sorted by operator, with python3-onnx. $BUILD says where programs
are. Without the packages the cases are skipped, with a line that says so.
"""
import collections
import os
import pathlib
import re
import select
import subprocess
import sys

try:
    import onnx
except ImportError:
    onnx = None

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path("/usr/share/libonnx-testdata/data")
FOLDERS = ["node", "simple", "pytorch-operator", "pytorch-converted"]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
TOOL = BUILD / "tests/tools/net_case"
TABLE = ROOT / "src/net/OPERATORS.md"
SECONDS = 60  # for one case, with sanitizers too

# What convtool promises to run: of the node cases made of these operators alone, on numbers and
# bool, all pass but those of DIFFERENT, and at most MOST_MISSING aren't supported.
OPERATORS = set("""
    Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool LpPool
    Gemm MatMul Einsum
    BatchNormalization LayerNormalization InstanceNormalization GroupNormalization LRN
    Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Erf
    Gelu Mish Clip ThresholdedRelu
    Softmax LogSoftmax Hardmax
    Add Sub Mul Div Pow Mod Max Min Mean Sum Neg Abs Sign Reciprocal Sqrt Exp Log Ceil Floor Round
    Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh
    Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Not IsNaN IsInf
    ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
    ReduceSum ReduceSumSquare ArgMax ArgMin TopK CumSum
    Reshape Flatten Transpose Squeeze Unsqueeze Expand Tile Concat Split Slice Gather
    GatherElements GatherND ScatterND Pad Where Cast Shape Size Range Constant ConstantOfShape
    OneHot Identity Dropout
    Resize Upsample DepthToSpace SpaceToDepth GridSample
    RNN GRU LSTM
    If Loop
    QuantizeLinear DequantizeLinear QLinearConv QLinearMatMul ConvInteger MatMulInteger
    DynamicQuantizeLinear
""".split())
PROMISED = 697      # cases that consist of them; this says if the package or the sorting changes
MOST_MISSING = 9
# A case that can't give the expected numbers: why.
RANDOM = "drops at random: the expected numbers come from NumPy's generator"
DIFFERENT = {
    "test_training_dropout": RANDOM,
    "test_training_dropout_default": RANDOM,
    "test_training_dropout_default_mask": RANDOM,
    "test_training_dropout_mask": RANDOM,
}
SEVERAL = "several operators"

Case = collections.namedtuple("Case", "folder name promised row")


def graphs(graph):
    """The graph and those inside its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            inner = list(attribute.graphs)
            if attribute.type == onnx.AttributeProto.GRAPH:
                inner.append(attribute.g)
            for one in inner:
                yield from graphs(one)


def plain(value):
    """Whether a graph's input or output is a tensor of numbers or bool."""
    kinds = onnx.TensorProto
    return (value.type.WhichOneof("value") == "tensor_type"
            and value.type.tensor_type.elem_type not in (
                kinds.UNDEFINED, kinds.STRING, kinds.BFLOAT16))


def row_of(graph, operators):
    """The operator that a case is about: its only one, but for constants."""
    for name in ("If", "Loop", "Scan"):
        if any(node.op_type == name for node in graph.node):
            return name
    left = operators - {"Constant"} or operators
    return left.copy().pop() if len(left) == 1 else SEVERAL


def case_of(path):
    graph = onnx.load(path).graph
    operators = {node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
                 for one in graphs(graph) for node in one.node}
    fine = all(plain(value) for one in graphs(graph) for value in (*one.input, *one.output))
    folder = path.parent.parent.name
    return Case(folder, path.parent.name, folder == "node" and fine and operators <= OPERATORS,
                row_of(graph, operators))


class Tool:
    """The program that runs cases: a line goes in, a line comes out. It is started again after it
    ended."""

    def __init__(self):
        self.process = None

    def answer(self, case):
        folder = DATA / case.folder / case.name
        if not self.process:
            self.process = subprocess.Popen([TOOL], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=subprocess.PIPE)
        try:
            self.process.stdin.write(f"{folder}/model.onnx {folder}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the answer is empty, then
        late = not select.select([self.process.stdout], [], [], SECONDS)[0]
        line = b"" if late else self.process.stdout.readline()
        if line.endswith(b"\n"):
            return line.decode().strip()
        self.process.kill()
        said = self.process.communicate()[1].decode(errors="replace").strip()
        status, self.process = self.process.returncode, None
        why = f"no answer in {SECONDS} s" if late else f"the program ended with status {status}"
        return "fail " + why + (": " + said.splitlines()[-1] if said else "")

    def close(self):
        """What it says at its end: a leak that a sanitizer found, for example."""
        if not self.process:
            return ""
        said = self.process.communicate()[1].decode(errors="replace").strip()
        return said or (f"ended with status {self.process.returncode}"
                        if self.process.returncode else "")


KINDS = {"pass": 0, "unsupported": 1, "refused": 1, "fail": 2}


def table_of(counts, missing):
    """Markdown: a row for each operator, then the operators without any."""
    lines = ["| operator | passed | not supported | other numbers |", "|---|---:|---:|---:|"]
    shown = sorted(row for row in counts if row in OPERATORS or counts[row][0])
    for row in [row for row in shown if row != SEVERAL] + [SEVERAL]:
        lines.append("| " + " | ".join([f"`{row}`" if row != SEVERAL else row,
                                        *map(str, counts[row])]) + " |")
    lines.append("| all | " + " | ".join(
        str(sum(counts[row][i] for row in shown)) for i in range(3)) + " |")
    hidden = sorted(set(counts) - set(shown))
    if hidden:
        cases = sum(sum(counts[row]) for row in hidden)
        names = ", ".join(f"`{row}`" for row in hidden)
        lines += ["", wrapped(f"Not supported, with {cases} cases: {names}.")]
    if missing:
        lines += ["", "Of the promised operators these cases aren't supported, or give other "
                  "numbers:", ""]
        lines += [wrapped(f"- `{name}`: {why}").replace("\n", "\n  ")
                  for name, why in sorted(missing.items())]
    return "\n".join(lines) + "\n"


def wrapped(text, columns=98):
    lines = [""]
    for word in text.split(" "):
        if len(lines[-1]) + 1 + len(word) > columns:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return "\n".join(lines)


def refreshed(text, name, table):
    begin, end = f"<!-- BEGIN {name} -->\n", f"<!-- END {name} -->\n"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
    new, count = pattern.subn(lambda _: begin + table + end, text)
    if count != 1:
        raise SystemExit(f"{TABLE.relative_to(ROOT)}: expected one part '{begin.strip()}'")
    return new


def run(cases):
    """{case: what the tool answered}, and what it said at its end."""
    tool = Tool()
    answers = {case: tool.answer(case) for case in cases}
    return answers, tool.close()


def judged(answers):
    """The names of the cases that pass, and what is wrong with others."""
    good, wrong = [], []
    missing = 0
    for case, answer in answers.items():
        kind = answer.split(" ", 1)[0]
        if kind not in KINDS:
            wrong.append(f"{case.name}: an answer that isn't one: {answer!r}")
        elif kind == "pass":
            good.append(case.name)
            if case.name in DIFFERENT:
                wrong.append(f"{case.name}: passes now; take it out of DIFFERENT")
        elif case.name in DIFFERENT:
            continue
        elif kind == "fail":
            wrong.append(f"{case.folder}/{case.name}: {answer}")
        elif case.promised:
            missing += 1
            print(f"{case.name}: {answer}")
    if missing > MOST_MISSING:
        wrong.append(f"{missing} promised cases aren't supported; at most {MOST_MISSING} may be")
    return good, wrong


def counted(answers):
    """The counts of the node cases by operator, and those of the folders."""
    counts = collections.defaultdict(lambda: [0, 0, 0])
    folders = collections.defaultdict(lambda: [0, 0, 0])
    for case, answer in answers.items():
        kind = KINDS.get(answer.split(" ", 1)[0], 2)
        folders[case.folder][kind] += 1
        if case.folder == "node":
            counts[case.row][kind] += 1
    return counts, folders


def documented(answers):
    """The text of OPERATORS.md as it is, and as it should be."""
    counts, folders = counted(answers)
    missing = {case.name: DIFFERENT.get(case.name, answer.split(" ", 1)[-1])
               for case, answer in answers.items()
               if case.promised and not answer.startswith("pass")}
    other = ["| folder | passed | not supported | other numbers |", "|---|---:|---:|---:|"]
    other += [f"| `{name}` | " + " | ".join(map(str, folders[name])) + " |" for name in FOLDERS]
    old = TABLE.read_text()
    new = refreshed(old, "cases", table_of(counts, missing))
    return old, refreshed(new, "folders", "\n".join(other) + "\n")


def skipped():
    """Why the cases can't run here; None if they can."""
    if not DATA.is_dir():
        return "ONNX's test cases: the package libonnx-testdata isn't installed"
    if onnx is None:
        return "ONNX's test cases: the package python3-onnx isn't installed"
    return None


def main():
    words = [word for word in sys.argv[1:] if word != "--update"]
    if skipped():
        print(f"skipped: {skipped()}\n0 passed, 0 failed")
        return 0
    cases = [case_of(path) for folder in FOLDERS
             for path in sorted((DATA / folder).glob("*/model.onnx"))]
    promised = sum(case.promised for case in cases)
    cases = [case for case in cases if all(word in case.name for word in words)]
    if not cases:
        print("no case has %s in its name\n0 passed, 1 failed" % " and ".join(words))
        return 1
    if not TOOL.exists():
        print(f"{TOOL} is missing; make tests\n0 passed, 1 failed")
        return 1
    answers, said = run(cases)
    if all(answer.startswith("absent") for answer in answers.values()):
        print("skipped: ONNX's test cases: this build has no networks (no protobuf-c)\n"
              "0 passed, 0 failed")
        return 0
    good, wrong = judged(answers)
    if said:
        wrong.append(f"net_case: {said}")
    if promised != PROMISED:
        wrong.append(f"{promised} cases consist of the promised operators, not {PROMISED}")
    if not words:
        old, new = documented(answers)
        if "--update" in sys.argv:
            TABLE.write_text(new)
        elif old != new:
            wrong.append(f"{TABLE.relative_to(ROOT)} is behind: run tests/net_cases.py --update")
    kept = sum(case.promised and answer.startswith("pass") for case, answer in answers.items())
    asked = sum(case.promised for case in cases)
    print("\n".join(wrong + [f"of {asked} promised cases {kept} pass"]))
    print(f"{len(good)} passed, {len(wrong)} failed")
    return 1 if wrong or not good else 0


sys.exit(main())
