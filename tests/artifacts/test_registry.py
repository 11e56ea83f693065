from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from mlflow.artifacts.local import LocalStore
from mlflow.artifacts.paths import ArtifactPath, Location
from mlflow.artifacts.plugins import PluginStore
from mlflow.artifacts.registry import Access, open_store, schemes
from mlflow.exceptions import MlflowException

CLASSIC = "tests.artifacts.classic_repository:ClassicRepository"


@pytest.mark.parametrize("form", ["{0}", "file:{0}", "file://{0}"])
def test_local_folder_is_a_store(tmp_path: Path, form: str) -> None:
    store = open_store(form.format(tmp_path / "x"))
    assert isinstance(store, LocalStore)
    assert store.root == tmp_path / "x"


def test_unknown_scheme_is_named_with_those_known() -> None:
    with pytest.raises(
        MlflowException, match="Could not find a registered artifact repository for: foo://x/y"
    ) as caught:
        open_store("foo://x/y")
    assert all(repr(scheme) in caught.value.message for scheme in schemes())


def test_plugin_is_made_with_the_uris_of_the_session(tmp_path: Path) -> None:
    point = EntryPoint("classic", CLASSIC, "mlflow.artifact_repository")
    store = PluginStore.load(point, Location("classic", "", ArtifactPath(("x",))), Access("http://h"))
    assert store._repository.tracking_uri == "http://h"


def test_plugin_that_cannot_be_loaded_is_named() -> None:
    point = EntryPoint("classic", "no_such_module:Thing", "mlflow.artifact_repository")
    with pytest.raises(MlflowException, match="'no_such_module:Thing' for 'classic:' cannot be loaded"):
        PluginStore.load(point, Location("classic"), Access())
