#!/usr/bin/python3
"""Writes a model of npm's @upscalerjs/esrgan-slim as ONNX.

  esrgan.py PACKAGE/models/x2 x2.onnx     x3, x4 and x8 likewise

The package has Keras models in TensorFlow.js's files: model.json describes the layers, a binary
file holds the weights. Numbers stay as they are there: 0..255 in and out. What changes is the
order: Keras has (batch, height, width, channels) and kernels of (height, width, in, out); ONNX has
(batch, channels, height, width) and (out, in, height, width). Every tensor keeps the name of its
Keras layer, save the input, `image`, and the output, `larger`. Needs Debian's python3-onnx.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13


class Unknown(Exception):
    """The model has something that this script can't write."""


def expect(layer, **wanted):
    """Refuses a layer whose settings differ from those that the script knows how to write."""
    for key, value in wanted.items():
        if layer[key] != value:
            raise Unknown(f"layer {layer['name']}: {key} is {layer[key]!r}, expected {value!r}")


class Writer:
    """Collects ONNX nodes and constants, layer by layer."""

    def __init__(self, weights, tensors):
        self.weights, self.nodes, self.constants = weights, [], []
        self.tensors = tensors  # {layer: its tensor} where they're called differently

    def add(self, kind, layer, inputs, **attributes):
        output = self.tensors.get(layer["name"], layer["name"])
        self.nodes.append(helper.make_node(kind, inputs, [output], layer["name"], **attributes))

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def convolution(self, layer, inputs):
        expect(layer, strides=[1, 1], dilation_rate=[1, 1], groups=1, activation="linear",
               use_bias=True, data_format="channels_last")
        name = layer["name"]
        kernel = self.weights[f"{name}/kernel"].transpose(3, 2, 0, 1)
        height, width = kernel.shape[2:]
        if height % 2 == 0 or width % 2 == 0 or layer["padding"] not in ("same", "valid"):
            raise Unknown(f"layer {name}: a {width}x{height} kernel with padding"
                          f" {layer['padding']!r}; expected odd sides and 'same' or 'valid'")
        before = [height // 2, width // 2] if layer["padding"] == "same" else [0, 0]
        self.add("Conv", layer, inputs + [
            self.constant(f"{name}.weight", kernel),
            self.constant(f"{name}.bias", self.weights[f"{name}/bias"]),
        ], kernel_shape=[height, width], pads=before + before)

    def activation(self, layer, inputs):
        expect(layer, activation="relu")
        self.add("Relu", layer, inputs)

    def concatenation(self, layer, inputs):
        expect(layer, axis=3)
        self.add("Concat", layer, inputs, axis=1)

    def addition(self, layer, inputs):
        if len(inputs) != 2:
            raise Unknown(f"layer {layer['name']} adds {len(inputs)} tensors, expected 2")
        self.add("Add", layer, inputs)

    def enlargement(self, layer, inputs):
        expect(layer, interpolation="nearest", data_format="channels_last")
        factors = np.array([1, 1] + layer["size"], np.float32)
        scales = self.constant(f"{layer['name']}.scales", factors)
        self.add("Resize", layer, inputs + ["", scales], mode="nearest", nearest_mode="floor",
                 coordinate_transformation_mode="asymmetric")


LAYERS = {
    "Activation": Writer.activation,
    "Add": Writer.addition,
    "Concatenate": Writer.concatenation,
    "Conv2D": Writer.convolution,
    "UpSampling2D": Writer.enlargement,
}


def read_weights(folder, manifest):
    """{name: array} of all weight files, which hold little-endian floats end to end."""
    weights = {}
    for group in manifest:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        start = 0
        for entry in group["weights"]:
            if entry["dtype"] != "float32" or "quantization" in entry:
                raise Unknown(f"weights {entry['name']} aren't plain float32")
            count = int(np.prod(entry["shape"]))
            if start + 4 * count > len(data):
                raise Unknown(f"weights {entry['name']} end beyond {' '.join(group['paths'])}")
            array = np.frombuffer(data, "<f4", count, start)
            weights[entry["name"]] = array.reshape(entry["shape"])
            start += 4 * count
        if start != len(data):
            raise Unknown(f"{' '.join(group['paths'])}: {len(data)} bytes, expected {start}")
    return weights


def model(folder):
    description = json.loads((folder / "model.json").read_text())
    config = description["modelTopology"]["model_config"]["config"]
    source, result = config["input_layers"][0][0], config["output_layers"][0][0]
    tensors = {source: "image", result: "larger"}
    writer = Writer(read_weights(folder, description["weightsManifest"]), tensors)
    for entry in config["layers"]:
        kind = entry["class_name"]
        if kind == "InputLayer":
            continue
        if kind not in LAYERS:
            raise Unknown(f"layer {entry['name']} is a {kind}; expected one of"
                          f" {', '.join(LAYERS)}")
        inputs = [tensors.get(node[0], node[0]) for node in entry["inbound_nodes"][0]]
        LAYERS[kind](writer, entry["config"], inputs)
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT,
                                          ["batch", 3, "height", "width"])
    larger = helper.make_tensor_value_info("larger", TensorProto.FLOAT,
                                           ["batch", 3, "larger_height", "larger_width"])
    graph = helper.make_graph(writer.nodes, "esrgan-slim", [image], [larger], writer.constants)
    made = helper.make_model(graph, producer_name="esrgan.py",
                             opset_imports=[helper.make_opsetid("", OPSET)])
    made.ir_version = 7  # the one that belongs to opset 13
    onnx.checker.check_model(made, full_check=True)
    return made


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: esrgan.py PACKAGE/models/x2 x2.onnx")
    try:
        onnx.save(model(pathlib.Path(sys.argv[1])), sys.argv[2])
    except KeyError as error:
        sys.exit(f"esrgan.py: {sys.argv[1]}: expected {error} in model.json or its weights")
    except (Unknown, ValueError) as error:
        sys.exit(f"esrgan.py: {sys.argv[1]}: {error}")
    except OSError as error:
        sys.exit(f"esrgan.py: {error.filename}: {error.strerror}")
