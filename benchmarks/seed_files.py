"""Files of runs as the web UI meets them, written where the server keeps artifacts."""

import random
import zlib
from pathlib import Path
from typing import NamedTuple

from benchmarks.seed import Charted
from mlflow.tracking.capture.layout import CONSOLE_LOG
from tests.fixtures.servers import TrackingServer

MANY, LARGE, ROWS, LINES = 1_000, 1 << 20, 100_000, 200_000  # files of a folder, bytes, rows of a table, lines of a log
KEYS, STEPS = 2, 25  # pictures of each run
PICTURE = b"\x89PNG\r\n\x1a\n"  # nobody looks inside


class Files(NamedTuple):
    """Paths below a run's artifacts."""

    folder: str
    large: str
    table: str
    log: str


def seed_files(server: TrackingServer, charted: Charted) -> Files:
    """Give the first of the runs a full folder, a large file, a table and a log, and each of them pictures."""
    files = Files("many", "large.bin", "table.csv", CONSOLE_LOG)
    first, noise = root_of(server, charted, charted.runs[0]), random.Random(7)
    for path in (first / files.folder, (first / files.log).parent):
        path.mkdir(parents=True)
    for number in range(MANY):
        (first / files.folder / f"file-{number:04}.txt").write_text(str(number))
    (first / files.large).write_bytes(noise.randbytes(LARGE))
    rows = (f"{number},{noise.random()},{noise.random()},word {number % 7}\n" for number in range(ROWS))
    (first / files.table).write_text("step,loss,accuracy,note\n" + "".join(rows))
    (first / files.log).write_text("".join(f"step {number}: loss {noise.random():.6f}\n" for number in range(LINES)))
    for run in charted.runs:
        folder = root_of(server, charted, run) / "images"
        folder.mkdir(parents=True)
        for number in range(KEYS * STEPS):
            step, unique = number // KEYS, zlib.crc32(f"{run}{number}".encode())
            name = f"digits~{number % KEYS}+step+{step}+timestamp+{1_700_000_000_000 + number}+{unique:08x}"
            (folder / f"{name}.png").write_bytes(PICTURE)
            (folder / f"{name}+compressed.webp").write_bytes(PICTURE)
    return files


def root_of(server: TrackingServer, charted: Charted, run: str) -> Path:
    """The folder of a run's artifacts."""
    return server.artifacts / charted.experiment / run / "artifacts"
