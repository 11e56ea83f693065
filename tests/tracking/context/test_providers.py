import types
from pathlib import Path

import pytest

from mlflow.exceptions import MissingConfigException
from mlflow.tracking.default_experiment import registry as experiments
from mlflow.tracking.default_experiment.abstract_context import DefaultExperimentProvider
from mlflow.tracking.request_auth import registry as auths
from mlflow.tracking.request_auth.abstract_request_auth_provider import RequestAuthProvider
from mlflow.tracking.request_auth.kubernetes_request_auth_provider import KubernetesAuth
from mlflow.tracking.request_header import registry as headers
from mlflow.tracking.request_header.abstract_request_header_provider import RequestHeaderProvider
from mlflow.version import VERSION


@pytest.fixture(autouse=True)
def own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    for registry in (
        headers._request_header_provider_registry,
        auths._request_auth_provider_registry,
        experiments._default_experiment_provider_registry,
    ):
        monkeypatch.setattr(registry, "_providers", list(registry))


def header_provider(given: dict[str, str] | None) -> type[RequestHeaderProvider]:
    class Provider(RequestHeaderProvider):
        def in_context(self) -> bool:
            return True

        def request_headers(self) -> dict[str, str]:
            if given is None:
                raise RuntimeError("broken")
            return given

    return Provider


def test_the_client_names_itself() -> None:
    assert headers.resolve_request_headers() == {
        "User-Agent": f"mlflow-python-client/{VERSION}",
        "X-MLflow-Client-Version": VERSION,
    }


def test_values_of_one_header_are_joined_and_the_callers_win(caplog: pytest.LogCaptureFixture) -> None:
    for given in ({"User-Agent": "mine", "X-A": "1"}, None, {"X-A": "2"}):
        headers._request_header_provider_registry.register(header_provider(given))
    found = headers.resolve_request_headers({"Y": "1"})
    assert (found["User-Agent"], found["X-A"], found["Y"]) == (f"mlflow-python-client/{VERSION} mine", "1 2", "1")
    assert headers.resolve_request_headers({"X-A": "0"})["X-A"] == "0"
    assert "resolving request headers" in caplog.text


def experiment_provider(answer: str | None, here: bool = True) -> type[DefaultExperimentProvider]:
    class Provider(DefaultExperimentProvider):
        def in_context(self) -> bool:
            return here

        def get_experiment_id(self) -> str:
            if answer is None:
                raise RuntimeError("broken")
            return answer

    return Provider


def test_the_first_provider_in_context_names_the_experiment(caplog: pytest.LogCaptureFixture) -> None:
    assert experiments.get_experiment_id() == "0"
    for provider in (experiment_provider("5", here=False), experiment_provider(None), experiment_provider("7")):
        experiments._default_experiment_provider_registry.register(provider)
    experiments._default_experiment_provider_registry.register(experiment_provider("8"))
    assert experiments.get_experiment_id() == "7"
    assert "getting experiment_id" in caplog.text


def test_authentication_is_chosen_by_name() -> None:
    class One(RequestAuthProvider):
        def get_name(self) -> str:
            return "one"

        def get_auth(self) -> str:
            return "auth of one"

    auths._request_auth_provider_registry.register(One)
    assert auths.fetch_auth("one") == "auth of one"
    with pytest.warns(UserWarning, match="'two'"):
        assert auths.fetch_auth("two") is None


def test_kubernetes_tokens_come_from_the_pod(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("tok\n")
    (tmp_path / "namespace").write_text("ns\n")
    request = types.SimpleNamespace(headers={})
    KubernetesAuth(enable_workspaces=True, service_account=tmp_path)(request)
    assert request.headers == {"Authorization": "Bearer tok", "X-MLFLOW-WORKSPACE": "ns"}
    mine = types.SimpleNamespace(headers={"Authorization": "Bearer mine"})
    assert KubernetesAuth(service_account=tmp_path)(mine).headers == {"Authorization": "Bearer mine"}


def test_kubernetes_tokens_come_from_the_current_context_outside_of_pods(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text(
        "current-context: c\ncontexts: [{name: c, context: {user: u, namespace: n}}]\n"
        "users: [{name: u, user: {token: t}}]\n"
    )
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    request = auths.fetch_auth("kubernetes-namespaced")(types.SimpleNamespace(headers={}))
    assert request.headers == {"Authorization": "Bearer t", "X-MLFLOW-WORKSPACE": "n"}


@pytest.mark.parametrize("config", ["", "{", "[1]", "current-context: c\ncontexts: []\nusers: []\n"], ids=repr)
def test_no_kubernetes_token_is_an_error_that_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    (tmp_path / "config").write_text(config)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "config"))
    with pytest.raises(MissingConfigException, match="token"):
        auths.fetch_auth("kubernetes")(types.SimpleNamespace(headers={}))
