"""Files that break their format's rules, and files of other formats: what is said of them."""
import struct

from metadata import chunk
from support import equal, run, write

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
