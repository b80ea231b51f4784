"""The files that whole processes read, made once in $BUILD/bench; `make clean` removes them."""
import os
import tempfile
import zlib

import cv2
import numpy

FOLDER = os.path.abspath(os.environ.get("BUILD", "build")) + "/bench"
# CC0; from Debian's package lomiri-wallpapers-16.04.
PHOTOGRAPH = "/usr/share/backgrounds/seeding_by_Clements_Engelhardt.jpg"
WIDTH, HEIGHT = 4016, 2988  # 12 megapixels of its 5312x2988
QUALITY = 90
# libpng's defaults: zlib's level 6 with its strategy for filtered rows.
LIBPNG = [cv2.IMWRITE_PNG_COMPRESSION, 6, cv2.IMWRITE_PNG_STRATEGY, 1]


def path(name):
    return f"{FOLDER}/{name}"


def scratch():
    """A folder beside them for what a row writes."""
    os.makedirs(FOLDER, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=FOLDER)


def photograph():
    image = cv2.imread(PHOTOGRAPH)
    if image is None:
        raise SystemExit(f"bench: {PHOTOGRAPH} can't be read; third_party/install.sh bench")
    left = (image.shape[1] - WIDTH) // 2
    return image[:HEIGHT, left:left + WIDTH]


def noisy():
    """A ramp with a sensor's noise, of 12 levels' deviation."""
    ramp = numpy.linspace(40, 215, WIDTH)[None, :, None]
    noise = numpy.random.default_rng(2).standard_normal((HEIGHT, WIDTH, 3), numpy.float32)
    return numpy.clip(ramp + noise * 12, 0, 255).astype(numpy.uint8)


def make(name, write):
    """Makes the file by `write(path)`, unless it exists."""
    if not os.path.exists(path(name)):
        os.makedirs(FOLDER, exist_ok=True)
        part = path("part-" + name)
        write(part)
        os.rename(part, path(name))
    return path(name)


def write_pgm(name, image):
    with open(name, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (image.shape[1], image.shape[0]))
        file.write(image.tobytes())


def chunk(kind, data):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def write_large_png(name, side):
    """A gray PNG of side x side: one band of the photograph, repeated. A full flush ends its
    deflate blocks on a whole byte and independent of what came before, so it's compressed only
    once."""
    rows = 256
    gray = cv2.cvtColor(photograph(), cv2.COLOR_BGR2GRAY)[:rows]
    band = numpy.tile(gray, (1, side // WIDTH + 1))[:, :side]
    left = numpy.pad(band, ((0, 0), (1, 0)))[:, :side]
    filtered = numpy.full((rows, side + 1), 1, numpy.uint8)  # filter "Sub"
    filtered[:, 1:] = band - left
    raw = filtered.tobytes()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    idat = chunk(b"IDAT", packer.compress(raw) + packer.flush(zlib.Z_FULL_FLUSH))
    adler = 1
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.write(chunk(b"IHDR", side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])))
        file.write(chunk(b"IDAT", b"\x78\x01"))
        for _ in range(side // rows):
            file.write(idat)
            adler = zlib.adler32(raw, adler)
        file.write(chunk(b"IDAT", b"\x03\x00" + adler.to_bytes(4, "big")))  # an empty last block
        file.write(chunk(b"IEND", b""))


def make_all():
    images = {}

    def picture(kind):
        if kind not in images:
            images[kind] = {"photo": photograph, "noisy": noisy}[kind]()
        return images[kind]

    jpeg = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    for kind in ("photo", "noisy"):
        make(kind + ".png", lambda p: write_image(p, picture(kind), LIBPNG))
        make(kind + ".jpg", lambda p: write_image(p, picture(kind), jpeg))
    make("gray.pgm", lambda p: write_pgm(p, cv2.cvtColor(picture("photo"), cv2.COLOR_BGR2GRAY)))
    make("small.pgm", lambda p: write_pgm(p, cv2.cvtColor(picture("photo")[1000:1064, 1000:1064],
                                                          cv2.COLOR_BGR2GRAY)))
    make("small.png", lambda p: write_image(p, picture("photo")[1000:1064, 1000:1064], LIBPNG))
    for side in (16384, 32768):
        make(f"{side}.png", lambda p: write_large_png(p, side))


def write_image(name, image, options):
    """cv2.imwrite chooses the format by the name's extension."""
    if not cv2.imwrite(name, image, options):
        raise SystemExit(f"bench: can't write {name}")


def libpng_size(name):
    """The bytes that libpng needs for the pixels of the file `name` by default."""
    return len(cv2.imencode(".png", cv2.imread(name, cv2.IMREAD_UNCHANGED), LIBPNG)[1])
