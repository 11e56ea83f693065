"""The bodies that a scoring server takes, read into what a model is called with."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache

import msgspec

from mlflow.exceptions import BadRequest, ErrorCode, MlflowException
from mlflow.models.json_values import NotConvertible
from mlflow.models.serving_input import ServingInput, parse_serving_input
from mlflow.serving.failures import in_words
from mlflow.serving.tables import read_csv
from mlflow.types import Schema

__all__ = [
    "ARROW",
    "CSV",
    "JSON",
    "PARQUET",
    "UNREADABLE",
    "UnsupportedMediaType",
    "check_encoding",
    "media_type",
    "read_request",
]

JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
ARROW = "application/vnd.apache.arrow.stream"

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are no JSON, or are nested too deep."""


class UnsupportedMediaType(MlflowException):
    """A request's Content-Type is none that this server reads; the answer is plain text, as MLflow's is."""

    def __init__(self, message: str) -> None:
        super().__init__(message, ErrorCode.MALFORMED_REQUEST)

    def get_http_status_code(self) -> int:
        """415: the media type is not supported."""
        return 415


@lru_cache(64)
def media_type(header: bytes | None) -> str:
    """The media type that a Content-Type header names; its only parameter may be `charset=utf-8`.

    Raises:
        UnsupportedMediaType: there is none, or one that is not read.
    """
    if header is None:
        raise UnsupportedMediaType(f"The request has no Content-Type header. Send {_listed()}.")
    kind, *parameters = (part.strip().lower() for part in header.decode("latin-1").split(";"))
    if kind not in _READERS or any(parameter not in {"charset=utf-8", 'charset="utf-8"'} for parameter in parameters):
        raise UnsupportedMediaType(
            f"Content-Type '{header.decode('latin-1')}' is not read here. Send {_listed()}, in UTF-8 where it is text."
        )
    return kind


def check_encoding(header: bytes | None) -> None:
    """Refuse a body that is packed, by its Content-Encoding header.

    Raises:
        UnsupportedMediaType: it is.
    """
    if header is not None and header.strip().lower() not in {b"identity", b""}:
        named = header.decode("latin-1")[:100]
        raise UnsupportedMediaType(f"Content-Encoding '{named}' is not read here. Send the body as it is, not packed.")


def read_request(kind: str, body: bytes, schema: Schema | None) -> ServingInput:
    """What the model is called with.

    Args:
        kind: the media type of the body.
        body: the whole of it.
        schema: the model's inputs; texts become its types where the format has no such type.

    Raises:
        BadRequest: the body is not of its type, or not of the shape that a scoring server takes.
    """
    try:
        return _READERS[kind](body, schema)
    except NotConvertible as exc:
        raise BadRequest(f"Invalid input. {exc.message}") from exc
    except MlflowException:
        raise
    except Exception as exc:  # what pandas, numpy and pyarrow raise for wrong bytes has no common root
        raise BadRequest(f"Invalid input. The body cannot be read as {kind}: {in_words(exc)}.") from exc


def _json(body: bytes, schema: Schema | None) -> ServingInput:
    return parse_serving_input(body, schema)


def _csv(body: bytes, schema: Schema | None) -> ServingInput:
    return ServingInput(read_csv(io.BytesIO(body), schema))


def _parquet(body: bytes, schema: Schema | None) -> ServingInput:
    import pandas as pd

    return ServingInput(pd.read_parquet(io.BytesIO(body)))


def _arrow(body: bytes, schema: Schema | None) -> ServingInput:
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types
    except ImportError as exc:
        raise UnsupportedMediaType(
            f"Content-Type '{ARROW}' needs pyarrow, which this server lacks. Install it there, or send {JSON}."
        ) from exc
    with pa.ipc.open_stream(body) as stream:
        return ServingInput(stream.read_pandas())


_READERS: dict[str, Callable[[bytes, Schema | None], ServingInput]] = {
    JSON: _json,
    CSV: _csv,
    PARQUET: _parquet,
    ARROW: _arrow,
}


def _listed() -> str:
    *others, last = _READERS
    return f"{', '.join(others)} or {last}"
