"""Rows: pages of registered-models/search and model-versions/search over 10,000 models with 10 versions each.

Both servers' SQLite files are written directly: over HTTP it would take 130,000 requests.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.bench import Bench, alone, now_ms
from benchmarks.loads import Connection, ask, request
from benchmarks.products import Product

MODELS, VERSIONS = 10_000, 10
QUERIES = {
    "registry_models": ("registered-models", {"max_results": 100}),
    "registry_models_tagged": ("registered-models", {"max_results": 100, "filter": "tags.team = 't7'"}),
    "registry_versions": ("model-versions", {"max_results": 100, "filter": "name = 'model-05000'"}),
}
FOUND = {"registry_models": 100, "registry_models_tagged": 100, "registry_versions": VERSIONS}
WARMING, SAMPLES = 2, 5

Rows = Iterator[tuple[Any, ...]]


def measure(bench: Bench) -> None:
    for product in bench.products:
        with alone(product, bench.products):
            seed(product)
    for row in QUERIES:
        bench.in_turn(lambda product, row=row: sample(bench, product, row))
    for product in bench.products:
        if not product.published:
            with alone(product, bench.products):
                sample_rows(bench, product)


def sample(bench: Bench, product: Product, row: str) -> None:
    """Milliseconds from a request's first byte to the answer's last; the first of each connection only warm."""
    port = product.server().port
    what, query = QUERIES[row]
    target = f"GET /api/2.0/mlflow/{what}/search?{urlencode(query)} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    answers = ask(Connection(port), [target.encode()] * (WARMING + SAMPLES))
    for seconds, body in answers[WARMING:]:
        found = len(json.loads(body)[what.replace("-", "_")])
        if found != FOUND[row]:
            raise RuntimeError(f"{row} found {found}")
        bench.figures.add(row, product.name, 1000 * seconds)


def sample_rows(bench: Bench, product: Product) -> None:
    """The same of what the web UI asks, which is this project's alone."""
    port = product.server().port
    payload = request("POST", "/api/ext/v1/models/query", b"{}", port)
    for seconds, _ in ask(Connection(port), [payload] * (WARMING + SAMPLES))[WARMING:]:
        bench.figures.add("ext_registry_query", product.name, 1000 * seconds)


def seed(product: Product) -> None:
    folder: Path = product.server().folder
    connection = sqlite3.connect(folder / "server.db", timeout=60)
    with connection:
        for statement, rows in published(now_ms()) if product.published else ours(now_ms()):
            connection.executemany(statement, rows)
    connection.close()


def ours(began: int) -> Iterator[tuple[str, Rows]]:
    models = "INSERT INTO registered_models (id, workspace, name, creation_time, last_updated_time, last_version)"
    yield (
        f"{models} VALUES (?, 'default', ?, ?, ?, {VERSIONS})",
        ((n + 1, name(n), began + n, began + n) for n in range(MODELS)),
    )
    tags = ((n + 1, team(n), team(n)) for n in range(MODELS))
    yield "INSERT INTO registered_model_tags VALUES (?, 'team', ?, ?)", tags
    yield "INSERT INTO registered_model_aliases VALUES (?, 'champion', 9)", ((n + 1,) for n in range(MODELS))
    versions = (
        "INSERT INTO model_versions (model, workspace, name, version, creation_time, last_updated_time, stage, status, "
        "source, storage_location, run_id) VALUES (?, 'default', ?, ?, ?, ?, ?, 'READY', ?, ?, ?)"
    )
    yield versions, ((n + 1, name(n), v, t, t, stage(v), s, s, r) for n, v, t, s, r in all_versions(began))
    yield (
        "INSERT INTO model_version_tags SELECT id, 'k', version, version FROM model_versions WHERE 1 = ?",
        iter([(1,)]),
    )


def published(began: int) -> Iterator[tuple[str, Rows]]:
    models = "INSERT INTO registered_models (name, creation_time, last_updated_time, workspace)"
    yield f"{models} VALUES (?, ?, ?, 'default')", ((name(n), began + n, began + n) for n in range(MODELS))
    tags = "INSERT INTO registered_model_tags (name, key, value, workspace)"
    yield f"{tags} VALUES (?, 'team', ?, 'default')", ((name(n), team(n)) for n in range(MODELS))
    aliases = "INSERT INTO registered_model_aliases (name, alias, version, workspace)"
    yield f"{aliases} VALUES (?, 'champion', 9, 'default')", ((name(n),) for n in range(MODELS))
    versions = (
        "INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, status, source, "
        "storage_location, run_id, workspace) VALUES (?, ?, ?, ?, ?, 'READY', ?, ?, ?, 'default')"
    )
    yield versions, ((name(n), v, t, t, stage(v), s, s, r) for n, v, t, s, r in all_versions(began))
    tags = "INSERT INTO model_version_tags (name, version, key, value, workspace)"
    yield (
        f"{tags} SELECT name, version, 'k', version, workspace FROM model_versions WHERE 1 = ?",
        iter([(1,)]),
    )


def all_versions(began: int) -> Iterator[tuple[int, int, int, str, str]]:
    """The number of the model and of the version, a time, a source and a run."""
    for model in range(MODELS):
        for version in range(1, VERSIONS + 1):
            number = model * VERSIONS + version
            yield model, version, began + number, f"s3://bucket/{number}", f"{number:032x}"


def name(model: int) -> str:
    return f"model-{model:05}"


def team(model: int) -> str:
    return f"t{model % 50}"


def stage(version: int) -> str:
    return {VERSIONS: "None", VERSIONS - 1: "Production"}.get(version, "Archived")
