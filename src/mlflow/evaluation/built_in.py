"""What the built-in evaluators have in common: the order of their work, and the user's own metrics and files."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, NamedTuple

from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.evaluation.custom_artifacts import make_files
from mlflow.evaluation.custom_metrics import Material, checked_metrics, figures, measure, rows
from mlflow.evaluation.evaluator import ModelEvaluator
from mlflow.evaluation.outputs import Outputs
from mlflow.evaluation.report import Report
from mlflow.evaluation.result import EvaluationResult
from mlflow.evaluation.settings import Settings
from mlflow.exceptions import InvalidParameterValue
from mlflow.metrics.value import MetricValue

__all__ = ["BuiltInEvaluator", "Case"]


class Case(NamedTuple):
    """One evaluation: the model, the data, what the model made of it, and how to judge that.

    Args:
        model: an object with `predict`; None where the data has the predictions.
        dataset: the rows.
        outputs: one prediction a row.
        settings: the evaluator's configuration.
        config: the same as it was given, for custom metrics.
    """

    model: Any
    dataset: EvaluationDataset
    outputs: Outputs
    settings: Settings
    config: dict[str, Any]

    @property
    def targets(self) -> Any:
        """The targets as an array; None without."""
        return self.dataset.labels_data

    @property
    def predictions(self) -> Any:
        """The predictions as an array."""
        return self.outputs.predictions.to_numpy()

    @property
    def weights(self) -> Any:
        """One number a row; None without."""
        return self.settings.weights(len(self.outputs.predictions))


class BuiltInEvaluator(ModelEvaluator):
    """Predicts, measures, draws; subclasses say what. Nothing is logged before all metrics are found."""

    model_types: ClassVar[tuple[str | None, ...]] = ()

    @classmethod
    def can_evaluate(cls, *, model_type: str | None, evaluator_config: dict[str, Any], **kwargs: Any) -> bool:
        return model_type in cls.model_types

    def evaluate(
        self,
        *,
        model_type: str | None,
        dataset: EvaluationDataset,
        run_id: str,
        evaluator_config: dict[str, Any],
        model: Any = None,
        extra_metrics: list[Any] | None = None,
        custom_artifacts: list[Any] | None = None,
        predictions: str | None = None,
        model_id: str | None = None,
        **kwargs: Any,
    ) -> EvaluationResult:
        settings = Settings.of(evaluator_config)
        metrics = checked_metrics(extra_metrics)
        case = Case(model, dataset, _outputs(model, dataset, predictions), settings, evaluator_config)
        state = self._prepare(case)
        found = self._measure(case, state)
        material = _material(case)
        values = measure(metrics, material, {name: _value(name, number) for name, number in found.items()})
        own = {name: number for value in values.values() for name, number in (value.aggregate_results or {}).items()}
        logged = {f"{settings.prefix}{name}": number for name, number in found.items()}
        scored: dict[str, Any] = {}
        for metric in metrics:
            if metric.name in values:
                logged |= figures(metric, values[metric.name], settings.prefix)
                scored |= rows(metric, values[metric.name], settings.prefix)
        table = _table(case, scored) if scored else None
        with Report(run_id, dataset, model_id, settings.prefix) as report:
            report.log_metrics(logged)
            for name, path, content in make_files(custom_artifacts, material.frame(), found | own):
                report.add_file(name, path, content)
            self._draw(case, state, report)
            if table is not None:
                report.add_table(table)
        return report.result()

    def _prepare(self, case: Case) -> Any:
        """What measuring and drawing both need."""

    @abstractmethod
    def _measure(self, case: Case, state: Any) -> dict[str, Any]:
        """The metrics of this kind of model, by name."""

    def _draw(self, case: Case, state: Any, report: Report) -> None:
        """Add this kind of model's pictures and tables to the report."""


def _outputs(model: Any, dataset: EvaluationDataset, column: str | None) -> Outputs:
    if model is None:
        if not dataset.has_predictions:
            raise InvalidParameterValue(
                "There is neither a model nor a column of predictions. Give `model`, or name the column of the data "
                "that has the predictions by `predictions`."
            )
        return Outputs.of_dataset(dataset)
    frame = dataset.features_frame
    return Outputs.of_model(model.predict(frame), len(frame), column)


def _material(case: Case) -> Material:
    import pandas as pd

    frame = case.dataset.features_frame
    columns = {str(name): frame[name].reset_index(drop=True) for name in frame.columns}
    if case.outputs.others is not None:
        columns |= {str(name): case.outputs.others[name] for name in case.outputs.others.columns}
    targets = None if case.targets is None else pd.Series(case.targets, name="target")
    if case.dataset.targets_name is not None:
        columns[case.dataset.targets_name] = targets
    predictions = case.outputs.predictions.rename("prediction")
    if case.outputs.name is not None:
        columns.setdefault(case.outputs.name, predictions)
    return Material(predictions, targets, columns, case.config, case.settings.col_mapping)


def _value(name: str, number: Any) -> MetricValue:
    return MetricValue(aggregate_results={name: number})


def _table(case: Case, scored: dict[str, Any]) -> Any:
    """Features, target, prediction and further outputs of each row, then what metrics say of it."""
    frame = case.dataset.features_frame.reset_index(drop=True).copy()
    if case.targets is not None:
        frame[case.dataset.targets_name or "target"] = case.targets
    frame[case.outputs.name or "outputs"] = case.outputs.predictions
    if case.outputs.others is not None:
        frame = frame.assign(**{name: case.outputs.others[name] for name in case.outputs.others.columns})
    for name, column in scored.items():
        if len(column) != len(frame):
            raise InvalidParameterValue(
                f"Metric column '{name}' has {len(column)} values for {len(frame)} rows. Give one for each row."
            )
        frame[name] = column
    return frame
