"""`mlflow.evaluate`: takes what the user gives, opens the run, and hands over to the evaluators."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from mlflow.contract.limits import MAX_TAG_VALUE
from mlflow.data.conversion import convert_data_to_mlflow_dataset
from mlflow.data.dataset import Dataset
from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin
from mlflow.entities import LoggedModelInput
from mlflow.evaluation.models import model_of
from mlflow.evaluation.result import EvaluationResult
from mlflow.evaluation.selection import resolve_evaluators_and_configs
from mlflow.exceptions import InvalidParameterValue, NotImplementedByStore, Unreachable
from mlflow.tracking.active_run import current_run
from mlflow.tracking.autologging.queries import disable_autologging
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import log_inputs, set_tag, start_run
from mlflow.tracking.run_tags import MLFLOW_DATASETS

__all__ = ["evaluate"]

_ENVIRONMENTS = ("local", "conda", "virtualenv", "uv")
_NEED_TARGETS = ("classifier", "regressor")
_GENERATIVE = ("question-answering", "retriever", "text", "text-summarization", "databricks-agent")


def evaluate(
    model: Any = None,
    data: Any = None,
    *,
    model_type: str | None = None,
    targets: Any = None,
    predictions: str | None = None,
    dataset_path: str | None = None,
    feature_names: list[str] | None = None,
    evaluators: str | list[str] | None = None,
    evaluator_config: dict[str, Any] | None = None,
    extra_metrics: list[Any] | None = None,
    custom_artifacts: list[Any] | None = None,
    env_manager: str = "local",
    model_config: dict[str, Any] | None = None,
    inference_params: dict[str, Any] | None = None,
    model_id: str | None = None,
    _called_from_genai_evaluate: bool = False,
) -> EvaluationResult:
    """Evaluate a model, or its predictions, on data; metrics and files are logged to the active run.

    A run is started when none is active, and ended again.

    Args:
        model: the URI of a model, what `mlflow.pyfunc.load_model` returned, a function of a DataFrame of features, or
            None where the data has the predictions.
        data: a pandas, polars or Spark DataFrame, a numpy array or list of rows, or a dataset of `mlflow.data`.
        model_type: "classifier" or "regressor"; None for `extra_metrics` alone.
        targets: the column of the targets; an array or list of them where the data is one. A dataset names its own.
        predictions: without a model, the column of the data that has the predictions; with one, the column of its
            output.
        dataset_path: where the data is kept, for people.
        feature_names: the columns to give to the model; the names of an array's columns.
        evaluators: names of evaluators; all that take such models when omitted.
        evaluator_config: settings of the evaluator, or of each by its name.
        extra_metrics: metrics of `mlflow.metrics`, or of your own, by `mlflow.models.make_metric`.
        custom_artifacts: functions `(eval_df, builtin_metrics, artifacts_dir)` that return a dictionary of name to
            table, array, figure, document or path of a file.
        env_manager: "local" only.
        model_config: passed on to `mlflow.pyfunc.load_model`.
        inference_params: accepted of deployments' endpoints only, which are not evaluated here.
        model_id: the logged model that the metrics are about; that of `model` when omitted.

    Returns:
        The metrics by name, files by name, and tables.

    Raises:
        InvalidParameterValue: an argument is missing, of the wrong type, or contradicts another.
        NotImplementedByStore: the model type belongs to MLflow's tier for generative applications.
        ResourceDoesNotExist: there is no such model.
    """
    _check(model, model_type, extra_metrics, env_manager, inference_params)
    given = _data(data, targets, predictions, model)
    rows = _rows(given, dataset_path, feature_names, model)
    if model_type in _NEED_TARGETS and not rows.has_targets:
        raise InvalidParameterValue(
            f"A {model_type} is evaluated against targets, and the data has none. Name their column by `targets`, in "
            "mlflow.evaluate or in the dataset."
        )
    bundles = resolve_evaluators_and_configs(evaluators, evaluator_config, model_type)
    subject = model_of(model, model_config)
    if model_id is not None:
        with contextlib.suppress(Unreachable):
            MlflowClient().get_logged_model(model_id)
    about = model_id or _logged_id(subject)
    with _run() as run_id, disable_autologging():
        _record(run_id, given.dataset, rows, about, subject)
        results = [
            bundle.evaluator.evaluate(
                model_type=model_type,
                dataset=rows,
                run_id=run_id,
                evaluator_config=bundle.config,
                model=subject,
                extra_metrics=extra_metrics,
                custom_artifacts=custom_artifacts,
                predictions=given.output_column,
                model_id=about,
            )
            for bundle in bundles
        ]
        return EvaluationResult.merged(results, run_id)


class _Given(NamedTuple):
    """The data, and the roles of its columns.

    Args:
        data: frame, array or list.
        dataset: what the run records.
        targets: column, array or list.
        predictions: the column of the data; None where a model makes them.
        output_column: the column of the model's output.
    """

    data: Any
    dataset: Dataset
    targets: Any
    predictions: str | None
    output_column: str | None


def _check(model: Any, model_type: Any, extra_metrics: Any, env_manager: str, inference_params: Any) -> None:
    if model_type in _GENERATIVE:
        raise NotImplementedByStore(
            f"Model type '{model_type}' belongs to MLflow's tier for generative applications, which this distribution "
            "does not have. Use the published mlflow package for it, or 'classifier', 'regressor', or your own "
            "`extra_metrics` with model_type=None."
        )
    if model_type is None and not extra_metrics:
        raise InvalidParameterValue(
            "There is neither `model_type` nor `extra_metrics`, so there is nothing to measure. Give "
            "model_type='classifier' or 'regressor', or metrics of mlflow.metrics."
        )
    if env_manager not in _ENVIRONMENTS:
        raise InvalidParameterValue(f"env_manager is '{env_manager}'. Use 'local'.")
    if env_manager != "local":
        raise InvalidParameterValue(
            f"env_manager is '{env_manager}', but models are evaluated in this process's environment. Use 'local', in "
            "an environment with the model's requirements: install the file that "
            "mlflow.pyfunc.get_model_dependencies(model_uri) names."
        )
    if inference_params is not None:
        raise InvalidParameterValue(
            "inference_params are for deployments' endpoints, which are not evaluated here. Bind parameters in a "
            "function: mlflow.evaluate(lambda frame: model.predict(frame, params={…}), …)."
        )


def _data(data: Any, targets: Any, predictions: str | None, model: Any) -> _Given:
    if data is None:
        raise InvalidParameterValue("There is no `data`. Give a DataFrame, an array, a list, or a dataset.")
    own = predictions if model is None else None
    output = predictions if model is not None else None
    if not isinstance(data, Dataset):
        _check_roles(data, targets, own)
        dataset = convert_data_to_mlflow_dataset(data, targets=targets, predictions=own)
        return _Given(data, dataset, targets, own, output)
    for role, value in (("targets", targets), ("predictions", own)):
        if value is not None:
            raise InvalidParameterValue(
                f"`{role}` is given twice: the data is a dataset. Name the column in it, as in "
                f"mlflow.data.from_pandas(frame, {role}='{value}'), and leave it out here."
            )
    content, labels = _content(data)
    return _Given(content, data, labels, getattr(data, "predictions", None) if model is None else None, output)


def _content(dataset: Any) -> tuple[Any, Any]:
    """The rows of a dataset, and its targets: a column of them, or an array.

    Raises:
        InvalidParameterValue: it holds no rows.
    """
    if isinstance(dataset, PyFuncConvertibleDatasetMixin):
        return dataset.rows_and_targets()
    raise InvalidParameterValue(
        f"A {type(dataset).__name__} cannot be evaluated, as it holds no rows. Load the data and make a dataset of it "
        "by mlflow.data.from_pandas."
    )


def _check_roles(data: Any, targets: Any, predictions: str | None) -> None:
    """Have data of a wrong kind, or columns that are not there, refused in the words of evaluation."""
    EvaluationDataset(data, targets=targets, predictions=predictions)


def _rows(given: _Given, path: str | None, feature_names: list[str] | None, model: Any) -> EvaluationDataset:
    rows = EvaluationDataset(
        given.data,
        targets=given.targets,
        name=given.dataset.name,
        path=path,
        feature_names=feature_names,
        predictions=given.predictions,
        digest=given.dataset.digest,
    )
    if len(rows.features_data) == 0:
        raise InvalidParameterValue("The data has no rows. Give at least one.")
    if model is None and not rows.has_predictions:
        raise InvalidParameterValue(
            "There is neither a model nor a column of predictions. Give `model`, or name the column of the data that "
            "has the predictions by `predictions`."
        )
    return rows


def _logged_id(model: Any) -> str | None:
    """The id of the logged model that was loaded; None for functions and for models that were only saved."""
    metadata = getattr(model, "metadata", None)
    found = getattr(model, "model_id", None) or getattr(metadata, "model_id", None)
    return str(found) if found else None


@contextlib.contextmanager
def _run() -> Iterator[str]:
    """The active run's id; a run of its own where none is active."""
    active = current_run()
    if active is not None:
        yield active.run_id
        return
    with start_run() as own:
        yield own.run_id


def _record(run_id: str, dataset: Dataset, rows: EvaluationDataset, model_id: str | None, model: Any) -> None:
    """Note in the run which data and which model it is about."""
    models: list[LoggedModelInput | None] = [LoggedModelInput(model_id)] if model_id else []
    log_inputs([dataset], [None], [None], models)
    named = model_id or getattr(getattr(model, "metadata", None), "model_uuid", None)
    if named is None:
        return
    told: Any = []
    with contextlib.suppress(Unreachable, ValueError):  # older versions cut what was too long
        told = json.loads(MlflowClient().get_run(run_id).data.tags.get(MLFLOW_DATASETS, "[]"))
    entry = {"name": rows.name, "hash": rows.hash, **({"path": rows.path} if rows.path else {}), "model": named}
    told = told if isinstance(told, list) else []
    if entry not in told:
        set_tag(MLFLOW_DATASETS, _latest([*told, entry]))


def _latest(entries: list[Any]) -> str:
    """Entries as JSON: as many of the last ones as a tag holds, and in any case the last."""
    first = 0
    while len(text := json.dumps(entries[first:], separators=(",", ":"))) > MAX_TAG_VALUE and first < len(entries) - 1:
        first += 1
    return text
