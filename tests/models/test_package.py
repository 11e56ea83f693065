"""The one mechanism of saving and loading, proven with two flavors."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import pickle
import stat
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
import yaml

import mlflow
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceAlreadyExists, ResourceDoesNotExist
from mlflow.models import Model, ModelSignature, get_model_info, set_signature, update_model_requirements
from mlflow.models.digests import DigestMismatch, FileDigests
from mlflow.models.enforcement import enforce_schema
from mlflow.models.flavor import FrameworkMissing, NotOfThisFlavor
from mlflow.models.package import SaveOptions, load, save
from mlflow.models.pickle_policy import PickleRefused
from mlflow.types import ColSpec, Schema
from tests.fixtures.foreign import Program
from tests.models.flavors import LINE, PICKLED, Line, Steep

EXAMPLE = (pd.DataFrame({"x": [1.0, 2.0]}), {"scale": 2.0})
LOADER = """
import json
class Line:
    def __init__(self, data): self.data = data
    def predict(self, frame, params=None): return frame["x"] * self.data["slope"] * (params or {}).get("scale", 1)
def _load_pyfunc(path): return Line(json.load(open(path)))
"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(LINE, Line(3.0, 1.0), tmp_path / "model", SaveOptions(input_example=EXAMPLE))
    return tmp_path / "model"


@pytest.fixture
def pickled(tmp_path: Path) -> Path:
    save(PICKLED, Line(3.0), tmp_path / "pickled")
    return tmp_path / "pickled"


def test_folder_holds_the_model_and_all_that_describes_it(saved: Path) -> None:
    assert {path.relative_to(saved).as_posix() for path in saved.rglob("*") if path.is_file()} == {
        "MLmodel",
        "conda.yaml",
        "data/line.json",
        "digests.json",
        "input_example.json",
        "python_env.yaml",
        "requirements.txt",
        "serving_input_example.json",
    }


def test_manifest_says_how_the_model_is_loaded_and_what_it_takes(saved: Path) -> None:
    stored = yaml.safe_load((saved / "MLmodel").read_text())
    assert stored["flavors"]["line"] == {"code": None, "digits": None, "line_version": LINE.version()}
    function = stored["flavors"]["python_function"]
    assert (function["loader_module"], function["data"]) == ("line_loader", "data/line.json")
    assert function["env"] == {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}
    sizes = ("data/line.json", "input_example.json", "serving_input_example.json")
    assert stored["model_size_bytes"] == sum((saved / name).stat().st_size for name in sizes)
    signature = Model.load(saved).signature
    assert signature is not None
    assert str(signature.inputs) == "['x': double (required)]"
    assert str(signature.outputs) == "[Tensor('float64', (-1,))]"
    assert str(signature.params) == "['scale': double (default: 2.0)]"


def test_requirements_are_those_of_the_flavor_and_of_the_model(saved: Path) -> None:
    lines = (saved / "requirements.txt").read_text().splitlines()
    assert lines == ["mlflow==3.17.2", f"msgspec=={msgspec.__version__}", f"numpy=={np.__version__}"]


def test_model_is_loaded_as_it_was_and_called_with_enforced_data(saved: Path) -> None:
    loaded = load(LINE, str(saved))
    assert (loaded.model.slope, loaded.model.intercept) == (3.0, 1.0)
    schema = loaded.manifest.get_input_schema()
    assert schema is not None
    data = enforce_schema({"x": [1, 0], "y": [5, 5]}, schema)
    assert LINE.predict is not None
    assert LINE.predict(loaded.model, data, {}, {}).tolist() == [4.0, 1.0]


def test_pickled_model_is_loaded_with_one_warning_that_names_digest_and_way_out(
    pickled: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "mlflow"):
        assert load(PICKLED, f"file://{pickled}").model.slope == 3.0
    assert len(caplog.records) == 1
    digest = FileDigests.of(pickled).model_digest()
    message = caplog.records[0].getMessage()
    assert digest in message
    assert "Safer: save it with the line flavor, which stores JSON." in message
    assert "\n" not in message


def test_safe_model_is_loaded_without_a_word(
    saved: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    with caplog.at_level(logging.INFO, "mlflow"):
        load(LINE, saved)
    assert caplog.records == []


@pytest.mark.parametrize(
    "setting",
    [("MLFLOW_PICKLE_POLICY", "refuse"), ("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")],
    ids=["policy", "published"],
)
def test_settings_refuse_pickled_models_but_for_trusted_ones(
    setting: tuple[str, str], pickled: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(*setting)
    with pytest.raises(PickleRefused, match="MLFLOW_TRUSTED_MODELS") as caught:
        load(PICKLED, pickled)
    digest = FileDigests.of(pickled).model_digest()
    assert digest in caught.value.message
    for trusted in (digest, f"sha256:{digest.upper()}", f"models:/other,{pickled.parent}", str(pickled)):
        monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", trusted)
        assert load(PICKLED, pickled).model.slope == 3.0
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", f"{str(pickled)[:-1]},{digest[:-1]}")
    with pytest.raises(PickleRefused):
        load(PICKLED, pickled)
    assert caplog.records == []


def test_safe_model_that_brings_code_counts_as_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fractions.py").write_text("raise SystemExit('whoever imports fractions later has this one')")
    save(LINE, Line(3.0), tmp_path / "model", SaveOptions(code_paths=[tmp_path / "fractions.py"]))
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(PickleRefused, match=r"stored as code.*, or save it without code_paths"):
        load(LINE, tmp_path / "model")
    assert str(tmp_path / "model" / "code") not in sys.path
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", FileDigests.of(tmp_path / "model").model_digest())
    assert load(LINE, tmp_path / "model").model.slope == 3.0


def test_trust_in_a_digest_is_not_in_what_was_added_since(pickled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", FileDigests.of(pickled).model_digest())
    (pickled / "other.pkl").write_bytes(pickle.dumps(Line(4.0)))
    manifest = pickled / "MLmodel"  # which may be edited, and so could name the other file
    manifest.write_text(manifest.read_text().replace("model.pkl", "other.pkl"))
    with pytest.raises(PickleRefused):
        load(PICKLED, pickled)


def test_trust_in_a_folder_ends_where_a_path_leads_out_of_it(
    pickled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trusted").mkdir()
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", str(tmp_path / "trusted"))
    with pytest.raises(PickleRefused):
        load(PICKLED, f"{tmp_path}/trusted/../{pickled.name}")


def test_allowing_policy_is_silent(
    pickled: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    load(PICKLED, pickled)
    assert caplog.records == []


def test_changed_missing_and_added_files_are_never_loaded(pickled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "allow")
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", str(pickled))
    content = (pickled / "model.pkl").read_bytes()
    (pickled / "model.pkl").write_bytes(pickle.dumps(Line(4.0)))
    with pytest.raises(DigestMismatch, match=r"'model\.pkl' changed"):
        load(PICKLED, pickled)
    (pickled / "model.pkl").unlink()
    with pytest.raises(DigestMismatch, match=r"'model\.pkl' is missing"):
        load(PICKLED, pickled)
    (pickled / "model.pkl").write_bytes(content)
    (pickled / "code").mkdir()
    (pickled / "code/numpy.py").write_text("raise SystemExit")
    with pytest.raises(DigestMismatch, match=r"'code/numpy\.py' was added"):
        load(PICKLED, pickled)
    (pickled / "digests.json").write_text("{}")
    with pytest.raises(DigestMismatch, match="cannot be read"):
        load(PICKLED, pickled)


def test_edited_signature_and_requirements_leave_a_model_loadable(saved: Path) -> None:
    set_signature(str(saved), ModelSignature(Schema([ColSpec("float", "x")])))
    update_model_requirements(str(saved), "add", ["scipy"])
    (saved / "registered_model_meta").write_text("model_name: m\nmodel_version: '1'\n")
    assert load(LINE, saved).manifest.get_input_schema() == Schema([ColSpec("float", "x")])


def test_model_without_digests_is_loaded_as_those_of_the_published_package_are(
    pickled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_PICKLE_POLICY", "refuse")
    monkeypatch.setenv("MLFLOW_TRUSTED_MODELS", FileDigests.of(pickled).model_digest())
    (pickled / "digests.json").unlink()
    assert load(PICKLED, pickled).model.slope == 3.0


def test_model_digest_is_what_sha256sum_of_the_files_hashes_to(saved: Path) -> None:
    digests = FileDigests.read(saved)
    assert digests is not None
    names = ["data/line.json", "input_example.json", "serving_input_example.json"]
    listing = "".join(f"{hashlib.sha256((saved / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    assert digests.model_digest() == hashlib.sha256(listing.encode()).hexdigest()
    assert json.loads((saved / "digests.json").read_text())["algorithm"] == "sha256"


def test_code_and_further_files_travel_with_the_model(tmp_path: Path) -> None:
    (tmp_path / "line_extra.py").write_text("FACTOR = 2\n")
    (tmp_path / "note.txt").write_text("note")
    options = SaveOptions(code_paths=[tmp_path / "line_extra.py"], extra_files=[tmp_path / "note.txt"])
    manifest = save(LINE, Line(1.0), tmp_path / "model", options, digits=3)
    config = manifest.flavors["line"]
    assert (config["code"], config["digits"]) == ("code", 3)
    assert config["extra_files"] == [{"path": "extra_files/note.txt"}]
    assert manifest.flavors["python_function"]["code"] == "code"
    assert (tmp_path / "model/extra_files/note.txt").read_text() == "note"


def test_further_files_come_from_paths_and_uris_and_each_has_its_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "note.txt").write_text(name)
    first, second = tmp_path / "one/note.txt", tmp_path / "two/note.txt"
    manifest = save(LINE, Line(1.0), tmp_path / "model", SaveOptions(extra_files=iter([first.as_uri()])))
    assert manifest.flavors["line"]["extra_files"] == [{"path": "extra_files/note.txt"}]
    assert (tmp_path / "model/extra_files/note.txt").read_text() == "one"
    with pytest.raises(InvalidParameterValue, match=r"two/note\.txt' has the name of another one"):
        save(LINE, Line(1.0), tmp_path / "other", SaveOptions(extra_files=[first, second]))
    with pytest.raises(TypeError, match=r"Pass a list"):
        save(LINE, Line(1.0), tmp_path / "other", SaveOptions(extra_files=str(first)))
    assert not (tmp_path / "other").exists()


def test_manifest_metadata_and_environment_of_the_user_are_used(tmp_path: Path) -> None:
    given = Model(model_id="m-1", run_id="r")
    options = SaveOptions(mlflow_model=given, metadata={"team": "a"}, pip_requirements=["scipy"], signature=False)
    assert save(LINE, Steep(1.0), tmp_path / "model", options) is given
    stored = Model.load(tmp_path / "model")
    assert (stored.model_id, stored.metadata, stored.signature) == ("m-1", {"team": "a"}, None)
    assert (tmp_path / "model/requirements.txt").read_text() == "mlflow==3.17.2\nscipy"


def test_example_that_the_model_cannot_take_is_kept_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    manifest = save(LINE, Line(1.0), tmp_path / "model", SaveOptions(input_example=pd.DataFrame({"z": [1.5]})))
    assert "could not be called with its input example" in caplog.text
    assert manifest.signature is not None
    assert (str(manifest.signature.inputs), manifest.signature.outputs) == ("['z': double (required)]", None)


def test_example_that_the_signature_does_not_take_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    signature = ModelSignature(Schema([ColSpec("string", "z")]))
    save(LINE, Line(3.0), tmp_path / "model", SaveOptions(input_example=EXAMPLE, signature=signature))
    assert "does not fit the signature" in caplog.text
    assert "missing inputs ['z']" in caplog.text
    fitting = ModelSignature(Schema([ColSpec("double", "x")]))
    caplog.clear()
    save(LINE, Line(3.0), tmp_path / "other", SaveOptions(input_example=EXAMPLE, signature=fitting))
    assert "does not fit" not in caplog.text


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (SaveOptions(metadata={"x": object()}), InvalidParameterValue),
        (SaveOptions(code_paths=["absent"]), InvalidParameterValue),
        (SaveOptions(extra_files=["absent"]), InvalidParameterValue),
        (SaveOptions(input_example={1, 2}), InvalidParameterValue),
        (SaveOptions(pip_requirements="absent.txt"), ResourceDoesNotExist),
        (SaveOptions(pip_requirements=["a"], conda_env={}), InvalidParameterValue),
    ],
    ids=["metadata", "code", "extra files", "example", "requirements", "environment"],
)
def test_failed_save_leaves_nothing_behind(options: SaveOptions, error: type[MlflowException], tmp_path: Path) -> None:
    with pytest.raises(error):
        save(LINE, Line(1.0), tmp_path / "parent/model", options)
    assert list((tmp_path / "parent").iterdir()) == []


def test_model_that_cannot_be_pickled_leaves_nothing_behind(tmp_path: Path) -> None:
    line = Line(1.0)
    line.slope = lambda: 1.0  # type: ignore[assignment] # what makes it so
    with pytest.raises(pickle.PicklingError, match=r"cannot be pickled: AttributeError.*out of the model"):
        save(PICKLED, line, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_folder_with_something_in_it_is_not_overwritten(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(ResourceAlreadyExists, match="already exists and is not empty"):
        save(LINE, Line(9.0), saved)
    assert load(LINE, saved).model.slope == 3.0
    (tmp_path / "empty").mkdir()
    save(LINE, Line(2.0), tmp_path / "empty")
    assert load(LINE, tmp_path / "empty").model.slope == 2.0


def test_folder_is_private_while_it_is_made_and_has_usual_rights_after(tmp_path: Path) -> None:
    seen = []

    def dump(model: Any, path: Path, options: Any) -> dict[str, Any]:
        seen.append(stat.S_IMODE(path.parent.parent.stat().st_mode))
        path.write_text('{"slope": 1}')
        return {}

    mask = os.umask(0o022)
    try:
        save(msgspec.structs.replace(LINE, dump=dump), Line(1.0), tmp_path / "model")
    finally:
        os.umask(mask)
    assert seen == [0o700]
    assert stat.S_IMODE((tmp_path / "model").stat().st_mode) == 0o755


def test_models_of_other_kinds_are_refused(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(NotOfThisFlavor, match=r"class 'builtins\.dict' is none of the line flavor"):
        save(LINE, {}, tmp_path / "other")
    with pytest.raises(InvalidParameterValue, match=r"no flavor 'pickled'.*\['line', 'python_function'\]"):
        load(PICKLED, saved)
    with pytest.raises(ResourceDoesNotExist):
        load(LINE, tmp_path / "absent")


def test_model_of_a_run_is_read_and_loaded_by_its_uri(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'runs.db'}")
    with mlflow.start_run() as run:
        mlflow.log_artifacts(str(saved), "line")
    uri = f"runs:/{run.info.run_id}/line"
    assert get_model_info(uri).flavors["line"]["line_version"] == LINE.version()
    loaded = load(LINE, uri, tmp_path / "down")
    assert (loaded.model.slope, loaded.folder) == (3.0, tmp_path / "down/line")
    with pytest.raises(InvalidParameterValue, match="not a folder of this machine"):
        update_model_requirements(uri, "add", ["scipy"])
    with pytest.raises(ResourceDoesNotExist):
        get_model_info(f"runs:/{run.info.run_id}/absent")


def test_missing_framework_says_what_to_install(saved: Path) -> None:
    absent = msgspec.structs.replace(LINE, module="no_such_framework", distribution="no-such-framework")
    with pytest.raises(FrameworkMissing, match="pip install no-such-framework") as caught:
        load(absent, saved)
    assert isinstance(caught.value, ImportError)


def test_manifest_cannot_name_a_model_file_elsewhere(saved: Path) -> None:
    model = Model.load(saved)
    model.flavors["python_function"]["data"] = "../../secret.json"
    model.save(saved / "MLmodel")
    with pytest.raises(InvalidParameterValue, match="not inside the model"):
        load(LINE, saved)
    model.flavors["python_function"]["data"] = "absent.json"
    model.save(saved / "MLmodel")
    with pytest.raises(ResourceDoesNotExist, match=r"no file 'absent\.json'"):
        load(LINE, saved)


@pytest.mark.oracle
def test_published_package_loads_and_predicts_our_model(tmp_path: Path, run_published: Program) -> None:
    (tmp_path / "line_loader.py").write_text(LOADER)
    options = SaveOptions(code_paths=[tmp_path / "line_loader.py"], input_example=EXAMPLE)
    save(LINE, Line(3.0), tmp_path / "model", options)
    printed = run_published(
        "import mlflow, pandas\n"
        f"model = mlflow.pyfunc.load_model({str(tmp_path / 'model')!r})\n"
        "print(model.predict(pandas.DataFrame({'x': [1.0, 2.0], 'z': [0, 0]}), params={'scale': 2.0}).tolist())\n"
        "print(model.predict(pandas.DataFrame({'x': [1.0]})).tolist(), model.input_example[0:1].values.tolist())"
    )
    assert printed.splitlines() == ["[6.0, 12.0]", "[6.0] [[1.0]]"]


@pytest.mark.oracle
def test_folder_of_the_published_package_is_read_here(tmp_path: Path, run_published: Program) -> None:
    (tmp_path / "line_loader.py").write_text(LOADER)
    (tmp_path / "line.json").write_text('{"slope": 2.0}')
    run_published(
        "import mlflow, pandas\n"
        "mlflow.pyfunc.save_model('model', loader_module='line_loader', data_path='line.json',\n"
        "    code_paths=['line_loader.py'], pip_requirements=['numpy'], metadata={'a': 1},\n"
        "    input_example=(pandas.DataFrame({'x': [1.0]}), {'scale': 2.0}))"
    )
    manifest = Model.load(tmp_path / "model")
    assert manifest.to_yaml() == (tmp_path / "model/MLmodel").read_text()
    assert manifest.load_input_example(tmp_path / "model")["x"].tolist() == [1.0]
    assert manifest.load_input_example_params(tmp_path / "model") == {"scale": 2.0}
    as_line = msgspec.structs.replace(LINE, name="python_function")
    assert load(as_line, tmp_path / "model").model.slope == 2.0
