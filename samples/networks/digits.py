#!/usr/bin/python3
"""Trains the five networks that read handwritten digits, and measures them.

  digits.py [NAME]...   about 2 minutes on one core for all: cnn residual attention rnn lstm

Writes digits-NAME.onnx and, into README.md, what each gets right on the digits that were kept out
of training. Those lie here too, as `digits-held-out.npy` (450, 1, 8, 8), 0..16, and
`digits-held-out-labels.npy` (450); the first of each class as digits/0.png to 9.png, gray 0..255.
Needs the Debian packages of `third_party/install.sh train`. The same seed gives the same files on
the same processor and version of PyTorch.
"""
import pathlib
import sys

import numpy as np
import PIL.Image
import sklearn.datasets
from sklearn.model_selection import train_test_split
import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True

import digits_networks  # noqa: E402
import export  # noqa: E402
import readme  # noqa: E402

SEED = 20240611
EPOCHS, BATCH = 80, 32
HERE = pathlib.Path(__file__).resolve().parent
NETWORKS = {
    "cnn": digits_networks.Cnn,
    "residual": digits_networks.Residual,
    "attention": digits_networks.Attention,
    "rnn": digits_networks.Rnn,
    "lstm": digits_networks.Lstm,
}


def data():
    """The images, 0..16, as (n, 1, 8, 8), and their labels: to learn from, and kept out."""
    digits = sklearn.datasets.load_digits()
    images = digits.images.astype(np.uint8)[:, None]
    return train_test_split(images, digits.target.astype(np.uint8), test_size=450,
                            stratify=digits.target, random_state=SEED)


def write_held_out(images, labels):
    np.save(HERE / "digits-held-out.npy", images)
    np.save(HERE / "digits-held-out-labels.npy", labels)
    (HERE / "labels.txt").write_text("".join(f"{digit}\n" for digit in range(10)))
    (HERE / "digits").mkdir(exist_ok=True)
    for digit in range(10):
        image = images[np.argmax(labels == digit), 0]
        gray = np.round(image / 16 * 255).astype(np.uint8)
        PIL.Image.fromarray(gray).save(HERE / "digits" / f"{digit}.png")


def tensor(images):
    return torch.from_numpy(images).float() / 16


def moved(images, random):
    """Each image moved by at most one pixel, so that a stroke counts wherever it is."""
    padded = F.pad(images, (1, 1, 1, 1))
    result = torch.empty_like(images)
    for i, (y, x) in enumerate(random.integers(0, 3, (len(images), 2))):
        result[i] = padded[i, :, y:y + 8, x:x + 8]
    return result


def train(kind, images, labels):
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    images, labels = tensor(images), torch.from_numpy(labels).long()
    net = kind()
    optimizer = torch.optim.AdamW(net.parameters(), weight_decay=0.01)
    batches = len(images) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3,
                                                   total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for part in np.split(random.permutation(len(images))[:batches * BATCH], batches):
            scores = net.read(moved(images[part], random))
            loss = F.cross_entropy(scores, labels[part], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return net.eval()


def confusion(net, images, labels):
    """counts[digit][what the network took it for]"""
    with torch.no_grad():
        taken = net(tensor(images)).argmax(1).numpy()
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (labels, taken), 1)
    return counts


def report(name, path, net, counts):
    right, all_ = np.trace(counts), counts.sum()
    numbers = sum(parameter.numel() for parameter in net.parameters())
    lines = [f"Seed {SEED}. {numbers} parameters, {path.stat().st_size} bytes. Right on {right} of"
             f" {all_} held-out digits: **{100 * right / all_:.1f} %**.", "",
             "```text", "     taken for", "      0  1  2  3  4  5  6  7  8  9"]
    for digit, row in enumerate(counts):
        lines.append(f"  {digit} |" + "".join(f"{count or '.':>3}" for count in row))
    readme.replace(f"digits-{name}", "\n".join(lines + ["```"]))
    print(lines[0])


def main():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    wanted = sys.argv[1:] or list(NETWORKS)
    unknown = [name for name in wanted if name not in NETWORKS]
    if unknown:
        sys.exit(f"digits.py: no network is called {' '.join(unknown)}; expected"
                 f" {' '.join(NETWORKS)}")
    images, held_out, labels, held_out_labels = data()
    write_held_out(held_out, held_out_labels)
    for name in wanted:
        kind = NETWORKS[name]
        net = train(kind, images, labels)
        path = HERE / f"digits-{name}.onnx"
        axes = {"image": {0: "batch"}, "probabilities": {0: "batch"}}
        export.save(net, (1, 1, 8, 8), axes, "probabilities", path, kind.NAMES)
        report(name, path, net, confusion(net, held_out, held_out_labels))


if __name__ == "__main__":
    main()
