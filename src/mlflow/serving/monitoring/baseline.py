"""What requests are compared with: a profile that is given, recorded with the model, or made of its training data."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlflow.artifacts.reading import local_artifact
from mlflow.exceptions import InvalidParameterValue, MlflowException, ResourceDoesNotExist
from mlflow.models.frames import PREDICTION, inputs_frame, predictions_frame
from mlflow.models.manifest import Model
from mlflow.models.places import model_folder
from mlflow.models.profile import Profile, profile_of, read_profile
from mlflow.models.serving_input import ServingInput
from mlflow.models.training_profile import PROFILE_FILE
from mlflow.serving.answers import encode_answer
from mlflow.serving.batch.inputs import find_inputs, form_of, read_pieces
from mlflow.serving.scorer import Scorer
from mlflow.serving.variants import at_version, moving_reference, version_of
from mlflow.temporary_folders import temporary_folder
from mlflow.tracking.training_inputs import TRAINING_CONTEXTS

__all__ = ["PROFILE_FILE", "baseline_of", "find_baseline", "keep_profile", "profile_rows"]

_LOG = logging.getLogger(__name__)
_MOST_ROWS = 200_000


def find_baseline(model_uri: str, given: str | None) -> Profile | None:
    """The profile for a model.

    Args:
        model_uri: the model.
        given: a profile or a table of rows, as path or URI; None for what is recorded: the file PROFILE_FILE of the
            model's run, or in its folder, or the training data that its run names.

    Raises:
        MlflowException: what is given cannot be read.
    """
    if given is None:
        return _recorded(model_uri)
    if Path(given).exists():
        return _given(Path(given), given, model_uri)
    with local_artifact(given) as path:
        return _given(path, given, model_uri)


def baseline_of(model_uri: str, given: str | None) -> tuple[Profile | None, Callable[[str], Profile | None] | None]:
    """The profile for a model, and what finds that of another version when its URI leads there; None if it never does.

    Raises:
        MlflowException: what is given cannot be read, or there is no such model.
    """
    reference = moving_reference(model_uri)
    if reference is None:
        return find_baseline(model_uri, given), None

    def find(version: str) -> Profile | None:
        return find_baseline(at_version(reference, version), given)

    return find(version_of(reference)), find


def profile_rows(path: Path, model_uri: str) -> Profile:
    """The profile of a table in a file or folder, of the first 200,000 rows.

    Predictions are those in a column `prediction`, else what the model answers for the rows.

    Raises:
        MlflowException: the table cannot be read, or the model fails for it.
    """
    scorer = Scorer.load(model_uri)
    frame = _rows(path, scorer)
    schema = scorer.model.input_schema
    if schema is not None and not schema.is_tensor_spec() and schema.has_input_names():
        inputs = frame[[name for name in schema.input_names() if name in frame.columns]]
    else:
        inputs = frame.drop(columns=[PREDICTION], errors="ignore")
    known = frame[[PREDICTION]] if PREDICTION in frame.columns else _predicted(scorer, inputs)
    columns = {} if known is None else {name: known[name] for name in known.columns}
    return profile_of(inputs_frame(inputs), columns)


def keep_profile(profile: Profile, model_uri: str, path: Path | None) -> str:
    """Write a profile to a file, or among the files of the model's run; returns where.

    Raises:
        InvalidParameterValue: no file is named, and the model is of no run.
    """
    if path is not None:
        path.write_text(profile.to_json(), encoding="utf-8")
        return str(path)
    run_id = Model.load(model_folder(model_uri)).run_id
    if run_id is None:
        raise InvalidParameterValue(
            f"Model '{model_uri}' is of no run that could keep the profile. Name a file for it."
        )
    from mlflow.tracking.client import MlflowClient

    MlflowClient().log_text(run_id, profile.to_json(), PROFILE_FILE)
    return f"runs:/{run_id}/{PROFILE_FILE}"


def _rows(path: Path, scorer: Scorer) -> Any:
    import pandas as pd

    files, form = find_inputs(path, None)
    if form == "json":
        raise InvalidParameterValue(
            f"'{path}' is one scoring request, not a table of rows. Give CSV, Parquet, JSON Lines, or a profile."
        )
    pieces = read_pieces(files, form, scorer.model.input_schema, 10_000)
    frames = [piece.given.data for piece in itertools.islice(pieces, _MOST_ROWS // 10_000)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _predicted(scorer: Scorer, inputs: Any) -> Any | None:
    answer = json.loads(encode_answer(scorer.predict(ServingInput(inputs))))
    return predictions_frame(answer["predictions"])


def _given(path: Path, named: str, model_uri: str) -> Profile:
    if path.is_file() and form_of(path) == "json":
        return read_profile(path.read_bytes(), named)
    return profile_rows(path, model_uri)


def _recorded(model_uri: str) -> Profile | None:
    folder = model_folder(model_uri)
    file, run_id = folder / PROFILE_FILE, Model.load(folder).run_id
    beside = read_profile(file.read_bytes(), str(file)) if file.is_file() else None
    if run_id is None:
        return beside
    try:
        with local_artifact(run_id=run_id, artifact_path=PROFILE_FILE) as path:
            return read_profile(path.read_bytes(), f"runs:/{run_id}/{PROFILE_FILE}")
    except ResourceDoesNotExist:
        if beside is not None and beside.predictions:
            return beside
        return _of_training_data(run_id, model_uri) or beside


def _of_training_data(run_id: str, model_uri: str) -> Profile | None:
    """The profile of the data that the model's run names as its training data, where that can still be read."""
    from mlflow.data import get_source
    from mlflow.data.downloads import is_downloaded
    from mlflow.tracking.client import MlflowClient

    for one in MlflowClient().get_run(run_id).inputs.dataset_inputs:
        if TRAINING_CONTEXTS.isdisjoint({tag.value for tag in one.tags if tag.key == "mlflow.data.context"}):
            continue
        try:
            with temporary_folder("data") as folder:
                source = get_source(one)
                path = source.load(str(folder)) if is_downloaded(source) else source.load()
                return profile_rows(Path(path), model_uri)
        except (MlflowException, OSError, TypeError, NotImplementedError) as exc:  # the data is elsewhere, or no table
            _LOG.warning("The training data '%s' makes no baseline: %s", one.dataset.name, exc)
    return None
