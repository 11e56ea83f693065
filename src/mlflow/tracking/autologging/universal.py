"""`mlflow.autolog`: all frameworks at once, those that are imported later too."""

from __future__ import annotations

import functools
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from mlflow.exceptions import InvalidParameterValue
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.imports import when_imported
from mlflow.tracking.autologging.settings import settings

__all__ = ["INTEGRATIONS", "autolog"]

INTEGRATIONS: dict[str, tuple[str, str]] = {
    "sklearn": ("sklearn", "mlflow.autologging.sklearn"),
    "xgboost": ("xgboost", "mlflow.autologging.xgboost"),
    "lightgbm": ("lightgbm", "mlflow.autologging.lightgbm"),
    "statsmodels": ("statsmodels", "mlflow.autologging.statsmodels"),
    "tensorflow": ("tensorflow", "mlflow.autologging.tensorflow"),
    "keras": ("keras", "mlflow.autologging.keras"),
    "lightning": ("lightning", "mlflow.autologging.pytorch"),
    "pytorch_lightning": ("pytorch_lightning", "mlflow.autologging.pytorch"),
    "paddle": ("paddle", "mlflow.autologging.paddle"),
    "pyspark.ml": ("pyspark.ml", "mlflow.autologging.pyspark"),
    "transformers": ("transformers", "mlflow.autologging.transformers"),
}
"""name -> the framework's package, and the module whose `autolog` is called when it is imported."""

_told: dict[str, dict[str, Any]] = {}
_waited_for: set[str] = set()


def autolog(
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    log_traces: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: dict[str, str] | None = None,
    exclude_flavors: list[str] | None = None,
) -> None:
    """Log what every supported framework trains, by itself: those imported already, and those imported later.

    What was said to one framework's own `autolog`, before or after, goes before what is said here.

    Args:
        log_input_examples: keep a few rows of the training data with logged models.
        log_model_signatures: describe inputs and outputs of logged models.
        log_models: log the trained models.
        log_datasets: record the training data as inputs of the run.
        log_traces: accepted; traces are not part of this distribution.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for versions of a framework that were not tested.
        silent: show no messages and warnings of autologging.
        extra_tags: tags of the runs that autologging starts.
        exclude_flavors: frameworks to leave alone, such as `["sklearn"]`.

    Raises:
        InvalidParameterValue: `exclude_flavors` is no list of names.
    """
    values = {key: value for key, value in locals().items() if key != "exclude_flavors"}
    excluded = _names(exclude_flavors)
    for name, (package, module) in INTEGRATIONS.items():
        flavor = module.rpartition(".")[2]
        if {name, flavor} & excluded:
            continue
        _told[name] = values
        if package not in _waited_for:
            _waited_for.add(package)
            when_imported(package, functools.partial(_enable, name, module))
        else:
            _enable_if_imported(name, package, module)


def _names(flavors: object) -> set[str]:
    if flavors is None:
        return set()
    if not isinstance(flavors, (list, tuple, set)) or not all(isinstance(name, str) for name in flavors):
        raise InvalidParameterValue(
            f"exclude_flavors is '{flavors}'. Pass a list of names, such as ['sklearn', 'xgboost']."
        )
    return {name.removeprefix("mlflow.") for name in flavors}


def _enable_if_imported(name: str, package: str, module: str) -> None:
    if package in sys.modules:
        _enable(name, module)


def _enable(name: str, module: str, imported: ModuleType | None = None) -> None:
    """Tell a framework's integration the arguments that it takes."""
    with guard(name, "be switched on"):
        integration = import_module(module).autolog.integration
        if settings.is_own(integration.name):
            return
        values = {key: _told[name][key] for key in integration.defaults if key in _told[name]}
        integration.enable(integration.defaults | values, common=True)
