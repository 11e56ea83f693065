"""A loaded model that answers requests: from the bytes of one to the bytes of the other."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from typing import Any, Self

from mlflow.exceptions import BadRequest, MlflowException
from mlflow.models.manifest import Model
from mlflow.models.places import model_folder
from mlflow.models.serving_input import ServingInput, read_serving_input
from mlflow.pyfunc.loaded_model import PyFuncModel
from mlflow.pyfunc.loading import load_model
from mlflow.serving.answers import count_rows, encode_answer
from mlflow.serving.requests import JSON, read_request

__all__ = ["STAGES", "ModelFailed", "Scorer"]

_LOG = logging.getLogger(__name__)

STAGES = ("read", "predict", "write")
"""What a request goes through, once a thread has taken it."""

Watch = Callable[[str, float], None]


class ModelFailed(BadRequest):
    """The model raised an exception for this input."""


class Scorer:
    """One model.

    Args:
        model: as a function.
        example: the request that was saved with it; None when there is none.
    """

    def __init__(self, model: PyFuncModel, example: str | None = None) -> None:
        self.model, self.example = model, example
        self._schema = model.input_schema

    @classmethod
    def load(cls, model_uri: str) -> Self:
        """Load a model, from wherever it is.

        Raises:
            MlflowException: there is none, or it cannot be loaded.
        """
        folder = model_folder(model_uri)
        manifest = Model.load(folder)
        return cls(load_model(str(folder)), read_serving_input(folder, manifest.saved_input_example_info))

    def warm_up(self) -> bool:
        """Answer the model's own example, so that no caller waits for what a model does at first; False if it fails."""
        if self.example is None:
            return True
        try:
            self.answer(JSON, self.example.encode())
        except MlflowException as exc:
            _LOG.warning("The model fails for its own input example: %s", exc.message)
            return False
        return True

    def answer(self, kind: str, body: bytes, watch: Watch = lambda name, value: None) -> bytes:
        """The body of the answer.

        Args:
            kind: the media type of the request's body.
            body: the request's body.
            watch: told how many `rows` there are, and how many seconds each of STAGES took.

        Raises:
            BadRequest: the body cannot be read.
            SchemaEnforcementFailed: it does not fit the model's signature.
            ModelFailed: the model raised.
            AnswerNotEncodable: what it returned has no counterpart in JSON.
        """
        began = time.perf_counter()
        given = read_request(kind, body, self._schema)
        watch("rows", count_rows(given.data))
        read = time.perf_counter()
        watch("read", read - began)
        predictions = self.predict(given)
        predicted = time.perf_counter()
        watch("predict", predicted - read)
        answer = encode_answer(predictions, bare=given.is_chat)
        watch("write", time.perf_counter() - predicted)
        return answer

    def predict(self, given: ServingInput) -> Any:
        """What the model returns.

        Raises:
            SchemaEnforcementFailed: the input does not fit the model's signature.
            ModelFailed: the model raised.
        """
        try:
            return self.model.predict(given.data, given.params)
        except MlflowException:
            raise
        except Exception as exc:
            _LOG.warning("The model raised.", exc_info=exc)
            raise ModelFailed(
                f"The model raised {type(exc).__name__} for this input: {exc}. Check the input against what the model "
                "takes.",
                stack_trace="".join(traceback.format_exception(exc)),
            ) from exc
