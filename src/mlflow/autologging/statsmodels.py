"""Autologging of statsmodels: every `fit` of its models."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from numbers import Number
from types import ModuleType
from typing import Any

from mlflow.tracking.autologging.calls import Call
from mlflow.tracking.autologging.fits import Fit, Steps
from mlflow.tracking.autologging.guard import guard
from mlflow.tracking.autologging.integration import Integration
from mlflow.tracking.autologging.patching import put_around

__all__ = ["STATSMODELS", "autolog"]

STATSMODELS = Integration("statsmodels", package="statsmodels", tested=("0.14", "0.15"))

_METRICS = [
    "aic",
    "bic",
    "centered_tss",
    "condition_number",
    "df_model",
    "df_resid",
    "ess",
    "f_pvalue",
    "fvalue",
    "llf",
    "mse_model",
    "mse_resid",
    "mse_total",
    "rsquared",
    "rsquared_adj",
    "scale",
    "ssr",
    "uncentered_tss",
]


@STATSMODELS.entry
def autolog(
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: dict[str, str] | None = None,
) -> None:
    """Log what statsmodels fits, by itself.

    Args:
        log_models: log the fitted results.
        log_datasets: accepted; models of statsmodels keep no data that could be recorded.
        disable: switch it off.
        exclusive: keep off runs that the program started itself.
        disable_for_unsupported_versions: do nothing for a version of statsmodels that was not tested.
        silent: show no messages and warnings of autologging.
        registered_model_name: register each model as a version of this one.
        extra_tags: tags of the runs that autologging starts.

    Raises:
        NotInstalled: statsmodels is not installed.
    """


def _observe(fit: Fit) -> Steps:
    names = [name for name in fit.call.names if name not in ("self", "kwargs")]
    fit.record.params({name: fit.call.get(name) for name in names} | _others(fit.call))
    result = yield
    fit.record.model("statsmodels", result)
    fit.record.metrics(dict(_metrics(result)))
    with guard(fit.integration, "log the summary"), contextlib.suppress(AttributeError, NotImplementedError):
        fit.record.text(result.summary().as_text(), "model_summary.txt")


def _others(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.given.items() if name not in (*call.names, "self")}


def _metrics(result: Any) -> Iterator[tuple[str, float]]:
    for name in _METRICS:
        try:
            value = getattr(result, name)
        except (AttributeError, NotImplementedError, ValueError):
            continue
        if isinstance(value, Number) and not isinstance(value, complex):
            yield name, float(value)  # type: ignore[arg-type]  # any real number converts


def _visit(module: ModuleType) -> None:
    for model in list(vars(module).values()):
        if inspect.isclass(model) and model.__module__ == module.__name__ and not model.__name__.startswith("_"):
            put_around(model, "fit", _trained)


_trained = STATSMODELS.trained(_observe)

STATSMODELS.on_import("statsmodels.*", _visit)
