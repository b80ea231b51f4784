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

    def open(self, model, threads=1):
        return Session(self, str(model), threads)

    def memory(self):
        """The most memory that the process has held, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Session:
    """A model, loaded by the runtime."""

    def __init__(self, runtime, model, threads):
        self.runtime = runtime
        said = runtime.ask(open=model, threads=threads)
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

    def timer(self, inputs, times=1, again=None):
        """A call that runs `times` times and returns the milliseconds in all; `again` {input:
        output} feeds the next run. The inputs' files are written only once."""
        files = self.saved(inputs)
        return lambda: self.runtime.ask(time=self.id, inputs=files, times=times,
                                        again=again or {})["ms"]

    def close(self):
        self.runtime.ask(close=self.id)
