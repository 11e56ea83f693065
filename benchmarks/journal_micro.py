"""The journal alone: what a log call costs, until when it is durable, how fast frames are read.

    python benchmarks/journal_micro.py [--json]

Latencies are of single calls in microseconds, timed with `perf_counter_ns`, whose own cost of some 40 ns is included.
"""

import argparse
import json
import random
import statistics
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from mlflow.contract.frames import Ingested, decode, keys_frame, metrics_body, prefix, run_frame
from mlflow.contract.frames_operations import Metrics
from mlflow.journal.shipper import Shipper
from mlflow.journal.writer import Journal

RUN = "0123456789abcdef0123456789abcdef"
CALLS = 10_000
POINTS = 100_000


class Nowhere:
    """A destination that applies everything at once."""

    def ingest(self, journal_id: str, start: int, definitions: bytes, frames: memoryview) -> Ingested:
        return Ingested(start + len(frames))

    def upload(self, run_id: str, path: str, file: Path, sha256: str) -> None:
        raise AssertionError("nothing is spooled here")


class Sending(Nowhere):
    """A destination that costs the trainer what sending does: a copy, a checksum, and a wait for the answer."""

    def ingest(self, journal_id: str, start: int, definitions: bytes, frames: memoryview) -> Ingested:
        zlib.crc32(bytes(frames))
        time.sleep(0.005)
        return super().ingest(journal_id, start, definitions, frames)


def call_latencies(journal: Journal, keys: int) -> list[int]:
    """Nanoseconds of each of 10,000 calls."""
    metrics = {f"metric_{key}": 0.1 * key for key in range(keys)}
    journal.log_metrics(RUN, metrics, 0, 0)
    now, found = time.perf_counter_ns, []
    for step in range(CALLS):
        before = now()
        journal.log_metrics(RUN, metrics, step, 1_700_000_000_000 + step)
        found.append(now() - before)
    return sorted(found)


def measured_calls(keys: int, *, shipped: bool) -> dict[str, float]:
    """Median, p99 and greatest latency, over five journals."""
    found: list[int] = []
    for _ in range(5):
        with tempfile.TemporaryDirectory() as folder:
            journal = Journal.open("nowhere:", folder)
            shipper = Shipper(journal, Sending(), interval=0.001)
            if shipped:
                shipper.start()
            found += call_latencies(journal, keys)
            shipper.destination = Nowhere()
            shipper.stop()
    found.sort()
    return {
        "p50_us": statistics.median(found) / 1e3,
        "p99_us": found[len(found) * 99 // 100] / 1e3,
        "max_us": found[-1] / 1e3,
    }


def until_durable(*, shipped: bool) -> float:
    """Milliseconds of 10,000 calls with 10 keys; best of five."""

    def once() -> float:
        with tempfile.TemporaryDirectory() as folder:
            journal = Journal.open("nowhere:", folder)
            shipper = Shipper(journal, Nowhere())
            if shipped:
                shipper.start()
            metrics = {f"metric_{key}": 0.1 * key for key in range(10)}
            before = time.perf_counter()
            for step in range(CALLS):
                journal.log_metrics(RUN, metrics, step, 1_700_000_000_000 + step)
            if shipped:
                shipper.flush()
            took = time.perf_counter() - before
            shipper.stop()
            return took * 1e3

    return min(once() for _ in range(5))


def with_threads(count: int) -> float:
    """Calls a second of several threads together, 10 keys each."""
    with tempfile.TemporaryDirectory() as folder, Journal.open("nowhere:", folder) as journal:
        threads = [threading.Thread(target=call_latencies, args=(journal, 10)) for _ in range(count)]
        before = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return count * CALLS / (time.perf_counter() - before)


def frames_of(widths: list[int]) -> tuple[bytes, bytes]:
    """Definitions and 100,000 points, in calls of so many keys by turns."""
    definitions = run_frame(0, RUN) + b"".join(
        keys_frame(index, tuple(f"{index}.{key}" for key in range(width))) for index, width in enumerate(widths)
    )

    def calls() -> Iterator[bytes]:
        for step in range(POINTS // sum(widths)):
            for index, width in enumerate(widths):
                values = [random.random() for _ in range(width)]
                body = metrics_body(width).pack(3, 0, index, step, 1_700_000_000_000 + 7 * step, *values)
                yield prefix(len(body), zlib.crc32(body)) + body

    return definitions, b"".join(calls())


def decoding(widths: list[int]) -> float:
    """Milliseconds to decode 100,000 points; best of five."""
    definitions, frames = frames_of(widths)

    def once() -> float:
        before = time.perf_counter()
        points = sum(op.values.size for op in decode(definitions, frames, 0) if isinstance(op, Metrics))
        took = time.perf_counter() - before
        if points != POINTS // sum(widths) * sum(widths):
            raise AssertionError(f"decoded {points} points")
        return took * 1e3

    return min(once() for _ in range(5))


def bare_file() -> float:
    """Milliseconds of 10,000 `write(2)` of the same size; best of five."""

    def once() -> float:
        with tempfile.TemporaryFile(buffering=0) as file:
            record = bytes(113)
            before = time.perf_counter()
            for _ in range(CALLS):
                file.write(record)
            return (time.perf_counter() - before) * 1e3

    return min(once() for _ in range(5))


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    as_json = parser.parse_args().json
    measurements: dict[str, Callable[[], object]] = {
        "log_metrics, 1 key": lambda: measured_calls(1, shipped=False),
        "log_metrics, 1 key, while shipping": lambda: measured_calls(1, shipped=True),
        "log_metrics, 10 keys": lambda: measured_calls(10, shipped=False),
        "log_metrics, 10 keys, while shipping": lambda: measured_calls(10, shipped=True),
        "10,000 calls x 10 keys until durable, ms": lambda: until_durable(shipped=False),
        "10,000 calls x 10 keys until shipped and acknowledged, ms": lambda: until_durable(shipped=True),
        "10,000 bare writes of 113 bytes, ms": bare_file,
        "calls a second, 8 threads, 10 keys": lambda: with_threads(8),
        "decode 100,000 points, 10 keys a call, ms": lambda: decoding([10]),
        "decode 100,000 points, 1 key a call, ms": lambda: decoding([1]),
        "decode 100,000 points, 10 keys and 1 key by turns, ms": lambda: decoding([10, 1]),
        "decode 100,000 points, 3, 2 and 1 keys by turns, ms": lambda: decoding([3, 2, 1]),
    }
    found = {name: measure() for name, measure in measurements.items()}
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        numbers = value if isinstance(value, dict) else {"": value}
        print(f"{name:<60}", "  ".join(f"{label} {number:,.2f}".strip() for label, number in numbers.items()))


if __name__ == "__main__":
    main()
