"""What a server's operator sees and changes of its traffic, over HTTP.

`GET /traffic` tells how traffic is divided, which versions answer, what was counted and what happened;
`POST /traffic/weights` and `POST /traffic/ramp` change it. Changes need the server's token. Without one they are taken
from whoever reaches the port, as predictions are, but not from a browser's pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from mlflow.asgi.bodies import read_body
from mlflow.asgi.responses import Receive, Scope, Send, send_json
from mlflow.exceptions import BadRequest, PermissionDenied
from mlflow.serving.requests import JSON, UNREADABLE, media_type
from mlflow.serving.traffic.ramps import parse_ramp
from mlflow.serving.traffic.traffic import Traffic
from mlflow.serving.variants import Variant

__all__ = ["Control", "refuse_pages"]

S = TypeVar("S")
T = TypeVar("T")
_MOST_BYTES = 64 << 10


class _Weights(msgspec.Struct, forbid_unknown_fields=True):
    weights: dict[str, float]
    reason: str = "An operator asked for it."


class _Ramp(msgspec.Struct, forbid_unknown_fields=True):
    ramp: str
    reason: str = "An operator asked for it."


class Control:
    """The endpoints below `/traffic`.

    Args:
        traffic: of the server.
        variants: its models.
    """

    def __init__(self, traffic: Traffic, variants: Mapping[str, Variant]) -> None:
        self._traffic, self._variants = traffic, variants

    async def show(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer how things are."""
        await send_json(send, 200, msgspec.json.encode(await _aside(self.status)))

    async def weigh(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take new weights."""
        wanted = await _read(scope, receive, _Weights)
        await _aside(self._traffic.set_weights, wanted.weights, wanted.reason)
        await self.show(scope, receive, send)

    async def climb(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin a ramp."""
        wanted = await _read(scope, receive, _Ramp)
        await _aside(self._traffic.set_ramp, parse_ramp(wanted.ramp), wanted.reason)
        await self.show(scope, receive, send)

    def status(self) -> dict[str, Any]:
        """How things are: variants with what was counted of them, the ramp under way, what happened lately."""
        routing = self._traffic.routing
        counts: dict[str, dict[str, dict[str, float]]] = {}
        for (variant, version, name), value in self._traffic.state.counts().items():
            counts.setdefault(variant, {}).setdefault(version, {})[name] = value
        ramp = routing.ramp
        return {
            "version": routing.version,
            "variants": [
                {
                    "name": variant.name,
                    "model_uri": variant.route.model_uri,
                    "model_version": variant.loaded.version,
                    "problem": variant.problem,
                    "shadow": variant.route.shadow,
                    "weight": routing.weights.get(variant.name, 0.0),
                    "share": routing.split.share(variant.name),
                    "counts": counts.get(variant.name, {}),
                }
                for variant in self._variants.values()
            ],
            "ramp": None if ramp is None else {**msgspec.structs.asdict(ramp), "is_over": ramp.is_over},
            "events": self._traffic.state.events(50),
        }


async def _aside(call: Callable[..., T], *args: Any) -> T:
    """What a call returns that may wait for the state's file; not behind predictions, nor in their way."""
    return await asyncio.get_running_loop().run_in_executor(None, call, *args)


def refuse_pages(headers: Mapping[bytes, bytes]) -> None:
    """Take no change from a page in a browser, which may have been led here without its user knowing.

    Raises:
        PermissionDenied: the request has an Origin.
    """
    if b"origin" in headers:
        raise PermissionDenied("Pages in a browser may not change the traffic. Use a program, or mlflow's commands.")


async def _read(scope: Scope, receive: Receive, form: type[S]) -> S:
    headers = dict(scope["headers"])
    refuse_pages(headers)
    if media_type(headers.get(b"content-type")) != JSON:
        raise BadRequest(f"The body is not of type {JSON}. Send JSON.")
    body = await read_body(receive, _MOST_BYTES)
    try:
        return msgspec.json.decode(body, type=form)
    except UNREADABLE as exc:
        raise BadRequest(f"The body is not what is expected: {exc}.") from exc
