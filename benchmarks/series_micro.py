"""Bytes a point and points a second of the metric codecs, on one core: `python benchmarks/series_micro.py`."""

from __future__ import annotations

import timeit
from collections.abc import Callable, Iterator

import numpy as np

from mlflow.sql.series.block import decode_block, encode_block
from mlflow.sql.series.merge import split, union
from mlflow.sql.series.outline import encode_outline
from mlflow.sql.series.points import Batch, Integers, Points, Reals
from mlflow.sql.series.segment import SEALED, decode_segment, encode_segment
from mlflow.sql.series.summary import summaries_by_key
from mlflow.sql.series.zoom import Axis, Zoom

N = 1_000_000
RANDOM = np.random.default_rng(7)


def main() -> None:
    blocks()
    short_segments()
    for name, values in shapes():
        segments(name, series(values))
    for name, timestamps in clocks():
        segments(name, Points(np.arange(N), timestamps, next(shapes())[1]))
    rest(series(next(shapes())[1]))


def shapes() -> Iterator[tuple[str, Reals]]:
    index, noise = np.arange(N), RANDOM.standard_normal(N)
    yield "decay to 0.3, noise 0.05", 2 * np.exp(-index / 2e5) + 0.3 + 0.05 * noise
    yield "decay to 0, noise 0.1", np.exp(-index / 1e5) + 0.1 * noise
    yield "noise around 0", noise
    yield "the same in float32", np.asarray(np.float32(np.exp(-index / 1e5) + 0.1 * noise), np.float64)
    yield "smooth decay", np.exp(-index / 2e5)
    yield "four digits", np.round(0.9 + 0.01 * noise, 4)
    yield "integers", index.astype(np.float64) * 32
    yield "constant", np.full(N, 1e-3)


def clocks() -> Iterator[tuple[str, Integers]]:
    start, index, jitter = 1_700_000_000_000, np.arange(N), RANDOM.integers(-5, 6, N)
    yield "clock: grid of 100 ms, jitter 5 ms", start + index * 100 + jitter
    yield "clock: intervals of 100 ms, jitter 5 ms", start + np.cumsum(100 + jitter)
    yield "clock: the same with pauses", start + np.cumsum(100 + jitter + 60_000 * (index % 1000 == 0))


def series(values: Reals) -> Points:
    return Points(np.arange(N), 1_700_000_000_000 + np.cumsum(100 + RANDOM.integers(-5, 6, N)), values)


def segments(name: str, points: Points) -> None:
    chunks = split(points)
    bodies = [encode_segment(chunk) for chunk in chunks]
    outlines = [encode_outline(chunk) for chunk in chunks]
    body, outline = sum(map(len, bodies)) / N, sum(map(len, outlines)) / N
    few = chunks[:40]
    encoded = seconds(lambda: [encode_segment(chunk) for chunk in few]) / sum(map(len, few))
    outlined = seconds(lambda: [encode_outline(chunk) for chunk in few]) / sum(map(len, few))
    decoded = seconds(lambda: [decode_segment(data) for data in bodies[:40]]) / sum(map(len, few))
    print(
        f"{name:42} {body:6.3f} + {outline:5.3f} = {body + outline:6.3f} B/point   "
        f"encode {rate(encoded)}   with outline {rate(encoded + outlined)}   decode {rate(decoded)}"
    )


def blocks() -> None:
    for n in (1, 10, 100, 1000):
        lists = list(range(n)), [7] * n, [1_700_000_000_000 + i for i in range(n)], RANDOM.standard_normal(n).tolist()
        data = encode_block(*lists)
        times = [seconds(lambda: encode_block(*lists), 200) * 1e6, seconds(lambda: decode_block(data), 200) * 1e6]  # noqa: B023
        print(f"block of {n:5} points: {len(data):6} B   encode {times[0]:7.2f} µs   decode {times[1]:7.2f} µs")


def short_segments() -> None:
    for n in (1, 16, 17, 100, 1000):
        points = series(RANDOM.standard_normal(N))[:n]
        data = encode_segment(points)
        times = [seconds(lambda: encode_segment(points), 50) * 1e6, seconds(lambda: decode_segment(data), 50) * 1e6]  # noqa: B023
        print(f"segment of {n:5} points: {len(data):6} B   encode {times[0]:7.2f} µs   decode {times[1]:7.2f} µs")


def rest(points: Points) -> None:
    batch = Batch(RANDOM.integers(0, 1000, N).astype(np.int32), points)
    print(f"summaries of 1,000 keys: {rate(seconds(lambda: summaries_by_key(batch)) / N)}")
    late = points[np.sort(RANDOM.choice(2 * SEALED, 1000, replace=False))]
    print(f"union of 4,096 with 1,000 late points: {seconds(lambda: union(points[:SEALED], late)) * 1e6:.0f} µs")
    zooms(points)


def zooms(points: Points) -> None:
    chunks = split(points)
    bodies, outlines = [encode_segment(chunk) for chunk in chunks], [encode_outline(chunk) for chunk in chunks]
    starts = np.array([chunk.steps[0] for chunk in chunks])
    for width in (N, 300_000, 100_000, 10_000, 1_000):
        low = (N - width) // 2
        first, last = np.searchsorted(starts, [low, low + width], "right") - [1, 0]

        def draw(low: int = low, width: int = width, first: int = first, last: int = last) -> Zoom:
            zoom = Zoom(Axis.STEP, low, low + width - 1, 320, outlines[first:last])
            zoom.draw({index: decode_segment(bodies[first + index]) for index in zoom.needed})
            return zoom

        print(f"320 buckets over {width:9,}: {seconds(draw) * 1e3:6.2f} ms, {len(draw().needed)} segments decoded")


def seconds(call: Callable[[], object], number: int = 1) -> float:
    call()
    return min(timeit.repeat(call, number=number, repeat=5)) / number


def rate(seconds_a_point: float) -> str:
    return f"{1e-6 / seconds_a_point:6.1f} M/s"


if __name__ == "__main__":
    main()
