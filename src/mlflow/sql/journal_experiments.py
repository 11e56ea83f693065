"""Experiments that a client without a server named: found by name, or made."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.frames_operations import CreateExperiment, CreateRun
from mlflow.contract.names import check_experiment_name, check_experiment_tag_value, check_key
from mlflow.exceptions import PermissionDenied
from mlflow.sql.experiment_rows import create_experiment
from mlflow.sql.ids import now
from mlflow.sql.statements import insert_missing
from mlflow.sql.tables import experiment_tags, experiments

__all__ = ["OfflineExperiments"]


_DEFAULT_ID = "0"


class OfflineExperiments:
    """Finds and makes experiments in a transaction.

    Args:
        artifact_root: below it experiments without a location of their own keep their artifacts.
        check_location: answers the location to store for the one a client gave, or raises.
    """

    def __init__(self, artifact_root: str, check_location: Callable[[str], str]) -> None:
        self._artifact_root = artifact_root
        self._check_location = check_location

    def make(self, connection: Connection, caller: Caller, wanted: CreateExperiment) -> str:
        """The id of the experiment of that name, which is made unless it is there, also in the trash.

        Raises:
            InvalidParameterValue: the name, a tag or the location is not acceptable.
            PermissionDenied: the caller may not create experiments.
        """
        found = _find(connection, caller, wanted.name)
        if found is not None:
            return str(found)
        if not caller.may(Permission.EDIT, "server", ""):
            raise PermissionDenied(f"Creating experiment '{wanted.name}' needs EDIT on the server. Ask for a grant.")
        check_experiment_name(wanted.name)
        for key, value in wanted.tags.items():
            check_key("experiment tag", key)
            check_experiment_tag_value(key, value)
        location = self._check_location(wanted.artifact_location) if wanted.artifact_location else ""
        try:
            with connection.begin_nested():
                number = create_experiment(
                    connection, caller.workspace, wanted.name, location, self._artifact_root, wanted.creation_time
                )
        except exc.IntegrityError:
            found = _find(connection, caller, wanted.name)  # another process was faster
            if found is None:
                raise
            return str(found)
        rows = [{"experiment_id": number, "name": key, "value": value} for key, value in wanted.tags.items()]
        if rows:
            connection.execute(insert_missing(connection, experiment_tags), rows)
        return str(number)

    def of_run(self, connection: Connection, caller: Caller, run: CreateRun) -> str:
        """The id of the experiment that a new run names, by id or by name; else that of "Default"."""
        if run.experiment_name:
            return self.make(connection, caller, CreateExperiment(name=run.experiment_name, creation_time=now()))
        return run.experiment_id or _DEFAULT_ID


def _find(connection: Connection, caller: Caller, name: str) -> int | None:
    named = (experiments.c.workspace == caller.workspace) & (experiments.c.name == name)
    found: int | None = connection.scalar(sa.select(experiments.c.id).where(named))
    return found
