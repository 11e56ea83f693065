"""What an estimator is made of: stages, the estimator that a search tunes, its evaluator; and the params of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["Parts", "is_search"]

_TUNED = "tuned_estimator"


def is_search(estimator: Any) -> bool:
    """Whether it tries out params of another estimator."""
    return any(base.__name__ in ("CrossValidator", "TrainValidationSplit") for base in type(estimator).__mro__)


class Parts:
    """An estimator and its parts, each under its class's name, numbered where several have the same.

    Attributes:
        root: the estimator.
    """

    def __init__(self, root: Any) -> None:
        self.root = root
        kinds = {part.uid: type(part).__name__ for part in _all(root)}
        counts, seen = Counter(kinds.values()), Counter[str]()
        self._names: dict[str, str] = {}
        for uid, kind in kinds.items():
            seen[kind] += 1
            self._names[uid] = kind if counts[kind] == 1 else f"{kind}_{seen[kind]}"

    @property
    def is_composed(self) -> bool:
        """Whether it has parts at all."""
        return next(_children(self.root), None) is not None

    def hierarchy(self, part: Any = None) -> dict[str, Any]:
        """Names of the parts, as a tree."""
        part = self.root if part is None else part
        found: dict[str, Any] = {"name": self._name(part)}
        for role, child in _children(part):
            if role == "stages":
                found.setdefault(role, []).append(self.hierarchy(child))
            else:
                found[role] = self.hierarchy(child)
        return found

    def params(self, part: Any = None) -> dict[str, Any]:
        """Params of an estimator, and those of its parts as `<part>.<param>`; not those that a search varies."""
        part = self.root if part is None else part
        found = self._own(part)
        for role, child in _children(part):
            if role != _TUNED:
                found |= self._prefixed(child)
        return found

    def _prefixed(self, part: Any) -> dict[str, Any]:
        found = {f"{self._name(part)}.{name}": value for name, value in self._own(part).items()}
        for role, child in _children(part):
            if role != _TUNED:
                found |= self._prefixed(child)
        return found

    def _own(self, part: Any) -> dict[str, Any]:
        given = {param.name: value for param, value in part.extractParamMap().items()}
        return {name: self._shown(value) for name, value in given.items() if name != "estimatorParamMaps"}

    def _shown(self, value: Any) -> Any:
        """A value of a param; parts by their names."""
        if hasattr(value, "uid"):
            return self._names.get(value.uid, type(value).__name__)
        if isinstance(value, list) and value and all(hasattr(one, "uid") for one in value):
            return [self._shown(one) for one in value]
        return value

    def named(self, choice: Mapping[Any, Any]) -> dict[str, Any]:
        """One choice of params that a search tries, as `<part>.<param>`."""
        return {
            f"{self._names.get(param.parent, param.parent)}.{param.name}": self._shown(value)
            for param, value in choice.items()
        }

    def searches(self) -> dict[str, Any]:
        """What each search among the parts tries, and the params that what it tunes starts from."""
        return {
            self._name(part): {
                "tuning_parameter_map_list": [self.named(choice) for choice in part.getEstimatorParamMaps()],
                "tuned_estimator_parameter_map": self._prefixed(part.getEstimator()),
            }
            for part in _all(self.root)
            if is_search(part)
        }

    def _name(self, part: Any) -> str:
        return self._names[part.uid]


def _children(part: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a part, each with its role."""
    if is_search(part):
        yield "evaluator", part.getEvaluator()
        yield _TUNED, part.getEstimator()
    elif part.hasParam("stages") and part.isSet("stages"):
        for stage in part.getStages():
            yield "stages", stage
    elif part.hasParam("classifier") and part.isSet("classifier"):
        yield "classifier", part.getClassifier()


def _all(part: Any) -> Iterator[Any]:
    yield part
    for _, child in _children(part):
        yield from _all(child)
