"""Two flavors, declared as those of frameworks are: one that stores JSON, one that pickles."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mlflow.models.flavor import Flavor


class Line:
    """y = slope · x + intercept; of a framework that this stands for."""

    def __init__(self, slope: float, intercept: float = 0.0) -> None:
        self.slope = slope
        self.intercept = intercept

    def predict(self, frame: Any, scale: float = 1.0) -> Any:
        return frame["x"].to_numpy() * self.slope * scale + self.intercept


class Steep(Line):
    """A subclass, which the flavor takes too."""


def _dump_json(model: Line, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    path.write_text(json.dumps({"slope": model.slope, "intercept": model.intercept}))
    return {"digits": options.get("digits")}


def _load_json(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Line:
    return Line(**json.loads(path.read_text()))


def _dump_pickle(model: Line, path: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    path.write_bytes(pickle.dumps(model))
    return {"serialization_format": "pickle"}


def _load_pickle(path: Path, config: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    return pickle.loads(path.read_bytes())


def _predict(model: Line, data: Any, params: Mapping[str, Any], config: Mapping[str, Any]) -> Any:
    return np.asarray(model.predict(data, **params))


def _needs(model: Line, path: Path) -> Iterable[str]:
    return ["numpy"]


LINE = Flavor(
    name="line",
    distribution="msgspec",
    module="msgspec",
    handles=("tests.models.flavors.Line",),
    loader_module="line_loader",
    file="data/line.json",
    dump=_dump_json,
    load=_load_json,
    predict=_predict,
    is_safe=lambda config: True,
    needs=_needs,
)

PICKLED = Flavor(
    name="pickled",
    distribution="msgspec",
    module="msgspec",
    handles=("tests.models.flavors.Line",),
    loader_module="line_loader",
    file="model.pkl",
    dump=_dump_pickle,
    load=_load_pickle,
    predict=_predict,
    data_key="model_path",
    alternative="save it with the line flavor, which stores JSON",
)
