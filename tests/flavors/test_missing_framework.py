"""A model whose framework is not installed says what to install."""

import importlib
import sys
from pathlib import Path

import pytest

from mlflow.models.flavor import Flavor, FrameworkMissing
from mlflow.models.manifest import Model
from tests.flavors.samples import SAMPLES

MODULES = sorted({sample.flavor for sample in SAMPLES})


@pytest.mark.parametrize("name", MODULES)
def test_loading_names_the_package_to_install(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(f"mlflow.{name}")
    flavor: Flavor = module.FLAVOR
    monkeypatch.setitem(sys.modules, flavor.module, None)
    Model().add_flavor(name, code=None).save(tmp_path / "MLmodel")
    load = getattr(module, "load_model", None) or module.load_explainer
    with pytest.raises(FrameworkMissing, match=f"pip install {flavor.distribution}") as caught:
        load(str(tmp_path))
    assert isinstance(caught.value, ImportError)


@pytest.mark.parametrize("name", MODULES)
def test_other_models_are_refused_without_the_framework(name: str, tmp_path: Path) -> None:
    module = importlib.import_module(f"mlflow.{name}")
    if name == "transformers":
        pytest.skip("tells a pipeline by its class, for which it needs transformers")
    with pytest.raises(Exception, match="none of the"):
        module.save_model(object(), tmp_path / "model")
    assert not (tmp_path / "model").exists()
