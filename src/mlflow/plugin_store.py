"""Tracking stores of other packages, in MLflow's flat shape, behind this project's interfaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from msgspec import structs

from mlflow.contract.caller import Caller
from mlflow.contract.experiments import Experiments
from mlflow.contract.inputs import DatasetLineage, Inputs
from mlflow.contract.logged_models import LoggedModels, LoggedModelStatusName, ModelOrder, OnDataset
from mlflow.contract.metrics import Metrics, RunMetric
from mlflow.contract.pages import Page
from mlflow.contract.route import RunStatusName, ViewTypeName, routes_of
from mlflow.contract.runs import Runs
from mlflow.contract.store import TrackingStore, interfaces
from mlflow.entities import (
    DatasetInput,
    DatasetSummary,
    Experiment,
    ExperimentTag,
    LoggedModel,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelParameter,
    LoggedModelStatus,
    LoggedModelTag,
    Metric,
    Param,
    Run,
    RunInfo,
    RunStatus,
    RunTag,
    ViewType,
)
from mlflow.exceptions import NotImplementedByStore, ResourceDoesNotExist

__all__ = ["adapt", "complete", "without"]


def adapt(store: Any) -> TrackingStore:
    """A tracking store that calls a flat one, such as a subclass of `AbstractStore`.

    What flat stores have no call for raises `NotImplementedByStore`.
    """
    adapted = {
        "experiments": complete(_Experiments, Experiments)(store),
        "runs": complete(_Runs, Runs)(store),
        "metrics": complete(_Metrics, Metrics)(store),
        "inputs": _Inputs(store),
        "logged_models": _LoggedModels(store),
    }
    return without(adapted)


def without(parts: Mapping[str, Any]) -> TrackingStore:
    """A store of these parts, of which all other parts refuse."""
    absent = {part: complete(interface, interface)() for part, interface in interfaces().items() if part not in parts}
    return TrackingStore(**absent, **parts)


class _Adapted:
    def __init__(self, store: Any) -> None:
        self._store = store


class _Experiments(_Adapted):
    def create_experiment(
        self, caller: Caller, name: str, artifact_location: str = "", tags: Sequence[ExperimentTag] = ()
    ) -> str:
        return str(self._store.create_experiment(name, artifact_location or None, list(tags)))

    def get_experiment(self, caller: Caller, experiment_id: str) -> Experiment:
        experiment: Experiment = self._store.get_experiment(experiment_id)
        return experiment

    def get_experiment_by_name(self, caller: Caller, experiment_name: str) -> Experiment:
        experiment: Experiment | None = self._store.get_experiment_by_name(experiment_name)
        if experiment is None:
            raise ResourceDoesNotExist(f"Could not find experiment with name '{experiment_name}'. Check the name.")
        return experiment

    def search_experiments(
        self,
        caller: Caller,
        max_results: int,
        page_token: str = "",
        filter: str = "",
        order_by: Sequence[str] = (),
        view_type: ViewTypeName = "ACTIVE_ONLY",
    ) -> Page[Experiment]:
        return _page(
            self._store.search_experiments(
                view_type=_VIEWS[view_type],
                max_results=max_results,
                filter_string=filter or None,
                order_by=list(order_by) or None,
                page_token=page_token or None,
            )
        )

    def update_experiment(self, caller: Caller, experiment_id: str, new_name: str) -> None:
        self._store.rename_experiment(experiment_id, new_name)

    def delete_experiment(self, caller: Caller, experiment_id: str) -> None:
        self._store.delete_experiment(experiment_id)

    def restore_experiment(self, caller: Caller, experiment_id: str) -> None:
        self._store.restore_experiment(experiment_id)

    def set_experiment_tag(self, caller: Caller, experiment_id: str, key: str, value: str = "") -> None:
        self._store.set_experiment_tag(experiment_id, ExperimentTag(key, value))

    def delete_experiment_tag(self, caller: Caller, experiment_id: str, key: str) -> None:
        self._store.delete_experiment_tag(experiment_id, key)


class _Runs(_Adapted):
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
        run: Run = self._store.create_run(experiment_id, user_id, start_time, list(tags), run_name or None)
        return run

    def get_run(self, caller: Caller, run_id: str) -> Run:
        run: Run = self._store.get_run(run_id)
        return run

    def update_run(
        self,
        caller: Caller,
        run_id: str,
        status: RunStatusName | None = None,
        end_time: int | None = None,
        run_name: str = "",
    ) -> RunInfo:
        number = None if status is None else RunStatus.from_string(status)
        info: RunInfo = self._store.update_run_info(run_id, number, end_time, run_name or None)
        return info

    def delete_run(self, caller: Caller, run_id: str) -> None:
        self._store.delete_run(run_id)

    def restore_run(self, caller: Caller, run_id: str) -> None:
        self._store.restore_run(run_id)

    def log_parameter(self, caller: Caller, run_id: str, key: str, value: str = "") -> None:
        self._store.log_param(run_id, Param(key, value))

    def set_tag(self, caller: Caller, run_id: str, key: str, value: str = "") -> None:
        self._store.set_tag(run_id, RunTag(key, value))

    def delete_tag(self, caller: Caller, run_id: str, key: str) -> None:
        if not hasattr(self._store, "delete_tag"):
            raise NotImplementedByStore(
                f"{type(self._store).__name__} cannot delete tag '{key}'. Overwrite it instead."
            )
        self._store.delete_tag(run_id, key)

    def log_batch(
        self,
        caller: Caller,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[RunTag] = (),
    ) -> None:
        self._store.log_batch(run_id, list(metrics), list(params), list(tags))

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
        return _page(
            self._store.search_runs(
                list(experiment_ids),
                filter,
                _VIEWS[run_view_type],
                max_results,
                list(order_by) or None,
                page_token or None,
            )
        )


class _Metrics(_Adapted):
    def log_metric(
        self,
        caller: Caller,
        run_id: str,
        key: str,
        value: float,
        timestamp: int,
        step: int = 0,
        model_id: str = "",
        dataset_name: str = "",
        dataset_digest: str = "",
    ) -> None:
        about = model_id or None, dataset_name or None, dataset_digest or None
        self._store.log_metric(run_id, Metric(key, value, timestamp, step, *about))

    def get_metric_history(
        self, caller: Caller, run_id: str, metric_key: str, page_token: str = "", max_results: int | None = None
    ) -> Page[Metric]:
        return _page(self._store.get_metric_history(run_id, metric_key, max_results, page_token or None))

    def get_metric_history_bulk(
        self, caller: Caller, run_id: list[str], metric_key: str, max_results: int = 25000
    ) -> list[RunMetric]:
        points = [
            RunMetric(point.key, point.value, point.timestamp, point.step, run)
            for run in run_id
            for point in self.get_metric_history(caller, run, metric_key)
        ]
        return points[:max_results]


class _Inputs(_Adapted, Inputs):
    def log_inputs(
        self,
        caller: Caller,
        run_id: str,
        datasets: Sequence[DatasetInput] = (),
        models: Sequence[LoggedModelInput] = (),
    ) -> None:
        self._store.log_inputs(run_id, list(datasets), list(models))

    def log_outputs(self, caller: Caller, run_id: str, models: list[LoggedModelOutput]) -> None:
        self._store.log_outputs(run_id, models)

    def search_datasets(self, caller: Caller, experiment_ids: list[str]) -> list[DatasetSummary]:
        raise _lacks("search_datasets")

    def get_dataset_lineage(self, caller: Caller, name: str, digest: str, max_results: int = 1000) -> DatasetLineage:
        raise _lacks("get_dataset_lineage")


class _LoggedModels(_Adapted, LoggedModels):
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
        model: LoggedModel = self._call("create_logged_model")(
            experiment_id, name or None, source_run_id or None, list(tags), list(params), model_type or None
        )
        return model

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
        return _page(
            self._call("search_logged_models")(
                list(experiment_ids),
                filter or None,
                [_given(dataset) for dataset in datasets] or None,
                max_results,
                [_given(key) for key in order_by] or None,
                page_token or None,
            )
        )

    def get_logged_model(self, caller: Caller, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        model: LoggedModel = self._call("get_logged_model")(
            model_id, **({"allow_deleted": True} if allow_deleted else {})
        )
        return model

    def finalize_logged_model(self, caller: Caller, model_id: str, status: LoggedModelStatusName) -> LoggedModel:
        model: LoggedModel = self._call("finalize_logged_model")(model_id, LoggedModelStatus.from_wire(status))
        return model

    def delete_logged_model(self, caller: Caller, model_id: str) -> None:
        self._call("delete_logged_model")(model_id)

    def log_logged_model_params(
        self, caller: Caller, model_id: str, params: Sequence[LoggedModelParameter] = ()
    ) -> None:
        self._call("log_logged_model_params")(model_id, list(params))

    def set_logged_model_tags(self, caller: Caller, model_id: str, tags: Sequence[LoggedModelTag] = ()) -> None:
        self._call("set_logged_model_tags")(model_id, list(tags))

    def delete_logged_model_tag(self, caller: Caller, model_id: str, tag_key: str) -> None:
        self._call("delete_logged_model_tag")(model_id, tag_key)

    def _call(self, name: str) -> Any:
        """A call of the flat store, which older ones lack."""
        found = getattr(self._store, name, None)
        if found is None:
            raise _lacks(name)
        return found


def _given(record: OnDataset | ModelOrder) -> dict[str, Any]:
    """What a program gave, as it gave it."""
    return {name: value for name, value in structs.asdict(record).items() if value is not None}


_VIEWS = {name: number for number, name in ViewType.NAMES.items()}


def complete(kind: type[Any], interface: type[Any]) -> Any:
    """The class with every method of its interface: those that flat stores have no call for refuse."""
    missing = {route.name: _refusing(route.name) for route in routes_of(interface) if not _has(kind, route.name)}
    bases: tuple[type, ...] = tuple(dict.fromkeys((kind, interface)))
    return type(kind.__name__, bases, missing)


def _has(kind: type[Any], name: str) -> bool:
    return hasattr(kind, name) and not getattr(getattr(kind, name), "__isabstractmethod__", False)


def _refusing(name: str) -> Any:
    def refuse(self: object, *args: object, **kwargs: object) -> NoReturn:
        raise _lacks(name)

    return refuse


def _lacks(name: str) -> NotImplementedByStore:
    return NotImplementedByStore(
        f"Stores of plugins have no '{name}'. Use a server or database of this project for it."
    )


def _page(items: Any) -> Page[Any]:
    return items if isinstance(items, Page) else Page(items, getattr(items, "token", None))
