"""What an answer looks like to those who watch the traffic."""

from __future__ import annotations

from typing import Any

import msgspec

from mlflow.models.serving_input import ServingInput
from mlflow.serving.forms import form_of
from mlflow.serving.traffic.state import Routing
from mlflow.serving.wire import Schemas
from mlflow.types import Schema

__all__ = ["Observation"]


class Observation(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One answered request. Bytes are decoded only for those who ask.

    Attributes:
        request_id: as the caller got it in `X-Request-Id`.
        variant: who answered.
        version: of its model, as in `X-Model-Version`.
        seconds: from the whole body to the answer.
        status: of the answer, 200 or that of a failure.
        failed: whether the variant is to blame: its model raised, took too long, or returned what JSON cannot hold.
        at: when it was answered, in milliseconds of UTC.
        key: what the variant was chosen by: the sticky key, or the request's id.
        addressed: whether the caller named the variant; such answers say nothing about the split.
        media_type: the kind of the body's form, by which `forms.form_of` finds it.
        body: as it came.
        answer: as it went.
        schema: of the model's inputs.
        routing: that chose the variant; None where nobody kept it.
    """

    request_id: str
    variant: str
    version: str
    seconds: float
    status: int
    failed: bool
    at: int
    key: str
    addressed: bool
    media_type: str
    body: bytes
    answer: bytes
    schema: Schema | None = None
    routing: Routing | None = None

    def data(self) -> Any:
        """What the model was called with: a DataFrame, array, dictionary or value.

        Raises:
            BadRequest: the body cannot be read; its status then is not 200.
        """
        return self._given().data

    def params(self) -> dict[str, Any] | None:
        """The parameters in the body; None when there are none."""
        return self._given().params

    def predictions(self) -> Any:
        """What the caller got, decoded; of chat models all of it. None after a failure."""
        if self.status != 200:
            return None
        return form_of(self.media_type).predictions(self.answer)

    def _given(self) -> ServingInput:
        return form_of(self.media_type).read(self.body, Schemas(self.schema)).input
