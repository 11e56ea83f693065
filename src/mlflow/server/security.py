"""What every request passes first: who may name this server, and which web pages may drive it.

A server on a laptop is reachable from every page its browser shows; the Host header stops DNS rebinding, the Origin
header stops requests across origins. Sources: OWASP, "DNS rebinding" and "Cross-site request forgery prevention".
"""

from __future__ import annotations

import fnmatch
import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from mlflow.server.responses import Message, Receive, Scope, Send, send_bytes
from mlflow.server.settings import ServerSettings

__all__ = ["Security"]

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - a name in a header, not an address
_UNCHECKED = frozenset({"/health", "/version"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TEXT = b"text/plain; charset=utf-8"

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Security:
    """ASGI middleware: checks Host and Origin, answers preflights, and adds the headers that every answer has."""

    def __init__(self, app: App, settings: ServerSettings) -> None:
        self._app = app
        self._hosts = tuple(host.lower() for host in settings.allowed_hosts)
        self._origins = tuple(origin.lower().rstrip("/") for origin in settings.cors_allowed_origins)
        self._prefix = settings.static_prefix
        self._headers: list[tuple[bytes, bytes]] = [(b"x-content-type-options", b"nosniff")]
        if settings.x_frame_options.upper() != "NONE":
            self._headers.append((b"x-frame-options", settings.x_frame_options.encode()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host, origin = _header(scope, b"host"), _header(scope, b"origin")
        if not self._host_allowed(scope["path"].removeprefix(self._prefix), host):
            await _refuse(send, b"Invalid Host header - possible DNS rebinding attack detected")
        elif origin and scope["method"] not in _SAFE and not self._origin_allowed(origin, host):
            await _refuse(send, b"Cross-origin request blocked")
        elif scope["method"] == "OPTIONS":
            await send_bytes(send, 204, b"", _TEXT, self._cors(origin, host))
        else:
            await self._app(scope, receive, self._with_headers(send, self._cors(origin, host)))

    def _with_headers(self, send: Send, cors: tuple[tuple[bytes, bytes], ...]) -> Send:
        extra = [*self._headers, *cors]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in extra if pair[0] not in present)]
            await send(message)

        return sending

    def _host_allowed(self, path: str, host: str) -> bool:
        if path in _UNCHECKED:
            return True
        if self._hosts:
            return any(fnmatch.fnmatchcase(name, pattern) for name in (host, _name(host)) for pattern in self._hosts)
        return _name(host) in _LOCAL or _is_private(_name(host))

    def _origin_allowed(self, origin: str, host: str) -> bool:
        parts = urlsplit(origin)
        if (parts.hostname or "") in _LOCAL or parts.netloc == host:
            return True
        return any(fnmatch.fnmatchcase(origin.rstrip("/"), pattern) for pattern in self._origins)

    def _cors(self, origin: str, host: str) -> tuple[tuple[bytes, bytes], ...]:
        if not origin or not self._origin_allowed(origin, host):
            return ()
        return (
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, OPTIONS"),
            (b"access-control-allow-headers", b"content-type, authorization, x-mlflow-workspace, x-content-sha256"),
            (b"vary", b"Origin"),
        )


async def _refuse(send: Send, message: bytes) -> None:
    await send_bytes(send, 403, message, _TEXT)


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1").lower() for name, value in scope["headers"] if name == wanted), "")


def _name(host: str) -> str:
    """The host without its port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _is_private(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    networks = _PRIVATE_4 if address.version == 4 else _PRIVATE_6
    return any(address in network for network in networks)


_PRIVATE_4 = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_PRIVATE_6 = [ipaddress.ip_network(text) for text in ("fc00::/7",)]
