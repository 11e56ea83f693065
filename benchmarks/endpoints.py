"""Rows: what the web UI asks its server, in an experiment of 100,000 runs, and the events that it is told."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from benchmarks.bench import Bench, alone, create_experiment, create_run, now_ms
from benchmarks.loads import Connection, ask, call, post, request
from benchmarks.products import Product
from benchmarks.seed import Charted, seed, seed_series
from benchmarks.seed_files import ROWS, Files, seed_files
from benchmarks.seed_logged_models import seed_logged_models
from tests.fixtures.servers import TrackingServer

LARGE, SWEPT, SMALL = 100_000, 10_000, 1_000  # runs; the last where not everything is to be measured
CHARTED, POINTS = 100, 10_000  # runs with a long metric, and points of each
SPARKS = 200  # runs with a small line each
LAST = 10_000  # lines of a log
BUCKETS = 200
WARMING, SAMPLES = 2, 5
SWEEP = [*(f"params.p{key}" for key in range(10)), "metrics.m1", "metrics.m2"]


class Places(NamedTuple):
    """What the questions are about."""

    large: str
    swept: str
    charted: Charted
    sparks: Charted
    models: str
    files: Files
    run: str


def measure(bench: Bench) -> None:
    for product in bench.products:
        if not product.published:
            with alone(product, bench.products):
                measure_one(bench, product)


def measure_one(bench: Bench, product: Product) -> None:
    server = product.server()
    places = fill(server, bench.full)
    for row, payload in questions(server.port, places):
        sample(bench, product, row, payload)
    for _ in range(SAMPLES):
        bench.figures.add("ext_event", product.name, event(server))
    bench.figures.add("ext_sample_bytes", product.name, sent_to_browsers(server, places))
    product.restart()
    first = extension(server.port, f"experiments/{places.large}/columns")
    bench.figures.add("ext_columns_first", product.name, 1000 * call(server.port, first)[0])


def fill(server: TrackingServer, full: bool) -> Places:
    large = seed(server, False, LARGE if full else SMALL)
    swept = seed(server, False, SWEPT if full else SMALL)
    charted = seed_series(server, False, CHARTED, POINTS, ["loss"])
    sparks = seed_series(server, False, SPARKS, POINTS // 10, ["loss"])
    view = {"state": "q=metrics.m0 < 0.5", "name": "good ones"}
    call(server.port, extension(server.port, f"experiments/{large}/views", view))
    models = seed_logged_models(server, SWEPT if full else SMALL)
    return Places(large, swept, charted, sparks, models, seed_files(server, charted), charted.runs[0])


def extension(port: int, path: str, content: Any = None) -> bytes:
    """A question below /api/ext/v1."""
    method, body = ("GET", b"") if content is None else ("POST", json.dumps(content).encode())
    return request(method, f"/api/ext/v1/{path}", body, port)


def questions(port: int, places: Places) -> Iterator[tuple[str, bytes]]:
    """The row of each question, and its bytes."""
    large = f"experiments/{places.large}"
    yield "ext_columns", extension(port, f"{large}/columns")
    yield "ext_values_few", extension(port, f"{large}/values?kind=param&key=p0")
    yield "ext_values_many", extension(port, f"{large}/values?kind=param&key=p9")
    yield "ext_values_prefix", extension(port, f"{large}/values?kind=param&key=p9&prefix=12")
    yield "ext_histogram", extension(port, "runs/histogram", {"experiment_ids": [places.large], "column": "metrics.m0"})
    yield "ext_parse", extension(port, "filter/parse", {"filter": "metrics.m0 > 0.5 and params.p0 > 'x"})
    shown = [f"metrics.m{key}" for key in range(15)] + [f"params.p{key}" for key in range(10)]
    page = {"experiment_ids": [places.large], "columns": shown, "limit": 200}
    yield "ext_query", extension(port, "runs/query", page)
    yield "ext_query_ordered", extension(port, "runs/query", {**page, "order_by": ["metrics.m0 DESC"]})
    yield "ext_query_deep", extension(port, "runs/query", {**page, "offset": LARGE // 2})
    yield "ext_sample", chart(port, places)
    grouped = {"experiment_ids": [places.charted.experiment], "by": ["params.p0"], "keys": ["loss"], "buckets": BUCKETS}
    yield "ext_groups", extension(port, "metrics/groups", grouped)
    yield "ext_sparklines", extension(port, "sparklines", {"run_ids": places.sparks.runs, "keys": ["loss"]})
    swept = {"experiment_ids": [places.swept]}
    yield "ext_matrix", extension(port, "runs/matrix", {**swept, "columns": SWEEP})
    yield "ext_importance", extension(port, "runs/importance", {**swept, "target": "metrics.m0", "columns": SWEEP})
    yield "ext_run", request("GET", f"/api/2.0/mlflow/runs/get?run_id={places.run}", port=port)
    yield "ext_run_opening", extension(port, f"runs/{places.run}")
    yield "ext_runs", extension(port, "runs/get", {"run_ids": places.charted.runs})
    yield "ext_summaries", extension(port, "metrics/summaries", {"run_ids": places.charted.runs})
    yield "ext_models", post("logged-models/search", {"experiment_ids": [places.large]}, port)
    yield "ext_models_query", extension(port, "logged-models/query", models_page(places))
    yield "ext_opening", extension(port, f"{large}/opening")
    yield "ext_views", extension(port, f"{large}/views")
    yield from questions_of_files(port, places)


def models_page(places: Places) -> dict[str, Any]:
    """The best 100 logged models by a metric on a dataset."""
    shown = [{"name": "metrics.m0", "dataset_name": name} for name in ("train", "val")]
    shown += [{"name": name} for name in ("params.p0", "params.p1", "tags.t0")]
    order = {"field_name": "metrics.m0", "ascending": False, "dataset_name": "val"}
    return {"experiment_ids": [places.models], "columns": shown, "order_by": [order], "limit": 100}


def questions_of_files(port: int, places: Places) -> Iterator[tuple[str, bytes]]:
    """The same about files of runs."""
    run, files = places.run, places.files
    below = {"run_id": run, "path": files.folder}
    yield "ext_files", extension(port, f"artifacts/list?{urlencode(below)}")
    yield "ext_raw", request("GET", f"/get-artifact?{urlencode({'run_id': run, 'path': files.large})}", port=port)
    middle = {"run_id": run, "path": files.table, "offset": ROWS // 2}
    yield "ext_table", extension(port, f"artifacts/table?{urlencode(middle)}")
    yield "ext_log", extension(port, f"runs/{run}/logs?lines={LAST}")
    yield "ext_images", extension(port, f"runs/images?{urlencode({'run_ids': places.charted.runs}, doseq=True)}")


def chart(port: int, places: Places) -> bytes:
    content = {"run_ids": places.charted.runs, "keys": ["loss"], "buckets": BUCKETS}
    return extension(port, "metrics/sample", content)


def sample(bench: Bench, product: Product, row: str, payload: bytes) -> None:
    """Milliseconds from a question's first byte to the answer's last; the first of each connection only warm."""
    for seconds, _ in ask(Connection(product.server().port), [payload] * (WARMING + SAMPLES))[WARMING:]:
        bench.figures.add(row, product.name, 1000 * seconds, "" if bench.full else f"of {SMALL:,} runs")


def sent_to_browsers(server: TrackingServer, places: Places) -> float:
    """KiB of a chart's answer as browsers get it: compressed."""
    head, _, body = chart(server.port, places).partition(b"\r\n\r\n")
    browser = b"\r\nUser-Agent: Mozilla/5.0\r\nAccept-Encoding: gzip\r\n\r\n"
    return len(call(server.port, head + browser + body)[1]) / 1024


def event(server: TrackingServer) -> float:
    """Milliseconds from a point's first byte to the server until a listener has it."""
    experiment = create_experiment(server, "events")
    run = create_run(server, experiment)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as listener:
        listener.sendall(request("GET", f"/api/ext/v1/events?topics=exp:{experiment}", port=server.port))
        heard = listener.recv(65536)
        while b"position" not in heard:
            heard += listener.recv(65536)
        point = {"run_id": run, "key": "loss", "value": 0.5, "timestamp": now_ms()}
        began = time.perf_counter()
        call(server.port, post("runs/log-metric", point, server.port))
        while b"event: metrics" not in heard:
            heard += listener.recv(65536)
        return 1000 * (time.perf_counter() - began)
