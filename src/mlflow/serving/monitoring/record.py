"""The run that a monitor's findings go to."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping

__all__ = ["RunRecord", "open_record"]


class RunRecord:
    """The active run, through the fluent API: a server that is away for a while loses nothing."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id

    def metrics(self, values: dict[str, float], step: int) -> None:
        """Log a point of each metric."""
        import mlflow

        mlflow.log_metrics(values, step=step)

    def tags(self, values: dict[str, str]) -> None:
        """Set tags."""
        import mlflow

        if values:
            mlflow.set_tags(values)

    def text(self, content: str, path: str) -> None:
        """Store a file."""
        import mlflow

        mlflow.log_text(content, path)


@contextlib.contextmanager
def open_record(experiment: str, name: str, tags: Mapping[str, str]) -> Iterator[RunRecord]:
    """Begin a run, which is the active one meanwhile; it ends at the end.

    Args:
        experiment: made unless it is there.
        name: of the run.
        tags: what it is about.
    """
    import mlflow

    # what a process prints or has at hand may be from requests
    os.environ["MLFLOW_CAPTURE"] = "false"
    mlflow.set_experiment(experiment)
    with mlflow.start_run(run_name=name, tags=dict(tags)) as run:
        yield RunRecord(run.info.run_id)
