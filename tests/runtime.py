"""ONNX Runtime, by tests/published.js in a Node.js process that keeps running."""
import json
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np

import published_files

HERE = pathlib.Path(__file__).resolve().parent
VERSION = published_files.PACKAGES["onnxruntime-node"][0]


class Runtime:
    """A process of its own; a context manager."""

    def __init__(self):
        if not shutil.which("node"):
            raise published_files.NotHere("node isn't installed")
        modules = published_files.folder("onnxruntime-node").parent
        published_files.folder("onnxruntime-common")
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(["node", HERE / "published.js", modules], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"ONNX Runtime ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError("ONNX Runtime: " + answer["error"])
        return answer

    def open(self, model):
        return Session(self, str(model))


class Session:
    """A model, loaded by the runtime."""

    def __init__(self, runtime, model):
        self.runtime = runtime
        said = runtime.ask(open=model)
        self.id, self.inputs, self.outputs = said["id"], said["inputs"], said["outputs"]

    def path(self, name):
        return f"{self.runtime.folder.name}/{self.id}-{name.replace('/', '_')}.npy"

    def saved(self, inputs):
        for name, value in inputs.items():
            np.save(self.path(name), np.asarray(value, order="C"))
        return {name: self.path(name) for name in inputs}

    def run(self, inputs):
        """{name: array} of all outputs."""
        files = {name: self.path("out-" + name) for name in self.outputs}
        self.runtime.ask(run=self.id, inputs=self.saved(inputs), outputs=files)
        return {name: np.load(file) for name, file in files.items()}

    def close(self):
        self.runtime.ask(close=self.id)
