"""Numbers for all keys that a slice of a journal names, given out before the slice's transaction begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlflow.contract.frames_operations import CreateRun, Metrics, ModelMetrics, Operation, Params, Series, Tags
from mlflow.contract.names import check_key
from mlflow.exceptions import InvalidParameterValue
from mlflow.sql.keys import KeyKind, Keys
from mlflow.sql.values import NAME_TAG

__all__ = ["KeyNumbers", "number_keys"]

KeyNumbers = Mapping[KeyKind, Mapping[str, int]]

_LONGEST = 500


def number_keys(keys: Keys, operations: Sequence[Operation]) -> KeyNumbers:
    """The numbers of all acceptable keys; the frames of others are refused when their turn comes."""
    named: dict[KeyKind, set[str]] = {"metric": set(), "param": set(), "tag": {NAME_TAG}}
    for operation in operations:
        for kind, names in _names(operation):
            named[kind].update(names)
    return {kind: keys.ensure(kind, (n for n in names if _is_acceptable(kind, n))) for kind, names in named.items()}


def _names(operation: Operation) -> Iterator[tuple[KeyKind, Iterable[str]]]:
    if isinstance(operation, Metrics):
        yield "metric", operation.keys
    elif isinstance(operation, Series):
        yield "metric", (operation.key,)
    elif isinstance(operation, ModelMetrics):
        yield "metric", (point.key for point in operation.points)
    elif isinstance(operation, Params):
        yield "param", operation.params
    elif isinstance(operation, Tags | CreateRun):
        yield "tag", operation.tags


def _is_acceptable(kind: KeyKind, name: str) -> bool:
    if kind == "tag":  # those of new runs are not checked, as in runs/create
        return 0 < len(name) <= _LONGEST and "\0" not in name
    try:
        check_key(kind, name)
    except InvalidParameterValue:
        return False
    return True
