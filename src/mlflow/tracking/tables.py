"""Tables that several runs logged, as one frame."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mlflow.artifacts.paths import ArtifactPath
from mlflow.contract.caller import EVERYONE
from mlflow.entities import Run
from mlflow.exceptions import InvalidParameterValue, ResourceDoesNotExist
from mlflow.tracking.artifact_lookup import run_artifacts
from mlflow.tracking.backend import tracking_backend
from mlflow.tracking.media.table import read_table
from mlflow.tracking.run_tags import MLFLOW_LOGGED_ARTIFACTS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_tables"]

_PAGE = 1000

_logger = logging.getLogger(__name__)


def load_tables(
    uri: str, experiment_id: str, artifact_file: str, run_ids: list[str] | None, extra_columns: list[str]
) -> pd.DataFrame:
    """The rows of one table, of every run of an experiment that has it; see `MlflowClient.load_table`."""
    import pandas as pd

    runs = [run for run in _runs_with_tables(uri, experiment_id) if artifact_file in _tables(run)]
    if run_ids is not None:
        runs = [run for run in runs if run.info.run_id in run_ids]
        if len(runs) < len(set(run_ids)):
            _logger.warning("Not all runs have the specified table artifact. Some runs will be skipped.")
    if not runs:
        raise ResourceDoesNotExist(f"No runs found with the corresponding table artifact '{artifact_file}'.")
    frames = []
    for run in runs:
        content = run_artifacts(uri, run.info.run_id).open(ArtifactPath.parse_file(artifact_file)).read()
        frame = read_table(content, artifact_file)
        frames.append(frame.assign(**{column: _fact(run, column) for column in extra_columns}))
    return pd.concat(frames, ignore_index=True)


def _runs_with_tables(uri: str, experiment_id: str) -> Iterator[Run]:
    token = ""
    while True:
        page = tracking_backend(uri).store.runs.search_runs(
            EVERYONE,
            [str(experiment_id)],
            f"tags.`{MLFLOW_LOGGED_ARTIFACTS}` LIKE '%table%'",
            max_results=_PAGE,
            page_token=token,
        )
        yield from page
        token = page.token or ""
        if not token:
            return


def _tables(run: Run) -> list[str]:
    """The paths of the tables that a run's tag names."""
    try:
        listed = json.loads(run.data.tags[MLFLOW_LOGGED_ARTIFACTS])
        return [entry["path"] for entry in listed if entry["type"] == "table"]
    except (ValueError, KeyError, TypeError):
        return []


def _fact(run: Run, column: str) -> Any:
    part, _, key = column.partition(".")
    if key and part in {"params", "metrics", "tags"}:
        return getattr(run.data, part).get(key)
    if column not in run.info.__struct_fields__:
        raise InvalidParameterValue(
            f"Unknown extra column '{column}'. Use one of {', '.join(run.info.__struct_fields__)}, or params.<key>, "
            "metrics.<key>, tags.<key>."
        )
    return getattr(run.info, column)
