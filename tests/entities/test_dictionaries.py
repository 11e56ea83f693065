"""Entities from dictionaries and back, as programs keep them."""

from typing import Any

import pytest

from mlflow.entities import Experiment, Metric, RunTag, SourceType, _DatasetSummary
from mlflow.entities.model_registry import ModelVersion, ModelVersionTag, RegisteredModel

ENTITIES: dict[type, dict[str, Any]] = {
    Experiment: {"experiment_id": "1", "name": "n", "artifact_location": "a", "lifecycle_stage": "active"},
    RegisteredModel: {"name": "n", "creation_timestamp": 1, "description": "d"},
    ModelVersion: {"name": "n", "version": "1", "creation_timestamp": 1, "aliases": ["champion"]},
    Metric: {"key": "k", "value": 1.0, "timestamp": 1, "step": 2},
    RunTag: {"key": "k", "value": "v"},
}


@pytest.mark.parametrize("kind", ENTITIES, ids=lambda kind: kind.__name__)
def test_entity_is_made_of_its_attributes_and_ignores_others(kind: Any) -> None:
    found = kind.from_dictionary({**ENTITIES[kind], "unknown": 1})
    assert ENTITIES[kind].items() <= dict(found).items()


def test_tags_of_a_version_are_given_as_entities() -> None:
    given = {"name": "n", "version": "1", "creation_timestamp": 1, "tags": [ModelVersionTag("team", "a")]}
    assert ModelVersion.from_dictionary(given).tags == {"team": "a"}


def test_summary_of_a_dataset_is_a_dictionary_too() -> None:
    expected = {"experiment_id": "1", "name": "n", "digest": "d", "context": "train"}
    assert _DatasetSummary("1", "n", "d", "train").to_dict() == expected


@pytest.mark.parametrize(("number", "name"), SourceType.SOURCETYPE_TO_STRING.items())
def test_source_types_have_numbers_and_names(number: int, name: str) -> None:
    assert (SourceType.to_string(number), SourceType.from_string(name)) == (name, number)
    assert getattr(SourceType, name) == number
