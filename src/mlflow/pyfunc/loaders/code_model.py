"""Models from code: the script in the model's folder is run, and the model is what it sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlflow.models.code_model import run_model_script
from mlflow.models.manifest import Model
from mlflow.pyfunc.model import PythonFunction, inside, open_function

__all__: list[str] = []


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> PythonFunction:
    """Load the model of a folder by running its script.

    Args:
        path: the model's folder.
        model_config: overrides what the model was saved with.
    """
    folder = Path(path)
    config = Model.load(folder).flavors["python_function"]
    script = inside(folder, Path(str(config.get("model_code_path"))).name)
    return open_function(
        run_model_script(script, code_config(folder, config, model_config)), folder, config, model_config
    )


def code_config(folder: Path, config: dict[str, Any], model_config: dict[str, Any] | None) -> Any:
    """What `ModelConfig` answers in the script: the saved configuration, with what was given at loading over it."""
    saved = config.get("config")
    if isinstance(saved, str):
        return model_config or str(inside(folder, saved))
    return {**saved, **(model_config or {})} if saved else model_config
