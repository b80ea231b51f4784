#!/usr/bin/python3
"""Makes the seeds that the fuzz targets start from: tests/fuzz/corpus/KIND, some tiny files of
every kind. Needs cjpeg and ImageMagick for JPEG. Networks' seeds aren't kept: each run of the
tests makes them, into DIRECTORY/KIND.
    tests/fuzz/seeds.py [KIND...]
    tests/fuzz/seeds.py --to DIRECTORY net onnx"""
import glob
import os
import struct
import subprocess
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "corpus")
TO = sys.argv[2] if sys.argv[1:2] == ["--to"] else None
WIDTH, HEIGHT = 11, 9


def write(kind, name, data):
    os.makedirs(os.path.join(TO or CORPUS, kind), exist_ok=True)
    with open(os.path.join(TO or CORPUS, kind, name), "wb") as out:
        out.write(data.encode() if isinstance(data, str) else data)


def noise(count, seed=1):
    out = bytearray()
    for _ in range(count):
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(seed >> 24)
    return bytes(out)


# ---- PNG ----

def chunk(name, data=b""):
    body = name.encode() + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def png_rows(color, depth, interlaced):
    """Filtered rows, with every filter in turn; in unfiltered rows a palette's indices are 0 or 1,
    so that most stay within it."""
    raw = bytearray()
    row = 0
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        width, height = -(-(WIDTH - x) // dx), -(-(HEIGHT - y) // dy)
        size = -(-width * depth * CHANNELS[color] // 8)
        for _ in range(height if width > 0 else 0):
            filtered = noise(size, row + 7)
            raw += bytes([row % 5]) + (bytes(b & 1 for b in filtered) if color == 3 else filtered)
            row += 1
    return bytes(raw)


EXIF = (b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHH", 0x112, 3, 1, 6, 0) + b"\0\0\0\0")
# A table that ends within an entry, one that begins at the end, a resolution beyond the end.
BAD_EXIF = {
    "cut": EXIF[:8] + b"\x09\0\x10\x01" + EXIF[12:22] + bytes(1),
    "end": b"MM\0*\0\0\0\x08\0",
    "far": b"II*\0\x08\0\0\0\x02\0" + struct.pack("<HHII", 0x11A, 5, 1, 33) +
           struct.pack("<HHII", 0x11B, 5, 1, 0xFFFFFFF8) + bytes(4),
}
PROFILE = bytes(16) + b"RGB XYZ " + bytes(12) + b"acsp" + bytes(88)


def png(color, depth, interlaced=0, before=b"", behind=b"", level=9, pieces=1, rows=None,
        size=(WIDTH, HEIGHT)):
    header = struct.pack(">IIBBBBB", *size, depth, color, 0, 0, interlaced)
    stream = zlib.compress(rows or png_rows(color, depth, interlaced), level)
    cut = -(-len(stream) // pieces)
    data = b"".join(chunk("IDAT", stream[i:i + cut]) for i in range(0, len(stream), cut))
    colours = chunk("PLTE", noise(3 << min(depth, 5))) if color == 3 else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + colours + before + data + behind +
            chunk("IEND"))


def make_png():
    for color, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16),
                          6: (8, 16)}.items():
        for depth in depths:
            for interlaced in (0, 1):
                name = "color%d-%d%s.png" % (color, depth, "-adam7" if interlaced else "")
                write("png", name, png(color, depth, interlaced))
    write("png", "key-gray-4.png", png(0, 4, before=chunk("tRNS", b"\0\x03")))
    write("png", "key-gray-16.png", png(0, 16, before=chunk("tRNS", b"\0\x03")))
    write("png", "key-rgb-8.png", png(2, 8, before=chunk("tRNS", b"\0\1\0\2\0\3")))
    write("png", "key-rgb-16.png", png(2, 16, 1, before=chunk("tRNS", b"\0\1\0\2\0\3")))
    crowd = chunk("PLTE", bytes(257 * 3))  # one colour too many
    write("png", "palette-257.png", png(2, 8, before=crowd))
    write("png", "palette-alpha-300.png", png(3, 8, before=chunk("tRNS", bytes(300))))
    write("png", "palette-alpha.png", png(3, 2, before=chunk("tRNS", b"\1\x80")))
    write("png", "stored.png", png(2, 8, level=0))
    write("png", "pieces.png", png(2, 8, pieces=40))
    meta = (chunk("gAMA", struct.pack(">I", 45455)) +
            chunk("cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000,
                                      6000)) +
            chunk("pHYs", struct.pack(">IIB", 3937, 3937, 1)))
    write("png", "meta.png", png(2, 8, before=meta + chunk("sRGB", b"\0") + chunk("eXIf", EXIF) +
                                 chunk("tEXt", b"Title\0a seed")))
    write("png", "profile.png", png(2, 8, before=meta + chunk("iCCP", b"x\0\0" +
                                                              zlib.compress(PROFILE))))
    # More blocks of samples than a reader that reads ahead has room for.
    rows = b"".join(bytes([y % 5]) + bytes([y % 7, 1, 2, 3, 4, y % 3, 6, 7]) * 512
                    for y in range(340))
    write("png", "large.png", png(6, 16, size=(512, 340), rows=rows))
    # Pixels that differ from the transparent colour in one channel.
    rows = b"".join(bytes([0]) + bytes(1 + (x >> y % 3 & 1) for x in range(3 * WIDTH))
                    for y in range(HEIGHT))
    write("png", "key-near.png", png(2, 8, rows=rows, before=chunk("tRNS", b"\0\1\0\1\0\2")))
    write("png", "filter-7.png", png(0, 8, rows=(b"\7" + noise(WIDTH)) * HEIGHT))
    for name, exif in BAD_EXIF.items():
        write("png", "exif-%s.png" % name, png(0, 8, before=chunk("eXIf", exif)))
    write("png", "late-exif.png", png(0, 8, behind=chunk("eXIf", EXIF)))


# ---- JPEG ----

def run(arguments, data):
    return subprocess.run(arguments, input=data, stdout=subprocess.PIPE, check=True).stdout


def drop_scans(file):
    """Removes the scans with only the second component."""
    at = file.index(b"\xff\xda\0\x08\1\2")
    while at >= 0:
        end = at + 2
        while file[end] != 0xFF or file[end + 1] == 0:
            end += 1
        file = file[:at] + file[end:]
        at = file.find(b"\xff\xda\0\x08\1\2")
    return file


def make_jpeg():
    color = b"P6 19 17 255\n" + noise(19 * 17 * 3)
    gray = b"P5 19 17 255\n" + noise(19 * 17)
    for name, options, image in [
            ("444", "-sample 1x1", color), ("420", "-sample 2x2", color),
            ("422", "-sample 2x1", color), ("440", "-sample 1x2", color),
            ("411", "-sample 4x1", color), ("rgb", "-rgb", color),
            ("restart", "-sample 2x2 -restart 1", color), ("blocks", "-restart 1B", gray),
            ("progressive", "-progressive", color), ("progressive-gray", "-progressive", gray),
            ("gray", "-grayscale -optimize", gray), ("arithmetic", "-arithmetic", gray)]:
        write("jpeg", name + ".jpg", run(["cjpeg", "-quality", "30"] + options.split(), image))
    tall = b"P6 19 150 255\n" + bytes(v // 2 for v in noise(19 * 150 * 3))
    for name, options in [("bands-420", "-sample 2x2 -restart 1"),
                          ("bands-440", "-sample 1x2 -restart 2B"),
                          ("bands-444", "-sample 1x1 -restart 3")]:
        write("jpeg", name + ".jpg", run(["cjpeg", "-quality", "10"] + options.split(), tall))
    cmyk = run("convert ppm:- -colorspace CMYK -quality 30 jpg:-".split(), color)
    write("jpeg", "cmyk.jpg", cmyk)
    plain = run(["cjpeg", "-quality", "10"], gray)
    segments = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data
                        for marker, data in [(0xE1, b"Exif\0\0" + EXIF),
                                             (0xE2, b"ICC_PROFILE\0\1\1" + PROFILE)])
    progressive = run(["cjpeg", "-quality", "30", "-progressive"], color)
    comment = b"\xff\xfe\x00\x40" + noise(62)
    write("jpeg", "comment.jpg", plain[:2] + comment + plain[2:])
    write("jpeg", "comment-cut.jpg", plain[:2] + comment[:40])
    write("jpeg", "fewer-scans.jpg", drop_scans(progressive))
    for name, exif in BAD_EXIF.items():
        segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif
        bare = plain[:2] + segment + plain[20:]  # without JFIF's resolution
        write("jpeg", "exif-%s.jpg" % name, bare)
    write("jpeg", "meta.jpg", plain[:2] + segments + plain[2:])


# ---- the others ----

def make_pnm():
    for name, data in {
            "p1": b"P1\n# bits\n5 3\n10110 01101\n00111\n", "p2": b"P2 3 2 15\n0 7 15\n1 2 3\n",
            "p3": b"P3 2 2 255\n255 0 0 0 255 0 0 0 255 9 9 9\n",
            "p4": b"P4 11 3\n" + noise(6), "p5": b"P5 5 4 255\n" + noise(20),
            "p5-deep": b"P5 3 3 65535\n" + noise(18),
            "p5-odd": b"P5 4 2 100\n" + bytes(range(93, 101)),
            "p6": b"P6\n# a comment\n3 3\n255\n" + noise(27),
            "p6-deep": b"P6 2 2 1023\n" + bytes(24),
            "pam": b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n" +
                   noise(16),
            "pam-gray": b"P7\n# x\nWIDTH 3\nHEIGHT 1\nDEPTH 2\nMAXVAL 65535\n"
                        b"TUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n" + noise(12),
            "pam-bits": b"P7\nWIDTH 4\nHEIGHT 1\nDEPTH 1\nMAXVAL 1\nTUPLTYPE BLACKANDWHITE\n"
                        b"ENDHDR\n\0\1\1\0",
            "pf": b"Pf\n3 2\n-1.0\n" + struct.pack("<6f", 0, 0.5, 1, -1, 2, 1e30),
            "pam-line": b"P7\n#" + b"x" * 300 + b"\nENDHDR\n",
            "pam-types": b"P7\n" + (b"TUPLTYPE " + b"y" * 200 + b"\n") * 2 + b"ENDHDR\n",
            "pf-word": b"Pf\n3 " + b"2" * 100 + b"\n-1.0\n",
            "p5-maxval": b"P5 2 1 65536\n" + bytes(8), "p2-high": b"P2 2 1 9\n9 10\n",
            "p5-crlf": b"P5\r\n2 2\r\n255\r\n\1\2\3\4", "p5-unclear": b"P5 2 1 255\r\n\1\2\3",
            "p5-two": b"P5 1 1 9\n\7P2 1 1 9 1\n",
            "stream": b"P5 2 1 9\n\7\1\n \nP6 1 1 255\nABCPf 1 1 1\nABCDP4 1 2\n\1\2"
                      b"P5 1 1 9\n", "pf-crlf": b"Pf\r\n1 1\r\n-2\r\n\0\0\x80\x3f",
            "pam-numbers": b"P7\r\nWIDTH 1\r\nHEIGHT 1\r\nDEPTH 4\r\nMAXVAL 7\r\nTUPLTYPE CMYK\r\n"
                           b"ENDHDR\r\n\1\2\3\7",
            "pf-scale": b"Pf\n1 1\n1e-30\n\x50\x15\x02\xf9",
            "pf-color": b"PF\n1 2\n255\n" + struct.pack(">6f", 0, 128, 255, -1, 2, float("nan")),
    }.items():
        write("pnm", name + ".pnm", data)


def make_y4m():
    mark = b"FRAME\n"
    for name, head, size in [
            ("420", b"W5 H3 F25:1 Ip A1:1 C420jpeg", 15 + 12),
            ("420-plain", b"H2 W2", 6), ("422", b"W3 H2 C422 XCOLORRANGE=FULL", 14),
            ("444", b"W2 H2 I? C444 F30000:1001", 12), ("mono", b"W4 H2 Cmono", 8),
            ("420p10", b"W3 H3 C420p10", 34), ("422p10", b"W1 H1 C422p10", 6),
            ("444p10", b"W2 H1 C444p10 XYSCSS=444P10", 12), ("mono10", b"W2 H1 Cmono10", 4)]:
        begin = b"YUV4MPEG2 " + head + b"\n"
        write("y4m", name + ".y4m", begin + mark + noise(size) + mark + noise(size, 2))
        write("y4m", name + "-cut.y4m", begin + mark + noise(size) + mark + noise(size - 1))
    for name, data in {
            "interlaced": b"W2 H2 It\n" + mark + bytes(6), "alpha": b"W2 H2 C444alpha\n" + mark,
            "no-frame": b"W2 H2\n", "parameters": b"W2 H2\nFRAME Ip Xa\n" + bytes(6),
            "no-mark": b"W1 H1 Cmono\nFRAME\n\1FRAMF\n\1", "no-width": b"H2\n" + mark,
            "wide": b"W99999999999 H1\n" + mark, "long": b"W1 H1 X" + b"x" * 1100 + b"\n",
            "long-frame": b"W1 H1 Cmono\nFRAME " + b"x" * 300 + b"\n\1"}.items():
        write("y4m", name + ".y4m", b"YUV4MPEG2 " + data)


def npy(dict_text, data, version=1):
    length = struct.pack("<H" if version == 1 else "<I", len(dict_text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + dict_text.encode() + data


def make_npy():
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }  \n"
    for code, size in [("|b1", 1), ("|u1", 1), ("|i1", 1), ("<u2", 2), (">i2", 2), ("<u4", 4),
                       (">i4", 4), ("<u8", 8), (">i8", 8), ("<f2", 2), (">f4", 4), ("<f8", 8)]:
        data = noise(6 * size) if "f" not in code else bytes(3 * size) + b"\x3c" * 3 * size
        write("npy", code[1:] + ".npy", npy(text % (code, False, "(2, 3)"), data))
    for name, order, shape in [("one", False, "(6,)"), ("fortran", True, "(2, 3)"),
                               ("channels", False, "(1, 3, 2)"), ("mixed", True, "(3, 1, 2)"),
                               ("four", False, "(1, 1, 1, 6)"), ("none", False, "()"),
                               ("weights", True, "(3, 1, 1, 2)"),
                               ("zero", False, "(0, 3)"), ("large", False, "(4096, 4096, 4096)"),
                               ("huge", True, "(18446744073709551615, 2)")]:
        write("npy", name + ".npy", npy(text % ("<f4", order, shape), bytes(24)))
    odd = "{ \"shape\" : (2,3L) , # why\n 'descr':'u1','fortran_order':True} # convtool x #0"
    write("npy", "odd.npy", npy(odd, noise(7), 2))
    write("npy", "structs.npy", npy("{'descr': [('a', '<f4')]", bytes(4), 3))
    write("npy", "nan.npy", npy(text % ("<f4", False, "(1,)"), b"\0\0\xc0\x7f"))
    write("npy", "cut.npy", npy(text % ("<f4", False, "(2, 2)"), bytes(9)))
    write("npy", "length.npy", b"\x93NUMPY\2\0\xff\xff\xff\xff{")


def make_table():
    for name, text in {
            "blanks": "1 2 3\n4 5 6\n", "commas": "1, 2.5,-3e2\r\n.5,5.,+0\r\n",
            "semicolons": "1;2;3", "tabs": "1\t2\n", "comments": "# a\n1 2 # b\n\n3 4\n",
            "channels": "1 2\n3 4\n\n5 6\n7 8\n\n\n9 1\n2 3\n", "ragged": "1 2\n3\n",
            "words": "1 2 3 4 5 6 7 8 9\none two", "nonfinite": "1 nan -inf infinity\n",
            "large": "1e38 3.5e38", "small": "1e-45 1e-46 1.17549429e-38 -0", "mixed": "1,2;3",
            "digits": "12345678901234567890.123456789 0.00000000000000000000001234567890123456",
            "half": "16777217 16777217.0 0.100000001490116119384765625 1.00000005960464477539",
            "missing": "1,,2", "prose": "1. Introduction\n", "mark": "\ufeff7\n", "record":
            "# convtool sobel #00000000\n1 2\n", "shapes": "1 2\n\n3 4\n5 6\n"}.items():
        write("table", name + ".txt", text)


def make_kernel():
    for name, text in {
            "inline": "0 -1 0; -1 5 -1; 0 -1 0", "fractions": "1/9 1/9 1/9\n" * 3,
            "settings": "# blurs to the right\ndivide 16\nanchor 0,0\n1 2 1\n2 4 2\n1 2 1\n",
            "numbers": "1e3,-.5 +2.\n0x1 inf nan\n", "crlf": "\ufeff1 2\r\n3 4\r\n",
            "ragged": "1 2 3\n4 5\n", "huge": "1e308 1e-308\n-1e38 3.5e38\n", "one": "1",
            "typography": "\u201c0 \u22121\u00a00; \u20131\u202f5 \u22121\u201d",
            "bank": "# two filters\na:\n1 2\n\n3 4\nb :\n5 6\n\ndivide 2\n7 8\n",
            "filters": "1 0\n0 1\n\n0 1\n1 0\n", "nameless": "1\n\na:\n2\n",
            "cells": "1;2;1\n2,4,2,\n1,,2\n",
            "wide": "1 " * 256, "high": "1;" * 256, "square": "1 " * 40 + "\n" + "2 " * 40,
    }.items():
        write("kernel", name + ".txt", text)


def make_chain():
    for i, text in enumerate([
            "sobel", "gray,gaussian:1.4,sobel:padding=zero,maxpool:2", "scharr:out=angle",
            "conv:'0 -1 0; -1 5 -1; 0 -1 0'", "conv:1 2 1;2 4 2;1 2 1:stride=2:dilation=2x1",
            "unsharp:1:0.5:threshold=3,threshold:128,invert", "normalize:0:255,abs,relu,scale:2:-3",
            "box:5x3:padding=valid", "laplacian:8:padding=wrap", "log:1,dog:1:2", "kirsch,robinson",
            "avgpool:3x2:stride=2x1:padding=1:ceil=yes", "minpool:2,nearestpool:3",
            "emboss:padding=constant=7,outline:flip", "roberts:l1,prewitt:x:anchor=0,0",
            "sharpen:padding=mirror:2,identity:padding=symmetric:1x2", "gaussian:sigma=2:size=9",
            "box:7:padding=replicate:anchor=6,0", "bogus\\,:x\\:=1,,",
            ",".join(["abs"] * 64), ",".join(["abs"] * 65), "box:255", "gaussian:20,box:1x9",
            "conv:1 2 3;4 5 6:anchor=2,1:flip=yes:padding=wrap:3x2", "maxpool:9x7,maxpool:2",
            "threshold:12.5%,normalize:1%:1/3%", "median:5x3:stride=2,sobel:size=7",
            "bank:edges8:bias=1/2,bank:random:7:3:2x1:groups=2",
            "bank:gabor:orientations=2:scales=1,relu"]):
        write("chain", "chain-%02d.txt" % i, "%c%s" % (chr(i % 4), text))


def make_round():
    for kind in range(8):
        for options in (0, 3, 9):
            head = bytes([kind, options | (128 if kind == 3 else 0), 20 + kind, 17 + options,
                          kind + options | (64 if options else 0), 5 + options])
            write("round", "round-%d-%d.bin" % (kind, options), head + noise(40))


# ---- networks ----

def make_net():
    """Bytes that fuzz_net.c makes graphs of; the third of them begins like one for pictures."""
    for i in range(96):
        begin = bytes([12, 0, 0, i % 4, 31, 4, 0, i % 3, 5, 6]) if i % 3 == 0 else b""
        write("net", "net-%02d.bin" % i, begin + noise(60 + 4 * i, i + 1))


def make_onnx():
    """Small networks with something of everything that a file can have, and ONNX's own cases."""
    sys.path.insert(0, os.path.join(HERE, "../cli"))
    import onnx_bytes as onnx
    number, node, tensor, value = onnx.number, onnx.node, onnx.tensor, onnx.value
    relu = node("Relu", "x", "y")
    flag, inner = value("c", [], 9), onnx.in_graph(onnx.graph([node("Relu", "x", "z")], [],
                                                              [value("z")]))
    either = node("If", "c", "y", then_branch=inner, else_branch=inner)
    turn = onnx.graph([node("Add", "v x", "w"), node("Identity", "g", "h")],
                      [value("i", [], onnx.INT64), value("g", [], 9), value("v")],
                      [value("h", [], 9), value("w"), value("w")])
    loop = node("Loop", "n c x", "y s", body=onnx.in_graph(turn))
    three = tensor("n", [], [3], onnx.INT64)
    listed = number(1, 4) + number(2, onnx.FLOAT) + onnx.part(8, "w") + onnx.part(
        4, struct.pack("<4f", 1, 2, 3, 4))
    image = [tensor("w", [2, 1, 3, 3], list(range(18))), tensor("b", [2], [1, 2])]
    window = node("Conv", "x w b", "h", pads=[1, 1, 1, 1], auto_pad="NOTSET", group=1)
    outside = dict(location="w.bin", offset=4, length=16)
    for name, data in {
            "relu": onnx.simple([relu]), "raw": onnx.simple([node("Add", "x w", "y")],
                                                            [tensor("w", [4], [1, 2, 3, 4])]),
            "listed": onnx.simple([node("Add", "x w", "y")], [listed]),
            "outside": onnx.simple([node("Add", "x w", "y")],
                                   [tensor("w", [4], None, outside=outside)]),
            "conv": onnx.simple([window, node("LeakyRelu", "h", "y", alpha=0.5)], image,
                                dims=("n", 1, "height", 8)),
            "shapes": onnx.simple([node("Shape", "x", "s"), node("Concat", "s k", "t", axis=0),
                                   node("Reshape", "x t", "y")],
                                  [tensor("k", [1], [1], onnx.INT64)], dims=("a", "b")),
            "if": onnx.model(onnx.graph([either], [value("x", [4]), flag], [value("y")])),
            "loop": onnx.model(onnx.graph([loop], [value("x", [4]), flag],
                                          [value("y"), value("s")], [three])),
            "constant": onnx.simple([node("Constant", "", "c", value=onnx.in_tensor(
                tensor("", [4], [1, 2, 3, 4]))), node("Mul", "x c", "y")]),
            "unsorted": onnx.simple([node("Relu", "h", "y"), node("Abs", "x", "h")]),
            "tensor": tensor("t", [2, 2], [1, 2, 3, 4])}.items():
        write("onnx", name + ".onnx", data)
    seen = set()
    for path in sorted(glob.glob("/usr/share/libonnx-testdata/data/node/*/model.onnx")):
        name = path.split("/")[-2].replace("test_", "")
        if name.split("_")[0] not in seen and os.path.getsize(path) < 1000:
            seen.add(name.split("_")[0])
            with open(path, "rb") as file:
                write("onnx", name + ".onnx", file.read())


KINDS = {name[5:]: made for name, made in list(globals().items()) if name.startswith("make_")}
NOT_KEPT = {"net", "onnx"}
for wanted in sys.argv[3 if TO else 1:] or set(KINDS) - NOT_KEPT:
    if wanted in NOT_KEPT and not TO:
        sys.exit("the seeds of %s aren't kept; --to DIRECTORY says where to write them" % wanted)
    KINDS[wanted]()
