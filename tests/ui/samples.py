"""What the tests of the web UI look at."""

import json
import math
import struct
import zlib
from typing import NamedTuple

from tests.ui.rest import Rest, now

HOSTILE = '<img src=x onerror="window.hacked=1">\'">'
SCRIPT = b"<h1>Report</h1><script>parent.hacked = 1; document.title = 'hacked'</script>"


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
    return experiment, runs


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
