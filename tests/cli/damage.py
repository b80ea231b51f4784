"""Files that break their format's rules, and files of other formats: what is said of them."""
import struct
import zlib

from metadata import chunk, jpeg_with, profile
from support import equal, ok, read, run, write

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def header(width, height, depth, colour, interlaced=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def said(data, *options):
    """Exit status, and what is said of a file called `in`."""
    write("in", data)
    done = run("identity", *options, "in", "out.pam")
    return done.returncode, done.stderr.decode()


def refused(data, message, *options):
    equal(said(data, *options), (1, "convtool: in: %s\n" % message))


def test_one_of_something_is_singular():
    refused(SIGNATURE + chunk(b"IHDR", b"x"), "damaged: the IHDR chunk has 1 byte, not 13")
    refused(SIGNATURE + header(1, 1, 1, 6), "damaged: colour type 6 with 1 bit doesn't exist")
    refused(SIGNATURE + header(1, 1, 8, 3) + chunk(b"PLTE", b"x"),
            "damaged: a PLTE chunk of 1 byte with 8 bits")
    refused(SIGNATURE + header(1, 1, 8, 0) + chunk(b"tRNS", b"x"),
            "damaged: a tRNS chunk of 1 byte with colour type 0")


def warned(data, message, *options):
    equal(said(data, *options), (0, "convtool: warning: in: %s\n" % message if message else ""))


def icc(number, count, data=profile()):
    return 0xe2, b"ICC_PROFILE\0" + bytes([number, count]) + data


def test_jpeg_profile_whose_pieces_contradict():
    half = len(profile()) // 2
    first, second = icc(1, 2, profile()[:half]), icc(2, 2, profile()[half:])
    for segments, why in [
            ([first, second], None), ([second, first], None),
            ([icc(1, 1), icc(1, 1)], "piece 1 of 1 comes twice"),
            ([first, second, first], "piece 1 of 2 comes twice"),
            ([first], "piece 2 of 2 is missing"),
            ([second, icc(1, 1)], "it comes in 2 pieces, or in 1"),
            ([icc(3, 2), icc(1, 1)], "a piece is number 3 of 2"),
            ([icc(0, 1)], "a piece is number 0 of 1")]:
        data = jpeg_with(segments)
        warned(data, why and "its ICC profile is left out: " + why)
        equal(said(data, "--strip"), (0, ""))
        ok("identity", "-q", "in", "out.jpg")
        equal(profile() in read("out.jpg"), why is None, "profile kept")


def gray(*extra, pixels=b"\0\1\2\0\3\4"):
    """2x2 gray pixels as PNG, with more chunks before their data."""
    return (SIGNATURE + header(2, 2, 8, 0) + b"".join(extra)
            + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b""))


def test_png_profile_that_cannot_be_inflated():
    stream = zlib.compress(profile())
    warned(gray(chunk(b"iCCP", b"mine\0\0" + stream)), None)
    for data in [stream[:9], b"xxxxxxxxx", zlib.compress(b""), zlib.compress(b"\0" * (17 << 20))]:
        data = gray(chunk(b"iCCP", b"mine\0\0" + data))
        warned(data, "its ICC profile is left out: it can't be inflated")
        equal(said(data, "--strip"), (0, ""))
