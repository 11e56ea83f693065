"""Logs, folds, seals and ingests without end, and prints what is durable: `log_and_fold.py URI RUN_ID FIRST`."""

import random
import sys
import threading
import zlib

from mlflow.contract.caller import EVERYONE
from mlflow.contract.frames import keys_frame, metrics_body, prefix, run_frame
from mlflow.contract.frames_operations import Kind
from mlflow.entities.metric import Metric
from mlflow.sql.store import SqlStore, open_store

BODY = metrics_body(1)


def call(step: int) -> bytes:
    body = BODY.pack(Kind.METRICS, 0, 0, step, 5, float(step))
    return prefix(len(body), zlib.crc32(body)) + body


def ingest(store: SqlStore, run_id: str) -> None:
    """Go on with the journal where it stopped."""
    definitions, size = run_frame(0, run_id) + keys_frame(0, ("ingested",)), len(call(0))
    while True:
        applied = store.journals.get_applied(EVERYONE, "journal")
        start = max(0, applied - size * random.randrange(20))  # frames that came before, too
        frames = b"".join(call(at // size) for at in range(start, applied + 50 * size, size))
        applied = store.journals.ingest(EVERYONE, "journal", start, definitions, frames).applied
        print("ingested", applied // size, flush=True)


def fold(store: SqlStore) -> None:
    while True:
        store.fold.settle()
        store.sealer.seal()


def main(uri: str, run_id: str, first: int) -> None:
    store = open_store(uri, "mlflow-artifacts:/")
    for work in (lambda: fold(store), lambda: ingest(store, run_id)):
        threading.Thread(target=work, daemon=True).start()
    while True:
        points = [Metric("logged", float(step), 5, step) for step in range(first, first + 100)]
        store.runs.log_batch(EVERYONE, run_id, points)
        first += 100
        print("logged", first, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
