"""The five networks that read digits: image (batch, 1, 8, 8), 0..1 -> probabilities (batch, 10).

Each has a table NAMES: better names for tensors than those that export.py finds by itself.
"""
import torch
from torch import nn


class Reader(nn.Module):
    """A network whose read() gives 10 scores; these become probabilities."""
    NAMES = {}

    def __init__(self):
        super().__init__()
        self.probabilities = nn.Softmax(dim=1)

    def forward(self, image):
        return self.probabilities(self.read(image))


class Cnn(Reader):
    """Two convolutions, each with max pooling, then two fully connected layers."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.relu1 = nn.ReLU()
        self.pool1 = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.relu2 = nn.ReLU()
        self.pool2 = nn.MaxPool2d(2)
        self.flat = nn.Flatten()
        self.full = nn.Linear(32 * 2 * 2, 48)
        self.hidden = nn.ReLU()
        self.dropout = nn.Dropout(0.25)
        self.scores = nn.Linear(48, 10)

    def read(self, image):
        small = self.pool1(self.relu1(self.conv1(image)))
        smaller = self.pool2(self.relu2(self.conv2(small)))
        return self.scores(self.dropout(self.hidden(self.full(self.flat(smaller)))))


class Block(nn.Module):
    """Two convolutions, added to what came in; a 1x1 convolution fits that to a new size."""

    def __init__(self, channels, into, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, into, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(into)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(into, into, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(into)
        self.relu2 = nn.ReLU()
        self.fit = nn.Conv2d(channels, into, 1, stride) if into != channels else None

    def forward(self, x):
        change = self.norm2(self.conv2(self.relu1(self.norm1(self.conv1(x)))))
        return self.relu2(change + (self.fit(x) if self.fit else x))


class Residual(Reader):
    """Residual blocks with batch normalisation, then the mean of each channel."""
    NAMES = {f"block{i}": f"block{i}.sum" for i in (1, 2, 3)}
    NAMES.update({f"block{i}.relu2": f"block{i}" for i in (1, 2, 3)})

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.block1 = Block(16, 16, 1)
        self.block2 = Block(16, 24, 2)
        self.block3 = Block(24, 24, 1)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.flat = nn.Flatten()
        self.scores = nn.Linear(24, 10)

    def read(self, image):
        x = self.relu(self.norm(self.conv(image)))
        return self.scores(self.flat(self.mean(self.block3(self.block2(self.block1(x))))))


class Attention(Reader):
    """16 patches of 2x2 pixels look at each other once (a transformer's encoder layer)."""
    PATCHES, WIDTH, HEADS = 16, 32, 2
    NAMES = {
        "reshape": "patches.list", "transpose": "patches.rows", "add": "placed",
        "reshape2": "query.split", "transpose2": "query.heads",
        "reshape3": "key.split", "transpose4": "key.heads",
        "reshape4": "value.split", "transpose3": "value.heads",
        "matmul": "likeness.whole", "div": "likeness",
        "matmul2": "attended.heads", "transpose5": "attended.split", "reshape5": "attended",
        "add2": "informed", "add3": "thought", "reducemean": "mean",
    }

    def __init__(self):
        super().__init__()
        width = self.WIDTH
        self.patches = nn.Conv2d(1, width, 2, stride=2)
        self.places = nn.Parameter(0.02 * torch.randn(1, self.PATCHES, width))
        self.norm1 = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.attention = nn.Softmax(dim=-1)
        self.join = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.wide = nn.Linear(width, 2 * width)
        self.gelu = nn.GELU()
        self.narrow = nn.Linear(2 * width, width)
        self.norm3 = nn.LayerNorm(width)
        self.scores = nn.Linear(width, 10)

    def heads(self, x):
        """(batch, patches, width) -> (batch, heads, patches, width / heads)."""
        return x.reshape(-1, self.PATCHES, self.HEADS, self.WIDTH // self.HEADS).transpose(1, 2)

    def read(self, image):
        x = self.patches(image).reshape(-1, self.WIDTH, self.PATCHES).transpose(1, 2)
        x = x + self.places
        seen = self.norm1(x)
        query, key, value = (self.heads(layer(seen)) for layer in
                             (self.query, self.key, self.value))
        likeness = query @ key.transpose(2, 3) / (self.WIDTH // self.HEADS) ** 0.5
        attended = (self.attention(likeness) @ value).transpose(1, 2)
        x = x + self.join(attended.reshape(-1, self.PATCHES, self.WIDTH))
        x = x + self.narrow(self.gelu(self.wide(self.norm2(x))))
        return self.scores(self.norm3(x).mean(1))


class Rows(Reader):
    """Reads the image from top to bottom, a row at a time; what it holds at the end counts."""
    CELL = None
    NAMES = {"reshape": "rows", "cell": "hidden", "gather": "last"}

    def __init__(self, units):
        super().__init__()
        self.cell = self.CELL(8, units, batch_first=True)
        self.scores = nn.Linear(units, 10)

    def read(self, image):
        hidden, _ = self.cell(image.reshape(-1, 8, 8))
        return self.scores(hidden[:, -1])


class Rnn(Rows):
    CELL = nn.RNN

    def __init__(self):
        super().__init__(48)


class Lstm(Rows):
    CELL = nn.LSTM

    def __init__(self):
        super().__init__(40)
