"""Runs as JSON, encoded once and kept: a page of a search is these joined by commas.

A document counts while its version is that of the run's row, which every change of the run raises in its own
transaction. Readers make the missing ones from the rows, in a constant number of queries. The version is read before
the rows, so a document is never newer in name than in content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.entities.run_info import RunInfo
from mlflow.sql.document_inputs import read_inputs, read_outputs
from mlflow.sql.keys import Keys
from mlflow.sql.run_rows import run_info
from mlflow.sql.statements import upsert_rows
from mlflow.sql.tables import params, run_docs, runs, summaries, tags

__all__ = ["Documents", "NewDocument", "store_documents"]

NewDocument = dict[str, Any]

_CHUNK = 1000
_NUMBERS: sa.BindParameter[list[int]] = sa.bindparam("numbers", expanding=True)
_KEPT = (
    sa.select(runs.c.id, run_docs.c.doc)
    .join(run_docs, (run_docs.c.run == runs.c.id) & (run_docs.c.version == runs.c.version))
    .where(runs.c.id.in_(_NUMBERS))
)
_ROWS = sa.select(runs).where(runs.c.id.in_(_NUMBERS))
_PARAMS = sa.select(params.c.run, params.c.key_id, params.c.value).where(params.c.run.in_(_NUMBERS))
_TAGS = sa.select(tags.c.run, tags.c.key_id, tags.c.value).where(tags.c.run.in_(_NUMBERS))
_METRICS = sa.select(
    summaries.c.run,
    summaries.c.key_id,
    summaries.c.latest_value,
    summaries.c.latest_timestamp,
    summaries.c.latest_step,
).where(summaries.c.run.in_(_NUMBERS))


class Documents:
    """Reads documents; those it had to make are in `made`, for `store_documents`."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.made: list[NewDocument] = []

    def read(self, connection: Connection, numbers: Sequence[int]) -> list[bytes]:
        """The documents of runs, in the order of their numbers; a run that is gone by now is left out."""
        documents: dict[int, bytes] = {}
        for start in range(0, len(numbers), _CHUNK):
            some = numbers[start : start + _CHUNK]
            kept = {row.id: row.doc for row in connection.execute(_KEPT, {"numbers": some})}
            missing = [number for number in some if number not in kept]
            documents |= kept
            documents |= self._make(connection, missing) if missing else {}
        return [documents[number] for number in numbers if number in documents]

    def _make(self, connection: Connection, numbers: Sequence[int]) -> dict[int, bytes]:
        rows = connection.execute(_ROWS, {"numbers": numbers}).all()
        data = self._read_data(connection, numbers)
        inputs, outputs = read_inputs(connection, numbers), read_outputs(connection, numbers)
        made = {row.id: _encode(row, data[row.id], inputs.get(row.id, {}), outputs.get(row.id)) for row in rows}
        self.made += [{"run": row.id, "version": row.version, "doc": made[row.id]} for row in rows]
        return made

    def _read_data(self, connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
        found = [connection.execute(chosen, {"numbers": numbers}).all() for chosen in (_METRICS, _PARAMS, _TAGS)]
        names = self._keys.names(connection, {row[1] for rows in found for row in rows})
        data: dict[int, dict[str, list[dict[str, Any]]]] = {number: {} for number in numbers}
        for run, key, value, timestamp, step in found[0]:
            number = "NaN" if value is None else value
            metric = {"key": names[key], "value": number, "timestamp": timestamp, "step": step}
            data[run].setdefault("metrics", []).append(metric)
        for kind, rows in (("params", found[1]), ("tags", found[2])):
            for run, key, value in rows:
                data[run].setdefault(kind, []).append({"key": names[key], "value": value})
        return data


def store_documents(connection: Connection, made: Iterable[NewDocument]) -> None:
    """Keep documents that were made while reading."""
    rows = sorted(made, key=lambda row: row["run"])  # in order, so that two readers wait instead of deadlocking
    upsert_rows(connection, run_docs, ("run",), rows)


def _encode(row: Row[Any], data: Mapping[str, list[dict[str, Any]]], inputs: object, outputs: object | None) -> bytes:
    for items in data.values():
        items.sort(key=lambda item: item["key"])
    info: RunInfo = run_info(row)
    document = {"info": info.to_wire(), "data": data, "inputs": inputs}
    return msgspec.json.encode(document if outputs is None else document | {"outputs": outputs})
