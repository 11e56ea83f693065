"""What every request passes first: who may name this server, and which web pages may drive it.

A server on a laptop is reachable from every page its browser shows; the Host header stops DNS rebinding, the Origin
header stops requests across origins. Sources: OWASP, "DNS rebinding" and "Cross-site request forgery prevention".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from mlflow.asgi.responses import Header, Message, Receive, Scope, Send, send_bytes
from mlflow.server.settings import ServerSettings

__all__ = ["Security"]

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - a name in a header, not an address
_UNCHECKED = frozenset({"/health", "/version"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TEXT = b"text/plain; charset=utf-8"
_BAD_HOST = b"Invalid Host header - possible DNS rebinding attack detected"
_BAD_ORIGIN = b"Cross-origin request blocked"
_CORS = (
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"content-type, authorization, x-mlflow-workspace, x-content-sha256"),
    (b"vary", b"Origin"),
)
_PRIVATE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")]

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Security:
    """ASGI middleware: checks Host and Origin, answers preflights, and adds the headers that every answer has."""

    def __init__(self, app: App, settings: ServerSettings) -> None:
        self._app = app
        self._hosts = _patterns(settings.allowed_hosts)
        self._origins = _patterns(origin.rstrip("/") for origin in settings.cors_allowed_origins)
        self._unchecked = _UNCHECKED | {f"{settings.static_prefix}{path}" for path in _UNCHECKED}
        self._headers: tuple[Header, ...] = ((b"x-content-type-options", b"nosniff"),)
        if settings.x_frame_options.upper() != "NONE":
            self._headers += ((b"x-frame-options", settings.x_frame_options.encode()),)
        self._host_allowed = lru_cache(1024)(self._judge_host)
        self._origin_allowed = lru_cache(1024)(self._judge_origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host, origin = _named(scope["headers"])
        trusted = origin is None or self._origin_allowed(origin, host)
        sending = _adding(send, self._headers + _cors(origin) if origin and trusted else self._headers)
        if scope["path"] not in self._unchecked and not self._host_allowed(host):
            await send_bytes(sending, 403, _BAD_HOST, _TEXT)
        elif not trusted and scope["method"] not in _SAFE:
            await send_bytes(sending, 403, _BAD_ORIGIN, _TEXT)
        elif scope["method"] == "OPTIONS":
            await send_bytes(sending, 204, b"", _TEXT)
        else:
            await self._app(scope, receive, sending)

    def _judge_host(self, host: str) -> bool:
        name = _name(host)
        if self._hosts:
            return any(pattern.fullmatch(text) for text in (host, name) for pattern in self._hosts)
        return name in _LOCAL or _is_private(name)

    def _judge_origin(self, origin: str, host: str) -> bool:
        try:
            parts = urlsplit(origin)
            name = parts.hostname or ""
        except ValueError:
            return False
        if name in _LOCAL or (name and parts.netloc == host):
            return True
        return any(pattern.fullmatch(origin.rstrip("/")) for pattern in self._origins)


def _named(headers: Iterable[Header]) -> tuple[str, str | None]:
    """The Host and the Origin; several hosts count as none, since a proxy may have believed another than we would."""
    hosts, origin = [], None
    for name, value in headers:
        if name == b"host":
            hosts.append(value.decode("latin-1").lower())
        elif name == b"origin":
            origin = value.decode("latin-1").lower()
    return hosts[0] if len(hosts) == 1 else "", origin


def _adding(send: Send, extra: tuple[Header, ...]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _ in message["headers"]}
            message["headers"].extend(pair for pair in extra if pair[0] not in present)
        await send(message)

    return sending


def _cors(origin: str) -> tuple[Header, ...]:
    return ((b"access-control-allow-origin", origin.encode("latin-1")), *_CORS)


def _patterns(texts: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """Texts in which `*` stands for anything; brackets, as in `[::1]`, are meant as they are."""
    return tuple(re.compile(re.escape(text.lower()).replace(r"\*", ".*")) for text in texts)


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
    return any(address in network for network in _PRIVATE if network.version == address.version)
