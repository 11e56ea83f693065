"""Answers: entities to JSON and back.

Unset members and empty lists are left out, int64 are numbers, NaN is the text "NaN". Programs hold tags as
dictionaries, the wire as lists of {key, value}: the `…Wire` structs are that difference, and nothing else is.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, get_args, get_origin

import msgspec

from mlflow.contract.columns import Column, ValueCount
from mlflow.contract.metrics import MetricSummary, RunMetric
from mlflow.contract.pages import Page
from mlflow.contract.run_tables import Opening, RunOpening, RunTable
from mlflow.contract.wire.logged_models import LoggedModelWire, logged_model_members
from mlflow.contract.wire.registry import (
    ModelVersionWire,
    RegisteredModelWire,
    model_version_wire,
    registered_model_wire,
)
from mlflow.contract.wire.webhooks import WebhookWire, webhook_result_members, webhook_wire
from mlflow.entities.experiment import Experiment
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.metric import Metric
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_data import RunData
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_inputs import RunInputs
from mlflow.entities.run_outputs import RunOutputs
from mlflow.entities.run_tag import RunTag
from mlflow.entities.webhook import Webhook, WebhookTestResult

__all__ = [
    "WIRE",
    "ExperimentWire",
    "OpeningWire",
    "RunDataWire",
    "RunOpeningWire",
    "RunWire",
    "decode_answer",
    "decode_run",
    "encode_answer",
    "encode_json",
]


class RunDataWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run logged, as it travels."""

    metrics: list[Metric] = []
    params: list[Param] = []
    tags: list[RunTag] = []


class RunWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run, as it travels."""

    info: RunInfo
    data: RunDataWire = RunDataWire()
    inputs: RunInputs | None = None
    outputs: RunOutputs | None = None

    def entity(self) -> Run:
        """The run as programs hold it."""
        data = RunData(self.data.metrics, self.data.params, self.data.tags)
        return Run(self.info, data, self.inputs, self.outputs)


class ExperimentWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """An experiment, as it travels."""

    experiment_id: str
    name: str
    artifact_location: str = ""
    lifecycle_stage: str = ""
    last_update_time: int | None = None
    creation_time: int | None = None
    tags: list[ExperimentTag] = []
    workspace: str | None = None

    def entity(self) -> Experiment:
        """The experiment as programs hold it."""
        return Experiment(
            self.experiment_id,
            self.name,
            self.artifact_location,
            self.lifecycle_stage,
            self.tags,
            self.creation_time,
            self.last_update_time,
            self.workspace,
        )


class OpeningWire(msgspec.Struct, frozen=True):
    """What somebody who opens an experiment sees first, as it travels."""

    experiment: ExperimentWire
    columns: list[Column]
    running: int
    children: list[ValueCount]
    stale: list[str]
    runs: RunTable

    def entity(self) -> Opening:
        """The same as programs hold it."""
        return Opening(self.experiment.entity(), self.columns, self.running, self.children, self.stale, self.runs)


class RunOpeningWire(msgspec.Struct, frozen=True):
    """What somebody who opens a run sees first, as it travels."""

    run: RunWire
    experiment: ExperimentWire
    summaries: list[MetricSummary]
    children: int
    parent: str
    stale: bool

    def entity(self) -> RunOpening:
        """The same as programs hold it."""
        run, experiment = self.run.entity(), self.experiment.entity()
        return RunOpening(run, experiment, self.summaries, self.children, self.parent, self.stale)


WIRE: dict[Any, Any] = {
    Run: RunWire,
    RunOpening: RunOpeningWire,
    Opening: OpeningWire,
    Experiment: ExperimentWire,
    LoggedModel: LoggedModelWire,
    Webhook: WebhookWire,
    RegisteredModel: RegisteredModelWire,
    ModelVersion: ModelVersionWire,
}
"""Entities that travel in another form than programs hold them in."""

_run_decoder = msgspec.json.Decoder(RunWire, strict=False)


def decode_run(body: bytes) -> Run:
    """A run from the JSON of one."""
    return _run_decoder.decode(body).entity()


def encode_json(value: Any) -> bytes:
    """Compact JSON of plain values, structs and entities, in the wire's dialect."""
    return msgspec.json.encode(_wire(value))


def encode_answer(result: Any, envelope: str | None) -> bytes:
    """The body that answers `result`: `{}` for None, `{envelope: result}` with an envelope."""
    if result is None:
        return b"{}"
    if envelope is None:
        return encode_json(result)
    body = {} if isinstance(result, list) and not result else {envelope: _wire(result)}
    if isinstance(result, Page) and result.token:
        body["next_page_token"] = result.token
    return msgspec.json.encode(body)


def decode_answer(body: bytes, returns: Any, envelope: str | None) -> Any:
    """What a method that returns `returns` answered with this body.

    Raises:
        msgspec.MsgspecError: the body is not such an answer.
    """
    if returns is type(None):
        return None
    decoder, unwrap = _decoder(returns, envelope)
    return unwrap(decoder.decode(body or b"{}"))


@functools.cache
def _decoder(returns: Any, envelope: str | None) -> tuple[msgspec.json.Decoder[Any], Callable[[Any], Any]]:
    if envelope is None:
        return msgspec.json.Decoder(returns, strict=False), lambda answer: answer
    origin, inner = get_origin(returns), (get_args(returns) or (returns,))[0]
    wire, many = WIRE.get(inner, inner), origin in {list, Page}
    fields: list[Any] = [("result", list.__class_getitem__(wire), []) if many else ("result", wire)]
    if origin is Page:
        fields.append(("next_page_token", str | None, None))
    answer = msgspec.defstruct("Answer", fields, rename={"result": envelope})
    one: Callable[[Any], Any] = (lambda w: w.entity()) if inner in WIRE else (lambda w: w)
    return msgspec.json.Decoder(answer, strict=False), _unwrap(one, origin)


def _unwrap(one: Callable[[Any], Any], origin: Any) -> Callable[[Any], Any]:
    if origin is Page:
        return lambda answer: Page([one(item) for item in answer.result], answer.next_page_token)
    if origin is list:
        return lambda answer: [one(item) for item in answer.result]
    return lambda answer: one(answer.result)


def _wire(value: Any) -> Any:
    """The value as msgspec encodes it rightly: entities in their wire form, NaN as text."""
    convert = _FORMS.get(type(value))
    if convert is not None:
        return convert(value)
    if isinstance(value, msgspec.Struct) and _has_floats(type(value)):
        return {name: _wire(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [_wire(item) for item in value]
    if isinstance(value, dict):
        return {key: _wire(item) for key, item in value.items()}
    return value


@functools.cache
def _has_floats(struct: type[msgspec.Struct]) -> bool:
    """Whether a member holds doubles, of which msgspec would write NaN and the infinities as null."""
    return any("float" in str(field.type) for field in msgspec.structs.fields(struct))


def _number(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _metric(metric: Metric) -> dict[str, Any]:
    return {name: _wire(value) for name, value in metric if value is not None}


def _run_metric(metric: RunMetric) -> dict[str, Any]:
    return msgspec.structs.asdict(metric) | {"value": _number(metric.value)}


def _summary(summary: MetricSummary) -> dict[str, Any]:
    return {name: _wire(value) for name, value in msgspec.structs.asdict(summary).items()}


def _run(run: Run) -> dict[str, Any]:
    data = {
        "metrics": [_metric(metric) for metric in run.data.latest_metrics],
        "params": [{"key": key, "value": value} for key, value in run.data.params.items()],
        "tags": [{"key": key, "value": value} for key, value in run.data.tags.items()],
    }
    wire = {
        "info": run.info.to_wire(),
        "data": {name: items for name, items in data.items() if items},
        "inputs": _without_empty(run.inputs),
    }
    outputs = _without_empty(run.outputs)
    return wire | ({"outputs": outputs} if outputs else {})


def _without_empty(record: RunInputs | RunOutputs) -> dict[str, Any]:
    return {name: _plain(value) for name, value in record if value}


def _plain(value: Any) -> Any:
    """Builtins of nested records, without unset members and empty lists."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, msgspec.Struct):
        members = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return {name: _plain(item) for name, item in members if item is not None and item != []}
    return value


def _experiment(experiment: Experiment) -> ExperimentWire:
    return ExperimentWire(
        experiment.experiment_id,
        experiment.name,
        experiment.artifact_location,
        experiment.lifecycle_stage,
        experiment.last_update_time,
        experiment.creation_time,
        [ExperimentTag(key, value) for key, value in experiment.tags.items()],
        experiment.workspace,
    )


def _members(opening: Opening | RunOpening) -> dict[str, Any]:
    return {name: _wire(getattr(opening, name)) for name in opening.__struct_fields__}


_FORMS: dict[type, Callable[[Any], Any]] = {
    float: _number,
    Metric: _metric,
    RunMetric: _run_metric,
    MetricSummary: _summary,
    Run: _run,
    RunInfo: RunInfo.to_wire,
    Experiment: _experiment,
    Opening: _members,
    RunOpening: _members,
    LoggedModel: lambda model: _wire(logged_model_members(model)),
    Webhook: webhook_wire,
    WebhookTestResult: webhook_result_members,
    RegisteredModel: registered_model_wire,
    ModelVersion: model_version_wire,
}
