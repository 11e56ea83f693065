"""What the tests of the web UI look at."""

import io
import json
import math
import struct
import tarfile
import zlib
from typing import NamedTuple

from tests.ui.rest import Rest, now

HOSTILE = '<img src=x onerror="window.hacked=1">\'">'
SCRIPT = b"""<h1>Report</h1><script>
let alone = 0;
for (const attempt of [() => { parent.hacked = 1 }, () => { top.location = "/hacked" }, () => document.cookie,
  () => localStorage.hacked = 1]) { try { attempt() } catch { alone += 1 } }
fetch("/version").then(() => "reached", () => "alone").then((word) => {
  parent.postMessage(alone === 4 ? word : "not alone", "*");
});
document.title = "hacked";
</script>"""


MARKDOWN = """# Results

The model **improved**.

| split | loss |
| --- | --- |
| val | 0.1 |

<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>

[press me](javascript:window.hacked=1) ![chart](../picture.png)
"""
MODEL = """artifact_path: model
flavors:
  python_function: {loader_module: mlflow.sklearn}
  sklearn: {pickled_model: model.pkl}
signature:
  inputs: '[{"type": "double", "name": "alcohol", "required": true}, {"type": "string", "name": "<b>kind</b>"}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
"""
DIFF = """diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1,2 +1,2 @@
 import mlflow
-lr = 0.1
+lr = 0.2  # <script>window.hacked=1</script>
"""


class Samples(NamedTuple):
    sweep: str
    runs: list[str]
    nested: str
    parent: str
    empty: str
    hostile: str
    hostile_run: str


def make_samples(rest: Rest) -> Samples:
    sweep, runs = make_sweep(rest)
    nested, parent = make_nested(rest)
    hostile, hostile_run = make_hostile(rest)
    return Samples(sweep, runs, nested, parent, rest.experiment("nothing yet"), hostile, hostile_run)


def make_sweep(rest: Rest) -> tuple[str, list[str]]:
    """Twelve runs, `run-00` the latest; the loss of `run-03` is the smallest. The first has files of all kinds."""
    experiment = rest.experiment("sweep", team="vision")
    runs = []
    for number in range(12):
        run = rest.run(experiment, f"run-{number:02}", start=now() - number * 600_000)
        floor = 0.1 + abs(number - 3) / 10
        steps = 1000 if number == 0 else 60
        loss = [floor + math.exp(-5 * step / steps) for step in range(steps)]
        params = {"optimizer": ("adamw", "sgd")[number % 2], "lr": f"{10.0 ** -(1 + number % 3):g}", "epochs": "60"}
        rest.log(run, params, val__loss=loss, val__acc=[1 - value / 3 for value in loss], f1=[number / 12])
        if number != 1:
            rest.end(run, "FAILED" if number == 5 else "FINISHED")
        runs.append(run)
    put_files(rest, runs[0])
    put_versions(rest, runs[:2])
    return experiment, runs


def put_versions(rest: Rest, runs: list[str]) -> None:
    """The model `classifier`, whose first version is the champion."""
    rest.post("/api/2.0/mlflow/registered-models/create", name="classifier", description="Tells **wines** apart")
    for run in runs:
        rest.upload(run, "classifier/MLmodel", MODEL.encode())
        source = f"runs:/{run}/classifier"
        rest.post("/api/2.0/mlflow/model-versions/create", name="classifier", source=source, run_id=run)
    rest.post("/api/2.0/mlflow/registered-models/alias", name="classifier", alias="champion", version="1")


def put_files(rest: Rest, run: str) -> None:
    rest.upload(run, "notes/report.txt", b"first line\nsecond line\n")
    rest.upload(run, "table.json", json.dumps({"columns": ["a", "b"], "data": [[1, "x"], [2, "y"]]}).encode())
    rest.upload(run, "config.json", b'{"deep":{"list":[1,2,3]}}')
    rest.upload(run, "rows.csv", b'name,value\n"Ada, Countess",1\nGrace,2\n')
    rest.upload(run, "picture.png", png(8, 8))
    rest.upload(run, "page.html", SCRIPT)
    rest.upload(
        run,
        "drawing.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"><script>window.hacked=1</script></svg>',
    )
    rest.upload(run, "weights.bin", bytes(range(256)))
    rest.upload(run, "notes/README.md", MARKDOWN.encode())
    rest.upload(run, "many.csv", ("id,square\n" + "".join(f"{n},{n * n}\n" for n in range(250))).encode())
    rest.upload(run, "model/MLmodel", MODEL.encode())
    rest.upload(run, "train.py", b"def main():\n    return 1\n")
    rest.upload(run, f"{HOSTILE.replace('/', '')}.txt", b"only a name")
    for step in (0, 5, 10):
        rest.upload(run, f"images/digits+step+{step}+timestamp+{1000 + step}+id.png", png(8, 8))
    put_origin(rest, run)


def put_origin(rest: Rest, run: str) -> None:
    """What a run records by itself: its commit and changes, its script, files and packages, its output."""
    manifest = {"commit": "c0ffee" * 6, "branch": "topic", "remote": "https://git.example/a/b.git"}
    process = {
        "command": ["python", "train.py", "--lr", "0.2"],
        "python": {"version": "3.11.7"},
        "host": {"name": "box"},
    }
    rest.upload(run, ".mlflow/source/manifest.json", json.dumps(manifest).encode())
    rest.upload(run, ".mlflow/source/diff.patch", DIFF.encode())
    rest.upload(run, ".mlflow/source/entry/train.py", b"import mlflow\n")
    rest.upload(run, ".mlflow/environment/process.json", json.dumps(process).encode())
    rest.upload(run, ".mlflow/environment/requirements.lock.txt", b"numpy==2.4.6\npandas==3.1.1\n-e src\n")
    rest.upload(run, ".mlflow/source/untracked.tar.gz", archive({"notes/todo.md": b"do it", "data.bin": b"\0\1"}))
    lines = [f"epoch {number} loss {1 / (number + 1):.3f}" for number in range(5000)]
    lines[3] = "\x1b[31mERROR\x1b[0m <img src=x onerror=window.hacked=1>"
    rest.upload(run, ".mlflow/logs/console.log", "\n".join(lines).encode())


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def make_nested(rest: Rest) -> tuple[str, str]:
    experiment = rest.experiment("nested")
    parent = rest.run(experiment, "parent", start=now() - 10_000)
    for number in range(3):
        child = rest.run(experiment, f"child-{number}", start=now() - 5_000, **{"mlflow.parentRunId": parent})
        rest.log(child, loss=[1.0, 0.5, 0.25])
        rest.end(child)
    return experiment, parent


def make_hostile(rest: Rest) -> tuple[str, str]:
    """Names, values and tags that would be script if anybody took them for HTML."""
    experiment = rest.experiment(f"bad {HOSTILE}", note=HOSTILE)
    run = rest.run(experiment, HOSTILE, **{"mlflow.note.content": HOSTILE, "tag": HOSTILE, "constructor": "x"})
    rest.log(run, {"param": HOSTILE, "__proto__": "y"}, loss=[1.0, 0.5])
    return experiment, run


def png(width: int, height: int) -> bytes:
    """A grey image (PNG specification, third edition, sections 5.3 and 11.2)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(range(0, 8 * width, 8)) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
