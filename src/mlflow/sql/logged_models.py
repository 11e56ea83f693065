"""Logged models in a SQL database."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row, exc

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.logged_models import LoggedModels, LoggedModelStatusName, ModelOrder, OnDataset
from mlflow.contract.names import check_logged_model_name
from mlflow.contract.pages import Page
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.exceptions import BadRequest, InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.sql.changelog import note
from mlflow.sql.engine import Database
from mlflow.sql.experiment_rows import Lock, find_experiment
from mlflow.sql.ids import now
from mlflow.sql.logged_model_documents import read_models
from mlflow.sql.logged_model_rows import find_model
from mlflow.sql.logged_model_tables import MAX_MODEL_KEY, logged_model_params, logged_model_tags, logged_models
from mlflow.sql.logged_models_search import search_models
from mlflow.sql.run_names import random_run_name
from mlflow.sql.statements import insert_row, insert_rows, upsert_rows

__all__ = ["SqlLoggedModels", "set_model_tags"]

_MODEL_ID = re.compile(r"m-[0-9a-f]{32}")

Pairs = Sequence[LoggedModelParameter] | Sequence[LoggedModelTag]


class SqlLoggedModels(LoggedModels):
    """Logged models in a SQL database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys = database.keys

    def create_logged_model(
        self,
        caller: Caller,
        experiment_id: str,
        name: str = "",
        model_type: str = "",
        source_run_id: str = "",
        params: Sequence[LoggedModelParameter] = (),
        tags: Sequence[LoggedModelTag] = (),
        model_id: str = "",
    ) -> LoggedModel:
        if name:
            check_logged_model_name(name)
        for kind, pairs in (("param", params), ("tag", tags)):
            _check_pairs(kind, pairs, distinct=True)
        made = {"name": name or random_run_name(), "model_type": model_type, "source_run_id": source_run_id}
        made["model_id"] = _checked_id(model_id) or f"m-{uuid.uuid4().hex}"

        def create(connection: Connection) -> LoggedModel:
            experiment = _active_experiment(connection, caller, experiment_id)
            row = _existing(connection, caller, model_id, experiment.id) if model_id else None
            if row is None:
                number = _insert(connection, caller, experiment, made)
                insert_rows(connection, logged_model_params, _rows(number, params))
                insert_rows(connection, logged_model_tags, _rows(number, tags))
                row = find_model(connection, caller, made["model_id"], Permission.EDIT)
                _note(connection, row, {"status": LoggedModelStatus.PENDING.to_wire(), "name": row.name})
            return read_models(connection, self._keys, [row])[0]

        try:
            return self._database.write(create)
        except exc.IntegrityError:  # the same request was under way a second time
            return self._database.write(create)

    def search_logged_models(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        filter: str = "",
        datasets: Sequence[OnDataset] = (),
        max_results: int = 50,
        order_by: Sequence[ModelOrder] = (),
        page_token: str = "",
    ) -> Page[LoggedModel]:
        def find(connection: Connection) -> Page[LoggedModel]:
            rows = search_models(
                connection, self._keys, caller, experiment_ids, filter, datasets, max_results, order_by, page_token
            )
            return Page(read_models(connection, self._keys, rows), rows.token)

        return self._database.read(find)

    def get_logged_model(self, caller: Caller, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        def get(connection: Connection) -> LoggedModel:
            row = find_model(connection, caller, model_id, Permission.READ, allow_deleted=allow_deleted)
            return read_models(connection, self._keys, [row])[0]

        return self._database.read(get)

    def finalize_logged_model(self, caller: Caller, model_id: str, status: LoggedModelStatusName) -> LoggedModel:
        number = LoggedModelStatus.from_wire(status).to_int()

        def finalize(connection: Connection) -> LoggedModel:
            row = find_model(connection, caller, model_id, Permission.EDIT, lock=True, allow_deleted=True)
            _update(connection, row.id, status=number)
            _note(connection, row, {"status": status})
            changed = find_model(connection, caller, model_id, Permission.EDIT, allow_deleted=True)
            return read_models(connection, self._keys, [changed])[0]

        return self._database.write(finalize)

    def delete_logged_model(self, caller: Caller, model_id: str) -> None:
        def delete(connection: Connection) -> None:
            row = find_model(connection, caller, model_id, Permission.MANAGE, lock=True, allow_deleted=True)
            if not row.deleted:
                _update(connection, row.id, deleted=1, deleted_time=now())
                _note(connection, row, {"lifecycle_stage": "deleted"})

        self._database.write(delete)

    def log_logged_model_params(
        self, caller: Caller, model_id: str, params: Sequence[LoggedModelParameter] = ()
    ) -> None:
        _check_pairs("param", params, distinct=True)

        def log(connection: Connection) -> None:
            row = find_model(connection, caller, model_id, Permission.EDIT, lock=True, allow_deleted=True)
            _check_new(connection, row, [param.key for param in params])
            insert_rows(connection, logged_model_params, _rows(row.id, params))
            if params:
                _note(connection, row, {"params": {param.key: param.value for param in params}})

        self._database.write(log)

    def set_logged_model_tags(self, caller: Caller, model_id: str, tags: Sequence[LoggedModelTag] = ()) -> None:
        _check_pairs("tag", tags)

        def set_tags(connection: Connection) -> None:
            row = find_model(connection, caller, model_id, Permission.EDIT, lock=True, allow_deleted=True)
            set_model_tags(connection, row, {tag.key: tag.value for tag in tags})

        self._database.write(set_tags)

    def delete_logged_model_tag(self, caller: Caller, model_id: str, tag_key: str) -> None:
        def delete(connection: Connection) -> None:
            row = find_model(connection, caller, model_id, Permission.EDIT, lock=True, allow_deleted=True)
            tag = (logged_model_tags.c.model == row.id) & (logged_model_tags.c.name == tag_key)
            if connection.execute(sa.delete(logged_model_tags).where(tag)).rowcount == 0:
                raise ResourceDoesNotExist(
                    f"No tag with key '{tag_key}' found for model with ID '{model_id}'. Check the key."
                )
            _note(connection, row, {"tags": {tag_key: None}})

        self._database.write(delete)


def set_model_tags(connection: Connection, row: Row[Any], tags: dict[str, str]) -> None:
    """Set or overwrite tags of a model whose row is locked."""
    upsert_rows(
        connection,
        logged_model_tags,
        ("model", "name"),
        [{"model": row.id, "name": key, "value": value} for key, value in sorted(tags.items())],
    )
    if tags:
        _note(connection, row, {"tags": tags})


def _active_experiment(connection: Connection, caller: Caller, experiment_id: str) -> Row[Any]:
    experiment = find_experiment(connection, caller, experiment_id, Permission.EDIT, Lock.SHARED)
    if experiment.deleted:
        raise InvalidParameterValue(
            f"The experiment {experiment_id} must be in the 'active' state. Current state is deleted. Restore it first."
        )
    return experiment


def _checked_id(model_id: str) -> str:
    if model_id and not _MODEL_ID.fullmatch(model_id):
        raise InvalidParameterValue(
            f"Invalid model id '{model_id}'; it is 'm-' and 32 hexadecimal digits. Leave it out to get one."
        )
    return model_id


def _existing(connection: Connection, caller: Caller, model_id: str, experiment: int) -> Row[Any] | None:
    """The model that an earlier try of the same request made."""
    try:
        row = find_model(connection, caller, model_id, Permission.EDIT, allow_deleted=True)
    except ResourceDoesNotExist:
        return None
    if row.experiment_id != experiment:
        raise ResourceAlreadyExists(
            f"There is a logged model '{model_id}' in another experiment. Leave the id out to get a new one."
        )
    return row


def _insert(connection: Connection, caller: Caller, experiment: Row[Any], made: dict[str, str]) -> int:
    time = now()
    row = {
        **made,
        "workspace": caller.workspace,
        "experiment_id": experiment.id,
        "artifact_location": f"{experiment.artifact_location.rstrip('/')}/models/{made['model_id']}/artifacts",
        "creation_timestamp": time,
        "last_updated_timestamp": time,
        "status": LoggedModelStatus.PENDING.to_int(),
        "status_message": None,
        "deleted": 0,
        "deleted_time": None,
    }
    return insert_row(connection, logged_models, row)


def _update(connection: Connection, number: int, **values: object) -> None:
    changed = sa.update(logged_models).where(logged_models.c.id == number)
    connection.execute(changed.values(last_updated_timestamp=now(), **values))


def _check_pairs(kind: str, pairs: Pairs, *, distinct: bool = False) -> None:
    for pair in pairs:
        if len(pair.key) > MAX_MODEL_KEY:
            raise InvalidParameterValue(
                f"The {kind} key '{pair.key[:60]}…' of a logged model has {len(pair.key)} characters; shorten it to "
                f"{MAX_MODEL_KEY}."
            )
    repeated = [key for key, count in Counter(pair.key for pair in pairs).items() if count > 1] if distinct else []
    if repeated:
        raise BadRequest(f"The {kind} '{repeated[0]}' is given {len(pairs)} times in one request; give it once.")


def _check_new(connection: Connection, row: Row[Any], keys: Sequence[str]) -> None:
    """Raise when a param is there already; params of models never change."""
    table = logged_model_params.c
    chosen = sa.select(table.name, table.value).where(table.model == row.id, table.name.in_(keys)).limit(1)
    found = connection.execute(chosen).first() if keys else None
    if found is not None:
        raise BadRequest(
            f"The logged model '{row.model_id}' has a param '{found.name}' = '{found.value}' already; params of models "
            "do not change. Log it under another key, or set a tag."
        )


def _rows(model: int, pairs: Pairs) -> list[dict[str, Any]]:
    return [{"model": model, "name": pair.key, "value": pair.value} for pair in pairs]


def _note(connection: Connection, row: Row[Any], data: dict[str, Any]) -> None:
    note(connection, "model", row.experiment_id, None, {"model_id": row.model_id} | data)
