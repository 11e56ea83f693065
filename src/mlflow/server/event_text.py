"""What one listener is told: changes as the text of server-sent events (HTML standard, section 9.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from mlflow.contract.caller import Caller, Permission
from mlflow.contract.changes import Change, ChangePage

__all__ = ["EventText"]


class EventText:
    """Writes the changes that a listener asked for, may read, and was not told before.

    A listener's first look at the log and the pages of the common reader overlap, and a page tells the points of a run
    in one change whatever their number. So the points of the first look are remembered until the pages are past it.

    Args:
        caller: who listens.
        topics: `exp:<experiment id>`, `run:<run id>`, `model:<name>` and `models`.
    """

    def __init__(self, caller: Caller, topics: Iterable[str]) -> None:
        self._caller = caller
        self._topics = frozenset(topics)
        self._seen = -1
        self._told: dict[str | None, dict[str, set[tuple[Any, ...]]]] = {}

    def first(self, pages: Sequence[ChangePage]) -> bytes:
        """The text of the listener's first look: what it missed, then where it stands, also when it missed nothing."""
        text = b"".join(self._text(page, first=True) for page in pages)
        for change in (change for page in pages for change in page.changes if change.kind == "metrics"):
            points = self._told.setdefault(change.run_id, {})
            for key, new in change.data.items():
                points.setdefault(key, set()).update(map(tuple, new))
        return b"retry: 2000\n\n%sid: %d\nevent: position\ndata: {}\n\n" % (text, self._seen)

    def later(self, page: ChangePage, since: int) -> bytes:
        """The text of a page that the common reader read from `since` on; empty when it holds no news."""
        if since >= self._seen:
            self._told = {}
        return self._text(page, first=False)

    def _text(self, page: ChangePage, *, first: bool) -> bytes:
        fresh = [change for change in page.changes if page.reset or change.seq > self._seen]
        # a reset goes back where the database was put back to an earlier state
        self._seen = page.next if page.reset else max(self._seen, page.next)
        reset = b"id: %d\nevent: reset\ndata: {}\n\n" % page.next if page.reset else b""
        return reset + b"".join(self._event(change, first=first) for change in fresh if self._concerns(change))

    def _concerns(self, change: Change) -> bool:
        if change.kind == "registered_model":
            wanted = "models" in self._topics or f"model:{change.data['name']}" in self._topics
            return wanted and self._caller.may(Permission.READ, "registered_model", change.data["name"])
        if f"exp:{change.experiment_id}" not in self._topics and f"run:{change.run_id}" not in self._topics:
            return False
        return self._caller.unrestricted or self._caller.permission("experiment", change.experiment_id) > 0

    def _event(self, change: Change, *, first: bool) -> bytes:
        told = self._told.get(change.run_id) if change.kind == "metrics" and not first else None
        data = _without(change.data, told) if told else change.data
        if told and not data:
            return b""
        where = {"experiment_id": change.experiment_id, "run_id": change.run_id} if change.experiment_id else {}
        members = {**where, **data}
        return b"id: %d\nevent: %s\ndata: %s\n\n" % (change.seq, change.kind.encode(), msgspec.json.encode(members))


def _without(data: dict[str, Any], told: dict[str, set[tuple[Any, ...]]]) -> dict[str, Any]:
    """Points by key, less those that were told."""
    left = {key: [point for point in new if tuple(point) not in told.get(key, ())] for key, new in data.items()}
    return {key: points for key, points in left.items() if points}
