"""Which classes of sources exist, and which of them understands a given source."""

from __future__ import annotations

import warnings
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import ResourceDoesNotExist

__all__ = [
    "DatasetSourceRegistry",
    "get_dataset_source_from_json",
    "get_registered_sources",
    "register_dataset_source",
    "resolve_dataset_source",
]

ENTRY_POINT_GROUP = "mlflow.dataset_source"


class DatasetSourceRegistry:
    """Classes of sources in order of registration; what is registered later is asked first."""

    def __init__(self) -> None:
        self.sources: list[type[DatasetSource]] = []

    def register(self, source: type[DatasetSource]) -> None:
        """Add a class of sources."""
        self.sources.append(source)

    def register_entrypoints(self) -> None:
        """Add the classes of installed plugins; one that cannot be loaded is warned about and left out."""
        for point in entry_points(group=ENTRY_POINT_GROUP):
            try:
                self.register(point.load())
            except (AttributeError, ImportError) as exc:
                warnings.warn(f"Dataset source '{point.name}' cannot be loaded: {exc}", UserWarning, stacklevel=2)

    def resolve(self, raw_source: Any, candidate_sources: list[type[DatasetSource]] | None = None) -> DatasetSource:
        """The source of what a user gave, such as a URI.

        Args:
            raw_source: what the user gave.
            candidate_sources: the only classes to ask, with their subclasses; all when omitted.

        Raises:
            ResourceDoesNotExist: no class understands it.
        """
        allowed: tuple[type, ...] = tuple(candidate_sources or (DatasetSource,))
        for source in reversed(self.sources):
            if issubclass(source, allowed) and source._can_resolve(raw_source):
                return source._resolve(raw_source)
        raise ResourceDoesNotExist(
            f"Dataset source '{raw_source}' is of no known kind. Pass a path, a known URI or a DatasetSource."
        )

    def get_source_from_json(self, source_json: str, source_type: str) -> DatasetSource:
        """The source that a run recorded.

        Raises:
            ResourceDoesNotExist: no class has that type.
        """
        for source in reversed(self.sources):
            if source._get_source_type() == source_type:
                return source.from_json(source_json)
        raise ResourceDoesNotExist(f"Dataset source type '{source_type}' is unknown. Install the plugin that has it.")


@cache
def _registry() -> DatasetSourceRegistry:
    registry = DatasetSourceRegistry()
    sources = import_module("mlflow.data.sources")  # on use, because sources import this module to register more
    artifacts = import_module("mlflow.data.artifact_dataset_sources").ARTIFACT_SOURCES
    others = [getattr(sources, name) for name in sources.__all__]
    for source in dict.fromkeys([*artifacts, *others]):
        registry.register(source)
    registry.register_entrypoints()
    return registry


def register_dataset_source(source: type[DatasetSource]) -> None:
    """Add a class of sources; it is asked before those registered so far."""
    _registry().register(source)


def resolve_dataset_source(
    raw_source: Any, candidate_sources: list[type[DatasetSource]] | None = None
) -> DatasetSource:
    """The source of what a user gave; see `DatasetSourceRegistry.resolve`."""
    return _registry().resolve(raw_source, candidate_sources)


def get_dataset_source_from_json(source_json: str, source_type: str) -> DatasetSource:
    """The source that a run recorded; see `DatasetSourceRegistry.get_source_from_json`."""
    return _registry().get_source_from_json(source_json, source_type)


def get_registered_sources() -> list[type[DatasetSource]]:
    """The classes of sources, in order of registration."""
    return _registry().sources


def source_of(given: Any) -> DatasetSource:
    """The source that a constructor of datasets was given: itself, what it names, or this program for None."""
    if isinstance(given, DatasetSource):
        return given
    if given is None:
        code: DatasetSource = import_module("mlflow.data.code_dataset_source").CodeDatasetSource.of_this_program()
        return code
    return resolve_dataset_source(given)
