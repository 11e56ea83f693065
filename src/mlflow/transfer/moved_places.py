"""Where files are that a migration copied, for versions of registered models, which name them by their old place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.exceptions import InvalidParameterValue

__all__ = ["MovedPlaces", "run_ids_in"]

_RUN_ID = re.compile(r"[0-9a-f]{32}")


class MovedPlaces:
    """Old artifact roots of runs and logged models, each with its new one."""

    def __init__(self) -> None:
        self._new: dict[Location, str] = {}

    def add(self, old: str, new: str) -> None:
        """Say that what is below one root is below another now."""
        place = _place(old)
        if place is not None and old != new:
            self._new[place] = new

    def now(self, uri: str) -> str:
        """Where something is now; the place itself when it was not moved."""
        place = _place(uri)
        below: tuple[str, ...] = ()
        while place is not None and place.path.parts:
            if place in self._new:
                return "/".join((self._new[place].rstrip("/"), *below))
            below = (place.path.name, *below)
            place = place.parent
        return uri


def run_ids_in(uri: str) -> Iterator[str]:
    """What in a place may be the id of the run that it belongs to."""
    place = _place(uri)
    yield from filter(_RUN_ID.fullmatch, (place.path if place is not None else ArtifactPath()).parts)


def _place(uri: str) -> Location | None:
    try:
        return Location.parse(uri) if uri else None
    except InvalidParameterValue:
        return None
