"""ONNX files, written field by field, so that tests can write what no exporter would. The numbers
are those of the fields in ONNX's own onnx.proto."""
import struct

FLOAT, INT64, STRING, BOOL = 1, 7, 8, 9


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def part(field, data):
    """A text, bytes, or a message within the message."""
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def parts(field, items):
    return b"".join(part(field, item) for item in items)


# ---- tensors and values ----

def tensor(name, dims, data, kind=FLOAT, **more):
    """`data`: the numbers, or their bytes as they are; None: none. outside={...}: what is said of
    the file that has them."""
    out = b"".join(number(1, size) for size in dims) + number(2, kind) + part(8, name)
    if isinstance(data, (list, tuple)):
        data = struct.pack("<%d%s" % (len(data), {FLOAT: "f", INT64: "q"}[kind]), *data)
    if data is not None:
        out += part(9, data)
    if "outside" in more:
        out += parts(13, [part(1, key) + part(2, str(value))
                          for key, value in more["outside"].items()]) + number(14, 1)
    return out


def value(name, dims=None, kind=FLOAT):
    """An input or output; sizes are numbers, or names where they may vary."""
    shape = b""
    if dims is not None:
        shape = part(2, parts(1, [part(2, size) if isinstance(size, str) else number(1, size)
                                  for size in dims]))
    return part(1, name) + part(2, part(1, number(1, kind) + shape))


# ---- nodes ----

def attribute(name, given):
    """Of the type that the value has: int, float, text, a list of ints, or (kind, message)."""
    if isinstance(given, int):
        body, kind = number(3, given), 2
    elif isinstance(given, float):
        body, kind = varint(2 << 3 | 5) + struct.pack("<f", given), 1
    elif isinstance(given, str):
        body, kind = part(4, given), 3
    elif isinstance(given, list):
        body, kind = b"".join(number(8, one) for one in given), 7
    else:
        kind, message = given
        body = part({4: 5, 5: 6}[kind], message)
    return part(1, name) + body + number(20, kind)


def in_tensor(message):
    return 4, message


def in_graph(message):
    return 5, message


def node(kind, inputs, outputs, name=None, domain="", **attributes):
    """A node; `inputs` and `outputs` are names with spaces between."""
    return (parts(1, inputs.split()) + parts(2, outputs.split()) + part(3, name or "the" + kind)
            + part(4, kind) + (part(7, domain) if domain else b"")
            + parts(5, [attribute(key, given) for key, given in attributes.items()]))


# ---- graphs and models ----

def graph(nodes, inputs, outputs, tensors=(), name="g"):
    return (parts(1, nodes) + part(2, name) + parts(5, tensors) + parts(11, inputs)
            + parts(12, outputs))


def model(graph_bytes, opset=13, **domains):
    """`domains`: further ones that it imports, with their versions."""
    imports = [part(1, "") + number(2, opset)] if opset is not None else []
    imports += [part(1, name) + number(2, version) for name, version in domains.items()]
    return number(1, 7) + parts(8, imports) + part(7, graph_bytes)


def simple(nodes, tensors=(), dims=(4,), out=None, **more):
    """A model from x to y."""
    return model(graph(nodes, [value("x", dims)], [value("y", out)], tensors), **more)
