"""Networks, run by ours and by ONNX Runtime, both through the engine's shared object
(tests/bench/networks.c and runtime.c)."""
import ctypes

import numpy

import engine

TYPES = {"float32": 1, "float64": 2, "int32": 7, "int64": 8, "uint8": 9}  # net_type's
MOST_DIMENSIONS = 8


class Shape(ctypes.Structure):
    """net_shape."""
    _fields_ = [("rank", ctypes.c_int), ("size", ctypes.c_int64 * MOST_DIMENSIONS)]


class Tensor(ctypes.Structure):
    """net_tensor."""
    _fields_ = [("type", ctypes.c_int), ("shape", Shape), ("data", ctypes.c_void_p)]

    @classmethod
    def of(cls, array):
        return cls(TYPES[array.dtype.name], Shape(array.ndim, array.shape), array.ctypes.data)

    def array(self):
        """A copy."""
        kind = {number: name for name, number in TYPES.items()}[self.type]
        shape = self.shape.size[:self.shape.rank]
        count = int(numpy.prod(shape, dtype=numpy.int64))
        data = ctypes.string_at(self.data, count * numpy.dtype(kind).itemsize)
        return numpy.frombuffer(data, kind).reshape(shape)


class Given(ctypes.Structure):
    """net_given."""
    _fields_ = [("name", ctypes.c_char_p), ("tensor", Tensor)]


LIBRARY = engine.LIBRARY
for _name, _result, *_arguments in [
        ("bench_net_new", ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(Given),
         ctypes.c_int),
        ("bench_net_free", None, ctypes.c_void_p),
        ("bench_net_error", ctypes.c_char_p, ctypes.c_void_p),
        ("bench_net_input", ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p),
        ("bench_net_output", ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p),
        ("bench_net_time", ctypes.c_double, ctypes.c_void_p, ctypes.c_int, ctypes.c_int,
         ctypes.c_int),
        ("bench_net_result", ctypes.POINTER(Tensor), ctypes.c_void_p, ctypes.c_int),
        ("bench_ort_new", ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int,
         ctypes.POINTER(Given), ctypes.c_int, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int),
        ("bench_ort_free", None, ctypes.c_void_p),
        ("bench_ort_error", ctypes.c_char_p, ctypes.c_void_p),
        ("bench_ort_time", ctypes.c_double, ctypes.c_void_p, ctypes.c_int, ctypes.c_int,
         ctypes.c_int)]:
    getattr(LIBRARY, _name).restype = _result
    getattr(LIBRARY, _name).argtypes = _arguments


def given(arrays):
    """Views of {name: array}, which must stay."""
    return (Given * len(arrays))(*(Given(name.encode(), Tensor.of(value))
                                   for name, value in arrays.items()))


class Network:
    """A model, planned for these inputs, {name: array}."""

    def __init__(self, model, inputs, threads):
        self.inputs = {name: numpy.array(value, order="C") for name, value in inputs.items()}
        self.job = LIBRARY.bench_net_new(str(model).encode(), threads, given(self.inputs),
                                         len(inputs))
        self.check()

    def check(self):
        error = LIBRARY.bench_net_error(self.job)
        if error:
            raise engine.NotThere(error.decode())

    def timer(self, times=1, again=None):
        """A call that runs `times` times and returns the milliseconds in all; `again` {input:
        output} feeds the next run."""
        source = target = -1
        for name, output in (again or {}).items():
            source = LIBRARY.bench_net_output(self.job, output.encode())
            target = LIBRARY.bench_net_input(self.job, name.encode())

        def call():
            spent = LIBRARY.bench_net_time(self.job, times, source, target)
            self.check()
            return spent
        return call

    def result(self, output):
        """What the last run made."""
        place = LIBRARY.bench_net_output(self.job, output.encode())
        return LIBRARY.bench_net_result(self.job, place).contents.array()

    def __del__(self):
        if getattr(self, "job", None):
            LIBRARY.bench_net_free(self.job)


class OnnxRuntime:
    """The same by ONNX Runtime, whose library is a file."""

    def __init__(self, library, model, inputs, outputs, threads):
        self.inputs = {name: numpy.array(value, order="C") for name, value in inputs.items()}
        self.given, self.outputs = given(self.inputs), [name.encode() for name in outputs]
        self.names = (ctypes.c_char_p * len(outputs))(*self.outputs)
        self.job = LIBRARY.bench_ort_new(str(library).encode(), str(model).encode(), threads,
                                         self.given, len(inputs), self.names, len(outputs))
        self.check()

    def check(self):
        error = LIBRARY.bench_ort_error(self.job)
        if error:
            raise RuntimeError("ONNX Runtime: " + error.decode())

    def timer(self, times=1, again=None):
        """As Network's."""
        source = target = -1
        for name, output in (again or {}).items():
            source, target = self.outputs.index(output.encode()), list(self.inputs).index(name)

        def call():
            spent = LIBRARY.bench_ort_time(self.job, times, source, target)
            self.check()
            return spent
        return call

    def __del__(self):
        if getattr(self, "job", None):
            LIBRARY.bench_ort_free(self.job)
