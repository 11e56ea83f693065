"""What stored models say of themselves, without loading them."""

from __future__ import annotations

from typing import Any

from mlflow.models.enforcement import enforce_schema
from mlflow.models.input_example import InputExample
from mlflow.models.manifest import Model
from mlflow.models.model_info import ModelInfo
from mlflow.models.places import model_folder
from mlflow.types import Schema

__all__ = ["convert_input_example_to_serving_input", "get_model_info", "load_serving_example", "validate_schema"]


def get_model_info(model_uri: str) -> ModelInfo:
    """What a stored model's manifest says, and the tracking server of it; only the manifest is downloaded.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    return Model.load(model_uri).get_model_info()


def load_serving_example(model_uri_or_path: str) -> str | None:
    """The JSON body that a scoring server takes for a stored model's input example; None when it has none.

    Raises:
        ResourceDoesNotExist: there is no model, or its example is gone.
    """
    folder = model_folder(model_uri_or_path)
    return Model.load(folder).get_serving_input(folder)


def convert_input_example_to_serving_input(input_example: Any) -> str | None:
    """The JSON body that a scoring server takes for an example; None for None.

    Args:
        input_example: data, or a pair of data and parameters.

    Raises:
        InvalidParameterValue: it cannot be stored as JSON.
    """
    return InputExample.of(input_example).serving_input() if input_example is not None else None


def validate_schema(data: Any, expected_schema: Schema) -> None:
    """Check data against a schema.

    Raises:
        SchemaEnforcementFailed: it does not fit.
    """
    enforce_schema(data, expected_schema)
