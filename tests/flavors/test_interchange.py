"""Models saved here load and predict in the published package, and the other way round; the programs are the same."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.foreign import BRIEFLY, run_program

pytestmark = [pytest.mark.oracle, pytest.mark.frameworks, pytest.mark.timeout(900), pytest.mark.long]

ROOT = Path(__file__).resolve().parents[2]

SAVE = """
import sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import mlflow
assert ("+" in mlflow.__version__) == (sys.argv[1] == "here"), mlflow.__version__
from tests.flavors import small_models
import numpy as np

folder = Path(sys.argv[2])
# requirements are given, as the published package would spend half a minute a model on finding them
given = {"pip_requirements": ["numpy"]}
mlflow.xgboost.save_model(small_models.booster(), str(folder / "xgboost"), input_example=small_models.FRAME, **given)
mlflow.xgboost.save_model(small_models.xgboost_classifier(), str(folder / "xgboost-estimator"), **given)
mlflow.lightgbm.save_model(small_models.light_booster(), str(folder / "lightgbm"), **given)
mlflow.lightgbm.save_model(small_models.light_classifier(), str(folder / "lightgbm-estimator"), **given)
network = small_models.network()
mlflow.pytorch.save_model(network, str(folder / "pytorch-pickled"), serialization_format="pickle", **given)
mlflow.pytorch.save_model(network, str(folder / "pytorch-exported"), input_example=small_models.ROWS, **given)
mlflow.onnx.save_model(small_models.onnx_model(), str(folder / "onnx"), **given)
"""
LOAD = """
import json, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import mlflow
assert ("+" in mlflow.__version__) == (sys.argv[1] == "here"), mlflow.__version__
from tests.flavors import small_models
import numpy as np
import torch

def numbers(answer):
    answer = next(iter(answer.values())) if isinstance(answer, dict) else answer
    return np.squeeze(np.asarray(answer)).astype(float).round(4).tolist()

def native(name, model):
    if name == "xgboost":
        return small_models.by_matrix(model, small_models.FRAME)
    if name.startswith("pytorch"):
        return small_models.by_torch(model, small_models.ROWS)
    return small_models.by_onnx(model, small_models.ROWS) if name == "onnx" else model.predict(small_models.X)

found = {"here": {}, "published": {}}
for path in sorted(Path(sys.argv[2]).glob("*/*")):
    name = path.name
    data = small_models.FRAME if name == "xgboost" else small_models.ROWS if name[0] in "po" else small_models.X
    loaded = getattr(mlflow, name.partition("-")[0]).load_model(str(path))
    function = mlflow.pyfunc.load_model(str(path))
    found[path.parent.name][name] = [numbers(native(name, loaded)), numbers(function.predict(data))]
print(json.dumps(found))
"""
MODELS = [
    "lightgbm", "lightgbm-estimator", "onnx", "pytorch-exported", "pytorch-pickled", "xgboost", "xgboost-estimator",
]  # fmt: skip
SIDES = ["here", "published"]


class Interchange:
    """Folders of models by the side that saved them, and what each side predicts with each folder."""

    def __init__(self, ours: str, published: str, folder: Path) -> None:
        self._pythons = {"here": ours, "published": published}
        self._folder = folder
        self._foreign = frameworks_for(published, ours, folder)
        for side in SIDES:
            (folder / "models" / side).mkdir(parents=True)
        self._run("here", SAVE)
        told = {"published": self._run("published", SAVE, LOAD), "here": self._run("here", LOAD)}  # imports take long
        self.predictions = {
            (saver, loader): predictions
            for loader, printed in told.items()
            for saver, predictions in json.loads(printed.splitlines()[-1]).items()
        }

    def _run(self, side: str, *programs: str) -> str:
        """Run programs of a side one after the other in one process, and return what they print."""
        places = {SAVE: self._folder / "models" / side, LOAD: self._folder / "models"}
        parts = [f"import sys; sys.argv = ['-', {side!r}, {str(places[each])!r}]\n{each}" for each in programs]
        source = "\n".join(parts)
        quiet = {**BRIEFLY, "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(ROOT)}
        environment = quiet if side == "here" else quiet | self._foreign
        return run_program(self._pythons[side], source, self._folder, environment, seconds=400)


def frameworks_for(published: str, ours: str, folder: Path) -> dict[str, str]:
    """What lets the published package import the frameworks: their folder comes after its own packages."""
    command = [ours, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    place = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    (folder / "sitecustomize.py").write_text(f"import sys; sys.path.append({place!r})\n")
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}


@pytest.fixture(scope="module")
def interchange(frameworks_python: str, oracle_python: str, tmp_path_factory: pytest.TempPathFactory) -> Interchange:
    return Interchange(frameworks_python, oracle_python, tmp_path_factory.mktemp("interchange"))


@pytest.mark.parametrize("name", MODELS)
def test_model_saved_here_predicts_in_the_published_package(interchange: Interchange, name: str) -> None:
    assert interchange.predictions["here", "published"][name] == interchange.predictions["here", "here"][name]


@pytest.mark.parametrize("name", MODELS)
def test_model_of_the_published_package_predicts_here(interchange: Interchange, name: str) -> None:
    assert interchange.predictions["published", "here"][name] == interchange.predictions["published", "published"][name]


@pytest.mark.parametrize("name", MODELS)
def test_native_model_and_function_agree(interchange: Interchange, name: str) -> None:
    for predictions in interchange.predictions.values():
        native, function = predictions[name]
        assert native == function
