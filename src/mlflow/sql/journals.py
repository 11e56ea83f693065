"""Journals of clients, applied to a SQL database exactly once.

How far a journal was applied stands in a row that is locked and raised in the transaction that applies its frames. The
row also keeps which frames were refused since the offset the client asked for last, so that a slice that comes again,
because its answer was lost, is answered as before.
"""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from mlflow.contract.caller import Caller
from mlflow.contract.frames import Ingested, decode
from mlflow.contract.frames_operations import Operation
from mlflow.contract.journals import Journals
from mlflow.exceptions import DataLoss, InvalidParameterValue
from mlflow.sql.appends import Appends
from mlflow.sql.engine import Database
from mlflow.sql.ids import now
from mlflow.sql.journal_experiments import OfflineExperiments
from mlflow.sql.journal_frames import Frames
from mlflow.sql.journal_keys import number_keys
from mlflow.sql.journal_rejections import Rejections
from mlflow.sql.statements import insert_missing
from mlflow.sql.tables import journals

__all__ = ["SqlJournals"]

_LOG = logging.getLogger(__name__)
_LONGEST_ID = 256
_OWN = (journals.c.workspace == sa.bindparam("own_workspace"), journals.c.id == sa.bindparam("own_id"))
_CHOSEN = sa.select(journals.c.applied, journals.c.rejected).where(*_OWN)
_LOCKED = _CHOSEN.with_for_update()
_RAISE = sa.update(journals).where(*_OWN)


class SqlJournals(Journals):
    """Journals in a SQL database.

    Args:
        database: where.
        appends: takes new points.
        experiments: finds and makes those that offline clients name.
    """

    def __init__(self, database: Database, appends: Appends, experiments: OfflineExperiments) -> None:
        self._database = database
        self._appends = appends
        self._experiments = experiments

    def ingest(
        self, caller: Caller, journal_id: str, start: int, definitions: bytes, frames: bytes | memoryview
    ) -> Ingested:
        _check_id(journal_id)
        if start < 0:
            raise InvalidParameterValue(f"Invalid start '{start}' of a journal's slice; offsets begin at 0.")
        slice_ = _Slice(start, definitions, frames)
        key_ids = number_keys(self._database.keys, slice_.operations)

        def apply(connection: Connection) -> Ingested:
            row = _lock(connection, caller.workspace, journal_id)
            if start > row.applied > 0:
                _LOG.warning("Journal %s goes on at %d; it was applied up to %d.", journal_id, start, row.applied)
            rejections = Rejections(row.rejected, start)
            if slice_.end > row.applied:
                batch = Frames(connection, caller, key_ids, self._appends, self._experiments, rejections)
                batch.apply(slice_.operations, row.applied)
            applied = max(row.applied, slice_.end)
            _raise(connection, caller.workspace, journal_id, applied, rejections.encoded())
            return Ingested(applied, rejections.listed())

        ingested = self._database.write(apply)
        if slice_.damage is not None:
            raise slice_.damage
        return ingested

    def get_applied(self, caller: Caller, journal_id: str) -> int:
        _check_id(journal_id)
        own = {"own_workspace": caller.workspace, "own_id": journal_id}
        applied: int | None = self._database.read(lambda connection: connection.scalar(_CHOSEN, own))
        return applied or 0


class _Slice:
    """What a slice says, up to where it is damaged.

    Attributes:
        operations: in order.
        end: the offset up to which all frames are among them.
        damage: what is wrong with the rest.
    """

    def __init__(self, start: int, definitions: bytes, frames: bytes | memoryview) -> None:
        self.operations: list[Operation] = []
        self.end = start + len(frames)
        self.damage: DataLoss | None = None
        try:
            for operation in decode(definitions, frames, start):
                self.operations.append(operation)
        except DataLoss as error:
            self.damage = error
            self.end = max([start, *(operation.end for operation in self.operations)])


def _check_id(journal_id: str) -> None:
    if not journal_id or len(journal_id) > _LONGEST_ID or not journal_id.isascii() or not journal_id.isprintable():
        raise InvalidParameterValue(f"Invalid journal id '{journal_id[:80]}'; send 32 hexadecimal digits.")


def _lock(connection: Connection, workspace: str, journal_id: str) -> Row[Any, Any]:
    """The journal's row, made if it is heard of for the first time, so that ingests of one journal take turns."""
    own = {"own_workspace": workspace, "own_id": journal_id}
    row = connection.execute(_LOCKED, own).first()
    if row is None:
        new = {"workspace": workspace, "id": journal_id, "applied": 0, "last_seen": now(), "rejected": b""}
        connection.execute(insert_missing(connection, journals), new)
        row = connection.execute(_LOCKED, own).one()
    return row


def _raise(connection: Connection, workspace: str, journal_id: str, applied: int, rejected: bytes) -> None:
    changed = _RAISE.values(applied=applied, last_seen=now(), rejected=rejected)
    connection.execute(changed, {"own_workspace": workspace, "own_id": journal_id})
