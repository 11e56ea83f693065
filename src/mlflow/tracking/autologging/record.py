"""What an integration logs with: each call is safe by itself, and none reaches a run that has ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from mlflow.contract.frames_operations import LogInputs
from mlflow.contract.limits import MAX_KEY
from mlflow.entities import DatasetInput, InputTag, Metric
from mlflow.exceptions import InvalidParameterValue
from mlflow.models.training_profile import features_of, trained_on
from mlflow.temporary_folders import held_folder, release
from mlflow.tracking.active_run import ActiveRun
from mlflow.tracking.autologging.guard import guard, guarded, report
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.clock import now
from mlflow.tracking.run_tags import MLFLOW_DATASET_CONTEXT

__all__ = ["Record"]


class Record:
    """Logs to one run.

    Attributes:
        integration: the name of what logs.
        run: what is logged to.
        settings: what its `autolog` was told.
        model_id: the logged model of this training, once there is one: later metrics are about it.
        source: the training dataset, once there is one: the metrics of the model are about it.
        after_end: whether metrics may follow the end of the run, as those that users compute from predictions do.
    """

    def __init__(self, integration: str, run: ActiveRun, options: Mapping[str, Any]) -> None:
        self.integration, self.run, self.settings = integration, run, options
        self.model_id: str | None = None
        self.source: Any = None
        self.after_end = False
        self._folder: Path | None = None

    @property
    def client(self) -> MlflowClient:
        """A client of the run's store."""
        return MlflowClient(self.run.log.uri)

    @property
    def _closed(self) -> bool:
        return self.run.ended and not self.after_end

    @guarded("log params")
    def params(self, params: Mapping[str, Any], run_id: str | None = None) -> None:
        """Log params: cut to what stores take. Those that have another value already keep it."""
        if self._closed:
            return
        texts = {str(key)[:MAX_KEY]: str(value) for key, value in params.items()}
        target = run_id or self.run.run_id
        try:
            self.run.log.params(target, texts)
        except InvalidParameterValue:
            self._one_by_one(target, texts)

    def _one_by_one(self, run_id: str, texts: Mapping[str, str]) -> None:
        for key, text in texts.items():
            try:
                self.run.log.params(run_id, {key: text})
            except InvalidParameterValue as exc:
                report(self.integration, "log a param", exc)

    @guarded("log metrics")
    def metrics(self, metrics: Mapping[str, Any], step: int = 0, *, plain: bool = False) -> None:
        """Log one point of each metric that is a number; `plain` ones are about the run, not its model."""
        if self._closed or not metrics:
            return
        if self.model_id is None or plain:
            self.run.log.metrics(self.run.run_id, metrics, step, now())
            return
        about = (
            (self.model_id, None, None)
            if self.source is None
            else (self.model_id, self.source.name, self.source.digest)
        )
        moment = now()
        self.run.log.points(
            self.run.run_id, [Metric(key, float(value), moment, step, *about) for key, value in metrics.items()]
        )

    @guarded("set tags")
    def tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags."""
        if not self._closed:
            self.run.log.tags(self.run.run_id, tags)

    @guarded("write a file")
    def text(self, text: str, name: str) -> None:
        """Log a text file, with the others when the training is over."""
        self.place(name).write_text(text, encoding="utf-8")

    def json(self, content: Any, name: str) -> None:
        """Log a JSON file."""
        self.text(json.dumps(content, indent=2, default=str), name)

    @guarded("draw a figure")
    def figure(self, figure: Any, name: str) -> None:
        """Log a figure of matplotlib."""
        figure.savefig(self.place(name))

    def place(self, name: str) -> Path:
        """Where to write a file that is logged when the training is over."""
        if self._folder is None:
            self._folder = held_folder("autologging")
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    @guarded("log a dataset")
    def dataset(self, dataset: Any, context: str) -> None:
        """Log an input of the run; None is none. The one of context "train" is what the model's metrics are about."""
        if self._closed or dataset is None:
            return
        if context == "train":
            self.source = dataset
        labels = [InputTag(MLFLOW_DATASET_CONTEXT, context)]
        used = DatasetInput(dataset._to_mlflow_entity(), labels)
        self.run.log.append(LogInputs(run_id=self.run.run_id, datasets=(used,), models=()))

    def model(self, flavor: str, model: Any, data: Any = None, **options: Any) -> None:
        """Log a model by its flavor's `log_model`, as "model" unless another name is given.

        Args:
            flavor: the module's name.
            model: the model.
            data: that it was trained on, to be summed up beside it; those of its dataset where None are given.
            options: of `log_model`.
        """
        if self._closed or not self.settings.get("log_models", True):
            return
        with guard(self.integration, "log the model"):
            log_model = import_module(f"mlflow.{flavor}").log_model
            named = {"name": "model", "registered_model_name": self.settings.get("registered_model_name")} | options
            known = data if data is not None or self.source is None else features_of(self.source)
            with trained_on(known):
                self.model_id = getattr(log_model(model, **named), "model_id", None)

    @guarded("upload files")
    def close(self) -> None:
        """Upload the files."""
        if self._folder is None:
            return
        try:
            if not self._closed:
                self.client.log_artifacts(self.run.run_id, str(self._folder))
        finally:
            release(self._folder)
            self._folder = None
