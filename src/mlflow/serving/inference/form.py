"""Bodies of the open inference protocol."""

from __future__ import annotations

import json
from typing import Any, Self

import msgspec
import numpy as np

from mlflow.exceptions import MlflowException
from mlflow.serving.answers import AnswerNotEncodable
from mlflow.serving.failures import in_words
from mlflow.serving.inference.conversion import to_model_input, to_plain_values, to_tensors
from mlflow.serving.inference.messages import InferenceRequest, read_answer, read_inference, write_inference
from mlflow.serving.wire import Given, Schemas
from mlflow.types import Schema

__all__ = ["InferenceForm"]

_KIND = "application/vnd.open-inference-protocol"
_HEAD = "; head="


class InferenceForm(msgspec.Struct, frozen=True):
    """A request for tensors.

    Attributes:
        head: the value of the header that says how many bytes are JSON; None where all are.
        model: how the caller calls it.
        version: of the model that answers.
    """

    head: bytes | None = None
    model: str = ""
    version: str = ""

    @classmethod
    def of(cls, kind: str) -> Self | None:
        """The form of that name; None for other names."""
        if not kind.startswith(_KIND):
            return None
        _, found, head = kind.partition(_HEAD)
        return cls(head.encode("latin-1") if found else None)

    @property
    def kind(self) -> str:
        """Its name."""
        return _KIND if self.head is None else f"{_KIND}{_HEAD}{self.head.decode('latin-1')}"

    @property
    def is_light(self) -> bool:
        """Small bodies are read in microseconds."""
        return True

    def answered_by(self, version: str) -> InferenceForm:
        """The same, for answers of a version."""
        return InferenceForm(self.head, self.model, version)

    def read(self, body: bytes, schemas: Schemas) -> Given:
        """Read a request."""
        request = read_inference(body, self.head)
        given = to_model_input(request, schemas.inputs, schemas.params)
        return Given(given, lambda predictions: self._write(request, predictions, schemas.outputs))

    def key(self, name: str, body: bytes) -> str | None:
        """A parameter of the request, or the first element of an input."""
        try:
            request = read_inference(body, self.head)
        except MlflowException:  # what is wrong with the body is told when the model is to read it
            return None
        found: Any = request.parameters.get(name)
        if found is None:
            found = next((one.values.flat[0] for one in request.inputs if one.name == name and one.values.size), None)
        if isinstance(found, np.generic):
            found = found.item()
        if isinstance(found, bytes):
            found = found.decode("utf-8", "surrogateescape")
        if found is None or isinstance(found, (dict, list)):
            return None
        return found if isinstance(found, str) else json.dumps(found)

    def predictions(self, answer: bytes) -> Any:
        """The values of the only output, else a record for each row, else the values of each output."""
        return to_plain_values(read_answer(answer))

    def _write(self, request: InferenceRequest, predictions: Any, outputs: Schema | None) -> bytes:
        try:
            return write_inference(request, to_tensors(predictions, outputs), self.model, self.version)
        except MlflowException:
            raise
        except Exception as exc:  # objects of a model's own may fail in any way
            raise AnswerNotEncodable(
                f"The model returned a '{type(predictions).__name__}' that cannot be tensors: {in_words(exc)}. Have it "
                "return a table, an array, or lists and dictionaries of plain values."
            ) from exc
