"""Files that Keras writes, and calls of its models: shared by the flavors keras and tensorflow."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.models.array_calls import call_with_array

__all__ = ["has_code", "load_keras", "predict_keras"]


def has_code(path: Path) -> bool:
    """Whether a `.keras` file holds code, which Lambda layers do; of other files that is not known, so they count."""
    try:
        with zipfile.ZipFile(path) as archive:
            config = archive.read("config.json")
    except (zipfile.BadZipFile, OSError, KeyError, RuntimeError, NotImplementedError):
        return True
    return b"__lambda__" in config or b'"Lambda"' in config


def load_keras(path: Path, custom_objects: Mapping[str, Any] | None, further: Mapping[str, Any]) -> Any:
    """A stored model; where its file holds code, whoever calls this has admitted that."""
    import keras

    given: dict[str, Any] = {"custom_objects": custom_objects or None}
    if path.suffix == ".keras":
        given["safe_mode"] = not has_code(path)
    return keras.models.load_model(path, **given | dict(further))


def predict_keras(model: Any, data: Any, params: Mapping[str, Any]) -> Any:
    """Predict by arrays, tensors, dictionaries of them, or a frame whose columns are the inputs, or the one input."""
    import pandas as pd

    def call(given: Any) -> Any:
        return model.predict(given, verbose=0, **params)

    names = [getattr(one, "name", None) for one in getattr(model, "inputs", None) or ()]
    if isinstance(data, pd.DataFrame) and len(names) > 1 and set(names) <= set(data.columns):
        return call_with_array(lambda rows: call({name: data[[name]].to_numpy() for name in names}), data)
    return call_with_array(call, data)
