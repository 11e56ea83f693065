"""The fluent API's calls that log metrics, params, tags and inputs: they append to the journal and return."""

from __future__ import annotations

import array
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mlflow.contract.frames_operations import LogInputs
from mlflow.entities import Dataset as DatasetRecord
from mlflow.entities import DatasetInput, InputTag, LoggedModelInput, LoggedModelOutput, Metric, Param, RunTag
from mlflow.environment_variables import MLFLOW_ENABLE_ASYNC_LOGGING, MLFLOW_SYNCHRONOUS
from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.active_model import active_model_id
from mlflow.tracking.active_run import current_run
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.clock import now
from mlflow.tracking.metric_value import checked_point
from mlflow.tracking.model_links import LINKS
from mlflow.tracking.operations import RunOperations
from mlflow.tracking.run_log import RunLog, run_log
from mlflow.tracking.run_tags import MLFLOW_DATASET_CONTEXT
from mlflow.tracking.session_runs import RunCalls
from mlflow.tracking.uris import get_tracking_uri

if TYPE_CHECKING:
    from mlflow.data.dataset import Dataset

__all__ = ["LogCalls"]

_time_ns = time.time_ns
_PLAIN_STEPS = (int, type(None))
_NOTHING = (None,) * 5


class LogCalls(RunCalls):
    """Points, params, tags and inputs of the active run."""

    def log_metric(
        self,
        key: str,
        value: float,
        step: int | None = None,
        synchronous: bool | None = None,
        timestamp: int | None = None,
        run_id: str | None = None,
        model_id: str | None = None,
        dataset: Dataset | DatasetRecord | None = None,
    ) -> RunOperations | None:
        """Log one point of a metric of the active run; one is started when there is none.

        Args:
            key: the metric's name: letters, digits, `_ - . / :` and spaces, 250 at most.
            value: a number, or what converts to one: numpy scalars, tensors of one element, numeric text.
            step: 0 when omitted; may be negative.
            synchronous: True waits for the tracking store. False answers a handle to wait with.
            timestamp: UTC milliseconds; now when omitted.
            run_id: another run than the active one.
            model_id: the logged model the metric is about, which becomes an input of the run; the active model when
                omitted, else those that the run made at this step.
            dataset: the dataset the metric was taken on.

        Raises:
            InvalidParameterValue: key or value is not acceptable.
        """
        if (synchronous, run_id, model_id, dataset, timestamp) == _NOTHING and type(step) in _PLAIN_STEPS:
            run = current_run()
            if run is not None and not run.synchronous and not LINKS.used:
                run.log.metric(run.run_id, key, value, step or 0, _time_ns() // 1_000_000)
                return None
        return self._log_points({key: value}, step, synchronous, run_id, timestamp, model_id, dataset)

    def log_metrics(
        self,
        metrics: Mapping[str, float],
        step: int | None = None,
        synchronous: bool | None = None,
        run_id: str | None = None,
        timestamp: int | None = None,
        model_id: str | None = None,
        dataset: Dataset | DatasetRecord | None = None,
    ) -> RunOperations | None:
        """Log one point of each of several metrics of the active run; see `log_metric`.

        Raises:
            InvalidParameterValue: a key or value is not acceptable; nothing was logged.
        """
        if (synchronous, run_id, model_id, dataset, timestamp) == _NOTHING and type(step) in _PLAIN_STEPS:
            run = current_run()
            if run is not None and not run.synchronous and not LINKS.used:
                if metrics:
                    run.log.metrics(run.run_id, metrics, step or 0, _time_ns() // 1_000_000)
                return None
        return self._log_points(metrics, step, synchronous, run_id, timestamp, model_id, dataset)

    def log_metric_history(
        self,
        key: str,
        values: Iterable[float],
        steps: Iterable[int] | None = None,
        timestamps: Iterable[int] | None = None,
        run_id: str | None = None,
    ) -> None:
        """Log many points of one metric at once, a million of them in a fraction of a second.

        Args:
            key: the metric's name.
            values: n numbers: a list, an array of any framework on the CPU, or any iterable.
            steps: n integers; 0, 1, 2 … when omitted.
            timestamps: n times in UTC milliseconds; now for all of them when omitted.
            run_id: another run than the active one.

        Raises:
            InvalidParameterValue: the columns differ in length, or hold what is no number.
        """
        column = _column("d", values)
        count = len(column)
        known_steps = array.array("q", range(count)) if steps is None else _column("q", steps)
        times = array.array("q", [now()]) * count if timestamps is None else _column("q", timestamps)
        run, log, synchronous = self._aimed(run_id)
        log.series(run, key, known_steps, times, column)
        if synchronous:
            log.settle(run)

    def log_param(self, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Log a param of the active run; one is started when there is none.

        Args:
            key: the param's name.
            value: turned into text; it may not change later.
            synchronous: True waits for the tracking store. False answers a handle to wait with, else the value is.

        Raises:
            InvalidParameterValue: the key is not acceptable, or this process knows another value of it.
        """
        operations = self.log_params({key: value}, synchronous)
        return value if operations is None else operations

    def log_params(
        self, params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None
    ) -> RunOperations | None:
        """Log params of the active run; see `log_param`."""
        run, log, wait = self._aimed(run_id, synchronous)
        if wait:
            client = MlflowClient(log.uri)
            client.log_batch(run, params=[Param(key, str(value)) for key, value in params.items()], synchronous=True)
            return None
        log.params(run, params)
        return _handle(log, run, synchronous)

    def set_tag(self, key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
        """Set or overwrite a tag of the active run; one is started when there is none.

        Args:
            key: the tag's name; those that begin with `mlflow.` have meanings.
            value: turned into text.
            synchronous: True waits for the tracking store. False answers a handle to wait with.
        """
        return self.set_tags({key: value}, synchronous)

    def set_tags(self, tags: Mapping[str, Any], synchronous: bool | None = None) -> RunOperations | None:
        """Set or overwrite tags of the active run; see `set_tag`."""
        run, log, wait = self._aimed(None, synchronous)
        if wait:
            client = MlflowClient(log.uri)
            client.log_batch(run, tags=[RunTag(key, str(value)) for key, value in tags.items()], synchronous=True)
            return None
        log.tags(run, tags)
        return _handle(log, run, synchronous)

    def delete_tag(self, key: str) -> None:
        """Remove a tag of the active run.

        Raises:
            ResourceDoesNotExist: the run has no such tag.
        """
        run = self._run()
        MlflowClient(run.log.uri).delete_tag(run.run_id, key)

    def log_input(
        self,
        dataset: Dataset | None = None,
        context: str | None = None,
        tags: Mapping[str, str] | None = None,
        model: LoggedModelInput | None = None,
    ) -> None:
        """Record a dataset, or a logged model, that the active run uses.

        Args:
            dataset: from `mlflow.data.from_…`.
            context: what for, such as "training".
            tags: labels of the use.
            model: a logged model that the run uses.
        """
        self._log_inputs([_input(dataset, context, tags)] if dataset is not None else [], [model] if model else [])
        self.training_inputs.note(self._run().run_id, [(dataset, context)])

    def log_inputs(
        self,
        datasets: list[Dataset | None] | None = None,
        contexts: list[str | None] | None = None,
        tags_list: list[Mapping[str, str] | None] | None = None,
        models: list[LoggedModelInput | None] | None = None,
    ) -> None:
        """Record datasets and logged models that the active run uses; see `log_input`.

        Args:
            datasets: the datasets.
            contexts: one for each dataset.
            tags_list: one for each dataset.
            models: logged models.

        Raises:
            InvalidParameterValue: the lists about datasets differ in length.
        """
        count = len(datasets or ())
        if not count == len(contexts or ()) == len(tags_list or ()):
            raise InvalidParameterValue(
                "`mlflow.log_inputs` requires `datasets`, `contexts`, `tags_list` to be non-empty list and have the "
                f"same length, but they have {count}, {len(contexts or ())} and {len(tags_list or ())} items."
            )
        given = zip(datasets or (), contexts or (), tags_list or (), strict=True)
        used = [_input(dataset, context, tags) for dataset, context, tags in given if dataset is not None]
        self._log_inputs(used, [model for model in models or () if model is not None])
        self.training_inputs.note(self._run().run_id, zip(datasets or (), contexts or (), strict=True))

    def log_outputs(self, models: list[LoggedModelOutput] | None = None) -> None:
        """Record logged models that the active run made."""
        run = self._run()
        MlflowClient(run.log.uri).log_outputs(run.run_id, models or [])

    def _log_points(
        self,
        metrics: Mapping[str, float],
        step: int | None,
        synchronous: bool | None,
        run_id: str | None,
        timestamp: int | None,
        model_id: str | None,
        dataset: Dataset | DatasetRecord | None,
    ) -> RunOperations | None:
        """Log points of any kind, now or by the journal."""
        run, log, wait = self._aimed(run_id, synchronous)
        moment = now() if timestamp is None else timestamp
        about = (None, None) if dataset is None else (dataset.name, dataset.digest)
        points = [
            checked_point(Metric(key, value, moment, step or 0, model, *about))
            for key, value in metrics.items()
            for model in self._models_of(run, log, step or 0, model_id)
        ]
        if wait:
            MlflowClient(log.uri).log_batch(run, metrics=points, synchronous=True)
            return None
        log.points(run, points)
        return _handle(log, run, synchronous)

    def _models_of(self, run: str, log: RunLog, step: int, model_id: str | None) -> list[str | None]:
        """The logged models that a point is about: one that is named or active, else those the run made at the step."""
        named = model_id or active_model_id()
        if named is None:
            return [*LINKS.made_at(run, step)] or [None]
        if LINKS.is_new_input(run, named):
            log.append(LogInputs(run_id=run, models=(LoggedModelInput(named),)))
        return [named]

    def _log_inputs(self, datasets: list[DatasetInput], models: list[LoggedModelInput]) -> None:
        run = self._run()
        if run.log.is_offline(run.run_id) or run.log.failing:
            run.log.append(LogInputs(run_id=run.run_id, datasets=tuple(datasets), models=tuple(models)))
        else:
            MlflowClient(run.log.uri).log_inputs(run.run_id, datasets, models)
        _, attachments = self._open.get(id(run), (None, None))
        if attachments is not None:
            attachments.note_data(used.dataset for used in datasets)

    def _aimed(self, run_id: str | None, synchronous: bool | None = None) -> tuple[str, RunLog, bool]:
        """The run a call is about, its log, and whether to wait for the store."""
        if run_id is not None:
            wait = MLFLOW_SYNCHRONOUS.get() if synchronous is None else synchronous
            return run_id, run_log(get_tracking_uri()), wait
        run = self._run()
        return run.run_id, run.log, run.synchronous if synchronous is None else synchronous


def _handle(log: RunLog, run_id: str, synchronous: bool | None) -> RunOperations | None:
    """A handle for calls that ask for one."""
    if synchronous is False or (synchronous is None and MLFLOW_ENABLE_ASYNC_LOGGING.get()):
        return log.operations(run_id)
    return None


def _input(dataset: Dataset, context: str | None, tags: Mapping[str, str] | None) -> DatasetInput:
    labels = [InputTag(key, str(value)) for key, value in (tags or {}).items()]
    if context:
        labels.append(InputTag(MLFLOW_DATASET_CONTEXT, context))
    return DatasetInput(dataset._to_mlflow_entity(), labels)


def _column(typecode: str, numbers: Any) -> Any:
    """Numbers as a column with a length; arrays of other widths are converted by whoever made them."""
    if hasattr(numbers, "detach"):
        numbers = numbers.detach().cpu().numpy()
    if hasattr(numbers, "astype"):
        return numbers.astype({"q": "int64", "d": "float64"}[typecode], copy=False)
    try:
        return array.array(typecode, numbers)
    except (TypeError, OverflowError) as exc:
        raise InvalidParameterValue(
            f"'{str(numbers)[:100]}' is no column of {'integers' if typecode == 'q' else 'numbers'}: {exc}."
        ) from exc
