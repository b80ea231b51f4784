"""The jobs of the engine's table: what ours does, and how peers do the same."""
import functools
import os
import tempfile
from dataclasses import dataclass, field
from typing import Callable, Union

import cv2
import numpy
import PIL.Image
import torch

import images

WIDTH, HEIGHT = 4000, 3000
MEGAPIXELS = WIDTH * HEIGHT / 1e6
cv2.setNumThreads(1)
torch.set_num_threads(1)
OPENCV = "OpenCV " + cv2.__version__
PYTORCH = "PyTorch " + torch.__version__
PILLOW = "Pillow " + PIL.__version__
NOISE = numpy.random.default_rng(1)


@dataclass
class Job:
    name: str
    work: Union[str, Callable]  # a chain, or returns a layer's weights (out, in, height, width)
    image: Callable             # returns ours: height x width (x channels)
    peers: list                 # functions of the image; the fastest counts
    limit: float = None         # the least allowed ratio of the peer's time to ours
    prepare: Callable = field(default=lambda image: image)  # what the peers get
    finish: Callable = field(default=lambda result: result)  # a peer's result in our layout
    threads: bool = True        # whether two threads are measured too
    most: float = None          # the mean difference of results that count as the same


# ---- images ----

@functools.lru_cache(1)
def gray():
    return NOISE.integers(0, 256, (HEIGHT, WIDTH), numpy.uint8)


@functools.lru_cache(1)
def colour():
    return NOISE.integers(0, 256, (HEIGHT, WIDTH, 3), numpy.uint8)


@functools.lru_cache(1)
def photograph():
    return cv2.cvtColor(images.photograph(), cv2.COLOR_BGR2GRAY)


def floats(height, width, channels):
    return lambda: NOISE.standard_normal((height, width, channels), numpy.float32)


# ---- kernels ----

FOLDER = tempfile.TemporaryDirectory()
SHARPEN = numpy.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], float)
RANDOM_3 = NOISE.standard_normal((3, 3))
RANDOM_7 = NOISE.standard_normal((7, 7))
INTEGERS_7 = NOISE.integers(-4, 5, (7, 7)).astype(float)
RANDOM_31 = NOISE.standard_normal((31, 31)) / 31
X, Y = numpy.meshgrid(numpy.arange(-15, 16), numpy.arange(-15, 16))
DISC_31 = (X * X + Y * Y <= 15.5 ** 2) / numpy.sum(X * X + Y * Y <= 15.5 ** 2)


def log_31(sigma=3.75):
    """The Laplacian of a Gaussian; it sums to 0, and its absolute values sum to 8."""
    square = (X * X + Y * Y) / (2 * sigma * sigma)
    kernel = (square - 1) * numpy.exp(-square)
    kernel -= kernel.mean()
    return kernel * 8 / numpy.abs(kernel).sum()


def kernel_file(kernel):
    """The chain that applies a kernel, written to a file."""
    path = os.path.join(FOLDER.name, f"{len(os.listdir(FOLDER.name))}.txt")
    with open(path, "w") as file:
        file.write("\n".join(" ".join(repr(float(v)) for v in row) for row in kernel))
    return "conv:" + path


# ---- how OpenCV does it ----

def filter2d(kernel):
    kernel = kernel.astype(numpy.float32)
    return lambda image: cv2.filter2D(image, -1, kernel)


def magnitude(image):
    x = cv2.Sobel(image, cv2.CV_32F, 1, 0)
    y = cv2.Sobel(image, cv2.CV_32F, 0, 1)
    return cv2.convertScaleAbs(cv2.magnitude(x, y))


@functools.lru_cache(1)
def scratch():
    shape = (HEIGHT, WIDTH)
    return ([numpy.zeros(shape, numpy.int16) for _ in "xy"],
            [numpy.zeros(shape, numpy.float32) for _ in "xym"], numpy.zeros(shape, numpy.uint8))


def magnitude_into(image):
    """The fastest way we know: both gradients at once, into existing arrays."""
    (x, y), (fx, fy, length), out = scratch()
    cv2.spatialGradient(image, x, y)
    numpy.copyto(fx, x)
    numpy.copyto(fy, y)
    return cv2.convertScaleAbs(cv2.magnitude(fx, fy, length), out)


def sum_of_absolutes(image):
    x = cv2.convertScaleAbs(cv2.Sobel(image, cv2.CV_16S, 1, 0))
    y = cv2.convertScaleAbs(cv2.Sobel(image, cv2.CV_16S, 0, 1))
    return cv2.add(x, y)


def canny(image):
    """Its blur is rounded to 8 bits, and directions to four; thresholds are exceeded."""
    return cv2.Canny(cv2.GaussianBlur(image, (9, 9), 1), 25, 50, L2gradient=True)


def pool_by_reshape(image):
    return image.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).max(axis=(1, 3))


def pool_by_slices(image):
    return numpy.maximum(numpy.maximum(image[::2, ::2], image[::2, 1::2]),
                         numpy.maximum(image[1::2, ::2], image[1::2, 1::2]))


def pool_by_dilation(image):
    return cv2.dilate(image, numpy.ones((2, 2), numpy.uint8), anchor=(0, 0))[::2, ::2]


def chain(edges, pool):
    def run(image):
        blurred = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (9, 9), 1.4)
        return pool(edges(blurred))
    return run


def resize_area(width, height):
    return lambda image: cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


CHAIN = "gray,gaussian:1.4,sobel,maxpool:2"
POOLS = [pool_by_reshape, pool_by_slices, pool_by_dilation]

# To add a job: a line here, in the table of its peer. `make bench ONLY=WORD` runs the rows whose
# names hold WORD. Ours writes into an existing array; the peers return new ones, as is usual in
# scripts. Where that costs them time, "(into arrays)" tells how much.
OPENCV_JOBS = [
    Job("Sobel magnitude, gray", "sobel", gray, [magnitude], 8),
    Job("Sobel magnitude (into arrays)", "sobel", gray, [magnitude_into], threads=False),
    Job("Sobel |x|+|y|, gray", "sobel:l1", gray, [sum_of_absolutes]),
    Job("3x3 whole weights, gray", kernel_file(SHARPEN), gray, [filter2d(SHARPEN)], 2),
    Job("3x3 whole weights, RGB", kernel_file(SHARPEN), colour, [filter2d(SHARPEN)], 2),
    Job("3x3 fractions, gray", kernel_file(RANDOM_3), gray, [filter2d(RANDOM_3)]),
    Job("7x7 whole weights, gray", kernel_file(INTEGERS_7), gray, [filter2d(INTEGERS_7)], 3),
    Job("7x7 fractions, gray", kernel_file(RANDOM_7), gray, [filter2d(RANDOM_7)], 3),
    Job("31x31 random, gray", kernel_file(RANDOM_31), gray, [filter2d(RANDOM_31)], 1.5),
    Job("31x31 disc, gray", kernel_file(DISC_31), gray, [filter2d(DISC_31)], 4),
    Job("31x31 LoG, gray", kernel_file(log_31()), gray, [filter2d(log_31())], 4),
    Job("gaussian 1, 5x5, gray", "gaussian:1:size=5", gray,
        [lambda image: cv2.GaussianBlur(image, (5, 5), 1)], 2),
    Job("gaussian 5, 31x31, gray", "gaussian:5:size=31", gray,
        [lambda image: cv2.GaussianBlur(image, (31, 31), 5)], 4),
    Job("gaussian 5, then sobel, gray", "gaussian:5:size=31,sobel", gray,
        [lambda image: magnitude(cv2.GaussianBlur(image, (31, 31), 5))]),
    Job("box 3, gray", "box:3", gray, [lambda image: cv2.blur(image, (3, 3))], 1.5),
    Job("box 51, gray", "box:51", gray, [lambda image: cv2.blur(image, (51, 51))], 2),
    Job("box 51, RGB", "box:51", colour, [lambda image: cv2.blur(image, (51, 51))]),
    Job("median 3, gray", "median:3", gray, [lambda image: cv2.medianBlur(image, 3)], 1.5),
    Job("median 9, gray", "median:9", gray, [lambda image: cv2.medianBlur(image, 9)], 1.5),
    Job("median 51, gray", "median:51", gray, [lambda image: cv2.medianBlur(image, 51)], 1.5),
    Job("canny, photograph", "canny", photograph, [canny], 1, most=10),
    Job("canny, noise", "canny", gray, [canny], 1, most=100),
    Job("gaussian 5, 31x31, RGB", "gaussian:5:size=31", colour,
        [lambda image: cv2.GaussianBlur(image, (31, 31), 5)]),
    Job("resize 1/4, area, RGB", "resize:25%:area", colour, [resize_area(1000, 750)], 1),
    Job("chain of 4, RGB", CHAIN, colour, [chain(magnitude, pool) for pool in POOLS], 6),
    Job("chain of 4, RGB (into arrays)", CHAIN, colour,
        [chain(magnitude_into, pool) for pool in POOLS], threads=False),
]


# ---- how Pillow does it ----

def resize(width, height, method):
    return lambda image: image.resize((width, height), method)


def pillow(name, work, image, *peer):
    return Job(name, work, image, [resize(*peer)], 1, PIL.Image.fromarray, numpy.asarray)


PILLOW_JOBS = [
    pillow("resize 1/4, Lanczos, RGB", "resize:25%", colour, 1000, 750, PIL.Image.LANCZOS),
    pillow("resize 1/4, Lanczos, gray", "resize:25%", gray, 1000, 750, PIL.Image.LANCZOS),
    pillow("resize 1/2, bilinear, RGB", "resize:50%:bilinear", colour, 2000, 1500,
           PIL.Image.BILINEAR),
]


# ---- how PyTorch does it ----

def conv2d(weights, layout):
    weights = torch.from_numpy(weights.astype(numpy.float32)).contiguous(memory_format=layout)
    padding = weights.shape[2] // 2

    def run(images):
        with torch.no_grad():
            return torch.nn.functional.conv2d(images[layout], weights, padding=padding)
    return run


def max_pool(layout):
    def run(images):
        with torch.no_grad():
            return torch.nn.functional.max_pool2d(images[layout], 2)
    return run


LAYOUTS = [torch.contiguous_format, torch.channels_last]


def to_tensors(image):
    """The image once in each layout."""
    tensor = torch.from_numpy(image).permute(2, 0, 1)[None]
    return {layout: tensor.clone(memory_format=layout) for layout in LAYOUTS}


def from_tensor(tensor):
    return tensor[0].permute(1, 2, 0).numpy()


def layer(inputs, outputs, side, limit):
    weights = NOISE.standard_normal((outputs, inputs, 3, 3)) / numpy.sqrt(9 * inputs)
    return Job(f"conv {inputs}->{outputs} 3x3, {side}x{side}", weights,
               floats(side, side, inputs), [conv2d(weights, layout) for layout in LAYOUTS], limit,
               to_tensors, from_tensor)


PYTORCH_JOBS = [
    layer(3, 8, 1024, 1.5),
    layer(64, 64, 56, 0.9),
    layer(1, 64, 1024, 4),
    Job("max pooling 2x2, 64x512x512", "maxpool:2", floats(512, 512, 64),
        [max_pool(layout) for layout in LAYOUTS], 4, to_tensors, from_tensor),
]
