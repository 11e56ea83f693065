"""A server follows the alias that it was started with: a new version answers, and no request is dropped meanwhile."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import mlflow
from mlflow import MlflowClient
from mlflow.models import Model
from mlflow.models.pickle_policy import PickleRefused
from mlflow.serving.reload import Follower, Followers
from mlflow.serving.scoring import ScoringForm
from mlflow.serving.variants import load_version, moving_reference
from tests.serving.samples import CODE, until
from tests.serving.within import Within, within

BODY = {"dataframe_split": {"columns": ["a"], "data": [[1], [2]]}}
Register = Callable[..., str]


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """Register a version that answers with a number, and let the alias lead to it: `register(2)`."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/registry.db")
    client = MlflowClient()
    client.create_registered_model("m")

    def registered(answer: object, **options: object) -> str:
        folder = tmp_path / f"model-{answer}-{len(list(tmp_path.iterdir()))}"
        config = {"model_config": {"answer": answer}, "pip_requirements": ["pandas"]}
        mlflow.pyfunc.save_model(folder, python_model=str(CODE / "told.py"), **config, **options)
        version = str(client.create_model_version("m", str(folder)).version)
        client.set_registered_model_alias("m", "champion", version)
        return version

    return registered


@pytest.fixture
def server(register: Register) -> Iterator[Within]:
    register(1)
    with within("default=models:/m@champion", "fixed=models:/m/1:0", threads=2) as server:
        yield server


def follower(server: Within, clock: Callable[[], float] = lambda: 0.0) -> Follower:
    application = server.application
    variant = application.variants["default"]
    reference = moving_reference(variant.route.model_uri)
    assert reference is not None
    return Follower(variant, reference, application.traffic.state, application.measures, 10.0, clock)


def events(server: Within) -> list[str]:
    return [event["kind"] for event in server.get("/traffic").json()["events"]]


def shown(server: Within) -> dict[str, object]:
    return server.get("/traffic").json()["variants"][0]


def test_a_new_version_takes_over_under_load_without_a_dropped_request(server: Within, register: Register) -> None:
    version, one = register(2), follower(server)
    seen: list[tuple[int, str, object]] = []

    async def ask(swapped: asyncio.Event) -> None:
        while not (swapped.is_set() and seen[-1][1] == version):
            reply = await server.ask("POST", "/invocations", BODY, {"content-type": "application/json"})
            seen.append((reply.status, reply.headers["x-model-version"], reply.json().get("predictions")))

    async def load_while_swapping() -> None:
        swapped = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(ask(swapped))
            while not seen:  # one answer of the first version, before it goes
                await asyncio.sleep(0.001)
            assert await asyncio.to_thread(one.look)
            swapped.set()

    server.runner.run(load_while_swapping())
    assert set(map(str, seen)) == {str((200, "1", [1, 1])), str((200, "2", [2, 2]))}
    assert (shown(server)["model_version"], shown(server)["problem"]) == ("2", "")
    assert events(server)[0] == "reload"
    text = server.get("/metrics").body.decode()
    assert 'mlflow_scoring_reloads_total{outcome="done",variant="default"} 1.0' in text
    assert 'mlflow_scoring_loaded{variant="default",version="2"} 1.0' in text
    assert server.post(BODY, x_model_variant="fixed").json() == {"predictions": [1, 1]}


def test_a_version_that_fails_its_example_is_told_and_the_old_one_stays(server: Within, register: Register) -> None:
    now = 0.0
    one = follower(server, lambda: now)
    version = register("fail", input_example=pd.DataFrame({"a": [1.0]}))
    for _ in range(3):  # the second and third are not tried: it is too soon
        assert not one.look()
    assert server.post(BODY).json() == {"predictions": [1, 1]}
    assert f"Version {version}" in str(shown(server)["problem"])
    assert "a model's own failure" in str(shown(server)["problem"])
    assert events(server).count("reload-failed") == 1
    assert 'reloads_total{outcome="failed",variant="default"} 1.0' in server.get("/metrics").body.decode()
    now = 11.0
    assert not one.look()
    assert 'reloads_total{outcome="failed",variant="default"} 2.0' in server.get("/metrics").body.decode()
    assert events(server).count("reload-failed") == 1
    register(3)
    assert one.look()
    assert shown(server)["problem"] == ""


def test_a_version_whose_files_are_gone_is_told_and_the_old_one_stays(server: Within, register: Register) -> None:
    one = follower(server)
    client = MlflowClient()
    version = client.create_model_version("m", "/no/such/folder").version
    client.set_registered_model_alias("m", "champion", str(version))
    assert not one.look()
    assert server.post(BODY).json() == {"predictions": [1, 1]}
    assert events(server)[0] == "reload-failed"


def test_a_version_that_ends_its_process_as_it_is_loaded_is_told_and_the_old_one_stays(
    server: Within, register: Register
) -> None:
    version = register("exit")
    assert not follower(server).look()
    assert server.post(BODY).json() == {"predictions": [1, 1]}
    assert f"Version {version}" in str(shown(server)["problem"])
    assert "a model's own end" in str(shown(server)["problem"])


def test_an_alias_that_is_gone_leaves_the_server_as_it_is(server: Within, register: Register) -> None:
    one = follower(server)
    MlflowClient().delete_registered_model_alias("m", "champion")
    assert not one.look()
    assert not one.look()
    assert server.post(BODY).json() == {"predictions": [1, 1]}
    assert "champion" in str(shown(server)["problem"])
    assert events(server).count("reload-failed") == 1
    register(4)
    assert one.look()
    assert server.post(BODY).json() == {"predictions": [4, 4]}


def test_only_uris_that_can_lead_elsewhere_are_followed() -> None:
    for uri in ("models:/m@champion", "models:/m/Production", "models:/m/latest"):
        assert moving_reference(uri) is not None
    for uri in ("models:/m/1", "models:/m-0123456789abcdef0123456789abcdef", "runs:/1f/model", "/folder", "s3://b/m"):
        assert moving_reference(uri) is None


def test_what_a_manifest_calls_itself_gets_no_further_headers_into_an_answer(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    config = {"model_config": {"answer": 1}, "pip_requirements": ["pandas"]}
    mlflow.pyfunc.save_model(folder, python_model=str(CODE / "told.py"), **config)
    manifest = Model.load(folder)
    manifest.model_uuid = "1\r\nSet-Cookie: token=x"
    manifest.save(str(folder / "MLmodel"))
    assert load_version(str(folder)).version == "1__Set-Cookie:_token=x"


def test_a_served_model_is_trusted_by_where_it_comes_from(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    version = register(1)
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    with pytest.raises(PickleRefused, match=f"models:/m/{version}"):
        load_version("models:/m@champion")
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", "models:/m")
    assert load_version("models:/m@champion").version == version


def test_versions_bring_their_own_code_under_the_same_name(tmp_path: Path) -> None:
    script, code = tmp_path / "loader_of_versions.py", tmp_path / "constant_of_versions.py"
    script.write_text(
        "import constant_of_versions\n\nclass M:\n    def predict(self, model_input, params=None):\n"
        "        return [constant_of_versions.VALUE]\n\ndef _load_pyfunc(path):\n    return M()\n"
    )
    loaded = {}
    for value in ("one", "second"):
        code.write_text(f"VALUE = {value!r}\n")
        place, brought = tmp_path / value, [str(script), str(code)]
        mlflow.pyfunc.save_model(place, loader_module=script.stem, code_paths=brought, pip_requirements=["pandas"])
        loaded[value] = load_version(str(place))
    for value, one in loaded.items():
        answer = one.scorer.answer(ScoringForm("application/json"), b'{"inputs": [1]}')
        assert answer.decode() == f'{{"predictions": ["{value}"]}}'


def test_the_registry_is_looked_at_again_and_again(server: Within, register: Register) -> None:
    application = server.application
    followers = Followers(application.variants.values(), application.traffic.state, application.measures, 0.01)
    register(2)
    followers.start()
    until(lambda: server.post(BODY).json() == {"predictions": [2, 2]})
    followers.close()


def answering(folder: Path, start: str, interval: float) -> str:
    """The version that one process of a start of a server answers with."""
    route, how = "default=models:/m@champion", {"reload_interval": interval, "start": start}
    with within(route, state=folder, **how) as server:
        return str(shown(server)["model_version"])


def test_an_alias_that_moves_while_processes_start_divides_them_only_where_they_follow_it(
    register: Register, tmp_path: Path
) -> None:
    register(1)
    assert answering(tmp_path / "fixed", "s", 0.0) == answering(tmp_path / "follows", "s", 10.0) == "1"
    register(2)
    assert answering(tmp_path / "fixed", "s", 0.0) == "1"
    assert answering(tmp_path / "fixed", "another start", 0.0) == "2"
    assert answering(tmp_path / "follows", "s", 10.0) == "2"


def test_a_process_that_takes_anothers_place_has_its_version_where_the_new_one_does_not_load(
    register: Register, tmp_path: Path
) -> None:
    register(1)
    assert answering(tmp_path, "s", 10.0) == "1"
    version = MlflowClient().create_model_version("m", "/no/such/folder").version
    MlflowClient().set_registered_model_alias("m", "champion", str(version))
    assert answering(tmp_path, "s", 10.0) == "1"
    with pytest.raises(mlflow.MlflowException):
        answering(tmp_path, "another start", 10.0)
