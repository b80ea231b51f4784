"""The jobs of whole processes, and the best command that each peer has for them."""
import os
import re
import subprocess
from dataclasses import dataclass
from typing import Optional

import images

BUILD = os.environ.get("BUILD", "build")
CONVTOOL = os.environ.get("CONVTOOL", BUILD + "/convtool")
LAUNCH = BUILD + "/tests/bench/launch"
DECODE = BUILD + "/tests/bench/decode"
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "opencv_process.py")
# Not others that PATH may have first.
PYTHON, MAGICK = "/usr/bin/python3", "/usr/bin/convert"
CHAIN = "gray,gaussian:1.4,sobel,maxpool:2"
QUALITY = str(images.QUALITY)
SHARPEN = "0 -1 0 -1 5 -1 0 -1 0"


@dataclass
class Job:
    name: str
    work: str                         # ours, and the key of the peers' commands
    source: str                       # a file of images.py
    suffix: str                       # of the output
    limit: float                      # the most that ours may take of the fastest peer's time
    decoding: Optional[float] = None  # the most that it may take, as a multiple of just decoding
    size: Optional[float] = None      # the most that the output may have, as a multiple of libpng's
    memory: Optional[float] = 32      # MiB at most


# To add a job: a line here; a new kind of work also needs a line for each peer in `peers`.
JOBS = [
    Job("PNG sobel PNG, photo", "sobel", "photo.png", ".png", 0.15, 1.3, 1.05),
    Job("PNG sobel PNG, noisy", "sobel", "noisy.png", ".png", 0.15, 1.3, 1.05),
    Job("JPEG sobel JPEG, photo", "sobel", "photo.jpg", ".jpg", 0.35, 1.3),
    Job("JPEG sobel JPEG, noisy", "sobel", "noisy.jpg", ".jpg", 0.35, 1.3),
    Job("PNG sharpen PNG, photo", "sharpen", "photo.png", ".png", 0.2),
    Job("PNG sharpen PNG, noisy", "sharpen", "noisy.png", ".png", 0.2),
    Job("PNG sobel PNG, 64x64", "sobel", "small.png", ".png", 0.2),
]


def ours(work, source, target):
    return [CONVTOOL, "-q", "--quality", QUALITY, work, source, target]


def peers(work, source, target):
    """{peer: command}. GraphicsMagick's nearest to a gradient is -edge, ImageMagick's the two Sobel
    kernels one after the other; vips needs a call for gray, and its own format in between."""
    jpeg = target.endswith(".jpg")
    ffmpeg = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, "-vf"]
    middle, matrix = target + ".v", images.path("sharpen.mat")
    vips_target = target + (f"[Q={QUALITY}]" if jpeg else "")
    if work == "sobel":
        return {
            "OpenCV": [PYTHON, SCRIPT, work, source, target, QUALITY],
            "ffmpeg": ffmpeg + ["format=gray,sobel", "-q:v", "2", target],
            "vips": ["sh", "-c", f"vips colourspace {source} {middle} b-w && "
                                 f"vips sobel {middle} '{vips_target}'"],
            "GM": ["gm", "convert", source, "-colorspace", "Gray", "-edge", "1",
                   "-quality", QUALITY, target] if jpeg else
                  ["gm", "convert", source, "-colorspace", "Gray", "-edge", "1", target],
            "IM": [MAGICK, source, "-colorspace", "Gray", "-define",
                   "morphology:compose=Lighten", "-morphology", "Convolve", "Sobel:0;Sobel:90"]
                  + (["-quality", QUALITY] if jpeg else []) + [target],
        }
    images.make("sharpen.mat", write_matrix)
    return {
        "OpenCV": [PYTHON, SCRIPT, work, source, target, QUALITY],
        "ffmpeg": ffmpeg + ["format=gbrp,convolution=" + ":".join([SHARPEN] * 4)
                            + ",format=rgb24", target],
        "vips": ["vips", "conv", source, vips_target, matrix, "--precision", "integer"],
        "GM": ["gm", "convert", source, "-convolve", SHARPEN.replace(" ", ","), target],
        "IM": [MAGICK, source, "-morphology", "Convolve",
               "3x3:" + SHARPEN.replace(" ", ","), target],
    }


PEERS = ["OpenCV", "ffmpeg", "vips", "GM", "IM"]


def write_matrix(path):
    with open(path, "w") as file:
        file.write("3 3 1 0\n0 -1 0\n-1 5 -1\n0 -1 0\n")


def versions():
    """The peers' versions, and which libraries ours has for PNG and JPEG."""
    found = [f"OpenCV {images.cv2.__version__} from Python"]
    for name, command in [("ffmpeg", ["ffmpeg", "-version"]), ("vips", ["vips", "--version"]),
                          ("GraphicsMagick (GM)", ["gm", "version"]),
                          ("ImageMagick (IM)", [MAGICK, "--version"])]:
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        found.append(name + " " + re.search(r"\d+(\.[\d-]+)+", said)[0])
    said = subprocess.run([CONVTOOL, "--version"], stdout=subprocess.PIPE, text=True, check=True)
    codecs = re.findall(r"^ +(png|jpeg) +(.*?) +gray", said.stdout, re.M)
    return ", ".join(found), "; ".join(f"{name} by {library}" for name, library in codecs)


def launch(command):
    """Whole-process milliseconds, peak MiB and milliseconds of processor time, by the small
    launcher: a fork of this large process would count its memory as the program's. None if the
    program failed."""
    done = subprocess.run([LAUNCH, *command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        return None
    wall, peak, busy = done.stdout.split()[-3:]
    return float(wall), int(peak) / 1024, float(busy)
