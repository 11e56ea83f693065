"""Why a run is not repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mlflow.exceptions import ExecutionException
from mlflow.projects.reproduction.record import Gap

__all__ = ["DataChanged", "NotReproducible", "tell_gaps"]


class NotReproducible(ExecutionException):
    """A run has not recorded what it takes to repeat it."""


class DataChanged(NotReproducible):
    """A run's data is not what it was."""


def tell_gaps(run_id: str, gaps: Iterable[Gap], said: Callable[[str], None]) -> list[str]:
    """Say what is missing; returns the texts.

    Raises:
        NotReproducible: something without which nothing is run.
        DataChanged: it is data, which the caller may choose to ignore.
    """
    told = list(gaps)
    for gap in told:
        said(str(gap))
    fatal = next((gap for gap in told if gap.fatal), None)
    if fatal is None:
        return [gap.what for gap in told]
    if fatal.about == "Data":
        raise DataChanged(f"Run '{run_id}' was not repeated. {fatal.what} Bring it back, or choose --ignore-data.")
    raise NotReproducible(f"Run '{run_id}' cannot be repeated. {fatal.what}")
