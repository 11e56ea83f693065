"""What is called a model where callers name one, and the variants behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from mlflow.environment_variables import MLFLOW_SCORING_SERVER_MODEL_NAME
from mlflow.exceptions import ResourceDoesNotExist
from mlflow.serving.inference.names import registered_name, served_name
from mlflow.serving.traffic.routes import ONLY
from mlflow.serving.traffic.traffic import Traffic
from mlflow.serving.variants import Variant
from mlflow.serving.wire import Address

__all__ = ["NamedModel", "NamedModels"]


class NamedModel(msgspec.Struct, frozen=True, eq=False):
    """A model by a name.

    Attributes:
        name: its name.
        variants: who answers for it, at least one.
        is_route: whether it is a route's name, so that naming it is asking for that variant.
    """

    name: str
    variants: tuple[Variant, ...]
    is_route: bool

    @property
    def versions(self) -> list[str]:
        """Those that answer now, each once."""
        return list(dict.fromkeys(variant.loaded.version for variant in self.variants))

    def answering_with(self, version: str | None) -> tuple[Variant, ...]:
        """Those that answer with a version now; all for None.

        Raises:
            ResourceDoesNotExist: none does.
        """
        found = tuple(variant for variant in self.variants if version in (None, variant.loaded.version))
        if not found:
            raise ResourceDoesNotExist(
                f"Model '{self.name}' has no version '{str(version)[:200]}' here. Ask for "
                f"{' or '.join(map(repr, self.versions))}, or for none."
            )
        return found

    def address(self, version: str | None) -> Address:
        """Whom a request for it asks; one for a version asks those that answer with it.

        Raises:
            ResourceDoesNotExist: none does.
        """
        names = tuple(variant.name for variant in self.answering_with(version))
        if self.is_route or (len(names) == 1 < len(self.variants)):
            return Address(names[0])
        return Address(among=names)


class NamedModels:
    """All names of a server's models.

    The only model has one: that in the registry, or the last part of its URI. Of several, each has its route's; where
    several that answer are the same registered model, its name stands for them, and the traffic chooses among them.
    MLFLOW_SCORING_SERVER_MODEL_NAME names the only model, or all that answer.

    Args:
        traffic: who answers.
        variants: the models, by the names of their routes.
    """

    def __init__(self, traffic: Traffic, variants: Mapping[str, Variant]) -> None:
        self._traffic = traffic
        self._models = {model.name: model for model in _named(traffic, variants)}

    def __iter__(self) -> Iterator[NamedModel]:
        return iter(self._models.values())

    def find(self, name: str) -> NamedModel:
        """The model of a name.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        found = self._models.get(name)
        if found is None:
            raise ResourceDoesNotExist(f"There is no model '{name[:200]}' here. Ask for {' or '.join(self._models)}.")
        return found

    def foremost(self, model: NamedModel, version: str | None = None) -> Variant:
        """The variant that gets most of the requests to a model.

        Raises:
            ResourceDoesNotExist: none of them answers with the version.
        """
        weights = self._traffic.routing.weights
        return max(model.answering_with(version), key=lambda variant: weights.get(variant.name, 0.0))


def _named(traffic: Traffic, variants: Mapping[str, Variant]) -> Iterator[NamedModel]:
    """All models; a later one takes the place of an earlier one of the same name."""
    if set(variants) == {ONLY}:
        yield NamedModel(served_name(variants[ONLY].route.model_uri), (variants[ONLY],), is_route=False)
        return
    answering = tuple(variants[route.name] for route in traffic.answering)
    shared: dict[str, list[Variant]] = {}
    for variant in answering:
        shared.setdefault(registered_name(variant.route.model_uri), []).append(variant)
    for name, found in shared.items():
        if name and len(found) > 1:
            yield NamedModel(name, tuple(found), is_route=False)
    if chosen := MLFLOW_SCORING_SERVER_MODEL_NAME.get():
        yield NamedModel(chosen, answering, is_route=False)
    for name, variant in variants.items():
        yield NamedModel(name, (variant,), is_route=True)
