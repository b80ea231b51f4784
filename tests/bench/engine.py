"""The engine, loaded from the shared object of tests/bench/engine.c."""
import ctypes
import os

import numpy

BUILD = os.environ.get("BUILD", "build")
TYPES = {numpy.dtype("uint8"): 0, numpy.dtype("uint16"): 1, numpy.dtype("float32"): 2}


class Shape(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("width", "height", "channels")]

    @classmethod
    def of(cls, image):
        height, width, channels = image.shape if image.ndim == 3 else (*image.shape, 1)
        return cls(width, height, channels)


def load():
    library = ctypes.CDLL(os.path.abspath(BUILD + "/pic/engine.so"))
    pointer, text, integer = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, *arguments in [
            ("bench_chain", pointer, text, Shape, integer),
            ("bench_layer", pointer, pointer, integer, integer, Shape),
            ("bench_free", None, pointer),
            ("bench_error", text, pointer),
            ("bench_shape", None, pointer, ctypes.POINTER(Shape)),
            ("bench_run", ctypes.c_bool, pointer, pointer, pointer, integer),
            ("bench_flow", ctypes.c_bool, pointer, pointer, pointer, integer),
            ("bench_apart", ctypes.c_bool, pointer, pointer, pointer, pointer),
            ("bench_isa_choose", ctypes.c_bool, text),
            ("bench_isa", text)]:
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


LIBRARY = load()


class NotThere(Exception):
    """The engine can't do such a job."""


class Plan:
    """A job of the engine, ready to run on one image at one instruction set."""

    def __init__(self, work, image, level):
        """work: the text of a chain, or a layer's weights (out, in, height, width)."""
        if not LIBRARY.bench_isa_choose(level.encode()):
            raise NotThere(f"this processor doesn't run {level}")
        self.level, self.image = level, numpy.ascontiguousarray(image)
        shape = Shape.of(image)
        if isinstance(work, str):
            self.job = LIBRARY.bench_chain(work.encode(), shape, TYPES[image.dtype])
        else:
            weights = self.weights = numpy.ascontiguousarray(work, numpy.float64)
            self.job = LIBRARY.bench_layer(weights.ctypes.data, weights.shape[0],
                                           weights.shape[2], shape)
        error = LIBRARY.bench_error(self.job)
        if error:
            raise NotThere(error.decode())
        out = Shape()
        LIBRARY.bench_shape(self.job, ctypes.byref(out))
        self.out = numpy.zeros((out.height, out.width, out.channels), image.dtype)
        self.other = None

    def run(self, threads=1, flow=False):
        """The result is in self.out."""
        LIBRARY.bench_isa_choose(self.level.encode())
        function = LIBRARY.bench_flow if flow else LIBRARY.bench_run
        if not function(self.job, self.image.ctypes.data, self.out.ctypes.data, threads):
            raise RuntimeError("the engine failed: " + str(LIBRARY.bench_error(self.job)))

    def run_apart(self):
        """Twice at once, in two threads that share only the plan and the image."""
        if self.other is None:
            self.other = numpy.zeros_like(self.out)
        LIBRARY.bench_isa_choose(self.level.encode())
        if not LIBRARY.bench_apart(self.job, self.image.ctypes.data, self.out.ctypes.data,
                                   self.other.ctypes.data):
            raise RuntimeError("the engine failed: " + str(LIBRARY.bench_error(self.job)))

    def __del__(self):
        if getattr(self, "job", None):
            LIBRARY.bench_free(self.job)


def best_level():
    """The instruction set that the engine chooses by default."""
    return LIBRARY.bench_isa().decode()


BEST = best_level()  # before anything chooses another
