"""Try out, without a server, what a scoring server would do with a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlflow.models.serving_input import parse_serving_input
from mlflow.pyfunc.loading import load_model

__all__ = ["validate_serving_input"]


def validate_serving_input(model_uri: str, serving_input: str | Mapping[str, Any]) -> Any:
    """Load a model, and return what it predicts for the body of a request.

    Args:
        model_uri: a path, or a `runs:`, `models:`, `s3:` … URI.
        serving_input: the JSON text, such as `convert_input_example_to_serving_input` makes, or what it decodes to.

    Raises:
        ResourceDoesNotExist: there is no model, or it cannot be loaded as a function.
        BadRequest: the body cannot be read.
        SchemaEnforcementFailed: it does not fit the model's signature.
        MlflowException: the model cannot be loaded.
        Exception: whatever the model's own code raises.
    """
    model = load_model(model_uri, suppress_warnings=True)
    given = parse_serving_input(serving_input, model.input_schema)
    return model.predict(given.data, given.params)
