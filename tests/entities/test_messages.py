"""Entities as protobuf messages: the bytes are those of the published package, and entities come back from them."""

import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from mlflow.contract.message_classes import ProtobufMissing
from mlflow.entities import Experiment, LoggedModelStatus, Metric, MetricWithRunId, Param, RunInfo, WebhookStatus
from mlflow.entities.model_registry import ModelVersion, ModelVersionSearch
from mlflow.entities.webhook import WebhookDelivery
from mlflow.exceptions import InvalidParameterValue
from tests.entities.messages_program import ENTITIES, messages
from tests.fixtures.foreign import Program
from tests.recorded_answers import Record

SCRIPT = Path(__file__).with_name("messages_program.py")
RECORD = Record(Path(__file__).with_name("published_messages.json"), SCRIPT.read_text())


@pytest.fixture(autouse=True)
def installed() -> None:
    pytest.importorskip("google.protobuf", reason="protobuf is not installed")


def test_messages_are_the_bytes_of_the_published_package() -> None:
    assert messages() == RECORD.answers


@pytest.mark.parametrize("name", ENTITIES)
def test_entity_comes_back_from_its_message(name: str) -> None:
    entity = ENTITIES[name]
    message = entity.to_proto()
    found = type(entity).from_proto(type(message).FromString(message.SerializeToString()))
    if name == "Metric, NaN":
        assert math.isnan(found.value)
        assert (found.timestamp, found.step) == (entity.timestamp, entity.step)
    else:
        assert type(found) is type(entity)
        assert normal(found) == normal(entity)


def normal(value: Any) -> Any:
    """An entity's attributes, where an empty text is as good as none."""
    if hasattr(value, "to_proto") and not isinstance(value, str):
        return {name: normal(item) for name, item in value}
    if isinstance(value, (list, tuple)):
        return [normal(item) for item in value] or None
    return value if value != "DEPLOYMENT_JOB_CONNECTION_STATE_UNSPECIFIED" and value else None


def test_classes_have_the_modules_of_the_published_package() -> None:
    from mlflow.protos.model_registry_pb2 import ModelVersion as Version  # type: ignore[import-not-found]
    from mlflow.protos.service_pb2 import RunInfo as Message  # type: ignore[import-not-found]

    told = Message(run_id="r", experiment_id="0", status="FINISHED", start_time=1)
    assert RunInfo.from_proto(told) == RunInfo("r", "0", status="FINISHED", start_time=1)
    found = ModelVersionSearch.from_proto(Version(name="m", version="3", creation_timestamp=1))
    assert (found.name, found.version, found.current_stage) == ("m", "3", "None")
    with pytest.raises(ImportError, match="Nothing"):
        from mlflow.protos.service_pb2 import Nothing  # type: ignore[import-not-found]  # noqa: F401


def test_message_of_a_version_keeps_the_id_of_its_model() -> None:
    """The published package leaves it out, and reads it."""
    version = ModelVersion("m", "1", 1, model_id="m-1")
    assert ModelVersion.from_proto(version.to_proto()).model_id == "m-1"


def test_states_have_numbers() -> None:
    assert LoggedModelStatus.from_proto(3) is LoggedModelStatus.FAILED
    assert WebhookStatus.from_proto(2) is WebhookStatus.DISABLED
    with pytest.raises(InvalidParameterValue, match="'3'"):
        WebhookStatus.from_proto(3)


def test_message_that_lacks_what_an_entity_needs_names_it() -> None:
    with pytest.raises(InvalidParameterValue, match=r"'Param' holds no Metric: .*\.value`"):
        Metric.from_proto(Param("a", "b").to_proto())


def test_entity_without_a_message_says_so() -> None:
    from mlflow.contract.messages import to_message

    with pytest.raises(InvalidParameterValue, match="'WebhookDelivery' has no protobuf message"):
        to_message(WebhookDelivery(delivery_id="d", event="e", state="s", attempts=1, created=1))
    assert not hasattr(MetricWithRunId, "to_proto")


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "google.protobuf.json_format", None)
    with pytest.raises(ProtobufMissing, match=r"pip install 'mlflow\[protobuf\]'"):
        Experiment("0", "n").to_proto()


@pytest.mark.oracle
def test_published_package_answers_as_recorded(oracle_python: str, run_published: Program) -> None:
    if RECORD.is_current(oracle_python):
        return
    answers = json.loads(run_published(SCRIPT.read_text()).splitlines()[-1])
    if os.environ.get("MLFLOW_ORACLE_ANEW") == "write":
        RECORD.write(oracle_python, answers)
    assert answers == RECORD.answers
