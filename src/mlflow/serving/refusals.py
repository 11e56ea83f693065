"""How a scoring server answers what it cannot do."""

from __future__ import annotations

from mlflow.asgi.responses import Header, Send, encode_failure, send_bytes, send_json
from mlflow.exceptions import MlflowException, Unauthenticated
from mlflow.serving.requests import UnsupportedMediaType

__all__ = ["PLAIN", "send_scoring_failure"]

PLAIN = b"text/plain; charset=utf-8"
_CHALLENGE: Header = (b"www-authenticate", b"Bearer")


async def send_scoring_failure(send: Send, failure: MlflowException, headers: tuple[Header, ...] = ()) -> bytes:
    """Answer with a failure as MLflow does, and return the body: JSON, but for a media type that is not read."""
    if isinstance(failure, UnsupportedMediaType):
        body = failure.message.encode("utf-8", "replace")
        await send_bytes(send, failure.get_http_status_code(), body, PLAIN, headers)
        return body
    body = encode_failure(failure)
    challenge = (_CHALLENGE,) if isinstance(failure, Unauthenticated) else ()
    await send_json(send, failure.get_http_status_code(), body, (*headers, *challenge))
    return body
