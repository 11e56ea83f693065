"""The fluent API's search for runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from mlflow.contract.pages import Page
from mlflow.entities import Run, ViewType
from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.runs_frame import RunsFrame
from mlflow.tracking.session_experiments import ExperimentCalls

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SearchCalls"]

PAGE = 2000
"""Runs asked for at a time: what is decoded and not yet in the frame stays small."""
MOST = 100_000

_logger = logging.getLogger(__name__)


class SearchCalls(ExperimentCalls):
    """Search for runs of one or several experiments."""

    def search_runs(
        self,
        experiment_ids: Sequence[str] | None = None,
        filter_string: str = "",
        run_view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = MOST,
        order_by: list[str] | None = None,
        output_format: Literal["pandas", "list"] = "pandas",
        search_all_experiments: bool = False,
        experiment_names: Sequence[str] | None = None,
    ) -> list[Run] | pd.DataFrame:
        """Search for runs.

        Args:
            experiment_ids: where to look; the active experiment when neither these nor names are given.
            filter_string: such as `metrics.loss < 0.3 AND params.optimizer = 'adam'`; see docs/search.md.
            run_view_type: of `ViewType`: active, deleted or all.
            max_results: how many runs at most.
            order_by: such as `["metrics.loss ASC"]`; the latest started first when omitted.
            output_format: "pandas" for a DataFrame with the columns run_id, experiment_id, status, artifact_uri,
                start_time, end_time, metrics.*, params.* and tags.*; "list" for a list of `Run`.
            search_all_experiments: look everywhere when neither ids nor names are given.
            experiment_names: where to look, by name; unknown ones are passed over.

        Raises:
            InvalidParameterValue: both ids and names are given, or the filter or the order cannot be understood.
            ValueError: the output format is unknown.
        """
        if experiment_ids and experiment_names:
            raise InvalidParameterValue("Only experiment_ids or experiment_names can be used, but not both")
        if output_format not in {"pandas", "list"}:
            raise ValueError(
                f"Unsupported output format: {output_format}. Supported string values are 'pandas' or 'list'"
            )
        ids = self._places(experiment_ids, experiment_names, everywhere=search_all_experiments)
        pages = _pages(ids, filter_string, run_view_type, max_results, order_by)
        if output_format == "list":
            return [run for page in pages for run in page]
        frame = RunsFrame()
        for page in pages:
            frame.add(page)
        return frame.build()

    def _places(
        self, experiment_ids: Sequence[str] | None, names: Sequence[str] | None, *, everywhere: bool
    ) -> list[str]:
        if experiment_ids:
            return [str(experiment_id) for experiment_id in experiment_ids]
        if names:
            found = [(name, self.get_experiment_by_name(name)) for name in names]
            for name, experiment in found:
                if experiment is None:
                    _logger.warning("Cannot retrieve experiment by name %s", name)
            return [experiment.experiment_id for _, experiment in found if experiment is not None]
        if everywhere:
            return [experiment.experiment_id for experiment in self.search_experiments(ViewType.ACTIVE_ONLY)]
        return [self._experiment_id()]


def _pages(
    experiment_ids: list[str], filter_string: str, view_type: int, most: int, order_by: list[str] | None
) -> Iterator[Page[Run]]:
    client, token, left = MlflowClient(), None, most
    while left > 0:
        page = client.search_runs(experiment_ids, filter_string, view_type, min(left, PAGE), order_by, token)
        yield page
        token, left = page.token, left - len(page)
        if not token:
            return
