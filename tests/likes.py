#!/usr/bin/python3
"""Compares --like LIBRARY with that library, as Debian packages it, and runs what show --as prints
(show_as.py).

Each case is a chain and the library's own call on the same image of 8 bits. $CONVTOOL is the
program. A library that isn't installed is skipped, with a line that says so. Prints each case that
differs by more than it may, then "N passed, N failed".
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

CONVTOOL = os.environ.get("CONVTOOL", "build/convtool")
folder = tempfile.TemporaryDirectory()
passed = failed = 0


def image_of(channels, height=37, width=45):
    """Noise, steps and flat parts."""
    random = np.random.default_rng(channels)
    image = random.integers(0, 256, (height, width, channels), np.uint8)
    image[:, width // 2:] = image[:, width // 2:] // 64 * 80
    image[height // 2:, :10] = 200
    image[:6, 12:20] = 100
    return image[..., 0] if channels == 1 else image


FLOAT = 2e-6  # of the largest value: sums of float32
GRAY, COLOR = image_of(1), image_of(3)


def run(image, *words, floats=False):
    """convtool's result for an image (of bytes): bytes, or floats as they are."""
    source, result = (os.path.join(folder.name, name) for name in ("in.pnm", "out.npy"))
    kind = 5 if image.ndim == 2 else 6
    head = b"P%d\n%d %d\n255\n" % (kind, image.shape[1], image.shape[0])
    pathlib.Path(source).write_bytes(head + image.tobytes())
    depth = [] if floats else ["--depth", "8"]
    done = subprocess.run([CONVTOOL, "-qf", *depth, *words, source, result],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(" ".join(words) + ": " + done.stderr)
    return np.load(result)


def check(what, got, want, within):
    global passed, failed
    if got.shape != want.shape:
        problem = f"{got.shape} instead of {want.shape}"
    else:
        apart = np.abs(got.astype(np.float64) - want.astype(np.float64))
        problem = f"{apart.max():.3g} apart, {np.mean(apart > within):.2%} of samples"
        if apart.max() <= within:
            problem = ""
    if problem:
        failed += 1
        print(f"  {what}: {problem}")
    else:
        passed += 1


def compare(library, chain, theirs, within=0, options=(), images=(COLOR,)):
    """Where their result is of floats, ours is too: signed, and not rounded."""
    for image in images:
        kind = "gray" if image.ndim == 2 else "colour"
        want = theirs(image)
        floats = want.dtype.kind == "f"
        got = run(image, chain, "--like", library, *options, floats=floats)
        check(f"--like {library} {chain} {' '.join(options)} ({kind})", got, want,
              FLOAT * max(1, np.abs(want).max()) if floats else within)


def refused(library, chain, *options):
    """What the library does otherwise is an error."""
    try:
        run(COLOR, chain, "--like", library, *options)
    except RuntimeError as error:
        check(f"{chain}: {error}", np.array("--like " + library in str(error)), np.array(True), 0)
    else:
        check(f"--like {library} {chain} isn't refused", np.array(1), np.array(0), 0)


def each(function):
    """A function of gray images, for each channel."""
    def channels(image):
        if image.ndim == 2:
            return function(image)
        return np.stack([function(image[..., c]) for c in range(3)], -1)
    return channels


def pixels(numbers):
    """As convtool stores numbers in 8 bits."""
    return np.clip(np.rint(np.asarray(numbers, np.float64)), 0, 255).astype(np.uint8)


KERNELS = {"3x3": "0 -1 0; -1 5 -1; 0 -1 0", "lopsided": "0.5 0.25 0; 0.125 0 0; 0 0 0.25",
           "even": "0.5 0.25; 0 0.25", "wide": "0.125 0.125 0.5 0.125 0.125"}


def array_of(kernel):
    return np.array([[float(v) for v in row.split()] for row in kernel.split(";")])


def gradient(function):
    """What is made of the two sums."""
    return {"x": lambda i: function(i, 1), "y": lambda i: function(i, 0),
            "magnitude": lambda i: np.hypot(function(i, 1).astype(np.float64), function(i, 0)),
            "l1": lambda i: np.abs(function(i, 1)) + np.abs(function(i, 0))}


def opencv():
    import cv2
    for chain in ("resize:50%", "resize:50%:bilinear", "threshold:otsu", "normalize", "canny"):
        refused("opencv", chain)
    borders = {"mirror": cv2.BORDER_REFLECT_101, "symmetric": cv2.BORDER_REFLECT,
               "replicate": cv2.BORDER_REPLICATE, "zero": cv2.BORDER_CONSTANT}
    for padding, border in borders.items():
        options = ("-p", padding)
        for size in (3, 5, 7):
            sobel = gradient(lambda i, axis: cv2.Sobel(i, cv2.CV_32F, axis, 1 - axis, ksize=size,
                                                       borderType=border))
            for out, theirs in sobel.items():
                compare("opencv", f"sobel:{out}:{size}", theirs, 0, options)
        scharr = gradient(lambda i, axis: cv2.Scharr(i, cv2.CV_32F, axis, 1 - axis,
                                                     borderType=border))
        for out, theirs in scharr.items():
            compare("opencv", f"scharr:{out}", theirs, 0, options)
        compare("opencv", "laplacian",
                lambda i: cv2.Laplacian(i, cv2.CV_32F, borderType=border), 0, options)
        for name, kernel in KERNELS.items():
            compare("opencv", "conv", lambda i: cv2.filter2D(
                i, -1, array_of(kernel), borderType=border), 0, (*options, "-k", kernel))
        compare("opencv", "conv", lambda i: cv2.filter2D(
            i, -1, array_of(KERNELS["even"]), anchor=(0, 1), borderType=border), 0,
            (*options, "-k", KERNELS["even"], "--anchor", "0,1"))
        for size in ((3, 3), (2, 2), (4, 4), (5, 3), (6, 2), (4, 2), (16, 16), (31, 7), (32, 16)):
            compare("opencv", "box:%dx%d" % size,
                    lambda i: cv2.blur(i, size, borderType=border), 0, options)
        for sigma in (0.3, 0.8, 1, 1.4, 2, 5.5):
            compare("opencv", f"gaussian:{sigma}", lambda i: cv2.GaussianBlur(
                i, (0, 0), sigma, borderType=border), 0, options)
        compare("opencv", "gaussian:2:9x5", lambda i: cv2.GaussianBlur(
            i, (9, 5), 2, borderType=border), 0, options)
    for size in (3, 5, 7, 9):
        compare("opencv", f"median:{size}", lambda i: cv2.medianBlur(i, size))
    for name in ("sharpen", "emboss", "outline"):
        kernel = {"sharpen": "0 -1 0; -1 5 -1; 0 -1 0", "emboss": "-2 -1 0; -1 1 1; 0 1 2",
                  "outline": "-1 -1 -1; -1 8 -1; -1 -1 -1"}[name]
        compare("opencv", name, lambda i: cv2.filter2D(i, -1, array_of(kernel)))
    compare("opencv", "gaussian:1.4,sobel", lambda i: np.hypot(
        *(cv2.Sobel(cv2.GaussianBlur(i, (0, 0), 1.4), cv2.CV_64F, x, 1 - x) for x in (0, 1))))


def scipy():
    import scipy.ndimage as ndi
    modes = {"symmetric": "reflect", "mirror": "mirror", "replicate": "nearest", "wrap": "wrap",
             "zero": "constant"}

    def call(function, *values, **more):
        return each(lambda i: function(i.astype(float), *values, **more))
    for padding, mode in modes.items():
        options = ("-p", padding)
        for name, function in (("sobel", ndi.sobel), ("prewitt", ndi.prewitt)):
            parts = gradient(lambda i, axis: call(function, axis, mode=mode)(i))
            for out, theirs in parts.items():
                compare("scipy", f"{name}:{out}", theirs, 0, options)
        compare("scipy", "laplacian", call(ndi.laplace, mode=mode), 0, options)
        for sigma in (0.5, 1, 2.3):
            compare("scipy", f"gaussian:{sigma}", call(ndi.gaussian_filter, sigma, mode=mode), 0,
                    options)
        for size in ((3, 3), (4, 4), (5, 2), (1, 7)):
            compare("scipy", "box:%dx%d" % size, call(ndi.uniform_filter, size[::-1], mode=mode),
                    0, options)
        for size in ((3, 3), (5, 7)):
            compare("scipy", "median:%dx%d" % size,
                    each(lambda i: ndi.median_filter(i, size[::-1], mode=mode)), 0, options)
        for name, kernel in KERNELS.items():
            weights = array_of(kernel)
            compare("scipy", "conv", call(ndi.correlate, weights, mode=mode), 0,
                    (*options, "-k", kernel))
            compare("scipy", "conv", call(ndi.convolve, weights, mode=mode), 0,
                    (*options, "--flip", "-k", kernel))
    compare("scipy", "sobel", each(lambda i: np.hypot(ndi.sobel(i.astype(float), 0),
                                                      ndi.sobel(i.astype(float), 1))))
    compare("scipy", "gaussian:2", call(ndi.gaussian_filter, 2))
    compare("scipy", "box:5:padding=constant=70",
            call(ndi.uniform_filter, 5, mode="constant", cval=70))


def skimage():
    from skimage import feature, filters

    def call(function, **more):
        return each(lambda i: 255 * function(i, **more))  # 1 is white there
    modes = {"symmetric": "reflect", "mirror": "mirror", "replicate": "nearest", "wrap": "wrap",
             "zero": "constant"}
    for name in ("sobel", "scharr", "prewitt"):
        for padding, mode in modes.items():
            compare("skimage", name, call(getattr(filters, name), mode=mode), 0, ("-p", padding))
        compare("skimage", name + ":x", call(getattr(filters, name + "_v")))
        compare("skimage", name + ":y", call(getattr(filters, name + "_h")))
    compare("skimage", "roberts", call(filters.roberts))
    compare("skimage", "roberts:x", call(filters.roberts_pos_diag))
    compare("skimage", "roberts:y", call(filters.roberts_neg_diag))
    compare("skimage", "laplacian", call(filters.laplace))
    for padding, mode in modes.items():
        for sigma in (0.7, 1, 3):
            compare("skimage", f"gaussian:{sigma}", call(filters.gaussian, sigma=sigma, mode=mode),
                    0, ("-p", padding))
    compare("skimage", "gaussian:2", call(filters.gaussian, sigma=2))
    for size in (3, 5):
        compare("skimage", f"median:{size}",
                each(lambda i: filters.median(i, np.ones((size, size)))))
    for mode in ("mirror", "symmetric", "replicate", "wrap"):
        compare("skimage", "canny:100:300:1.4",
                lambda i: feature.canny(i.astype(float), 1.4, 100, 300,
                                        mode=modes[mode]).astype(np.uint8) * np.uint8(255),
                0, ("-p", mode), (GRAY,))
    compare("skimage", "median", each(filters.median))
    compare("skimage", "unsharp:2:1.5",
            each(lambda i: pixels(255 * filters.unsharp_mask(i, radius=2, amount=1.5))), 1)


def pillow():
    from PIL import Image, ImageFilter

    def call(what):
        return lambda i: np.array(Image.fromarray(i).filter(what))
    compare("pillow", "sharpen", call(ImageFilter.SHARPEN))
    compare("pillow", "emboss", call(ImageFilter.EMBOSS))
    compare("pillow", "outline", call(ImageFilter.FIND_EDGES))
    for kernel in (KERNELS["3x3"], KERNELS["lopsided"], "0 0 0 0 0.5; 0 0 0 0 0; 0.25 0 0 0 0; "
                   "0 0 0 0 0; 0 0 0 0.25 0"):
        weights = array_of(kernel)
        theirs = ImageFilter.Kernel(weights.shape, weights.ravel().tolist(), scale=1)
        compare("pillow", "conv", call(theirs), 0, ("-k", kernel))
    for radius in (1, 2, 5):
        compare("pillow", f"box:{2 * radius + 1}", call(ImageFilter.BoxBlur(radius)))
    # A photograph: along its slopes many sums are halves.
    photo = np.array(Image.open(pathlib.Path(__file__).parent.parent / "samples/chelsea.png"))
    for sigma in (0.3, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.7, 4, 8):
        compare("pillow", f"gaussian:{sigma}", call(ImageFilter.GaussianBlur(sigma)), 1,
                images=(COLOR, photo))
    for size in (3, 5, 7):
        compare("pillow", f"median:{size}", call(ImageFilter.MedianFilter(size)))


def command(*words):
    """A function of images that runs a program from in.png to out.png."""
    def theirs(image):
        from PIL import Image
        names = [os.path.join(folder.name, name) for name in ("in.png", "out.png")]
        Image.fromarray(image).save(names[0])
        subprocess.run([word.format(*names) for word in words], check=True)
        result = np.array(Image.open(names[1]))
        return result if result.ndim == image.ndim else result[..., 0]
    return theirs


def ffmpeg():
    def call(filters):
        return command("ffmpeg", "-v", "error", "-y", "-i", "{0}", "-vf", "format=gbrp," + filters,
                       "{1}")
    for name in ("sobel", "prewitt"):
        compare("ffmpeg", name, call(name))
    for name, kernel in (("sharpen", "0 -1 0 -1 5 -1 0 -1 0"), ("emboss", "-2 -1 0 -1 1 1 0 1 2")):
        compare("ffmpeg", name, call("convolution=" + ":".join([kernel] * 4)))
    compare("ffmpeg", "conv", call("convolution=" + ":".join(["1 2 1 0 3 0 0 0 1"] * 4) +
                                   "".join(f":{i}rdiv=0.125" for i in range(4))), 0,
            ("-k", "1 2 1; 0 3 0; 0 0 1; divide 8"))
    for kernel in ("1 2 1; 2 4 2; 1 2 1", "1 0 0; 0 2 0; 0 0 1", "-1 -2 -1; -2 0 1; 0 1 0"):
        numbers = array_of(kernel)
        theirs = call("convolution=" + ":".join([kernel.replace(";", "")] * 4))
        compare("ffmpeg", "conv", theirs, 0, ("-k", f"{kernel}; divide {numbers.sum():g}"))
        refused("ffmpeg", "conv", "-k", kernel)
    compare("ffmpeg", "conv", call("convolution=" + ":".join(["1 0 1 0 -4 0 1 0 1"] * 4)), 0,
            ("-k", "1 0 1; 0 -4 0; 1 0 1"))
    refused("ffmpeg", "conv", "-k", "1 0 1; 0 -4 0; 1 0 1; divide 2")
    compare("ffmpeg", "box:3", call("avgblur=1"))
    compare("ffmpeg", "box:5x3", call("avgblur=2:sizeY=1"))
    compare("ffmpeg", "median:3", call("median=1"))
    compare("ffmpeg", "median:5", call("median=2"))


def imagemagick():
    def call(*words):
        return command("/usr/bin/convert", "{0}", *words, "-depth", "8", "{1}")
    for name in ("sobel", "prewitt"):
        compare("imagemagick", name + ":x", call("-morphology", "Convolve", name.title()))
        compare("imagemagick", name + ":y", call("-morphology", "Convolve", name.title() + ":90"))
    compare("imagemagick", "laplacian", call("-morphology", "Convolve", "Laplacian:1"))
    compare("imagemagick", "laplacian:8", call("-morphology", "Convolve", "Laplacian:0"))
    compare("imagemagick", "outline", call("-edge", "1"))
    compare("imagemagick", "conv",
            call("-morphology", "Convolve", "3x3: .5,.25,0 .125,0,0 0,0,.125"),
            1, ("-k", ".5 .25 0; .125 0 0; 0 0 .125"))
    compare("imagemagick", "box:5x3", call("-statistic", "Mean", "5x3"), 1)
    compare("imagemagick", "median:5x3", call("-statistic", "Median", "5x3"))


def vips():
    def call(kernel):
        mask = os.path.join(folder.name, "mask.mat")
        pathlib.Path(mask).write_text("3 3 1 0\n" + kernel.replace("; ", "\n") + "\n")
        return command("vips", "conv", "{0}", "{1}", mask, "--precision", "float")
    for name, kernel in (("sharpen", "0 -1 0; -1 5 -1; 0 -1 0"),
                         ("emboss", "-2 -1 0; -1 1 1; 0 1 2")):
        compare("vips", name, call(kernel))
    compare("vips", "conv", call(".5 .25 0; .125 0 0; 0 0 .125"), 0,
            ("-k", ".5 .25 0; .125 0 0; 0 0 .125"))
    compare("vips", "median:3", command("vips", "rank", "{0}", "{1}", "3", "3", "4"))


def torch():
    import torch
    import torch.nn.functional as F
    torch.set_num_threads(1)

    def call(function):
        return each(lambda i: function(torch.tensor(i.astype(np.float32))[None, None])
                    [0, 0].numpy())
    for kernel in KERNELS.values():
        weights = torch.tensor(array_of(kernel), dtype=torch.float32)[None, None]
        compare("torch", "conv", call(lambda t: F.conv2d(t, weights)), 0, ("-k", kernel))
        compare("torch", "conv", call(lambda t: F.conv2d(t, weights, None, (2, 3), (1, 2), (2, 1))),
                0, ("-k", kernel, "-s", "3x2", "-p", "zero:2x1", "-d", "1x2"))
    weights = np.random.default_rng(5).integers(-4, 5, (4, 3, 3, 2)).astype(np.float32) / 8
    bank = os.path.join(folder.name, "bank.npy")
    np.save(bank, weights)

    def layer(*values):
        return lambda i: F.conv2d(torch.tensor(i.astype(np.float32)).permute(2, 0, 1)[None],
                                  torch.tensor(weights), None, *values)[0].permute(1, 2, 0).numpy()
    compare("torch", f"bank:{bank}", layer())
    compare("torch", f"bank:{bank}:stride=2:padding=zero:pad=1", layer(2, 1))
    compare("torch", "maxpool:3:2:1", call(lambda t: F.max_pool2d(t, 3, 2, 1)))
    compare("torch", "avgpool:3:2:1", call(lambda t: F.avg_pool2d(t, 3, 2, 1)))


def main():
    global passed, failed
    for library in (opencv, scipy, skimage, pillow, ffmpeg, imagemagick, vips, torch):
        try:
            library()
        except (ImportError, FileNotFoundError) as missing:
            print(f"skipped: --like {library.__name__} ({missing})")
        except RuntimeError as error:
            failed += 1
            print(f"  {error}")
    sys.dont_write_bytecode = True
    import show_as  # which imports this
    more = show_as.main()
    passed, failed = passed + more[0], failed + more[1]
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
