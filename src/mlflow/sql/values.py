"""Writing params and tags below a run whose row is locked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.changelog import note
from mlflow.sql.prepared import Prepared
from mlflow.sql.run_rows import RunRow
from mlflow.sql.statements import insert_rows, upsert_rows
from mlflow.sql.tables import VALUE_HEAD, params, runs, tags

__all__ = ["NAME_TAG", "as_number", "value_rows", "write_params", "write_tags"]

NAME_TAG = "mlflow.runName"

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*\Z", re.ASCII)
_FEW = 4
_RENAME = Prepared(sa.update(runs).where(runs.c.id == sa.bindparam("number")).values(name=sa.bindparam("new_name")))
_PARAM = Prepared(
    sa.select(params.c.value).where(params.c.run == sa.bindparam("run"), params.c.key_id == sa.bindparam("key_id"))
)


def as_number(value: str) -> float | None:
    """The number that a text is, or None: NaN, infinities and words are none."""
    if len(value) > 400 or not _NUMBER.match(value):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def value_rows(run: RunRow, key_ids: Mapping[str, int], values: Mapping[str, str]) -> list[dict[str, object]]:
    """The rows of params or tags."""
    rows: list[dict[str, object]] = [
        {
            "run": run.id,
            "key_id": key_ids[key],
            "experiment_id": run.experiment_id,
            "head": value[:VALUE_HEAD],
            "value": value,
            "number": as_number(value),
        }
        for key, value in values.items()
    ]
    return rows


def write_params(connection: Connection, run: RunRow, key_ids: Mapping[str, int], values: Mapping[str, str]) -> None:
    """Write params that are new; those that stand there with the same value stay.

    Args:
        connection: in a transaction that holds the run's lock; the caller says `touch_run` afterwards.
        run: the run.
        key_ids: the number of each key.
        values: by key, already checked and cut.

    Raises:
        InvalidParameterValue: a param has another value already; it lists all such params.
    """
    if not values:
        return
    stored = _stored_params(connection, run.id, [key_ids[key] for key in values])
    changed = {key: value for key, value in values.items() if stored.get(key_ids[key], value) != value}
    if changed:
        raise _changed_params(run, changed, {key: stored[key_ids[key]] for key in changed})
    new = {key: value for key, value in values.items() if key_ids[key] not in stored}
    if new:
        insert_rows(connection, params, value_rows(run, key_ids, new))
        note(connection, "run", run.experiment_id, run.id, {"params": new})


def write_tags(connection: Connection, run: RunRow, key_ids: Mapping[str, int], values: Mapping[str, str]) -> None:
    """Set tags; the one named mlflow.runName renames the run. Arguments as for `write_params`."""
    if not values:
        return
    upsert_rows(connection, tags, ("run", "key_id"), value_rows(run, key_ids, values))
    changes: dict[str, object] = {"tags": dict(values)}
    if NAME_TAG in values:
        _RENAME.execute(connection, {"number": run.id, "new_name": values[NAME_TAG]})
        changes["run_name"] = values[NAME_TAG]
    note(connection, "run", run.experiment_id, run.id, changes)


def _stored_params(connection: Connection, run: int, key_ids: list[int]) -> dict[int, str]:
    if len(key_ids) <= _FEW:
        found = ((key_id, _PARAM.execute(connection, {"run": run, "key_id": key_id}).first()) for key_id in key_ids)
        return {key_id: row.value for key_id, row in found if row is not None}
    chosen = sa.select(params.c.key_id, params.c.value).where(params.c.run == run, params.c.key_id.in_(key_ids))
    return {row.key_id: row.value for row in connection.execute(chosen)}


def _changed_params(run: RunRow, new: Mapping[str, str], old: Mapping[str, str]) -> InvalidParameterValue:
    pairs = [f"{{'key': '{key}', 'old_value': '{old[key]}', 'new_value': '{value}'}}" for key, value in new.items()]
    return InvalidParameterValue(
        f"Changing param values is not allowed. Params were already logged='[{', '.join(pairs)}]' for run ID="
        f"'{run.run_id}'. Log the new value under another key, or in another run."
    )
