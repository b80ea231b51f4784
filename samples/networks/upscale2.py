#!/usr/bin/python3
"""Trains upscale2.onnx, which doubles a photograph's size, and measures it.

  upscale2.py train     about 25 minutes on one core; writes upscale2.onnx
  upscale2.py measure   PSNR on photographs kept out of training; writes the table in README.md

Needs the Debian packages of `third_party/install.sh train`. The same seed gives the same file on
the same processor and version of PyTorch.
"""
import pathlib
import sys
import time

import numpy as np
import onnx
import onnx.numpy_helper
import PIL.Image
import skimage.data
import torch
from torch import nn
import torch.nn.functional as F

sys.dont_write_bytecode = True

import export  # noqa: E402
import readme  # noqa: E402

SEED = 20240611
BATCH, PATCH = 16, 24  # patches of the small picture
HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE / "upscale2.onnx"
WALLPAPERS = pathlib.Path("/usr/share/backgrounds")

# All of these are CC0 or in the public domain, so that nobody's conditions cling to the weights.
# The wallpaper is large and soft: reduced, it has sharp edges too.
TRAINED_ON = [("seeding_by_Clements_Engelhardt.jpg", (1, 2, 3, 4, 6))]
TRAINED_ON += [(name, (1, 2)) for name in ("astronaut.png", "rocket.jpg", "retina.jpg",
                                           "camera.png", "brick.png", "grass.png", "gravel.png")]

# Photographs never seen in training. umang_by_Abhishek_Mudgal.jpg is left out: it is a drawing.
KEPT_OUT = [HERE.parent / "chelsea.png", HERE.parent / "coffee.jpg"]
KEPT_OUT += [WALLPAPERS / f"{name}.jpg" for name in (
    "Bridge_by_Sander_Klootwijk", "Dragonfly_by_Bolly", "Picture_0B_by_freespace",
    "Picture_1A_by_freespace", "Wine_by_Jakkub_Mede", "aitzgorri_by_Aitzol_Berasategi",
    "analogpattern_by_Peter_Nerlich", "free_by_Peter_Nerlich", "friends_by_Aitzol_Berasategi",
    "greentock_by_Peter_Nerlich", "life_by_Aitzol_Berasategi",
    "picosdeeuropa_by_Aitzol_Berasategi", "sunset_by_Aitzol_Berasategi")]


class Upscale2(nn.Module):
    """(batch, 3, height, width) -> (batch, 3, 2 height, 2 width), both 0..1.

    Everything is local: an output pixel depends on the 11x11 input pixels around it.
    """
    CHANNELS = 24
    NAMES = {"leaky1": "edges", "leaky2": "middle", "add": "joined.sum", "leaky3": "joined",
             "leaky4": "wide", "concat": "all", "leaky5": "mixed", "shuffle": "details",
             "resize": "plain"}

    def __init__(self):
        super().__init__()
        c = self.CHANNELS
        self.conv1 = nn.Conv2d(3, c, 3, padding=1)
        self.conv2 = nn.Conv2d(c, c, 3, padding=1)
        self.conv3 = nn.Conv2d(c, c, 3, padding=1)
        self.conv4 = nn.Conv2d(c, c, 3, padding=1)
        self.mix = nn.Conv2d(3 * c, c, 1)
        self.conv5 = nn.Conv2d(c, 4 * 3, 3, padding=1)
        for i in range(1, 6):
            setattr(self, f"leaky{i}", nn.LeakyReLU(0.1))
        self.shuffle = nn.PixelShuffle(2)
        nn.init.zeros_(self.conv5.weight)  # begins as the plain enlargement
        nn.init.zeros_(self.conv5.bias)

    def forward(self, image):
        edges = self.leaky1(self.conv1(image))
        middle = self.leaky2(self.conv2(edges))
        joined = self.leaky3(self.conv3(middle) + edges)
        wide = self.leaky4(self.conv4(joined))
        mixed = self.leaky5(self.mix(torch.cat([edges, joined, wide], 1)))
        details = self.shuffle(self.conv5(mixed))
        plain = F.interpolate(image, scale_factor=2.0, mode="bilinear", align_corners=False)
        return plain + details


def even(image):
    """The picture without its last row or column where their number is odd."""
    width, height = image.size
    return image.crop((0, 0, width // 2 * 2, height // 2 * 2))


def halved(image):
    """Half the size with Pillow's bicubic filter, in 8 bits."""
    return image.resize((image.width // 2, image.height // 2), PIL.Image.BICUBIC)


def doubled(image):
    return image.resize((image.width * 2, image.height * 2), PIL.Image.BICUBIC)


def pictures():
    """(large, small) pairs of 8-bit arrays (height, width, 3) to learn from."""
    for name, scales in TRAINED_ON:
        folder = pathlib.Path(skimage.data.__file__).parent
        file = WALLPAPERS / name if (WALLPAPERS / name).exists() else folder / name
        whole = PIL.Image.open(file).convert("RGB")
        for scale in scales:
            size = whole.width // scale, whole.height // scale
            large = even(whole.resize(size, PIL.Image.BICUBIC) if scale > 1 else whole)
            small = halved(large)
            error = np.asarray(large, np.float32) - np.asarray(doubled(small), np.float32)
            yield np.asarray(large), np.asarray(small), error


class Patches:
    """Draws random patches from (large, small, error) triples."""

    def __init__(self, triples, random, hard):
        """`hard`: patches that bicubic enlarges badly come more often."""
        self.random, self.pairs, places, weights = random, [], [], []
        for index, (large, small, error) in enumerate(triples):
            self.pairs.append((large, small))
            step = PATCH // 2
            for y in range(0, small.shape[0] - PATCH + 1, step):
                for x in range(0, small.shape[1] - PATCH + 1, step):
                    window = error[2 * y:2 * (y + PATCH), 2 * x:2 * (x + PATCH)]
                    places.append((index, y, x))
                    weights.append(np.abs(window).mean())
        self.places = np.array(places)
        # More than 8 of 255 is noise, which has no pattern to learn.
        weights = np.minimum(weights, 8) + 0.5 if hard else np.ones(len(places))
        self.sums = np.cumsum(weights / np.sum(weights))

    def draw(self):
        large = np.empty((BATCH, 2 * PATCH, 2 * PATCH, 3), np.uint8)
        small = np.empty((BATCH, PATCH, PATCH, 3), np.uint8)
        for i in range(BATCH):
            index, y, x = self.places[np.searchsorted(self.sums[:-1], self.random.random())]
            whole, half = self.pairs[index]
            turn, flip = self.random.integers(4), self.random.integers(2)
            for out, picture, scale in ((large, whole, 2), (small, half, 1)):
                patch = picture[scale * y:scale * (y + PATCH), scale * x:scale * (x + PATCH)]
                patch = np.rot90(patch, turn)
                out[i] = patch[:, ::-1] if flip else patch
        return tensor(small), tensor(large)


def tensor(pixels):
    """8-bit (batch, height, width, 3) -> float (batch, 3, height, width), 0..1."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float().div(255).contiguous()


def learn(net, triples, seed, hard, steps, rate):
    """Adam on the mean absolute error, the learning rate falling from `rate`."""
    torch.manual_seed(seed)
    patches = Patches(triples, np.random.default_rng(seed), hard)
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps,
                                                   pct_start=0.05)
    start, total = time.time(), 0.0
    for step in range(1, steps + 1):
        small, large = patches.draw()
        loss = F.l1_loss(net(small), large)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item()
        if step % 1000 == 0:
            print(f"step {step} of {steps}: mean error {255 * total / 1000:.3f} of 255,"
                  f" {time.time() - start:.0f} s", flush=True)
            total = 0.0


def train():
    torch.manual_seed(SEED)
    net = Upscale2()
    triples = list(pictures())
    learn(net, triples, SEED, True, 45000, 2e-3)
    learn(net, triples, SEED + 1, False, 9000, 5e-4)
    write(net)


def write(net):
    axes = {"image": {0: "batch", 2: "height", 3: "width"},
            "larger": {0: "batch", 2: "larger_height", 3: "larger_width"}}
    export.save(net, (1, 3, 16, 16), axes, "larger", MODEL, Upscale2.NAMES)
    print(f"{MODEL}: {MODEL.stat().st_size} bytes")


def psnr(a, b):
    """In dB, over all samples of two 8-bit pictures."""
    difference = np.asarray(a, np.float64) - np.asarray(b, np.float64)
    return 10 * np.log10(255 ** 2 / np.mean(difference ** 2))


def enlarged(net, small):
    with torch.no_grad():
        larger = net(tensor(np.array(small)[None]))
    pixels = larger[0].permute(1, 2, 0).mul(255).round().clamp(0, 255)
    return pixels.byte().numpy()


def rows(net):
    """(name, size, bicubic's dB, the network's dB) for each photograph kept out."""
    for file in KEPT_OUT:
        large = even(PIL.Image.open(file).convert("RGB"))
        small = halved(large)
        yield (file.name, f"{large.width}x{large.height}", psnr(doubled(small), large),
               psnr(enlarged(net, small), large))


def read():
    """The network with the weights that the ONNX file has."""
    net = Upscale2()
    constants = {constant.name: onnx.numpy_helper.to_array(constant).copy()
                 for constant in onnx.load(str(MODEL)).graph.initializer}
    net.load_state_dict({name: torch.from_numpy(constants[name]) for name in net.state_dict()})
    return net.eval()


def measure():
    net = read()
    numbers = sum(parameter.numel() for parameter in net.parameters())
    lines = [f"Seed {SEED}. {numbers} parameters, {MODEL.stat().st_size} bytes. PSNR in dB:", "",
             "| photograph | size | bicubic | upscale2 | gain |", "|---|---|---|---|---|"]
    gains = []
    for name, size, bicubic, ours in rows(net):
        gains.append(ours - bicubic)
        lines.append(f"| {name} | {size} | {bicubic:.2f} | {ours:.2f} | {gains[-1]:+.2f} |")
        print(lines[-1], flush=True)
    lines += ["", f"On average **{np.mean(gains):+.2f} dB**, at least {np.min(gains):+.2f} dB."]
    print(lines[-1])
    readme.replace("upscale2", "\n".join(lines))


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    commands = {"train": train, "measure": measure}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit("usage: upscale2.py train | measure")
    commands[sys.argv[1]]()
