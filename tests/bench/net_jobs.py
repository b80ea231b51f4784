"""The networks of the benchmark, and how OpenCV and PyTorch run them."""
import importlib
import os
import sys
from dataclasses import dataclass, field
from typing import Callable, Optional

import cv2
import numpy
import onnx
import onnx.numpy_helper
import torch

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path[1:1] = [os.path.join(ROOT, "tests"), os.path.join(ROOT, "samples", "networks")]

import published_files  # noqa: E402

DIGITS = os.path.join(ROOT, "samples", "networks")
NOISE = numpy.random.default_rng(1)


@dataclass
class Job:
    name: str
    model: Callable             # returns the path
    inputs: Callable            # returns {name: array}
    output: str                 # the one that is compared
    limit: float                # the most that ours may take of ONNX Runtime's time
    times: int = 1              # runs that are timed as one
    again: dict = field(default_factory=dict)  # {input: output} of the run before
    opencv: bool = False        # whether its dnn loads the model
    module: Optional[str] = None  # of digits_networks.py: PyTorch runs that


def floats(*shape):
    return NOISE.standard_normal(shape, numpy.float32)


def digits(name, module, opencv):
    return Job(f"digits-{name}", lambda: f"{DIGITS}/digits-{name}.onnx",
               lambda: {"image": NOISE.random((1, 1, 8, 8), numpy.float32)}, "probabilities", 0.3,
               times=1000, opencv=opencv, module=module)


def speech():
    return {"input": 0.1 * floats(1, 576), "state": numpy.zeros((2, 1, 128), numpy.float32),
            "sr": numpy.array(16000)}


# To add a network: a line here. OpenCV 4.6 runs neither Silero nor PP-OCR, nor attention and
# recurrence as PyTorch writes them.
JOBS = [
    Job("ESRGAN-slim x2, 256x256", lambda: published_files.esrgan(2),
        lambda: {"image": NOISE.uniform(0, 255, (1, 3, 256, 256)).astype(numpy.float32)}, "larger",
        1.0, opencv=True),
    Job("PP-OCR detection, 640x640", lambda: published_files.model("detection"),
        lambda: {"x": floats(1, 3, 640, 640)}, "sigmoid_0.tmp_0", 1.1),
    Job("PP-OCR direction, 192x48", lambda: published_files.model("direction"),
        lambda: {"x": floats(1, 3, 48, 192)}, "softmax_0.tmp_0", 1.0, times=20),
    Job("Silero VAD, 1000 steps", lambda: published_files.model("silero"), speech, "output", 1.0,
        times=1000, again={"state": "stateN"}),
    digits("cnn", "Cnn", True),
    digits("residual", "Residual", True),
    digits("attention", "Attention", False),
    digits("rnn", "Rnn", False),
    digits("lstm", "Lstm", False),
]


def milliseconds(call):
    start = cv2.getTickCount()
    call()
    return (cv2.getTickCount() - start) / cv2.getTickFrequency() * 1e3


# ---- peers: each returns a call that gives the milliseconds, and one that gives the result ----

def by_opencv(job, inputs, threads):
    net = cv2.dnn.readNetFromONNX(str(job.model()))
    (name, value), = inputs.items()

    def one():
        net.setInput(value, name)
        return net.forward()

    def call():
        cv2.setNumThreads(threads)
        return milliseconds(lambda: [one() for _ in range(job.times)])
    return call, one


def weights(path):
    return {tensor.name: torch.tensor(onnx.numpy_helper.to_array(tensor))
            for tensor in onnx.load(path).graph.initializer}


def gates(matrix):
    """The rows of ONNX's LSTM (input, output, forget, cell) in PyTorch's order."""
    i, o, f, c = matrix.chunk(4)
    return torch.cat([i, f, c, o])


def state_of(path):
    """The file's weights by PyTorch's names."""
    state = {}
    for name, value in weights(path).items():
        base, _, kind = name.rpartition(".")
        order = gates if ".lstm" in name else lambda matrix: matrix
        if base.endswith(".matmul"):
            state[base[:-len("matmul")] + "weight"] = value.T
        elif kind in "WR":
            state["cell.weight_" + {"W": "ih", "R": "hh"}[kind] + "_l0"] = order(value[0])
        elif kind == "B":
            first, second = value[0].chunk(2)
            state["cell.bias_ih_l0"], state["cell.bias_hh_l0"] = order(first), order(second)
        else:
            state[name] = value
    return state


def by_pytorch(job, inputs, threads):
    module = getattr(importlib.import_module("digits_networks"), job.module)().eval()
    module.load_state_dict(state_of(job.model()), strict=False)
    image, = map(torch.from_numpy, inputs.values())

    def one():
        with torch.inference_mode():
            return module(image).numpy()

    def call():
        torch.set_num_threads(threads)
        with torch.inference_mode():
            return milliseconds(lambda: [module(image) for _ in range(job.times)])
    return call, one


def peers(job):
    """{name: function of job, inputs and threads}"""
    found = {}
    if job.opencv:
        found["OpenCV"] = by_opencv
    if job.module:
        found["PyTorch"] = by_pytorch
    return found
