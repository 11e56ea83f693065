"""`mlflow.models.predict`: a model called once, in the environment that it asks for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.models.inspection import convert_input_example_to_serving_input
from mlflow.pyfunc.environment import activate, run_inside
from mlflow.serving.batch.inputs import FORMS
from mlflow.serving.batch.predictions import predict_files
from mlflow.serving.scorer import Scorer
from mlflow.temporary_folders import temporary_folder

__all__ = ["predict"]

_ROWS = 10_000


def predict(
    model_uri: str,
    input_data: Any = None,
    input_path: str | None = None,
    content_type: str = "json",
    output_path: str | None = None,
    env_manager: str = "virtualenv",
    install_mlflow: bool = False,
    pip_requirements_override: list[str] | None = None,
    extra_envs: Mapping[str, str] | None = None,
) -> None:
    """Call a model as a scoring server would, in the environment that it asks for: a test before it is deployed.

        >>> mlflow.models.predict("models:/churn/1", input_data=frame, env_manager="uv")  # doctest: +SKIP

    Args:
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        input_data: what the model takes; a table for `csv`, which may also be its text.
        input_path: a file or folder of inputs instead.
        content_type: json for one request, jsonl, csv or parquet for rows.
        output_path: the file that the answer goes to, in the form that its name tells; stdout for None.
        env_manager: virtualenv, uv or conda; local for this process.
        install_mlflow: without meaning; mlflow is always there.
        pip_requirements_override: requirements that take the place of the model's own for the same packages.
        extra_envs: variables of the model's process.

    Raises:
        InvalidParameterValue: both or none of the inputs are given, or an option does not go with another.
        EnvironmentFailed: the environment cannot be made, or the model failed in it.
    """
    _check(input_data, input_path, content_type, env_manager, pip_requirements_override, extra_envs)
    with temporary_folder("predict") as folder:
        source = Path(input_path) if input_path is not None else _written(folder, input_data, content_type)
        target = Path(output_path) if output_path is not None else folder / "predictions.json"
        if env_manager == "local":
            predict_files(Scorer.load(model_uri), source, target, content_type, _ROWS, _untold)
        else:
            activation = activate(model_uri, env_manager, pip_requirements_override or ())
            words = ["models", "predict", "-m", model_uri, "--env-manager", "local"]
            words += ["-i", str(source), "-o", str(target), "-t", content_type]
            run_inside(activation, words, dict(extra_envs or {}))
        if output_path is None:
            sys.stdout.write(target.read_text(encoding="utf-8"))
            sys.stdout.flush()


def _untold(done: int, total: int | None) -> None:
    """Nobody looks on."""


def _check(
    input_data: Any,
    input_path: str | None,
    content_type: str,
    env_manager: str,
    overriding: list[str] | None,
    variables: Mapping[str, str] | None,
) -> None:
    if input_data is not None and input_path is not None:
        raise InvalidParameterValue(
            "Both input_data and input_path are provided. Only one of them should be specified."
        )
    if input_data is None and input_path is None:
        raise InvalidParameterValue("Neither input_data nor input_path is given. Give one of them.")
    allowed = FORMS if input_data is None else ("json", "csv")
    if content_type not in allowed:
        raise InvalidParameterValue(f"Content type must be one of {', '.join(allowed)}; it is '{content_type}'.")
    if env_manager == "local" and (overriding or variables):
        raise InvalidParameterValue(
            "pip_requirements_override and extra_envs are of an environment that is built. Give another env_manager "
            "than 'local'."
        )


def _written(folder: Path, data: Any, content_type: str) -> Path:
    """The data as the file of a request, or of rows."""
    path = folder / f"input.{content_type}"
    if content_type == "csv":
        if not isinstance(data, str) and not hasattr(data, "to_csv"):
            raise InvalidParameterValue(
                f"A '{type(data).__name__}' is no table. Give a DataFrame, or content type json."
            )
        path.write_text(data if isinstance(data, str) else data.to_csv(index=False), encoding="utf-8")
    else:
        text = convert_input_example_to_serving_input(data)
        assert text is not None  # data is not None
        path.write_text(text, encoding="utf-8")
    return path
