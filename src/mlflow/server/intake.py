"""Endpoints of bytes that are not files: journal frames in, packed histories out."""

from __future__ import annotations

import struct

import msgspec
import zstandard

from mlflow.asgi.bodies import read_body
from mlflow.asgi.responses import Receive, Scope, Send, send_bytes, send_json
from mlflow.contract.frames import Ingested
from mlflow.exceptions import InvalidParameterValue
from mlflow.server.context import Context
from mlflow.server.table import RawHandler

__all__ = ["FRAMES_TYPE", "intake_handlers"]

FRAMES_TYPE = b"application/vnd.mlflow.journal"
_MAX_FRAMES = 32 << 20  # bytes; the client ships slices of 4 MiB
_PREFIX = struct.Struct("<QI")  # start offset, length of the definitions
_MSGPACK = b"application/vnd.msgpack"


def intake_handlers() -> dict[str, RawHandler]:
    """The handlers, by the name of the method they answer."""
    return {"ingest": _ingest, "get_metric_columns": _get_metric_columns}


async def _ingest(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    headers = dict(scope["headers"])
    if headers.get(b"content-type", b"").partition(b";")[0].strip() != FRAMES_TYPE:
        raise InvalidParameterValue(f"Journal frames must be sent as {FRAMES_TYPE.decode()}.")
    body = await read_body(receive, _MAX_FRAMES)
    ingested = await context.blocking(_apply, context, scope, body, headers.get(b"content-encoding", b""))
    await send_json(send, 200, msgspec.json.encode(ingested))


def _apply(context: Context, scope: Scope, body: bytes, coding: bytes) -> Ingested:
    if coding not in {b"", b"identity", b"zstd"}:
        raise InvalidParameterValue(f"Journal frames cannot be sent as '{coding.decode('latin-1')}'; use zstd.")
    frames = _decompressed(body) if coding == b"zstd" else body
    start, length = _PREFIX.unpack_from(frames) if len(frames) >= _PREFIX.size else (0, 0)
    end = _PREFIX.size + length
    if len(frames) < end:
        raise InvalidParameterValue(f"The request has {len(frames)} bytes, but says it has {end}; send it again.")
    journal_id = scope["arguments"].journal_id
    definitions, rest = frames[_PREFIX.size : end], frames[end:]
    return context.store.journals.ingest(scope["caller"], journal_id, start, definitions, rest)


def _decompressed(body: bytes) -> bytes:
    """The body of a zstd frame that says how large it is, so that a small one cannot become a flood."""
    try:
        size = zstandard.frame_content_size(body)
        if not 0 <= size <= _MAX_FRAMES:
            raise InvalidParameterValue(
                f"The compressed frames say they have {size} bytes; send slices of at most {_MAX_FRAMES}, each as one "
                f"zstd frame that holds its size."
            )
        return zstandard.ZstdDecompressor().decompress(body, allow_extra_data=False)
    except zstandard.ZstdError as exc:
        raise InvalidParameterValue(f"The request's body is not zstd: {exc}. Send it again.") from exc


async def _get_metric_columns(context: Context, scope: Scope, receive: Receive, send: Send) -> None:
    await send_bytes(send, 200, await context.blocking(_packed, context, scope), _MSGPACK)


def _packed(context: Context, scope: Scope) -> bytes:
    arguments = scope["arguments"]
    columns = context.store.metrics.get_metric_columns(scope["caller"], arguments.run_id, arguments.metric_key)
    return msgspec.msgpack.encode(columns)
