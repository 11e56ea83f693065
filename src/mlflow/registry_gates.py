"""Checks that a version must pass before it takes an alias or a stage.

Write them in a Python file and name it in MLFLOW_REGISTRY_GATES where the registry's database is opened: at the server,
or in the process that uses a database directly.

    import mlflow
    from mlflow.exceptions import PromotionRefused

    @mlflow.registry_gate(alias="champion", models="fraud-*")
    def accurate_enough(promotion):
        accuracy = float(promotion.version.tags.get("accuracy", 0))
        if accuracy < 0.9:
            raise PromotionRefused(f"its accuracy is {accuracy}; 0.9 is needed")
        return {"accuracy": accuracy}

What a check returns is kept as evidence in the model's history. Packages bring checks by the entry-point group
`mlflow.registry_gates`: each entry point is a module whose decorated functions count, or one such function. A check
that fails in any other way refuses too.
"""

from __future__ import annotations

import fnmatch
import functools
import logging
import runpy
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec

from mlflow.contract.gates import Gate, Promotion
from mlflow.contract.registry_history import Evidence
from mlflow.environment_variables import MLFLOW_REGISTRY_GATES
from mlflow.exceptions import InvalidParameterValue, PromotionRefused

__all__ = ["GateList", "PromotionRefused", "load_gates", "registry_gate"]

_GROUP = "mlflow.registry_gates"
_log = logging.getLogger(__name__)

Check = TypeVar("Check", bound=Callable[[Promotion], Mapping[str, Any] | None])


def registry_gate(
    *, models: str = "*", alias: str | None = None, stage: str | None = None, name: str | None = None
) -> Callable[[Check], Check]:
    """Declare a check of the registry.

    Args:
        models: which registered models, with `*` and `?` as in file names.
        alias: the aliases it guards, likewise.
        stage: the stages it guards, likewise, in any case.
        name: what history calls it; the function's name when omitted.

    Raises:
        InvalidParameterValue: neither alias nor stage is given.
    """
    if alias is None and stage is None:
        raise InvalidParameterValue("A registry gate guards an alias or a stage; give one of them, '*' for all.")
    guarded = {"alias": alias, "stage": stage.lower() if stage else None}

    def concerns(promotion: Promotion) -> bool:
        pattern = guarded[promotion.kind]
        target = promotion.target if promotion.kind == "alias" else promotion.target.lower()
        return (
            pattern is not None and fnmatch.fnmatchcase(target, pattern) and fnmatch.fnmatchcase(promotion.name, models)
        )

    def declare(check: Check) -> Check:
        gate = Gate(name or check.__name__, check, concerns)
        check.__registry_gate__ = gate  # type: ignore[attr-defined]  # how the loader knows it
        return check

    return declare


class GateList:
    """The checks of a registry."""

    def __init__(self, gates: Iterable[Gate]) -> None:
        self.gates = list(gates)

    def ask(self, promotion: Promotion, /) -> list[Evidence]:
        """What the checks that concern a promotion found; all are asked, so that a refusal tells every reason.

        Raises:
            PromotionRefused: at least one is against it.
        """
        found = [_asked(gate, promotion) for gate in self.gates if gate.concerns(promotion)]
        against = [evidence for evidence in found if not evidence.passed]
        if not against:
            return found
        reasons = "; ".join(f"{evidence.check}: {evidence.reason}" for evidence in against)
        refusal = PromotionRefused(
            f"Version {promotion.version.version} of '{promotion.name}' does not take the {promotion.kind} "
            f"'{promotion.target}'. {reasons}. Nothing was changed."
        )
        refusal.evidence = found
        raise refusal


def load_gates() -> GateList | None:
    """The checks of MLFLOW_REGISTRY_GATES and of installed packages; None when there are none.

    Raises:
        InvalidParameterValue: the file cannot be read or run; a registry must not open without its checks.
    """
    path = MLFLOW_REGISTRY_GATES.get()
    gates = [*(_of_file(path) if path else ()), *_of_packages()]
    return GateList(gates) if gates else None


def _asked(gate: Gate, promotion: Promotion) -> Evidence:
    try:
        # What cannot be kept is a failure of the check, not of the registry.
        details = msgspec.to_builtins(dict(gate.check(promotion) or {}), str_keys=True, enc_hook=_plain)
    except PromotionRefused as refusal:
        return Evidence(gate.name, False, refusal.message)
    except Exception as failure:  # noqa: BLE001 - a check that breaks must not let anything pass
        _log.exception("The registry gate '%s' failed", gate.name)
        return Evidence(gate.name, False, f"the check itself failed ({type(failure).__name__}: {failure})")
    return Evidence(gate.name, True, "", details)


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy as Python's own."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"it returned a {type(value).__name__}; return numbers, texts, lists and dictionaries")


def _of_file(path: str) -> list[Gate]:
    try:
        names = runpy.run_path(str(Path(path).expanduser()))
    except Exception as exc:
        raise InvalidParameterValue(
            f"The checks of the registry in '{path}' (MLFLOW_REGISTRY_GATES) cannot be loaded: {exc}. Correct the file."
        ) from exc
    found = _declared(names.values())
    if not found:
        raise InvalidParameterValue(
            f"'{path}' (MLFLOW_REGISTRY_GATES) declares no check; decorate one with @mlflow.registry_gate(…)."
        )
    return found


@functools.cache
def _of_packages() -> tuple[Gate, ...]:
    from importlib.metadata import entry_points

    loaded = [point.load() for point in entry_points(group=_GROUP)]
    return tuple(
        gate for item in loaded for gate in _declared(vars(item).values() if isinstance(item, ModuleType) else [item])
    )


def _declared(values: Iterable[Any]) -> list[Gate]:
    found = (vars(value).get("__registry_gate__") for value in values if callable(value) and hasattr(value, "__dict__"))
    return [gate for gate in found if isinstance(gate, Gate)]
