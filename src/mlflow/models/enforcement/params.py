"""Parameters of a prediction, checked and completed with defaults."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from mlflow.models.enforcement.failures import SchemaEnforcementFailed
from mlflow.types import ParamSchema, ParamSpec
from mlflow.types.exceptions import SchemaError

__all__ = ["enforce_params"]

_LOG = logging.getLogger(__name__)


def enforce_params(params: Mapping[str, Any] | None, schema: ParamSchema | None) -> dict[str, Any]:
    """The given parameters as their declared types, then the defaults of those that were not given.

    What the schema does not declare is dropped with a warning.

    Raises:
        SchemaEnforcementFailed: the parameters are no dictionary, or values do not fit.
    """
    given: Any = params or {}
    if not isinstance(given, Mapping):
        raise SchemaEnforcementFailed(
            f"Parameters are '{type(given).__name__}'. Pass a dictionary from names to values."
        )
    declared = {spec.name: spec for spec in schema} if schema is not None else {}
    if unknown := [name for name in given if name not in declared]:
        _LOG.warning("Parameters %s are ignored: the model declares %s.", unknown, sorted(declared) or "none")
    found, wrong = {}, []
    for name in (name for name in given if name in declared):
        try:
            found[name] = ParamSpec.validate_param_spec(given[name], declared[name])
        except SchemaError as exc:
            wrong.append(exc.message)
    if wrong:
        raise SchemaEnforcementFailed(f"Invalid parameters found: {' '.join(wrong)}")
    return found | {name: spec.default for name, spec in declared.items() if name not in found}
