"""What comes with the pixels: orientation, profile, resolution, gamma; and --strip."""
import struct
import zlib

import support
from support import check, equal, ok, read, run, write

# Where the stored image has the upright image's pixel x, y; w and h are the stored size.
UPRIGHT = {
    1: lambda x, y, w, h: (x, y), 2: lambda x, y, w, h: (w - 1 - x, y),
    3: lambda x, y, w, h: (w - 1 - x, h - 1 - y), 4: lambda x, y, w, h: (x, h - 1 - y),
    5: lambda x, y, w, h: (y, x), 6: lambda x, y, w, h: (y, h - 1 - x),
    7: lambda x, y, w, h: (w - 1 - y, h - 1 - x), 8: lambda x, y, w, h: (w - 1 - y, x),
}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(image, extra=b""):
    """An 8-bit gray or RGB image as PNG, with more chunks before its data."""
    size = image.width * image.channels
    rows = b"".join(b"\0" + bytes(image.values[i:i + size])
                    for i in range(0, len(image.values), size))
    colour = {1: 0, 3: 2}[image.channels]
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", image.width, image.height, 8, colour, 0, 0, 0))
            + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def chunks(data):
    """Kind -> data of a PNG's chunks."""
    found, at = {}, 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        found[kind] = data[at + 8:at + 8 + size]
        at += 12 + size
    return found


def exif(orientation):
    """EXIF with one entry."""
    return b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHHI", 0x112, 3, 1, orientation, 0, 0)


def profile():
    """The smallest valid RGB profile: a header and an empty table."""
    head = struct.pack(">I", 132) + b"\0" * 4 + b"\x02\x40\0\0mntrRGB XYZ " + b"\0" * 12 + b"acsp"
    return head.ljust(128, b"\0") + b"\0\0\0\0"


def jpeg_with(segments):
    """noise.ppm as JPEG, with more segments after its start."""
    ok("identity", "noise.ppm", "plain.jpg", "--quality", "90")
    data = read("plain.jpg")
    more = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body
                    for marker, body in segments)
    return data[:2] + more + data[2:]


def turned(stored, orientation):
    width, height = stored.width, stored.height
    if orientation >= 5:
        width, height = height, width
    return [v for y in range(height) for x in range(width)
            for v in stored.pixel(*UPRIGHT[orientation](x, y, stored.width, stored.height))]


def test_jpeg_is_turned_upright():
    for orientation in UPRIGHT:
        write("turned.jpg", jpeg_with([(0xe1, b"Exif\0\0" + exif(orientation))]))
        ok("identity", "plain.jpg", "stored.ppm")
        ok("identity", "turned.jpg", "out.ppm")
        expected = turned(support.Image(read("stored.ppm")), orientation)
        equal(support.Image(read("out.ppm")).values, expected, "orientation %d" % orientation)


def test_png_is_turned_upright():
    image = support.Image(read("noise.ppm"))
    for orientation in UPRIGHT:
        write("turned.png", png(image, chunk(b"eXIf", exif(orientation))))
        ok("identity", "turned.png", "out.ppm")
        equal(support.Image(read("out.ppm")).values, turned(image, orientation), str(orientation))


def test_it_is_turned_once():
    """The output says that it's upright, or nothing."""
    write("turned.jpg", jpeg_with([(0xe1, b"Exif\0\0" + exif(6))]))
    for name in ["a.jpg", "a.png"]:
        ok("identity", "turned.jpg", name)
        ok("identity", name, "again.ppm")
        again = support.Image(read("again.ppm"))
        equal([again.width, again.height], [15, 20], name)


def test_explain_counts_upright():
    write("turned.png", png(support.Image(read("noise.pgm")), chunk(b"eXIf", exif(8))))
    stored = support.Image(read("noise.pgm"))
    text = ok("explain", "identity", "--at", "0,0", "turned.png").decode()
    check("turned.png: 30x40" in text, text)
    check("-> pixel %d\n" % stored.pixel(39, 0)[0] in text, text)


def exif_with_sizes(orientation, order, width, height):
    """The size in pixels in both of its places: as LONG in the 0th IFD, as SHORT in the Exif IFD,
    whose tag of 2 bytes is followed by others."""
    def entry(tag, kind, value):
        short = kind == 3
        return struct.pack(order + "HHI" + ("HH" if short else "I"), tag, kind, 1, value,
                           *([0xabcd] if short else []))
    first = [entry(0x100, 4, width), entry(0x101, 4, height), entry(0x112, 3, orientation),
             entry(0x8769, 4, 8 + 2 + 4 * 12 + 4)]
    second = [entry(0xa002, 3, width), entry(0xa003, 3, height)]
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + b"".join(struct.pack(order + "H", len(ifd)) + b"".join(ifd) + b"\0" * 4
                           for ifd in (first, second))


def test_exif_tells_the_new_size():
    image = support.Image(read("noise.ppm"))
    for order in "<>":
        for chain, orientation, size in [
                ("identity", 1, (20, 15)), ("resize:10x", 1, (10, 8)), ("crop:7x5", 1, (7, 5)),
                ("rotate", 1, (15, 20)), ("identity", 6, (15, 20)), ("rotate:270", 6, (20, 15)),
                ("rotate:180,resize:5x9", 6, (5, 9)), ("sobel:stride=2", 8, (8, 10))]:
            write("in.png", png(image, chunk(b"eXIf", exif_with_sizes(orientation, order, 20, 15))))
            ok("-f", chain, "-q", "in.png", "out.png")
            equal(chunks(read("out.png"))[b"eXIf"], exif_with_sizes(1, order, *size), chain)


def test_resolutions_turn_with_the_image():
    for chain, size in [("rotate:180", (3000, 4000)), ("rotate", (4000, 3000)),
                        ("rotate,rotate:270", (3000, 4000)), ("resize:5x", (3000, 4000))]:
        write("in.png", decorated(support.Image(read("noise.ppm"))))
        ok("-f", chain, "in.png", "out.png")
        equal(chunks(read("out.png"))[b"pHYs"], struct.pack(">IIB", *size, 1), chain)


def test_rotate_begins_upright():
    """Turned by EXIF's 90 degrees, then back."""
    image = support.Image(read("noise.ppm"))
    write("in.png", png(image, chunk(b"eXIf", exif(6))))
    ok("rotate:270", "in.png", "out.ppm")
    equal(support.Image(read("out.ppm")).values, image.values, "back")


def decorated(image):
    return png(image, chunk(b"gAMA", struct.pack(">I", 50000))
               + chunk(b"iCCP", b"mine\0\0" + zlib.compress(profile()))
               + chunk(b"pHYs", struct.pack(">IIB", 3000, 4000, 1)))


def test_png_keeps_what_goes_with_it():
    write("in.png", decorated(support.Image(read("noise.ppm"))))
    ok("box", "in.png", "out.png")
    before, after = chunks(read("in.png")), chunks(read("out.png"))
    equal(after.get(b"pHYs"), before[b"pHYs"], "pHYs")
    check(zlib.decompress(after[b"iCCP"].split(b"\0", 1)[1][1:]) == profile(), "another profile")


def test_a_colour_profile_does_not_go_with_gray():
    write("in.png", decorated(support.Image(read("noise.ppm"))))
    ok("gray", "in.png", "out.png")
    after = chunks(read("out.png"))
    check(b"iCCP" not in after and b"pHYs" in after, sorted(after))


def test_gamma_goes_with_gray_but_primaries_do_not():
    primaries = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    gamma = struct.pack(">I", 45455)
    write("in.png", png(support.Image(read("noise.ppm")),
                        chunk(b"gAMA", gamma) + chunk(b"cHRM", primaries)))
    ok("box", "in.png", "colour.png")
    ok("gray", "in.png", "gray.png")
    colour, gray = chunks(read("colour.png")), chunks(read("gray.png"))
    equal([colour.get(b"gAMA"), colour.get(b"cHRM")], [gamma, primaries], "colour")
    equal([gray.get(b"gAMA"), gray.get(b"cHRM")], [gamma, None], "gray")


def test_strip_leaves_it_out():
    write("in.png", decorated(support.Image(read("noise.ppm"))))
    ok("box", "--strip", "in.png", "out.png")
    equal(set(chunks(read("out.png"))), {b"IHDR", b"IDAT", b"IEND"}, "chunks")


def test_jpeg_to_png_and_back():
    icc = b"ICC_PROFILE\0\x01\x01" + profile()
    write("in.jpg", jpeg_with([(0xe2, icc)]))
    ok("box", "in.jpg", "out.png")
    ok("box", "out.png", "again.jpg")
    check(b"iCCP" in chunks(read("out.png")) and profile() in read("again.jpg"), "no profile")
    ok("box", "--strip", "in.jpg", "bare.jpg")
    check(b"ICC_PROFILE" not in read("bare.jpg"), "a profile in spite of --strip")


PQ = bytes([9, 16, 0, 1])


def coded(cicp, *extra):
    """noise.ppm as PNG with a cICP chunk."""
    return png(support.Image(read("noise.ppm")), chunk(b"cICP", cicp) + b"".join(extra))


def warned(arguments, message):
    done = run("identity", "-f", *arguments)
    equal([done.returncode, done.stderr.decode()],
          [0, "convtool: warning: in.png: %s\n" % message if message else ""], arguments)


def test_png_keeps_how_colours_are_coded():
    write("in.png", coded(PQ))
    ok("box", "in.png", "out.png")
    equal(chunks(read("out.png")).get(b"cICP"), PQ, "cICP")
    ok("gray", "in.png", "gray.png")
    equal(chunks(read("gray.png")).get(b"cICP"), PQ, "cICP of gray")
    ok("box", "in.png", "bare.png", "--strip")
    equal(set(chunks(read("bare.png"))), {b"IHDR", b"IDAT", b"IEND"}, "stripped")
    for wrong in [b"\x09\x10\1\1", b"\x09\x10\0\2", b"\x09\x10\0"]:
        write("in.png", coded(wrong))
        ok("box", "in.png", "out.png")
        check(b"cICP" not in chunks(read("out.png")), wrong)


def test_colours_that_the_output_cannot_say():
    said = "its colours are %s (cICP), which %s can't record: they will be shown as sRGB"
    write("in.png", coded(PQ))
    warned(["in.png", "out.jpg"], said % ("BT.2020 with the curve PQ", "JPEG"))
    warned(["in.png", "out.ppm"], said % ("BT.2020 with the curve PQ", "PPM"))
    warned(["in.png", "out.png"], None)
    warned(["--strip", "in.png", "out.jpg"], None)
    for cicp, text in [
            (b"\x0c\x0d\0\1", "Display P3 with the curve sRGB"),
            (b"\1\x0d\0\0", "BT.709 with the curve sRGB, narrow range"),
            (b"\x16\x63\0\1", "primaries 22 with the curve number 99"), (b"\1\x0d\0\1", None)]:
        write("in.png", coded(cicp))
        warned(["in.png", "out.jpg"], text and said % (text, "JPEG"))
    write("in.png", coded(PQ, chunk(b"iCCP", b"mine\0\0" + zlib.compress(profile()))))
    warned(["in.png", "out.jpg"], None)
    warned(["in.png", "out.pam"], said % ("BT.2020 with the curve PQ", "PAM"))


def test_linear_light_of_colours_that_are_not_srgb():
    said = "--linear treats its colours as sRGB, but they are BT.2020 with the curve PQ (cICP)"
    write("in.png", coded(PQ))
    warned(["--linear", "in.png", "out.png"], said)
    warned(["--linear", "--strip", "in.png", "out.jpg"], said)
    done = run("explain", "identity", "--linear", "--at", "0,0", "in.png")
    equal(done.stderr.decode(), "convtool: warning: in.png: %s\n" % said)
    write("in.png", coded(b"\x0c\x0d\0\1"))
    warned(["--linear", "in.png", "out.png"], None)
