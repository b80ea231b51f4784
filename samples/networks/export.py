"""Writes a PyTorch network as ONNX with PyTorch's own exporter, then gives every tensor a name that
can be typed: `conv1` instead of `/conv1/Conv_output_0`."""
import collections
import io
import warnings

import onnx
import torch


def plain_names(graph):
    """{node's name: short name}. The last node of a module is called as the module; before that,
    the operator follows: `norm.sub`, `norm.sub2`. Outside of modules the operator alone: `add2`."""
    last = {}
    for node in graph.node:
        if node.op_type != "Constant":
            last[node.name.rpartition("/")[0]] = node.name
    seen, names = collections.Counter(), {}
    for node in graph.node:
        module = node.name.rpartition("/")[0]
        name = module.strip("/").replace("/", ".")
        if not name or last.get(module) != node.name:
            name = f"{name}.{node.op_type.lower()}".lstrip(".")
        seen[name] += 1
        names[node.name] = name if seen[name] == 1 else f"{name}{seen[name]}"
    return names


RECURRENT = "XWRB"  # what ONNX calls the first inputs of RNN, GRU and LSTM


def constant_name(node, index):
    """For a constant that the exporter only numbered: after the node that reads it."""
    if node.op_type in ("RNN", "GRU", "LSTM"):
        return f"{node.name}.{RECURRENT[index]}"
    return f"{node.name}.{'weight' if index == 1 else f'constant{index}'}"


def rename(model, names):
    """Renames nodes and tensors. `names` gives some of the short names a better one."""
    graph = model.graph
    short = plain_names(graph)
    unknown = set(names) - set(short.values())
    if unknown:
        raise ValueError(f"no node is called {', '.join(sorted(unknown))}; there are"
                         f" {', '.join(short.values())}")
    outside = {value.name for value in list(graph.input) + list(graph.output)}
    tensors = {}
    for node in graph.node:
        name = short[node.name]
        node.name = names.get(name, name)
        for i, output in enumerate(node.output):
            if output and output not in outside:
                tensors[output] = node.name + (f".{i}" if i else "")
    constants = {constant.name for constant in graph.initializer if "::" in constant.name}
    for node in graph.node:
        for i, value in enumerate(node.input):
            if value in constants and value not in tensors:
                tensors[value] = constant_name(node, i)
    for node in graph.node:
        node.input[:] = [tensors.get(value, value) for value in node.input]
        node.output[:] = [tensors.get(value, value) for value in node.output]
    for value in list(graph.initializer) + list(graph.value_info):
        value.name = tensors.get(value.name, value.name)
    everything = [value for node in graph.node for value in node.output if value]
    everything += [constant.name for constant in graph.initializer] + ["image"]
    twice = [name for name, count in collections.Counter(everything).items() if count > 1]
    if twice:
        raise ValueError(f"two tensors are called {', '.join(twice)}")


def save(net, shape, axes, output, path, names=None, opset=13):
    """Writes `net`, whose input `image` has `shape`, to `path`.

    `axes` names what may vary: {"image": {0: "batch"}, output: {0: "batch"}}. `names` maps names
    that plain_names() gives to better ones.
    """
    net.eval()
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are about networks still in training
        # PRESERVE keeps batch normalisation a node of its own; EVAL would fold it away.
        torch.onnx.export(net, torch.rand(shape), file, input_names=["image"],
                          output_names=[output], dynamic_axes=axes, opset_version=opset,
                          training=torch.onnx.TrainingMode.PRESERVE)
    model = onnx.load_from_string(file.getvalue())
    model.graph.name = path.stem
    rename(model, names or {})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(path))
