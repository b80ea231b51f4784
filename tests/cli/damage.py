"""Files that break their format's rules, and files of other formats: the messages about them."""
import gzip
import lzma
import os
import struct
import zlib

import support
from jpegs import TURBO
from metadata import chunk, jpeg_with, profile
from support import check, equal, ok, read, run, write

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def header(width, height, depth, colour, interlaced=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced))


def said(data, *options):
    """The exit status and the messages for a file called `in`."""
    write("in", data)
    done = run("identity", "-f", *options, "in", "out.pam")
    return done.returncode, done.stderr.decode()


def refused(data, message, *options):
    equal(said(data, *options), (1, "convtool: in: %s\n" % message))


def test_one_of_something_is_singular():
    refused(SIGNATURE + chunk(b"IHDR", b"x"), "damaged: the IHDR chunk has 1 byte; expected 13")
    refused(SIGNATURE + header(1, 1, 1, 6), "damaged: colour type 6 can't have 1 bit")
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
            ([icc(1, 1), icc(1, 1)], "piece 1 of 1 appears twice"),
            ([first, second, first], "piece 1 of 2 appears twice"),
            ([first], "piece 2 of 2 is missing"),
            ([second, icc(1, 1)], "some pieces say there are 2, others 1"),
            ([icc(3, 2), icc(1, 1)], "a piece is numbered 3 of 2"),
            ([icc(0, 1)], "a piece is numbered 0 of 1")]:
        data = jpeg_with(segments)
        warned(data, why and "its ICC profile is dropped: " + why)
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
        warned(data, "its ICC profile is dropped: it can't be decompressed")
        equal(said(data, "--strip"), (0, ""))


def test_other_formats_are_called_by_their_name():
    page = b"<!DOCTYPE html>\n<html><svg></svg></html>\n"
    picture = b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg xmlns='http://www.w3.org/2000/svg'/>\n"
    for begin, name, hint in [
            (b"RIFF\x24\0\0\0WEBPVP8 ", "a WebP image",
             "convert it first: dwebp in.webp -o in.png"),
            (b"GIF89a\1\0\1\0", "a GIF image", "convert it first: giftopnm in.gif > in.ppm"),
            (b"GIF87a", "a GIF image", "convert it first: giftopnm in.gif > in.ppm"),
            (b"II*\0\x08\0\0\0", "a TIFF image", "convert it first: tifftopnm in.tif > in.ppm"),
            (b"MM\0*\0\0\0\x08", "a TIFF image", "convert it first: tifftopnm in.tif > in.ppm"),
            (b"BM\x46\0\0\0\0\0\0\0", "a BMP image",
             "convert it first: bmptopnm in.bmp > in.ppm"),
            (b"\0\0\0\x20ftypavif", "an AVIF image", "convert it first: avifdec in.avif in.png"),
            (b"\0\0\0\x18ftypheic", "a HEIC image",
             "convert it first: heif-convert in.heic in.png"),
            (b"\0\0\0\x18ftypmif1", "a HEIF image",
             "convert it first: heif-convert in.heic in.png"),
            (b"\xff\x0a\x10", "a JPEG XL image", "convert it first: djxl in.jxl in.png"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL image",
             "convert it first: djxl in.jxl in.png"),
            (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image",
             "convert it first: opj_decompress -i in.jp2 -o in.png"),
            (b"v/1\x01\2\0\0\0", "an OpenEXR image", "convert it first: convert in.exr in.pfm"),
            (b"8BPS\0\1", "a Photoshop (PSD) file",
             "convert it first: convert 'in.psd[0]' in.png"),
            (b"\0\0\1\0\2\0", "an ICO file", "extract its images first: icotool -x in.ico"),
            (b"%PDF-1.7\n", "a PDF file", "convert its pages first: pdftoppm -png in.pdf in"),
            (picture, "an SVG drawing", "convert it first: rsvg-convert in.svg -o in.png"),
            (b"\xef\xbb\xbf\n<svg/>", "an SVG drawing",
             "convert it first: rsvg-convert in.svg -o in.png"),
            (gzip.compress(b"P5"), "a gzip file", "unpack it first: gunzip in.gz"),
            (lzma.compress(b"P5"), "an xz file", "unpack it first: unxz in.xz"),
            (b"PK\3\4\x14\0", "a zip archive", "unpack it first: unzip in.zip")]:
        refused(begin, "%s, which convtool can't read; %s" % (name, hint))
    for begin in [page, b"BM is no bitmap", b"RIFF\0\0\0\0WAVE", b"hello\n",
                  b"<?xml version='1.0'?><a/>", b"GIF", b"\0" * 20]:
        refused(begin, "not a known image format; expected PNG, JPEG, PNM, PAM, PFM, "
                       "YUV4MPEG2, .npy or a table of numbers")
    done = run("identity", "-", "-", "--format", "png", stdin=picture)
    equal(done.stderr.decode(), "convtool: standard input: an SVG drawing, which convtool "
          "can't read; convert it first: rsvg-convert in.svg -o in.png\n")


def test_stray_bytes_before_a_jpegs_first_marker():
    jpeg = jpeg_with([])
    ok("identity", "plain.jpg", "plain.pam")
    for stray, text in [(b"x", "1 stray byte"), (b"stray", "5 stray bytes")]:
        data = jpeg[:2] + stray + jpeg[2:]
        message = "damaged: %s before the marker 0xe0" % text
        if TURBO:
            refused(data, message)
            warned(data, message + "; accepted because of --lenient", "--lenient")
            equal(read("out.pam"), read("plain.pam"), "pixels")
        else:
            refused(data, "damaged: expected a marker at byte 2")
    refused(b"\xff\xd8", "truncated: the file ends before its end-of-image marker")


def palette(entries, pixels):
    """A row of 8-bit pixels that point into a palette of so many grays."""
    return (SIGNATURE + header(len(pixels), 1, 8, 3)
            + chunk(b"PLTE", bytes((50 + i // 3) % 256 for i in range(3 * entries)))
            + chunk(b"IDAT", zlib.compress(b"\0" + bytes(pixels))) + chunk(b"IEND", b""))


def test_pixels_past_the_palette():
    warned(palette(3, [0, 1, 2]), None)
    warned(palette(256, [0, 255]), None)
    data = palette(3, [0, 1, 3, 2])
    said_of_it = "some pixels are outside its palette of 3 colours and became black"
    warned(data, said_of_it)
    warned(data, said_of_it, "--lenient")
    equal(support.Image(read("out.pam")).values, [50] * 3 + [51] * 3 + [0] * 3 + [52] * 3, "pixels")
    warned(palette(1, [1]), "some pixels are outside its palette of 1 colour and became black")
    done = run("explain", "identity", "--at", "0,0", "in")
    equal(done.stderr.decode().count("warning"), 1, "explain")
    equal(run("identity", "-q", "in", "out.pam").stderr, b"", "quiet")


def test_damaged_png():
    good = gray(chunk(b"tEXt", b"a\0b"))
    warned(good, None, "--lenient")
    whole = support.Image(read("out.pam")).values
    for data, message, values in [
            (good.replace(b"a\0b", b"a\0c"),
             "damaged: the checksum of the chunk tEXt at byte 33 is wrong", whole),
            (gray(chunk(b"tRNS", b"xyz")), "damaged: a tRNS chunk of 3 bytes with colour type 0",
             whole),
            (good[:-12], "truncated: the file ends before its IEND chunk", whole),
            (gray(pixels=b"\0\1\2"), "truncated: the compressed data ends before the last row",
             [1, 2, 0, 0])]:
        refused(data, message)
        warned(data, message + "; accepted because of --lenient", "--lenient")
        equal(support.Image(read("out.pam")).values, values, message)
    done = run("identity", "--lenient", "--json", "in", "out.pam")
    equal(support.images(done.stdout)[0]["warnings"], [message], "in the report")
    done = run("identity", "--lenient", "-", "-", stdin=good[:-14])
    equal(done.returncode, 0, "of a pipe")
    refused(good[:40], "truncated: the file ends before its IEND chunk", "--lenient")


def test_a_png_without_a_row():
    """A tiny file that claims a large image: with --lenient too, it isn't a black one."""
    data = (SIGNATURE + header(9000, 9000, 8, 2) + chunk(b"IDAT", b"\x78\x9c\xff\xff\xff")
            + chunk(b"IEND", b""))
    for options in [], ["--lenient"]:
        code, text = said(data, *options)
        equal([code, text.count("\n"), "; not one row can be decoded\n" in text],
              [1, 1, bool(options)], text)
    check(not os.path.exists("out.pam"), "an output")


def test_json_lists_warnings():
    write("in", palette(1, [1]).replace(b"IEND", b"IEMD"))
    image = support.images(run("identity", "--lenient", "--json", "in", "out.pam").stdout)[0]
    warnings = sorted(image["warnings"], key=lambda text: "checksum" in text)
    equal(len(warnings), 2, "warnings")
    equal(warnings[0], "some pixels are outside its palette of 1 colour and became black", "first")
    check("checksum" in warnings[1], warnings[1])
