"""Manifests for clusters, held against the schemas of Kubernetes and KServe."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from mlflow.cli import cli

KSERVE: dict[str, Any] = json.loads((Path(__file__).parent / "kserve_schema.json").read_text())
VERSIONS = ["1.30", "1.37"]


def generate(*options: str) -> Result:
    command = ["models", "generate-kubernetes", "-i", "registry.example:5000/team/churn:7", "-n", "churn", *options]
    return CliRunner().invoke(cli, command)


def documents(*options: str) -> dict[str, Any]:
    done = generate(*options)
    assert done.exit_code == 0, done.output
    return {document["kind"]: document for document in yaml.safe_load_all(done.stdout)}


FULL = ["--namespace", "models", "--replicas", "2", "--max-replicas", "9", "--cpu", "1.5", "--memory", "2Gi"]
FULL += ["--cpu-target", "50", "--timeout", "30", "--token-secret", "churn-token", "--env", "MLFLOW_MODELS_WORKERS=2"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("options", [[], FULL], ids=["as it comes", "with every option"])
def test_a_cluster_takes_the_manifests(options: list[str], version: str) -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="install kubernetes-validate for the schemas")
    found = documents(*options)
    assert list(found) == ["Deployment", "Service", "HorizontalPodAutoscaler"]
    for document in found.values():
        validator.validate(document, version, strict=True)


@pytest.mark.parametrize("options", [[], FULL], ids=["as it comes", "with every option"])
def test_kserve_takes_its_manifest(options: list[str]) -> None:
    validator = pytest.importorskip("kubernetes_validate", reason="install kubernetes-validate for the schemas")
    found = documents("--kserve", *options)
    assert list(found) == ["InferenceService"]
    jsonschema.validate(found["InferenceService"], KSERVE)
    predictor = found["InferenceService"]["spec"]["predictor"]
    pod = {name: value for name, value in predictor.items() if name not in KSERVE["$defs"]["Predictor"]["properties"]}
    assert "containers" in pod
    manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "churn"}, "spec": pod}
    validator.validate(manifest, VERSIONS[-1], strict=True)


def test_the_schema_of_kserve_refuses_what_it_does_not_know() -> None:
    broken = documents("--kserve")["InferenceService"]
    broken["spec"]["predictor"]["minReplicas"] = "one"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, KSERVE)


def test_options_arrive_where_they_belong() -> None:
    found = documents(*FULL)
    assert {document["metadata"]["namespace"] for document in found.values()} == {"models"}
    pod = found["Deployment"]["spec"]["template"]["spec"]
    server = pod["containers"][0]
    variables = {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in server["env"]}
    assert variables["MLFLOW_MODELS_WORKERS"] == "2"
    assert variables["MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT"] == "30"
    assert variables["MLFLOW_SCORING_SERVER_TOKEN"] == {"secretKeyRef": {"name": "churn-token", "key": "token"}}
    assert pod["terminationGracePeriodSeconds"] > 30
    assert server["resources"] == {"requests": {"cpu": "1.5", "memory": "2Gi"}, "limits": {"memory": "2Gi"}}
    autoscaler = found["HorizontalPodAutoscaler"]["spec"]
    assert (autoscaler["minReplicas"], autoscaler["maxReplicas"]) == (2, 9)


def test_pods_have_no_rights() -> None:
    pod = documents()["Deployment"]["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    rights = pod["containers"][0]["securityContext"]
    assert rights["runAsNonRoot"]
    assert rights["runAsUser"] > 0
    assert rights["readOnlyRootFilesystem"]
    assert rights["allowPrivilegeEscalation"] is False
    assert rights["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        pytest.param(["-n", "Churn"], "Churn", id="a name in capitals"),
        pytest.param(["-n", "a" * 64], "aaa", id="a long name"),
        pytest.param(["-n", "a\n---\nkind: Pod"], "kind: Pod", id="a name of several lines"),
        pytest.param(["-i", "churn 7"], "churn 7", id="an image that is none"),
        pytest.param(["--namespace", "my_space"], "my_space", id="a namespace that is none"),
        pytest.param(["--memory", "2 GB"], "2 GB", id="a quantity that is none"),
        pytest.param(["--replicas", "5"], "--replicas 5", id="more than the most"),
        pytest.param(["--replicas", "0"], "--replicas 0", id="none"),
        pytest.param(["--token-secret", "A B"], "A B", id="a secret that is none"),
    ],
)
def test_what_a_cluster_would_refuse_is_refused(options: list[str], named: str) -> None:
    done = generate(*options)
    assert done.exit_code != 0
    assert named in done.output


def test_manifests_go_to_a_file(tmp_path: Path) -> None:
    done = generate("-o", str(tmp_path / "churn.yaml"))
    assert (done.exit_code, done.stdout) == (0, "")
    assert len(list(yaml.safe_load_all((tmp_path / "churn.yaml").read_text()))) == 3
