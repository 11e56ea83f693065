"""Runs in a SQL database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.names import check_key, tag_value
from mlflow.contract.pages import Page
from mlflow.contract.route import RunStatusName, ViewTypeName
from mlflow.contract.runs import BulkResult, Liveness, Runs
from mlflow.contract.wire.answers import decode_run
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import BadRequest, ResourceDoesNotExist
from mlflow.sql.appends import Appends
from mlflow.sql.batches import check_batch_size, checked_params, checked_tags
from mlflow.sql.bulk import edit_runs, tag_runs
from mlflow.sql.changelog import note
from mlflow.sql.documents import Documents, NewDocument, store_documents
from mlflow.sql.engine import Database
from mlflow.sql.fold import Fold
from mlflow.sql.liveness import read_liveness
from mlflow.sql.model_history_tag import HISTORY_TAG, extended_history, read_model
from mlflow.sql.readable_runs import named_runs
from mlflow.sql.run_changes import (
    checked_new_id,
    move_run,
    move_runs,
    name_of_new_run,
    update_run,
)
from mlflow.sql.run_creation import NewRun, RunCreation
from mlflow.sql.run_names import random_run_name
from mlflow.sql.run_plans import Census
from mlflow.sql.run_rows import RunRow, find_run, lock_active_run, run_info, touch_run
from mlflow.sql.runs_search import RunPage, RunQuery, count_runs, search_runs
from mlflow.sql.tables import tags as tags_table
from mlflow.sql.values import NAME_TAG, write_params, write_tags

__all__ = ["SqlRuns"]

T = TypeVar("T")


class SqlRuns(Runs):
    """Runs in a SQL database.

    Args:
        database: where.
        fold: brings metrics up to date before they are read.
        appends: takes new points of metrics.
    """

    def __init__(self, database: Database, fold: Fold, appends: Appends) -> None:
        self._appends = appends
        self._creation = RunCreation(database)
        self._database = database
        self._keys = database.keys
        self._fold = fold
        self._census = Census()

    def create_run(
        self,
        caller: Caller,
        experiment_id: str = "",
        user_id: str = "",
        run_name: str = "",
        start_time: int = 0,
        tags: Sequence[RunTag] = (),
        run_id: str = "",
    ) -> Run:
        if not experiment_id:
            raise BadRequest("A run needs an experiment: 'experiment_id' is missing. Name one; '0' is the default one.")
        cut = {tag.key: tag_value(tag.key, tag.value) for tag in tags}
        name = name_of_new_run(run_name, cut, random_run_name())
        cut[NAME_TAG] = tag_value(NAME_TAG, name)
        key_ids, new_id = self._keys.ensure("tag", cut), checked_new_id(run_id) or uuid.uuid4().hex
        row = self._creation.create(
            NewRun(caller, new_id, experiment_id, user_id, name, start_time, key_ids, cut, repeatable=bool(run_id))
        )
        if row is None:
            return self.get_run(caller, run_id)
        return Run(run_info(row), RunData(tags=[RunTag(key, value) for key, value in cut.items()]))

    def get_run(self, caller: Caller, run_id: str) -> Run:
        return decode_run(self._get_document(caller, run_id))

    def get_run_json(self, caller: Caller, run_id: str) -> bytes:
        """The body that answers `get_run`."""
        return b'{"run":' + self._get_document(caller, run_id) + b"}"

    def update_run(
        self,
        caller: Caller,
        run_id: str,
        status: RunStatusName | None = None,
        end_time: int | None = None,
        run_name: str = "",
    ) -> RunInfo:
        name_key = self._keys.ensure("tag", [NAME_TAG]) if run_name else {}

        def update(connection: Connection) -> RunRow:
            return update_run(connection, caller, run_id, name_key, status, end_time, run_name)

        return run_info(self._database.write(update))

    def delete_run(self, caller: Caller, run_id: str) -> None:
        self._database.write(lambda connection: move_run(connection, caller, run_id, deleted=True))

    def restore_run(self, caller: Caller, run_id: str) -> None:
        self._database.write(lambda connection: move_run(connection, caller, run_id, deleted=False))

    def log_parameter(self, caller: Caller, run_id: str, key: str, value: str = "") -> None:
        self.log_batch(caller, run_id, params=[Param(key, value)])

    def set_tag(self, caller: Caller, run_id: str, key: str, value: str = "") -> None:
        self.log_batch(caller, run_id, tags=[RunTag(key, value)])

    def delete_tag(self, caller: Caller, run_id: str, key: str) -> None:
        def delete(connection: Connection) -> None:
            run = lock_active_run(connection, caller, run_id)
            key_id = self._keys.find(connection, "tag", [key]).get(key)
            tag = (tags_table.c.run == run.id) & (tags_table.c.key_id == key_id)
            if connection.execute(sa.delete(tags_table).where(tag)).rowcount == 0:
                raise ResourceDoesNotExist(f"No tag with name: {key} in run with id {run_id}. Check the key.")
            touch_run(connection, run.id)
            note(connection, "run", run.experiment_id, run.id, {"tags": {key: None}})

        self._database.write(delete)

    def log_batch(
        self,
        caller: Caller,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[RunTag] = (),
    ) -> None:
        check_batch_size(metrics, params, tags)
        new_params, new_tags = checked_params(params), checked_tags(tags)
        arrival = self._appends.arrive(metrics)
        if not (new_params or new_tags):
            self._appends.append(caller, run_id, arrival)
            return
        param_keys = self._keys.ensure("param", new_params)
        tag_keys = self._keys.ensure("tag", new_tags)

        def log(connection: Connection) -> None:
            run = lock_active_run(connection, caller, run_id)
            write_params(connection, run, param_keys, new_params)
            write_tags(connection, run, tag_keys, new_tags)
            self._appends.add(connection, caller.workspace, run, arrival)
            touch_run(connection, run.id)

        self._database.write(log)

    def log_model(self, caller: Caller, run_id: str, model_json: str) -> None:
        model = read_model(model_json, run_id)
        key_ids = self._keys.ensure("tag", [HISTORY_TAG])

        def log(connection: Connection) -> None:
            run = lock_active_run(connection, caller, run_id)
            tag = (tags_table.c.run == run.id) & (tags_table.c.key_id == key_ids[HISTORY_TAG])
            history = connection.scalar(sa.select(tags_table.c.value).where(tag))
            write_tags(connection, run, key_ids, {HISTORY_TAG: extended_history(history, model)})
            touch_run(connection, run.id)

        self._database.write(log)

    def search_runs(
        self,
        caller: Caller,
        experiment_ids: Sequence[str] = (),
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        max_results: int = 1000,
        order_by: Sequence[str] = (),
        page_token: str = "",
    ) -> Page[Run]:
        query = RunQuery.of(caller, experiment_ids, filter, run_view_type, order_by)
        documents, token = self._search(query, max_results, page_token)
        return Page([decode_run(document) for document in documents], token)

    def search_runs_json(
        self,
        caller: Caller,
        experiment_ids: Sequence[str] = (),
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
        max_results: int = 1000,
        order_by: Sequence[str] = (),
        page_token: str = "",
    ) -> bytes:
        """The body that answers `search_runs`."""
        query = RunQuery.of(caller, experiment_ids, filter, run_view_type, order_by)
        documents, token = self._search(query, max_results, page_token)
        if not documents:
            return b"{}"
        end = b"]}" if token is None else b'],"next_page_token":"' + token.encode() + b'"}'
        return b'{"runs":[' + b",".join(documents) + end

    def count_runs(
        self,
        caller: Caller,
        experiment_ids: Sequence[str],
        filter: str = "",
        run_view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> int:
        query = RunQuery.of(caller, experiment_ids, filter, run_view_type)
        self._fold.settle(experiment_ids=query.experiment_ids)
        return self._database.read(lambda connection: count_runs(connection, self._keys, self._census, query))

    def get_liveness(self, caller: Caller, run_ids: Sequence[str]) -> list[Liveness]:
        return self._database.read(lambda connection: read_liveness(connection, caller, run_ids))

    def get_runs(self, caller: Caller, run_ids: Sequence[str]) -> list[Run]:
        named = self._database.read(lambda connection: named_runs(connection, caller, run_ids))
        numbers = [run.id for run in named]
        self._fold.settle(run_pks=numbers)
        found = self._with_documents(lambda connection, documents: documents.read(connection, numbers))
        return [decode_run(document) for document in found]

    def tag_runs(
        self,
        caller: Caller,
        run_ids: Sequence[str],
        set: Mapping[str, str] | None = None,
        remove: Sequence[str] = (),
    ) -> BulkResult:
        wanted = checked_tags(RunTag(key, value) for key, value in (set or {}).items())
        for key in remove:
            check_key("tag", key)
        key_ids = self._keys.ensure("tag", [*wanted, *remove])

        def edit(connection: Connection, chosen: Sequence[RunRow]) -> None:
            tag_runs(connection, chosen, key_ids, wanted, remove)

        return edit_runs(self._database, caller, run_ids, Permission.EDIT, edit)

    def delete_runs(self, caller: Caller, run_ids: Sequence[str]) -> BulkResult:
        return self._move_runs(caller, run_ids, deleted=True)

    def restore_runs(self, caller: Caller, run_ids: Sequence[str]) -> BulkResult:
        return self._move_runs(caller, run_ids, deleted=False)

    def _move_runs(self, caller: Caller, run_ids: Sequence[str], *, deleted: bool) -> BulkResult:
        def edit(connection: Connection, chosen: Sequence[RunRow]) -> None:
            move_runs(connection, [run for run in chosen if bool(run.deleted) != deleted], deleted=deleted)

        return edit_runs(self._database, caller, run_ids, Permission.MANAGE, edit, check=lambda _: None)

    def _get_document(self, caller: Caller, run_id: str) -> bytes:
        run = self._database.read(lambda connection: find_run(connection, caller, run_id, Permission.READ))
        self._fold.settle(run_pks=[run.id])
        found = self._with_documents(lambda connection, documents: documents.read(connection, [run.id]))
        if not found:
            raise ResourceDoesNotExist(f"Run with id={run_id} is gone since a moment. Check the id.")
        return found[0]

    def _search(self, query: RunQuery, max_results: int, page_token: str) -> tuple[list[bytes], str | None]:
        self._fold.settle(experiment_ids=query.experiment_ids)

        def search(connection: Connection, documents: Documents) -> tuple[list[bytes], str | None]:
            page: RunPage = search_runs(connection, self._keys, self._census, query, max_results, page_token)
            return documents.read(connection, page.numbers), page.token

        return self._with_documents(search)

    def _with_documents(self, job: Callable[[Connection, Documents], T]) -> T:
        """Read with documents, and afterwards keep those that had to be made."""

        def read(connection: Connection) -> tuple[T, list[NewDocument]]:
            documents = Documents(self._keys)
            return job(connection, documents), documents.made

        answer, made = self._database.read(read)
        if made:
            self._database.write_later(lambda connection: store_documents(connection, made))
        return answer
