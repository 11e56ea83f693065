"""Models from code: a script that, when it is run, says which object is the model.

# model.py
from mlflow.models import ModelConfig, set_model

config = ModelConfig(development_config={"threshold": 0.5})
set_model(Classifier(config.get("threshold")))
"""

from __future__ import annotations

import contextlib
import sys
from contextvars import ContextVar
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from mlflow.exceptions import InvalidParameterValue

__all__ = ["NoModelSet", "ScriptConfig", "current_config", "run_model_script", "set_model"]

ScriptConfig = dict[str, Any] | str | None
_UNSET = object()
_MODULE = "mlflow_model_script"


class NoModelSet(InvalidParameterValue):
    """A model's script ended without calling `set_model`."""


class _Run:
    """One run of a script."""

    def __init__(self, config: ScriptConfig) -> None:
        self.config = config
        self.model: Any = _UNSET


_RUN: ContextVar[_Run | None] = ContextVar("mlflow_model_script", default=None)


def set_model(model: Any) -> None:
    """Say which object is the model of the script that is run; outside of one, do nothing."""
    run = _RUN.get()
    if run is not None:
        run.model = model


def current_config() -> ScriptConfig:
    """The configuration that the running script was given; None when there is none."""
    run = _RUN.get()
    return run.config if run is not None else None


def run_model_script(path: Path, config: ScriptConfig = None, *, named: str | Path | None = None) -> Any:
    """Run a model's script in a module of its own, and return the model that it set.

    Args:
        path: the script; its folder can be imported from while it runs.
        config: what `ModelConfig` answers inside: a dictionary, or the path of a YAML file.
        named: what the user knows the script by, when it is a copy.

    Raises:
        NoModelSet: the script called no `set_model`.
        InvalidParameterValue: there is no such script, or it failed; the cause is attached.
    """
    told = named or path
    spec = spec_from_file_location(f"{_MODULE}_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InvalidParameterValue(f"Model script '{told}' is not a file with Python code. Check the path.")
    run = _Run(config)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # pickling and dataclasses look their module up
    token = _RUN.set(run)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    except Exception as exc:
        raise InvalidParameterValue(f"Model script '{told}' failed: {type(exc).__name__}: {exc}.") from exc
    finally:
        with contextlib.suppress(ValueError):  # the script may have taken it out
            sys.path.remove(str(path.parent))
        _RUN.reset(token)
    if run.model is _UNSET:
        raise NoModelSet(f"Model script '{told}' set no model. Call mlflow.models.set_model(model) at its end.")
    return run.model
