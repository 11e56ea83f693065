"""Checks that a version must pass before it takes an alias or a stage."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.contract.gates import Promotion
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import InvalidParameterValue, PromotionRefused
from mlflow.registry_gates import GateList
from mlflow.stores import close_all
from tests.fixtures.servers import StartServer

GATES = """
import mlflow
from mlflow.contract.caller import EVERYONE
from mlflow.exceptions import PromotionRefused

@mlflow.registry_gate(alias="champion", models="fraud-*")
def accurate_enough(promotion):
    run = promotion.store.runs.get_run(EVERYONE, promotion.version.run_id)
    accuracy = run.data.metrics["accuracy"]
    if accuracy < 0.9:
        raise PromotionRefused(f"its accuracy is {accuracy}; 0.9 is needed")
    return {"accuracy": accuracy, "instead of": promotion.previous}

@mlflow.registry_gate(stage="production", alias="champion", name="review")
def reviewed(promotion):
    if "reviewer" not in promotion.version.tags:
        raise PromotionRefused("nobody reviewed it; set the tag 'reviewer'")

@mlflow.registry_gate(stage="staging", models="broken")
def broken(promotion):
    return 1 / 0
"""


@pytest.fixture
def gates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "gates.py"
        path.write_text(text)
        monkeypatch.setenv("MLFLOW_REGISTRY_GATES", str(path))
        return path

    return write


def version_with(accuracy: float, name: str = "fraud-model", **tags: str) -> str:
    with mlflow.start_run() as run:
        mlflow.log_metric("accuracy", accuracy)
        mlflow.log_text("flavors: {}", "model/MLmodel")
    return str(mlflow.register_model(f"runs:/{run.info.run_id}/model", name, tags=tags).version)


def check_gates(client: MlflowClient) -> None:
    """What the checks above mean for a client."""
    good = version_with(0.95, reviewer="ada")
    client.set_registered_model_alias("fraud-model", "champion", good)
    event = client.get_registry_history("fraud-model")[0]
    assert (event.action, event.after) == ("alias_moved", good)
    assert [(found.check, found.passed) for found in event.evidence] == [("accurate_enough", True), ("review", True)]
    assert event.evidence[0].details == {"accuracy": 0.95, "instead of": None}

    bad = version_with(0.5)
    with pytest.raises(PromotionRefused, match=r"accuracy is 0\.5.*nobody reviewed it.*Nothing was changed") as raised:
        client.set_registered_model_alias("fraud-model", "champion", bad)
    assert raised.value.error_code == "INVALID_STATE_TRANSITION"
    assert str(client.get_model_version_by_alias("fraud-model", "champion").version) == good
    event = client.get_registry_history("fraud-model")[0]
    assert (event.action, event.version, event.subject, event.before) == ("alias_refused", bad, "champion", good)
    assert [found.passed for found in event.evidence] == [False, False]

    with pytest.raises(PromotionRefused, match="review: nobody"):
        client.transition_model_version_stage("fraud-model", bad, "Production", archive_existing_versions=True)
    assert client.get_model_version("fraud-model", bad).current_stage == "None"
    assert client.transition_model_version_stage("fraud-model", bad, "Staging").current_stage == "Staging"
    client.set_registered_model_alias("fraud-model", "challenger", bad)

    other = version_with(0.1, "other", reviewer="ada")
    client.set_registered_model_alias("other", "champion", other)


def test_checks_guard_a_database_that_is_opened_directly(gates: Callable[[str], Path], database: str):
    gates(GATES)
    check_gates(MlflowClient())


def test_checks_guard_a_server_whatever_the_client_thinks(gates: Callable[[str], Path], start_server: StartServer):
    path = gates(GATES)
    server = start_server(environment={"MLFLOW_REGISTRY_GATES": str(path)})
    mlflow.set_tracking_uri(server.url)
    check_gates(MlflowClient())


def test_check_that_breaks_lets_nothing_pass(gates: Callable[[str], Path], database: str):
    gates(GATES)
    version = version_with(1.0, "broken")
    with pytest.raises(PromotionRefused, match=r"broken: the check itself failed \(ZeroDivisionError"):
        MlflowClient().transition_model_version_stage("broken", version, "Staging")
    assert MlflowClient().get_model_version("broken", version).current_stage == "None"


def test_evidence_may_have_numbers_of_numpy():
    @mlflow.registry_gate(alias="*")
    def measured(promotion: Promotion) -> Any:
        return {"accuracy": np.float64(0.5), "counts": np.arange(2)}

    gate = measured.__registry_gate__  # type: ignore[attr-defined]  # as the loader finds it
    [evidence] = GateList([gate]).ask(Promotion("m", ModelVersion("m", "1", 0), "alias", "champion"))
    assert msgspec.json.encode(evidence.details) == b'{"accuracy":0.5,"counts":[0,1]}'


@pytest.mark.parametrize("returned", [True, {"a": object()}, [1]], ids=["no mapping", "no document", "list"])
def test_check_whose_evidence_cannot_be_kept_lets_nothing_pass(returned: Any):
    @mlflow.registry_gate(alias="*")
    def odd(promotion: Promotion) -> Any:
        return returned

    gate = odd.__registry_gate__  # type: ignore[attr-defined]  # as the loader finds it
    with pytest.raises(PromotionRefused, match=r"odd: the check itself failed \(TypeError"):
        GateList([gate]).ask(Promotion("m", ModelVersion("m", "1", 0), "alias", "champion"))


@pytest.mark.parametrize(
    "text", ["1 / 0", "import mlflow", None], ids=["a file that fails", "a file without checks", "no file"]
)
def test_registry_does_not_open_without_its_checks(gates: Callable[[str], Path], database: str, text: str | None):
    path = gates(text or "")
    if text is None:
        path.unlink()
    close_all()
    with pytest.raises(InvalidParameterValue, match="MLFLOW_REGISTRY_GATES"):
        MlflowClient().create_registered_model("m")


def test_gate_guards_something():
    with pytest.raises(InvalidParameterValue, match="alias or a stage"):
        mlflow.registry_gate(models="x")
