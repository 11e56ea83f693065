"""Files of the user's own: whatever a function returns, written in the format that fits it."""

from __future__ import annotations

import json
import logging
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mlflow.evaluation.artifacts import KINDS
from mlflow.evaluation.json_values import plain
from mlflow.exceptions import InvalidParameterValue, MlflowException
from mlflow.temporary_folders import temporary_folder

__all__ = ["CustomArtifactFailed", "make_files"]

_LOG = logging.getLogger(__name__)


class CustomArtifactFailed(MlflowException):
    """A function that makes files raised an error."""


def make_files(functions: Any, frame: Any, metrics: Mapping[str, Any]) -> Iterator[tuple[str, Path, Any]]:
    """The files that functions make, one by one; each is there until the next is asked for.

    Args:
        functions: called as `function(eval_df, builtin_metrics, artifacts_dir)`, return a dictionary of name to
            DataFrame, array, figure, path of a file, or what JSON can hold; anything else is pickled.
        frame: the columns `prediction` and `target`.
        metrics: the figures found before.

    Yields:
        The artifact's name, the local file, and its content where that is known without reading the file.

    Raises:
        InvalidParameterValue: there is no list of functions, or one returned what no file can be made of.
        CustomArtifactFailed: a function raised an error; the message names function and error.
    """
    for index, function in enumerate(_checked(functions)):
        called = f"'{getattr(function, '__name__', function)}' at index {index} of custom_artifacts"
        with temporary_folder("made") as made, temporary_folder("kept") as kept:
            returned = _call(function, called, frame, dict(metrics), str(made))
            for name, value in returned.items():
                path, content = _written(value, name, kept, called)
                yield name, path, content


def _checked(functions: Any) -> list[Callable[..., Any]]:
    given = [] if functions is None else functions
    if not isinstance(given, (list, tuple)) or not all(map(callable, given)):
        raise InvalidParameterValue(f"custom_artifacts are '{functions}'. Give a list of functions.")
    return list(given)


def _call(
    function: Callable[..., Any], called: str, frame: Any, metrics: dict[str, Any], folder: str
) -> dict[str, Any]:
    try:
        returned = function(frame, metrics, folder)
    except Exception as exc:
        raise CustomArtifactFailed(f"Function {called} failed: {type(exc).__name__}: {exc}") from exc
    if not isinstance(returned, dict) or not all(isinstance(name, str) for name in returned):
        _LOG.warning("Function %s is left out: it returned no dictionary of names to artifacts.", called)
        return {}
    return returned


def _written(value: Any, name: str, folder: Path, called: str) -> tuple[Path, Any]:
    """The file of one artifact, and its content where it need not be read."""
    import numpy as np
    import pandas as pd

    if isinstance(value, (str, Path)):
        return _of_text(value, name, folder, called)
    if isinstance(value, pd.DataFrame):
        value.to_csv(path := folder / f"{name}.csv", index=False)
        return path, value
    if isinstance(value, np.ndarray) and value.dtype != object:
        np.save(path := folder / f"{name}.npy", value, allow_pickle=False)
        return path, value
    if hasattr(value, "savefig"):
        value.savefig(path := folder / f"{name}.png")
        return path, None
    try:
        return _document(value, name, folder)
    except TypeError:
        return _pickled(value, name, folder, called)


def _document(value: Any, name: str, folder: Path) -> tuple[Path, Any]:
    if hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0:
        raise TypeError("a column is no document")
    text = json.dumps(value, default=plain)
    (path := folder / f"{name}.json").write_text(text, encoding="utf-8")
    return path, json.loads(text)


def _of_text(value: str | Path, name: str, folder: Path, called: str) -> tuple[Path, Any]:
    """A text is the path of a file, or a JSON document."""
    source = Path(value)
    try:
        is_file = source.is_file()
    except OSError:  # too long for a path
        is_file = False
    if is_file:
        extension = source.suffix.lower()
        if extension not in KINDS:
            raise InvalidParameterValue(
                f"Function {called} returned the file '{value}' as artifact '{name}'. "
                f"Files may end in {', '.join(KINDS)}."
            )
        path = folder / f"{name}{extension}"
        shutil.copyfile(source, path)
        return path, None
    try:
        return _document(json.loads(str(value)), name, folder)
    except ValueError as exc:
        raise InvalidParameterValue(
            f"Function {called} returned '{str(value)[:100]}' as artifact '{name}', which is neither an existing file "
            "nor a JSON document. Write the text to a .txt file in artifacts_dir and return its path."
        ) from exc


def _pickled(value: Any, name: str, folder: Path, called: str) -> tuple[Path, Any]:
    try:
        (path := folder / f"{name}.pickle").write_bytes(pickle.dumps(value))
    except (pickle.PicklingError, TypeError, AttributeError) as exc:
        raise InvalidParameterValue(
            f"Function {called} returned a '{type(value).__name__}' as artifact '{name}', which cannot be pickled: "
            f"{exc}. Return a DataFrame, array, figure, dictionary, or the path of a file."
        ) from exc
    return path, value
