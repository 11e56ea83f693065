"""The log of changes behind live views: what a store offers, what the server exposes, what a client calls."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

from mlflow.contract.access import filtered
from mlflow.contract.caller import Caller
from mlflow.contract.route import route, stream

__all__ = ["Change", "ChangeKind", "Changes"]

ChangeKind = Literal["run", "metrics", "experiment", "artifact", "log", "model", "registered_model"]


class Change(msgspec.Struct, frozen=True):
    """One thing that happened; `seq` grows and never repeats, so a reader can go on where it stopped.

    `data` of a run: its changed fields; of metrics: {key: [[step, timestamp, value], …]}, the newest points when there
    were many; of a logged model: its `model_id` and the changed fields; of a registered model: its `name`, the `action`
    and what that is about, as in its history. A change of a registered model has no experiment: the id is empty.
    """

    seq: int
    kind: ChangeKind
    experiment_id: str
    run_id: str | None
    data: dict[str, Any]


class ChangePage(msgspec.Struct, frozen=True):
    """Changes after a sequence number.

    `next` is the highest sequence number this page accounts for: pass it as `since` to go on. `reset` says that
    changes after `since` are gone from the log, so what is shown must be read anew.
    """

    changes: list[Change]
    next: int
    reset: bool = False


class Changes(Protocol):
    """What happened since, by topic: `exp:<experiment id>`, `run:<run id>`, `model:<name>` or `models` for all."""

    @route("GET", "ext/v1/changes", access=filtered())
    def get_changes(
        self,
        caller: Caller,
        topics: list[str] = [],  # noqa: B006
        since: int | None = None,
        limit: int = 1000,
    ) -> ChangePage:
        """Answer changes after `since`, of all topics when none are given.

        Without `since` the answer only says where to start.
        """
        ...

    @stream("GET", "ext/v1/events", access=filtered())
    def events(self, caller: Caller, topics: list[str], since: int | None = None) -> None:
        """The same as server-sent events: `id` is the sequence number, `event` the kind, `data` the change."""
        ...
