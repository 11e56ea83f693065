"""What every flavor's models must do. Run inside the frameworks' own environment, by `test_battery`."""

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import mlflow
from mlflow.models.digests import DigestMismatch
from mlflow.models.flavor import NotOfThisFlavor
from mlflow.models.pickle_policy import PickleRefused
from tests.fixtures.servers import OURS, TrackingServer
from tests.flavors.samples import NEEDS_JAVA, SAMPLES, Sample, quiet

pytestmark = [pytest.mark.timeout(300), pytest.mark.filterwarnings("ignore")]

_quiet = pytest.fixture(scope="session", autouse=True)(quiet)
ALWAYS = {"env", "loader_module", "python_version"}
ENVIRONMENT_FILES = {"requirements.txt", "conda.yaml", "python_env.yaml", "MLmodel"}


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda sample: sample.id)
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.param
    if found.flavor in NEEDS_JAVA and shutil.which("java") is None:
        pytest.skip("needs Java: install a runtime, such as default-jre-headless")
    return found


@pytest.fixture(scope="module")
def folder(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's model, saved."""
    path = tmp_path_factory.mktemp("models") / sample.id
    module_of(sample).save_model(sample.make(), path, **sample.options)
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrackingServer]:
    running = TrackingServer(OURS, tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


def module_of(sample: Sample) -> Any:
    return importlib.import_module(f"mlflow.{sample.flavor}")


def load(sample: Sample, uri: str | Path) -> Any:
    module = module_of(sample)
    return (getattr(module, "load_model", None) or module.load_explainer)(str(uri))


def manifest(folder: Path) -> Any:
    return yaml.safe_load((folder / "MLmodel").read_text())


def numbers(answer: Any) -> Any:
    """An answer's values, whatever holds them; of labels with scores the scores."""
    if isinstance(answer, dict):
        answer = next(iter(answer.values()))
    if isinstance(answer, pd.DataFrame):
        if "predictions" in answer:
            answer = [list(scores.values()) for scores in answer["predictions"]]
            return np.squeeze(np.array(answer))
        for column in ("yhat", "score"):
            answer = answer[column] if column in answer and not isinstance(answer, pd.Series) else answer
    return np.squeeze(np.asarray(answer))


def assert_alike(answer: Any, expected: Any) -> None:
    found, wanted = numbers(answer), numbers(expected)
    if wanted.dtype.kind in "OUS":
        assert found.tolist() == wanted.tolist()
    else:
        np.testing.assert_allclose(found.astype(float), wanted.astype(float), rtol=1e-4, atol=1e-5)


def first_input(sample: Sample) -> Any:
    return next(iter(sample.inputs.values()))()


EXPECTED: dict[tuple[str, str], Any] = {}


def expected(sample: Sample, kind: str | None = None) -> Any:
    """What the framework's own model answers, asked once; to the first kind of input, or to another."""
    kind = kind or next(iter(sample.inputs))
    if (sample.id, kind) not in EXPECTED:
        EXPECTED[sample.id, kind] = sample.predict(sample.make(), sample.inputs[kind]())
    return EXPECTED[sample.id, kind]


def test_loaded_model_predicts_as_the_saved_one(sample: Sample, folder: Path) -> None:
    assert_alike(sample.predict(load(sample, folder), first_input(sample)), expected(sample))


def test_function_takes_what_its_users_give(sample: Sample, folder: Path) -> None:
    function = mlflow.pyfunc.load_model(str(folder))
    for kind, make in sample.inputs.items():
        data = make()
        if kind == "tensor" and function.metadata.signature is not None:
            data = np.asarray(data)
        try:
            assert_alike(function.predict(data), expected(sample, kind))
        except Exception as exc:
            exc.add_note(f"called with: {kind}")
            raise


def test_manifest_has_the_keys_of_the_format(sample: Sample, folder: Path) -> None:
    flavors = manifest(folder)["flavors"]
    assert set(flavors[sample.flavor]) == sample.keys | {"code"}
    if sample.function is None:
        assert "python_function" not in flavors
    else:
        assert set(flavors["python_function"]) == sample.function | ALWAYS
        assert flavors["python_function"]["loader_module"] == f"mlflow.{sample.flavor}"


def test_requirements_name_the_framework_with_its_version(sample: Sample, folder: Path) -> None:
    from importlib.metadata import version

    pinned = f"{sample.distribution}=={version(sample.distribution).partition('+')[0]}"
    assert pinned in (folder / "requirements.txt").read_text().splitlines()


def test_example_tells_the_signature(sample: Sample, tmp_path: Path) -> None:
    options = sample.options | {"input_example": first_input(sample)}
    module_of(sample).save_model(sample.make(), tmp_path / "model", **options)
    saved = mlflow.models.Model.load(tmp_path / "model")
    assert saved.signature is not None
    assert saved.signature.inputs is not None
    assert saved.signature.outputs is not None
    answer = mlflow.pyfunc.load_model(str(tmp_path / "model")).predict(saved.load_input_example(tmp_path / "model"))
    assert_alike(answer, expected(sample))


def test_other_objects_are_refused_and_leave_nothing(sample: Sample, tmp_path: Path) -> None:
    with pytest.raises(NotOfThisFlavor):
        module_of(sample).save_model(object(), tmp_path / "model")
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "journal"])


def test_changed_file_is_never_loaded(sample: Sample, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    stored = [path for path in copy.rglob("*") if path.is_file() and path.stat().st_size > 1]
    changed = max((path for path in stored if path.name not in ENVIRONMENT_FILES | {"digests.json"}), key=size)
    content = changed.read_bytes()
    changed.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    for read in (lambda: load(sample, copy), lambda: mlflow.pyfunc.load_model(str(copy))):
        with pytest.raises(DigestMismatch):
            read()


def size(path: Path) -> int:
    return path.stat().st_size


def test_only_safe_formats_load_where_pickle_is_refused(
    sample: Sample, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    if sample.safe:
        assert load(sample, folder) is not None
        assert mlflow.pyfunc.load_model(str(folder)) is not None
        return
    for read in (lambda: load(sample, folder), lambda: mlflow.pyfunc.load_model(str(folder))):
        with pytest.raises(PickleRefused, match="MLFLOW_TRUSTED_MODELS"):
            read()


def test_unsafe_format_is_named_in_one_warning(
    sample: Sample, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "warn")
    load(sample, folder)
    lines = [record.getMessage() for record in caplog.records if "runs code of its own" in record.getMessage()]
    named = [line for line in lines if f"'{folder}' (sha256 " in line]
    assert len(named) == (0 if sample.safe else 1)


def test_logged_model_loads_by_run_and_by_id(sample: Sample, server: TrackingServer) -> None:
    mlflow.set_tracking_uri(server.url)
    module = module_of(sample)
    log = getattr(module, "log_model", None) or module.log_explainer
    named = {"artifact_path": "model"} if sample.flavor == "spark" else {"name": "model"}
    with mlflow.start_run() as run:
        info = log(sample.make(), **named, **sample.options)
    assert info.model_uri.startswith("models:/m-")
    data = first_input(sample)
    for uri in (info.model_uri, f"runs:/{run.info.run_id}/model"):
        assert_alike(sample.predict(load(sample, uri), data), expected(sample))
    assert_alike(mlflow.pyfunc.load_model(info.model_uri).predict(data), expected(sample))
