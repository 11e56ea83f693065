"""The client's side of the endpoints whose bytes are handled by hand: journal frames and packed histories."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import msgspec
import zstandard

from mlflow.contract.caller import Caller
from mlflow.contract.frames import Ingested
from mlflow.contract.metrics import MetricColumns
from mlflow.contract.route import Route
from mlflow.remote.address import path_of
from mlflow.remote.transport import Transport

__all__ = ["FRAMES_TYPE", "RAW"]

FRAMES_TYPE = "application/vnd.mlflow.journal"
_PREFIX = struct.Struct("<QI")  # start offset, length of the definitions
_COMPRESS_FROM = 4096  # bytes; below this the saving is less than its cost


def _ingest(route: Route, transport: Transport) -> Callable[..., Any]:
    def ingest(
        self: object, caller: Caller, journal_id: str, start: int, definitions: bytes, frames: bytes | memoryview
    ) -> Ingested:
        body = b"".join((_PREFIX.pack(start, len(definitions)), definitions, frames))
        headers = {"Content-Type": FRAMES_TYPE}
        if len(body) >= _COMPRESS_FROM:
            body = zstandard.ZstdCompressor(level=1).compress(body)
            headers["Content-Encoding"] = "zstd"
        path = path_of(route, {"journal_id": journal_id})
        return msgspec.json.decode(transport.request("POST", path, body=body, headers=headers).body, type=Ingested)

    ingest.__doc__ = route.doc
    return ingest


def _get_metric_columns(route: Route, transport: Transport) -> Callable[..., Any]:
    def get_metric_columns(self: object, caller: Caller, run_id: str, metric_key: str) -> MetricColumns:
        query = [("run_id", run_id), ("metric_key", metric_key)]
        return msgspec.msgpack.decode(transport.request("GET", route.paths[0], query=query).body, type=MetricColumns)

    get_metric_columns.__doc__ = route.doc
    return get_metric_columns


RAW: dict[str, Callable[[Route, Transport], Callable[..., Any]]] = {
    "ingest": _ingest,
    "get_metric_columns": _get_metric_columns,
}
