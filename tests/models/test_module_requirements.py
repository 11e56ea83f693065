"""What a model needs, told from its pickle and from its code; and its own code, copied and imported."""

from __future__ import annotations

import json
import pickle
import sys
import types
from collections import OrderedDict
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd
import pytest
import yaml

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.code_paths import copy_code, import_code, infer_code_paths
from mlflow.models.module_requirements import code_modules, distributions, pickle_modules, pins


class Scaler:
    """A model of this test's own: its code is looked into because this module belongs to no distribution."""

    def predict(self, data: Any) -> Any:
        import msgspec

        return [self._one(item) for item in data] or msgspec

    @staticmethod
    def _one(item: Any) -> Any:
        return [yaml.safe_load(value) for value in (item,)]


def test_modules_belong_to_distributions_by_the_names_that_pip_knows() -> None:
    assert distributions({"yaml", "sklearn.base", "os", "mlflow.models", "no_such_module"}) == [
        "PyYAML",
        "scikit-learn",
    ]
    assert pins({"numpy.linalg"}) == [f"numpy=={version('numpy')}"]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_names_its_modules_without_being_run(protocol: int, tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps([np.array([1.5]), pd.Series([1]), OrderedDict()], protocol=protocol))
    assert {"numpy", "pandas", "collections"} <= {name.partition(".")[0] for name in pickle_modules(path)}


def test_cloudpickle_names_the_modules_that_its_functions_use(tmp_path: Path) -> None:
    module = types.ModuleType("made_up")
    exec("import json, yaml\nimport numpy as np\ndef f(x): return np.sum(json.loads(yaml.dump(x)))", vars(module))
    module.f.__module__ = "__main__"
    path = tmp_path / "model.pkl"
    path.write_bytes(cloudpickle.dumps(module.f))
    assert {"json", "yaml", "numpy"} <= pickle_modules(path)


def test_pickle_that_runs_code_is_only_read(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "exploded",)

    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(Bomb()))
    assert "pathlib" in pickle_modules(path)
    assert not (tmp_path / "exploded").exists()


def test_file_that_is_no_pickle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(b"no pickle")
    with pytest.raises(ValueError, match="opcode"):
        pickle_modules(path)


def test_code_tells_imports_inside_functions_and_modules_it_refers_to() -> None:
    found = code_modules(Scaler())
    assert {"msgspec", "yaml"} <= found
    assert "sklearn" not in found
    assert "json" in code_modules(lambda text: json.loads(text))


def test_code_of_installed_packages_is_named_not_followed() -> None:
    assert distributions(code_modules(pd.DataFrame)) == ["pandas"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "project"
    (folder / "pkg/sub/__pycache__").mkdir(parents=True)
    (folder / "pkg/.git").mkdir()
    for name in ("pkg/__init__.py", "pkg/sub/a.py", "pkg/sub/__pycache__/a.pyc", "pkg/.git/config", "pkg/data.bin"):
        (folder / name).write_text("x = 1\n")
    (folder / "single_made.py").write_text("import pkg\ndef f(): return pkg.x\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        del sys.modules[name]


def test_code_is_copied_without_caches_and_repositories(project: Path, tmp_path: Path) -> None:
    assert copy_code([project / "pkg", str(project / "single_made.py")], tmp_path) == "code"
    found = {path.relative_to(tmp_path / "code").as_posix() for path in (tmp_path / "code").rglob("*")}
    assert found == {"pkg", "pkg/__init__.py", "pkg/data.bin", "pkg/sub", "pkg/sub/a.py", "single_made.py"}


def test_no_code_paths_make_no_folder(tmp_path: Path) -> None:
    assert copy_code([], tmp_path) is None
    assert copy_code(None, tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("paths", "message"),
    [(["absent"], "'absent' cannot be copied"), ("pkg", "Pass a list"), (["pkg", "pkg"], "name of another one")],
    ids=["absent", "text", "twice"],
)
def test_broken_code_paths_are_refused(paths: Any, message: str, tmp_path: Path) -> None:
    Path("pkg").mkdir()
    (tmp_path / "model").mkdir()
    with pytest.raises(InvalidParameterValue, match=message):
        copy_code(paths, tmp_path / "model")


def test_folder_that_holds_the_model_is_not_copied_into_it(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(InvalidParameterValue, match="holds the folder that the model is saved to"):
        copy_code(["."], tmp_path / "model")


def test_copied_code_can_be_imported(project: Path, tmp_path: Path) -> None:
    (project / "pkg/__init__.py").write_text("x = 'copied'\n")
    copy_code([project / "pkg"], tmp_path)
    (project / "pkg/__init__.py").write_text("x = 'changed'\n")
    import_code(tmp_path, "code")
    import_code(tmp_path, "code")
    assert import_module("pkg").x == "copied"
    assert sys.path.count(str((tmp_path / "code").resolve())) == 1


def test_manifest_cannot_have_code_from_elsewhere_imported(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterValue, match="not inside the model"):
        import_code(tmp_path, "../elsewhere")


def test_own_modules_of_a_function_are_found(project: Path) -> None:
    assert infer_code_paths(import_module("single_made").f) == [project / "pkg", project / "single_made.py"]
