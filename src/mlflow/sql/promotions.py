"""Asking the registry's checks, outside of any transaction: a check may read the store, and may take its time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.gates import Gates, Promotion
from mlflow.contract.model_names import version_number
from mlflow.contract.registry_history import Evidence
from mlflow.exceptions import PromotionRefused
from mlflow.sql.engine import Database
from mlflow.sql.registry_record import record
from mlflow.sql.registry_rows import find_model

__all__ = ["Promotions"]


class Promotions:
    """Asks the checks before a version takes an alias or a stage.

    Args:
        database: where.
        gates: the checks; None when there are none.

    Attributes:
        store: what the checks may read from; set by who opens the store.
    """

    def __init__(self, database: Database, gates: Gates | None) -> None:
        self._database = database
        self._gates = gates
        self.store: Any = None

    def ask(self, caller: Caller, promotion: Callable[[Connection], Promotion]) -> list[Evidence]:
        """What the checks found about a promotion, which the function reads from the database.

        Raises:
            PromotionRefused: a check is against it; history tells so, and nothing else has changed.
        """
        if self._gates is None:
            return []
        asked = msgspec.structs.replace(self._database.read(promotion), store=self.store)
        try:
            return self._gates.ask(asked)
        except PromotionRefused as refusal:
            found = refusal.evidence
            self._database.write(lambda connection: _refused(connection, caller, asked, found))
            raise


def _refused(connection: Connection, caller: Caller, asked: Promotion, found: Sequence[Evidence]) -> None:
    record(
        connection,
        caller,
        find_model(connection, caller, asked.name, Permission.EDIT, lock=True),
        "alias_refused" if asked.kind == "alias" else "stage_refused",
        version=version_number(asked.version.version),
        subject=asked.target,
        before=asked.previous if asked.kind == "alias" else asked.version.current_stage,
        evidence=found,
    )
