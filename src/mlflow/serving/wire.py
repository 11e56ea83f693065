"""What tells one protocol of predictions from another: how requests, answers and failures are written.

What lies between, who answers, what is asked together and who is told, is the same for all (`exchanges`). MLflow's own
protocol is in `scoring`, the open inference protocol in `inference/wire`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, Self

import msgspec

from mlflow.asgi.responses import Header, Send
from mlflow.exceptions import MlflowException
from mlflow.models.manifest import Model
from mlflow.models.serving_input import ServingInput
from mlflow.types import ParamSchema, Schema

__all__ = ["Address", "Form", "Given", "Schemas", "Wire"]


class Schemas(msgspec.Struct, frozen=True, eq=False):
    """What a model's signature says; None where it says nothing."""

    inputs: Schema | None = None
    outputs: Schema | None = None
    params: ParamSchema | None = None

    @classmethod
    def of(cls, manifest: Model) -> Self:
        """Those of a model."""
        return cls(manifest.get_input_schema(), manifest.get_output_schema(), manifest.get_params_schema())


class Given(msgspec.Struct, frozen=True, eq=False):
    """A body, read.

    Attributes:
        input: what the model is to be called with.
        write: makes the answer's body of what it returns.
    """

    input: ServingInput
    write: Callable[[Any], bytes]


class Form(Protocol):
    """How the bodies of one request and its answer are written."""

    @property
    def kind(self) -> str:
        """Its name, by which `forms.form_of` finds it again."""
        ...

    @property
    def is_light(self) -> bool:
        """Whether `key` takes microseconds for a small body."""
        ...

    def answered_by(self, version: str) -> Form:
        """The same, for answers of a version that tell its name."""
        ...

    def read(self, body: bytes, schemas: Schemas) -> Given:
        """Read a request.

        Raises:
            BadRequest: it is not of this form.
        """
        ...

    def key(self, name: str, body: bytes) -> str | None:
        """The value in a request that its caller stays with a variant by; None when there is none."""
        ...

    def predictions(self, answer: bytes) -> Any:
        """What an answer says, as lists, dictionaries and plain values."""
        ...


class Address(msgspec.Struct, frozen=True):
    """Who is asked.

    Attributes:
        variant: by its name; None for whom the traffic chooses.
        among: of these variants; None for all that answer.
    """

    variant: str | None = None
    among: tuple[str, ...] | None = None


class Wire(Protocol):
    """One request of a protocol."""

    def address(self, headers: Mapping[bytes, bytes]) -> Address:
        """Whom its caller asks.

        Raises:
            ResourceDoesNotExist: there is no such model.
        """
        ...

    def form(self, headers: Mapping[bytes, bytes]) -> Form:
        """How its body is written.

        Raises:
            UnsupportedMediaType: in a way that is not read.
        """
        ...

    async def send(self, send: Send, answer: bytes, marks: tuple[Header, ...]) -> None:
        """Send an answer under these headers."""
        ...

    async def fail(self, send: Send, failure: MlflowException, marks: tuple[Header, ...]) -> bytes:
        """Send a failure, and return its body."""
        ...
